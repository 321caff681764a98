package io.fluxsocket.reactive;

import io.fluxsocket.core.handshake.HandshakeHeaders;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client's opening handshake was refused or not answered as RFC 6455 §4 wants it. There is no connection.
 *
 * <p>Holds what the server said, so that a refusal (401, 403, 429 …) can be told from a fault.
 */
public final class WebSocketHandshakeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int statusCode;
    private final transient HandshakeHeaders headers;
    private final String body;

    /**
     * A failed handshake.
     *
     * @param message what went wrong
     * @param statusCode the status of the HTTP response; 0 if there was none
     * @param headers the headers of the response; empty if there was none
     * @param body the body of the response, or its beginning; empty if there was none
     * @param cause what caused it; null if there is no other exception
     */
    public WebSocketHandshakeException(
            String message, int statusCode, HandshakeHeaders headers, String body, @Nullable Throwable cause) {
        super(message, cause);
        this.statusCode = statusCode;
        this.headers = Objects.requireNonNull(headers, "headers");
        this.body = Objects.requireNonNull(body, "body");
    }

    /** {@return the status of the HTTP response; 0 if there was none} */
    public int statusCode() {
        return statusCode;
    }

    /** {@return the headers of the HTTP response; empty if there was none} */
    public HandshakeHeaders headers() {
        return headers;
    }

    /** {@return the body of the HTTP response, possibly only its beginning; empty if there was none} */
    public String body() {
        return body;
    }
}
