package io.fluxsocket.samples.cli;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import java.util.function.Consumer;
import reactor.netty.Connection;
import reactor.netty.NettyPipeline;

/** Tells the frames of a connection as they are on the wire: stands between TLS and HTTP, whose place the WebSocket takes. */
@SuppressWarnings("FutureReturnValueIgnored") // what is written is somebody else's
final class WireTap extends ChannelDuplexHandler {
    private final FrameScanner inbound;
    private final FrameScanner outbound;

    private WireTap(Consumer<WireFrame> frames) {
        inbound = new FrameScanner(true, frames);
        outbound = new FrameScanner(false, frames);
    }

    /**
     * Looks into a connection.
     *
     * @param frames gets each frame when its last byte passes, on the event loop
     */
    static void addTo(Connection connection, Consumer<WireFrame> frames) {
        ChannelPipeline pipeline = connection.channel().pipeline();
        if (pipeline.get(NettyPipeline.HttpCodec) != null) {
            pipeline.addBefore(NettyPipeline.HttpCodec, "fluxsocket.tap", new WireTap(frames));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            inbound.look(bytes);
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            outbound.look(bytes);
        }
        ctx.write(message, promise);
    }
}
