package io.fluxsocket.reactive.netty;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that came in through one server channel: they are counted, and told when it closes. One of these listens to
 * the close future, rather than each session, since a future is slow at forgetting one of many listeners.
 */
final class OpenSessions {
    private static final AttributeKey<OpenSessions> KEY = AttributeKey.valueOf(OpenSessions.class, "openSessions");

    /** Each knows its place: a set that hashes costs 38 bytes for each of very many idle connections. */
    private final List<NettyTransport> transports = new ArrayList<>();

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
        server.closeFuture().addListener(closed -> created.all().forEach(NettyTransport::shutdown));
        return created;
    }

    /**
     * Adds a session, if there are fewer than that. It is told at once if the server is closed already.
     *
     * @return whether there was room
     */
    boolean add(NettyTransport transport, Channel accepted, int most) {
        synchronized (transports) {
            if (transports.size() >= most) {
                return false;
            }
            transport.place = transports.size();
            transports.add(transport);
        }
        if (accepted.parent().closeFuture().isDone()) {
            transport.shutdown();
        }
        return true;
    }

    /** Removes a session, if it was added: the last one takes its place. */
    void remove(NettyTransport transport) {
        synchronized (transports) {
            int place = transport.place;
            if (place >= transports.size() || transports.get(place) != transport) {
                return;
            }
            NettyTransport last = transports.remove(transports.size() - 1);
            if (last != transport) {
                last.place = place;
                transports.set(place, last);
            }
        }
    }

    private List<NettyTransport> all() {
        synchronized (transports) {
            return List.copyOf(transports);
        }
    }
}
