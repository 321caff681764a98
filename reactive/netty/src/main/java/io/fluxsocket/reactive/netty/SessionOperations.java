package io.fluxsocket.reactive.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyInbound;
import reactor.netty.NettyOutbound;
import reactor.netty.channel.ChannelOperations;

/**
 * What Reactor Netty sees of a session: operations in the place of those of the HTTP exchange, which thereby ends at the
 * handshake. Access log and metrics have then recorded it, its timeouts no longer apply, nobody takes the end of the
 * connection for a response cut short, and a server that is disposed waits for the connection.
 */
final class SessionOperations extends ChannelOperations<NettyInbound, NettyOutbound> {
    @SuppressWarnings("unchecked")
    private SessionOperations(ChannelOperations<?, ?> exchange) {
        super((ChannelOperations<NettyInbound, NettyOutbound>) exchange);
    }

    SessionOperations(SessionConnection connection, ConnectionObserver listener) {
        super(connection, listener);
    }

    /** Ends the HTTP exchange of a client. On the event loop, after its last write. */
    static void replace(ChannelOperations<?, ?> exchange) {
        exchange.rebind(new SessionOperations(exchange));
    }

    /** Nothing passes the transport; this is for what was under way when it came. */
    @Override
    protected void onInboundNext(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    protected void onInboundClose() {
        discard();
        terminate();
    }
}
