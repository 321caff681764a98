package io.fluxsocket.samples.benchmarks.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * One end of a connection: Netty's handlers in a pipeline, as an application has them. What the pipeline writes is taken
 * before it reaches the channel, so that the queues of {@link EmbeddedChannel} cost nothing.
 */
final class NettyEnd {
    private final EmbeddedChannel channel;
    private final ChannelHandlerContext tail;
    private final Consumer<ByteBuf> network;
    private final ByteBuf out;
    /** Payload that was received, in bytes. */
    long received;

    /**
     * @param receiver is given each frame, and releases it
     * @param network is given what is flushed, at most {@link Wire#READ} at a time; it releases it
     */
    NettyEnd(Consumer<WebSocketFrame> receiver, Consumer<ByteBuf> network, ChannelHandler... codec) {
        this.network = network;
        channel = new EmbeddedChannel();
        channel.config().setAllocator(PooledByteBufAllocator.DEFAULT);
        out = channel.alloc().directBuffer(Wire.READ * 2);
        channel.pipeline().addLast(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
                ByteBuf bytes = (ByteBuf) message;
                out.writeBytes(bytes);
                bytes.release();
                promise.trySuccess();
            }
        });
        channel.pipeline().addLast(codec);
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                WebSocketFrame frame = (WebSocketFrame) message;
                received += frame.content().readableBytes();
                receiver.accept(frame);
            }
        });
        tail = channel.pipeline().lastContext();
    }

    /** Frames of any size, with extensions. */
    static WebSocketDecoderConfig decoder(boolean masked) {
        return WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(masked)
                .maxFramePayloadLength(64 << 20)
                .allowExtensions(true)
                .withUTF8Validator(false) // a handler of its own
                .build();
    }

    /** Writes a frame through the pipeline, which releases it. */
    void send(WebSocketFrame frame) {
        Future<?> unused = tail.write(frame, channel.voidPromise());
    }

    void flush() {
        while (out.isReadable()) {
            int n = Math.min(Wire.READ, out.readableBytes());
            network.accept(channel.alloc().directBuffer(n).writeBytes(out, n));
        }
        out.clear();
    }

    /** Takes what a read delivered. */
    void read(ByteBuffer bytes) {
        read(channel.alloc().directBuffer(bytes.remaining()).writeBytes(bytes));
    }

    /** Takes what a read delivered, and releases it. */
    void read(ByteBuf bytes) {
        channel.pipeline().fireChannelRead(bytes);
        channel.pipeline().fireChannelReadComplete();
        channel.checkException();
    }

    void close() {
        channel.finishAndReleaseAll();
        out.release();
    }
}
