package io.fluxsocket.samples.cli;

import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketMessage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where a conversation is shown. Called on several threads, and may block: who cannot print does not read. */
interface Screen extends AutoCloseable {
    /**
     * A connection is open.
     *
     * @param took from the beginning of the attempt to the end of the handshake
     */
    void opened(WebSocketConnection connection, Duration took);

    /** A message has been handed over for sending. */
    void sent(WebSocketFrame message);

    void received(WebSocketMessage message);

    /** A frame has passed on the wire. Called if the wire is tapped. */
    void frame(WireFrame frame);

    /** A ping of {@code --ping} or {@code /ping} was answered. */
    void pong(Duration roundTrip);

    /**
     * A connection has closed.
     *
     * @param problem why, if it was no plain close; else null
     */
    void closed(CloseEvent event, @Nullable String problem);

    /**
     * Something did not work.
     *
     * @param sentence what, and what to do
     */
    void failed(String sentence);

    /**
     * There will be another connection.
     *
     * @param attempt counts from 1 since the last message
     */
    void retrying(long attempt, Duration in);

    void statistics(Traffic sent, Traffic received);

    @Override
    void close();
}
