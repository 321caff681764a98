package io.fluxsocket.reactive.netty;

import io.fluxsocket.reactive.SessionObserver;
import org.jspecify.annotations.Nullable;

/**
 * Watches the WebSockets of a server or of a client, from the handshake on: what meters and traces are made of. {@link
 * WebSocketMeters} is one. Where none is set, nothing is paid for it.
 *
 * <p>Called by event loops, and by whoever subscribes: it must neither block nor throw.
 */
@FunctionalInterface
public interface WebSocketObserver {
    /**
     * A handshake begins: on a server with the request, on a client with the subscription. Redirects belong to the same.
     *
     * @param uri what is asked for: on a server the request's path and query, on a client what it was given. Not to be made a
     *     tag as it is: there are as many of them as peers like
     * @return is told the outcome
     */
    Handshake begin(String uri);

    /** One handshake. One of its methods is called, once; none if a client's is cancelled. */
    interface Handshake {
        /**
         * It has opened a connection.
         *
         * @return the observer of the session; null for none
         */
        @Nullable
        SessionObserver opened();

        /**
         * It has opened none.
         *
         * @param status of the response; 0 if there was none
         * @param cause what it failed with; null on a server that refuses
         */
        void refused(int status, @Nullable Throwable cause);
    }
}
