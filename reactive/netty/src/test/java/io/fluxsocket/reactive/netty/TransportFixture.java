package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.reactive.ByteTransport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** The transport on a channel without a network; {@link TakeoverTest} has one. */
abstract class TransportFixture {
    final FakeNetwork channel = new FakeNetwork();
    final NettyTransport transport = new NettyTransport(channel, null);
    final Session session = new Session(transport);

    TransportFixture() {
        channel.pipeline().addLast(channel.socketReads);
        ChannelInboundHandlerAdapter codec = new ChannelInboundHandlerAdapter();
        channel.pipeline().addLast(codec);
        transport.takeOver(codec);
        transport.start(session);
    }

    @AfterEach
    void nothingLeaks() {
        channel.runPendingTasks();
        channel.finishAndReleaseAll();
        channel.runPendingTasks();
        assertThat(session.closed).hasSize(1);
    }

    final void flush(long report) {
        transport.flush(report);
        channel.runPendingTasks();
    }

    final void put(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        transport.output(bytes.length).put(bytes);
    }

    final List<String> written() {
        List<String> all = new ArrayList<>();
        for (ByteBuf message; (message = channel.readOutbound()) != null; ) {
            all.add(message.toString(StandardCharsets.UTF_8));
            message.release();
        }
        return all;
    }

    static ByteBuf bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Unpooled.directBuffer(bytes.length).writeBytes(bytes);
    }

    /** A channel whose socket can be full, and that counts what reaches it. */
    static final class FakeNetwork extends EmbeddedChannel {
        final SocketReads socketReads = new SocketReads();
        boolean congested;
        int flushes;

        @Override
        protected void doWrite(ChannelOutboundBuffer in) throws Exception {
            if (!congested) {
                super.doWrite(in);
            }
        }

        final class SocketReads extends ChannelOutboundHandlerAdapter {
            int count;

            @Override
            public void read(ChannelHandlerContext ctx) {
                count++;
            }

            @Override
            public void flush(ChannelHandlerContext ctx) {
                flushes++;
                ctx.flush();
            }
        }
    }

    static final class Session implements ByteTransport.Listener {
        final ByteTransport transport;
        final List<String> read = new ArrayList<>();
        final List<Long> flushed = new ArrayList<>();
        final List<String> closed = new ArrayList<>();
        Consumer<ByteBuffer> onRead = bytes -> {};
        int readAgain;
        int writabilityChanges;
        int shutdowns;

        Session(ByteTransport transport) {
            this.transport = transport;
        }

        @Override
        public void onRead(ByteBuffer bytes) {
            onRead.accept(bytes);
            read.add(StandardCharsets.UTF_8.decode(bytes.duplicate()).toString());
            if (readAgain-- > 0) {
                transport.read();
            }
        }

        @Override
        public void onWritabilityChanged() {
            writabilityChanges++;
        }

        @Override
        public void onFlushed(long report) {
            flushed.add(report);
        }

        @Override
        public void onShutdown() {
            shutdowns++;
        }

        @Override
        public void onClosed(@Nullable Throwable cause) {
            closed.add(cause == null ? "ended" : String.valueOf(cause.getMessage()));
        }
    }
}
