package io.fluxsocket.reactive.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.ChannelOperations;

/**
 * What Reactor Netty sees of a server's session: a connection whose operations are made when it asks for them, at the end of
 * the connection or of the server. An idle session does without them, and without the bridge through which Reactor Netty
 * reads: together a quarter of a kilobyte.
 */
final class SessionConnection implements Connection {
    private final Channel channel;
    private final ConnectionObserver listener;

    private SessionConnection(ChannelOperations<?, ?> exchange) {
        channel = exchange.channel();
        listener = exchange.listener();
    }

    /** Ends the HTTP exchange. On the event loop, after its last write. */
    static void replace(ChannelOperations<?, ?> exchange) {
        exchange.rebind(new SessionConnection(exchange));
        ChannelPipeline pipeline = exchange.channel().pipeline();
        if (pipeline.get(NettyPipeline.ReactiveBridge) != null) {
            pipeline.remove(NettyPipeline.ReactiveBridge);
        }
    }

    /** The channel has closed: tells Reactor Netty in the place of the bridge, if that has not. */
    static void closed(Channel channel) {
        if (ChannelOperations.get(channel) instanceof SessionOperations operations) {
            operations.onInboundClose();
        }
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public <T extends Connection> @Nullable T as(Class<T> type) {
        if (!type.equals(ChannelOperations.class)) {
            return type.isInstance(this) ? type.cast(this) : null;
        }
        SessionOperations operations = new SessionOperations(this, listener);
        // Of two threads that ask, one makes them.
        return rebind(operations)
                ? type.cast(operations)
                : Connection.from(channel).as(type);
    }
}
