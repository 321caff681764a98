package io.fluxsocket.reactive;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a session tells whoever measures it: one observer for each connection. A session without one pays nothing for it.
 *
 * <p>All methods are called on the connection's event loop, in the order in which things happen: they must neither block nor
 * throw.
 */
public interface SessionObserver {
    /**
     * The connection is open. Called first, and before anything is received.
     *
     * @param connection to be asked, not to be used: {@link WebSocketConnection#queuedBytes()}
     */
    default void opened(WebSocketConnection connection) {}

    /**
     * Data has been received, whether or not anybody asks for it. Pings, pongs and closes are not told.
     *
     * @param bytes of payload; as the application sees it, so after inflating
     * @param endOfMessage whether this ends a message
     */
    default void received(int bytes, boolean endOfMessage) {}

    /**
     * Data has been taken from a source that is sent. Pings, pongs and closes are not told.
     *
     * @param bytes of payload; as the application sees it, so before compression
     * @param endOfMessage whether this ends a message
     */
    default void sent(int bytes, boolean endOfMessage) {}

    /**
     * The newest ping of this end, be it of {@link WebSocketConnection#ping()} or of keep-alive, has been answered.
     *
     * @param roundTrip from putting the ping into the output to its pong
     */
    default void ponged(Duration roundTrip) {}

    /**
     * The connection has ended. Called once, last.
     *
     * @param event as {@link WebSocketConnection#closed()} tells it
     * @param cause what the transport failed with; null if it did not
     */
    default void closed(CloseEvent event, @Nullable Throwable cause) {}
}
