package io.fluxsocket.reactive;

import org.reactivestreams.Publisher;

/** An application's conversation over one connection. */
@FunctionalInterface
public interface WebSocketHandler {
    /**
     * Called once for each connection, on its event loop: do not block here.
     *
     * @param connection open, until the returned publisher terminates
     * @return its completion closes the connection with 1000, its error with 1011; the session subscribes to it once, and
     *     cancels it when the connection has closed. A Publisher that never terminates leaves the connection open until the
     *     peer closes it. To throw, or to return null, is an error
     */
    Publisher<Void> handle(WebSocketConnection connection);
}
