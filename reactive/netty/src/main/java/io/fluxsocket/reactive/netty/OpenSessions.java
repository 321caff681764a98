package io.fluxsocket.reactive.netty;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that came in through one server channel: they are counted, and told when it closes. One of these listens to
 * the close future, rather than each session, since a future is slow at forgetting one of many listeners.
 */
final class OpenSessions {
    private static final AttributeKey<OpenSessions> KEY = AttributeKey.valueOf(OpenSessions.class, "openSessions");

    private final Set<NettyTransport> transports = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();

    private OpenSessions() {}

    /** The sessions of the server that has accepted this channel; null for a channel that no server has accepted. */
    static @Nullable OpenSessions of(Channel accepted) {
        Channel server = accepted.parent();
        if (server == null) {
            return null;
        }
        OpenSessions sessions = server.attr(KEY).get();
        if (sessions != null) {
            return sessions;
        }
        OpenSessions created = new OpenSessions();
        OpenSessions earlier = server.attr(KEY).setIfAbsent(created);
        if (earlier != null) {
            return earlier;
        }
        server.closeFuture().addListener(closed -> created.transports.forEach(NettyTransport::shutdown));
        return created;
    }

    /**
     * Adds a session, if there are fewer than that. It is told at once if the server is closed already.
     *
     * @return whether there was room
     */
    boolean add(NettyTransport transport, Channel accepted, int most) {
        if (count.incrementAndGet() > most) {
            count.decrementAndGet();
            return false;
        }
        transports.add(transport);
        if (accepted.parent().closeFuture().isDone()) {
            transport.shutdown();
        }
        return true;
    }

    void remove(NettyTransport transport) {
        if (transports.remove(transport)) {
            count.decrementAndGet();
        }
    }
}
