package io.fluxsocket.reactive.netty;

import static io.fluxsocket.reactive.ByteTransport.NO_REPORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the channel and its session end. */
class NettyTransportEndTest extends TransportFixture {
    @Test
    void thePeersEndIsToldToASessionThatReads() {
        transport.read();

        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        assertThat(session.closed).containsExactly("ended");
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void thePeersEndIsToldBehindEverythingThatIsHeldAndMeanwhileTheOutputIsOpen() {
        channel.writeInbound(bytes("one"), bytes("two"));
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        transport.read();
        transport.read();
        assertThat(session.read).containsExactly("one", "two");
        assertThat(session.closed).isEmpty();
        put("answer");
        flush(NO_REPORT);
        assertThat(written()).containsExactly("answer");

        transport.read();
        assertThat(session.closed).containsExactly("ended");
    }

    @Test
    void whatWasSentInTheSameTurnLeavesBeforeThePeersEndIsTold() {
        transport.read();
        put("echo of a close");
        transport.flush(1);

        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        assertThat(written()).containsExactly("echo of a close");
        assertThat(session.flushed).containsExactly(1L);
        assertThat(session.closed).containsExactly("ended");
    }

    @Test
    void whatWasSentInTheSameTurnLeavesBeforeAReadThatTellsOfThePeersEnd() {
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        put("echo of a close");
        transport.flush(1);

        transport.read();

        assertThat(written()).containsExactly("echo of a close");
        assertThat(session.flushed).containsExactly(1L);
        assertThat(session.closed).containsExactly("ended");
    }

    @Test
    void aCloseNotifyOfTlsIsThePeersEndAndGoesNoFurther() {
        List<Object> behind = new ArrayList<>();
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                behind.add(event);
            }
        });
        transport.read();

        channel.pipeline().fireUserEventTriggered("some event");
        channel.pipeline().fireUserEventTriggered(SslCloseCompletionEvent.SUCCESS);

        assertThat(behind).containsExactly("some event");
        assertThat(session.closed).containsExactly("ended");
    }

    @Test
    void aFailureIsToldAtOnceAlsoToASessionThatDoesNotRead() {
        ByteBuf held = bytes("held");
        channel.writeInbound(held);

        channel.pipeline().fireExceptionCaught(new IOException("reset"));

        assertThat(session.closed).containsExactly("reset");
        assertThat(held.refCnt()).isZero();
    }

    @Test
    void theLentBufferOutlivesAFailureUntilTheSessionHasReturned() {
        ByteBuf lent = bytes("lent");
        session.onRead = view -> {
            channel.pipeline().fireExceptionCaught(new IOException("reset"));
            assertThat(lent.refCnt()).isEqualTo(1);
        };
        transport.read();

        channel.writeInbound(lent);
        channel.runPendingTasks();

        assertThat(lent.refCnt()).isZero();
    }

    @Test
    void anAbortIsToldAfterwardsAndGivesEverythingBack() {
        ByteBuf lent = bytes("lent");
        ByteBuf held = bytes("held");
        transport.read();
        channel.writeInbound(lent, held);
        put("never flushed");

        transport.abort();
        transport.abort();
        assertThat(session.closed).isEmpty();
        assertThat(lent.refCnt()).isEqualTo(1);

        channel.runPendingTasks();
        assertThat(session.closed).containsExactly("ended");
        assertThat(lent.refCnt()).isZero();
        assertThat(held.refCnt()).isZero();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void afterAnAbortNothingMoreIsRead() {
        transport.read();
        transport.abort();

        channel.writeInbound(bytes("late"));

        assertThat(session.read).isEmpty();
    }

    @Test
    void aWriteThatFailsIsTheEnd() {
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                ReferenceCountUtil.release(message);
                ctx.pipeline().fireExceptionCaught(new IOException("broken pipe"));
            }
        });
        put("a".repeat(10_000));

        put("b".repeat(10_000));

        assertThat(session.closed).containsExactly("broken pipe");
    }

    @Test
    void afterTheEndEveryCallIsHarmless() {
        transport.abort();
        channel.runPendingTasks();

        transport.read();
        transport.output(20_000).put(new byte[20_000]);
        flush(1);
        transport.shutdownOutput();
        transport.abort();
        transport.shutdown();
        channel.runPendingTasks();

        assertThat(transport.isWritable()).isFalse();
        assertThat(session.flushed).isEmpty();
        assertThat(session.shutdowns).isZero();
        assertThat(channel.<ByteBuf>readOutbound()).isNull();
    }

    @Test
    void aChannelThatClosedBeforeTheStartIsToldAfterIt() {
        EmbeddedChannel closed = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
        NettyTransport late = new NettyTransport(closed, null);
        late.takeOver(closed.pipeline().first());
        closed.close();
        Session lateSession = new Session(late);

        late.start(lateSession);
        closed.runPendingTasks();

        assertThat(lateSession.closed).containsExactly("ended");
    }

    @Test
    void theServersShutdownIsToldToTheSession() {
        transport.shutdown();
        channel.runPendingTasks();

        assertThat(session.shutdowns).isEqualTo(1);
    }
}
