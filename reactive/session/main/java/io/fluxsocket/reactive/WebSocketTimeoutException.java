package io.fluxsocket.reactive;

import java.time.Duration;
import java.util.Objects;

/** Something did not happen in time: the handshake, a pong, any traffic, or the consumption of what was received. */
public final class WebSocketTimeoutException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration timeout;

    /**
     * A timeout.
     *
     * @param what what did not happen, as a sentence without its end: "no pong arrived"
     * @param timeout how long was waited for it
     */
    public WebSocketTimeoutException(String what, Duration timeout) {
        super(what + " within " + timeout.toMillis() + " ms");
        this.timeout = Objects.requireNonNull(timeout, "timeout");
    }

    /** {@return how long was waited} */
    public Duration timeout() {
        return timeout;
    }
}
