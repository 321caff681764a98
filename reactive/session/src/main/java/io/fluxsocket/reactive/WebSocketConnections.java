package io.fluxsocket.reactive;

import io.fluxsocket.core.WebSocketEngine;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** How a transport starts a session: for implementers of transports. */
public final class WebSocketConnections {
    private WebSocketConnections() {}

    /**
     * Starts a session. To be called on the transport's event loop; calls {@link ByteTransport#start}.
     *
     * @param engine a new engine made with {@link SessionSettings#engineSettings()}; the session's from now on
     */
    public static WebSocketConnection open(
            ByteTransport transport, WebSocketEngine engine, SessionSettings settings, HandshakeInfo handshakeInfo) {
        return Session.open(transport, engine, settings, handshakeInfo, null);
    }

    /**
     * Starts a session that is observed. See the other.
     *
     * @param observer of this session alone; null for none
     */
    public static WebSocketConnection open(
            ByteTransport transport,
            WebSocketEngine engine,
            SessionSettings settings,
            HandshakeInfo handshakeInfo,
            @Nullable SessionObserver observer) {
        return Session.open(transport, engine, settings, handshakeInfo, observer);
    }

    /**
     * Runs a handler on a connection: its completion closes it with 1000, its error with 1011.
     *
     * @return completes when the connection has closed; never errors. Its cancel closes the connection with 1001
     */
    public static Mono<Void> handle(WebSocketConnection connection, WebSocketHandler handler) {
        return HandlerMono.of(connection, handler);
    }
}
