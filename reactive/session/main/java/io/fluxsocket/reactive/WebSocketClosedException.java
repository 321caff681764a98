package io.fluxsocket.reactive;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for is impossible because the connection is closed or closing, or was lost. Without a stack trace: it
 * would show the event loop.
 */
public final class WebSocketClosedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient CloseEvent event;

    /**
     * The connection is closed or closing.
     *
     * @param event how; while the connection is still closing, {@link CloseEvent#clean()} is false
     */
    public WebSocketClosedException(CloseEvent event) {
        this(event, null);
    }

    /**
     * The connection is closed or closing.
     *
     * @param event how; while the connection is still closing, {@link CloseEvent#clean()} is false
     * @param cause what made it end, such as an exception of the network; null if there is none
     */
    public WebSocketClosedException(CloseEvent event, @Nullable Throwable cause) {
        super(describe(event), cause, true, false);
        this.event = Objects.requireNonNull(event, "event");
    }

    private static String describe(CloseEvent event) {
        return switch (event.initiator()) {
            case LOCAL -> "closed by this end with " + event.status();
            case REMOTE -> "closed by the peer with " + event.status();
            case NONE -> "the connection was lost without a close (" + event.status() + ")";
        };
    }

    /** {@return how the connection ended, as far as it was known when this exception was made} */
    public CloseEvent event() {
        return event;
    }
}
