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
     * @param transport the stream of bytes behind the opening handshake; the session's from now on, which aborts it in the end
     * @param engine a new engine made with {@link SessionSettings#engineSettings()}, and with what was agreed on about
     *     permessage-deflate; the session's from now on
     * @param settings of this session
     * @param handshakeInfo what {@link WebSocketConnection#handshakeInfo()} is to tell
     * @return the open connection, which reads at once what its receive window has room for
     */
    public static WebSocketConnection open(
            ByteTransport transport, WebSocketEngine engine, SessionSettings settings, HandshakeInfo handshakeInfo) {
        return Session.open(transport, engine, settings, handshakeInfo, null);
    }

    /**
     * Starts a session that is observed. See {@link #open(ByteTransport, WebSocketEngine, SessionSettings, HandshakeInfo)}.
     *
     * @param transport see there
     * @param engine see there
     * @param settings see there
     * @param handshakeInfo see there
     * @param observer of this session alone, called on its event loop; null for none
     * @return the open connection
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
     * <p>The handler is called when this is subscribed to, on the same thread, which should be the event loop's, and its publisher gets the
     * subscriber's Context. What it fails with goes to Reactor's {@code onErrorDropped}, but for the end and the faults of the
     * connection itself.
     *
     * @param connection open
     * @param handler the application's
     * @return completes when the connection has closed; never errors. Its cancel closes the connection with 1001
     */
    public static Mono<Void> handle(WebSocketConnection connection, WebSocketHandler handler) {
        return HandlerMono.of(connection, handler);
    }
}
