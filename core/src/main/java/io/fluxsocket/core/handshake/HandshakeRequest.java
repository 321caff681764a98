package io.fluxsocket.core.handshake;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 request as a server's handshake judges it.
 *
 * @param method the method, for instance {@code GET}; it is case-sensitive (RFC 9110 §9.1)
 * @param httpMajor the major HTTP version: 1 in {@code HTTP/1.1}
 * @param httpMinor the minor HTTP version: the second 1 in {@code HTTP/1.1}
 * @param headers all header lines of the request
 */
public record HandshakeRequest(String method, int httpMajor, int httpMinor, HandshakeHeaders headers) {

    /**
     * Creates a request; nothing is judged yet.
     *
     * @param method the method
     * @param httpMajor the major HTTP version
     * @param httpMinor the minor HTTP version
     * @param headers all header lines of the request
     */
    public HandshakeRequest {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(headers, "headers");
    }

    /**
     * A GET request of HTTP/1.1.
     *
     * @param headers all header lines of the request
     * @return the request
     */
    public static HandshakeRequest get(HandshakeHeaders headers) {
        return new HandshakeRequest("GET", 1, 1, headers);
    }

    /**
     * The value of the {@code Host} header: host and optional port that the client believes to be talking to.
     *
     * @return host and port, or null if there is no such header
     */
    public @Nullable String host() {
        return headers.first(HeaderNames.HOST);
    }
}
