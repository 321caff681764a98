package io.fluxsocket.core.handshake;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages may open a WebSocket to this server (RFC 6455 §10.2). A browser lets any page try, sends the user's
 * cookies along and names the page's origin: without a check here a foreign page acts as the logged-in user. Other
 * clients send what they like, or nothing: the policy protects users of browsers, it does not authenticate clients.
 */
@FunctionalInterface
public interface OriginPolicy {

    /**
     * Decides on one request, on the thread that called {@link ServerHandshake#answer(HandshakeRequest)}; it must not
     * block.
     *
     * @param origin the value of the only {@code Origin} header, or null if there is none
     * @param request the whole request, well-formed but for subprotocols and extensions, which are not judged yet
     * @return whether the request may go on; otherwise it is answered with 403
     */
    boolean allows(@Nullable String origin, HandshakeRequest request);

    /**
     * The default: pages that this server itself has delivered, and clients that are no browsers.
     *
     * <ul>
     *   <li>No {@code Origin}: allowed. Browsers always send one (RFC 6455 §4.1).
     *   <li>{@code http} or {@code https} with the host and port that the {@code Host} header names: allowed. Letters are
     *       compared in any case. A missing port, on either side, is the default port of the origin's scheme. The schemes
     *       of page and server are not compared, as a server behind a TLS-terminating proxy does not know its own; who
     *       wants that uses {@link #only(String...)}.
     *   <li>All else, {@code null} (sandboxed and local pages) and malformed values included: refused.
     * </ul>
     *
     * Behind a proxy that rewrites {@code Host}, name the public origins with {@link #only(String...)}.
     *
     * @return the policy
     */
    static OriginPolicy sameOrigin() {
        return (origin, request) -> {
            if (origin == null) {
                return true;
            }
            String host = request.host();
            Origin page = Origin.parse(origin);
            HostAndPort server = host == null ? null : HostAndPort.parse(host);
            return page != null && server != null && page.isHttp() && page.isServedBy(server);
        };
    }

    /**
     * Allows every page on the web, {@code null} included. Only for services that neither cookies nor the client's
     * network position give rights to.
     *
     * @return the policy
     */
    static OriginPolicy any() {
        return (origin, request) -> true;
    }

    /**
     * Allows pages of the named origins, and requests without {@code Origin}: who can leave it out can also forge it.
     * Scheme and host are compared in any case, the default ports of http and https may be left out. The server's own
     * origin must be named too.
     *
     * @param origins each {@code scheme://host} or {@code scheme://host:port}, without a path or a slash at the end
     * @return the policy
     * @throws IllegalArgumentException if an origin is malformed; {@code null} is, as it names no particular page,
     *     and so is a wildcard
     */
    static OriginPolicy only(String... origins) {
        Set<Origin> allowed = Arrays.stream(origins).map(Origin::require).collect(Collectors.toUnmodifiableSet());
        return (origin, request) -> {
            if (origin == null) {
                return true;
            }
            Origin page = Origin.parse(origin);
            return page != null && allowed.contains(page);
        };
    }
}
