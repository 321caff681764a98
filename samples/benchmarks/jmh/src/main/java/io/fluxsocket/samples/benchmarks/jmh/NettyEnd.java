package io.fluxsocket.samples.benchmarks.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection: Netty's handlers in a pipeline, as an application has them. What the pipeline writes is taken
 * before it reaches the channel, so that the queues of {@link EmbeddedChannel} cost nothing.
 */
final class NettyEnd {
    private final EmbeddedChannel channel;
    private final ChannelHandlerContext tail;
    /** What has arrived and was not read. */
    private @Nullable ByteBuf in;

    /**
     * @param receiver is given each frame, and releases it
     * @param network is given what is written; it does not release it
     */
    NettyEnd(Consumer<WebSocketFrame> receiver, Consumer<ByteBuf> network, ChannelHandler... codec) {
        channel = new EmbeddedChannel();
        channel.config().setAllocator(PooledByteBufAllocator.DEFAULT);
        channel.pipeline().addLast(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
                ByteBuf bytes = (ByteBuf) message;
                network.accept(bytes);
                bytes.release();
                promise.trySuccess();
            }
        });
        channel.pipeline().addLast(codec);
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                receiver.accept((WebSocketFrame) message);
            }
        });
        tail = channel.pipeline().lastContext();
    }

    /** Decodes frames of any size; validates nothing, which is for a handler of its own. */
    static ChannelHandler decoder(boolean masked) {
        return new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(masked)
                .maxFramePayloadLength(64 << 20)
                .allowExtensions(true)
                .withUTF8Validator(false)
                .build());
    }

    /** Masks, with random keys as cheap as those of the engine here. */
    static ChannelHandler clientEncoder() {
        return new WebSocket13FrameEncoder(() -> ThreadLocalRandom.current().nextInt());
    }

    static ChannelHandler serverEncoder() {
        return new WebSocket13FrameEncoder(false);
    }

    /** Writes a frame through the pipeline, which releases it. */
    void send(WebSocketFrame frame) {
        Future<?> unused = tail.write(frame, channel.voidPromise());
    }

    /** Copies what has arrived, and reads it. */
    void read(ByteBuffer bytes) {
        read(channel.alloc().directBuffer(bytes.remaining()).writeBytes(bytes));
    }

    /** Copies what has arrived, which is read with what arrives next. */
    void arrive(ByteBuf bytes) {
        while (bytes.isReadable()) {
            ByteBuf room = in;
            if (room == null) {
                in = room = channel.alloc().directBuffer(Wire.READ, Wire.READ);
            }
            room.writeBytes(bytes, Math.min(bytes.readableBytes(), room.writableBytes()));
            if (!room.isWritable()) {
                read();
            }
        }
    }

    /** Reads what has arrived. */
    void read() {
        ByteBuf bytes = in;
        in = null;
        if (bytes != null) {
            read(bytes);
        }
    }

    private void read(ByteBuf bytes) {
        channel.pipeline().fireChannelRead(bytes);
        channel.pipeline().fireChannelReadComplete();
        channel.checkException();
    }
}
