package io.fluxsocket.core.handshake;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The server's half of the opening handshake (RFC 6455 §4.2): a policy, made once, that answers any number of requests.
 *
 * <p>Immutable; {@link #answer} may be called by several threads at once.
 *
 * <table>
 *   <caption>The answers, in the order of the checks</caption>
 *   <tr><th>status</th><th>when</th><th>headers</th></tr>
 *   <tr><td>405</td><td>the method is not GET</td><td>{@code Allow: GET}</td></tr>
 *   <tr><td>400</td><td>not HTTP/1.1; {@code Host} missing, duplicate, empty or malformed</td><td></td></tr>
 *   <tr><td>426</td><td>{@code Upgrade} does not name {@code websocket}</td>
 *       <td>{@code Upgrade: websocket}, {@code Connection: Upgrade}</td></tr>
 *   <tr><td>400</td><td>{@code Connection} does not name {@code Upgrade}; the request has a body;
 *       {@code Sec-WebSocket-Version} missing, duplicate or not a number from 0 to 255</td><td></td></tr>
 *   <tr><td>426</td><td>the version is not 13</td><td>{@code Sec-WebSocket-Version: 13},
 *       {@code Upgrade: websocket}, {@code Connection: Upgrade}</td></tr>
 *   <tr><td>400</td><td>{@code Sec-WebSocket-Key} missing, duplicate or not 16 bytes in base64; several
 *       {@code Origin}</td><td></td></tr>
 *   <tr><td>403</td><td>the {@link OriginPolicy} refuses</td><td></td></tr>
 *   <tr><td>400</td><td>{@code Sec-WebSocket-Protocol} or {@code Sec-WebSocket-Extensions} malformed; a subprotocol
 *       offered twice</td><td></td></tr>
 *   <tr><td>101</td><td>otherwise</td><td>{@code Upgrade}, {@code Connection}, {@code Sec-WebSocket-Accept} and what was
 *       selected</td></tr>
 * </table>
 *
 * <p>Windows: {@code WebSocketBeginServerHandshake}. There the application chooses the subprotocol and the extensions of
 * each request itself; here it states its preferences once.
 */
public final class ServerHandshake {

    /** The only version of the protocol that left the drafts (RFC 6455 §4.1). */
    static final String VERSION = "13";

    private static final HandshakeHeaders UPGRADE_HEADERS =
            HandshakeHeaders.of(HeaderNames.UPGRADE, "websocket", HeaderNames.CONNECTION, "Upgrade");

    private static final HandshakeHeaders VERSION_HEADERS = HandshakeHeaders.builder()
            .add(HeaderNames.SEC_WEBSOCKET_VERSION, VERSION)
            .addAll(UPGRADE_HEADERS)
            .build();

    private static final ServerHandshake DEFAULTS = builder().build();

    private final List<String> subprotocols;
    private final ExtensionNegotiator extensionNegotiator;
    private final OriginPolicy originPolicy;

    private ServerHandshake(Builder builder) {
        this.subprotocols = builder.subprotocols;
        this.extensionNegotiator = builder.extensionNegotiator;
        this.originPolicy = builder.originPolicy;
    }

    /**
     * The default policy: no subprotocols, no extensions, same origin.
     *
     * @return the policy
     */
    public static ServerHandshake defaults() {
        return DEFAULTS;
    }

    /**
     * A builder that begins with the default policy.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Judges a request and gives the response to send. Only an exception of the application's own {@link OriginPolicy} or
     * {@link ExtensionNegotiator} passes through.
     *
     * @param request the request
     * @return {@link Accepted} or {@link Rejected}
     * @throws IllegalStateException if the extension negotiator accepts what was not offered, or an extension twice
     */
    public Result answer(HandshakeRequest request) {
        Objects.requireNonNull(request, "request");
        try {
            return accept(request);
        } catch (HandshakeException failure) {
            return reject(failure);
        }
    }

    private Accepted accept(HandshakeRequest request) {
        HandshakeHeaders headers = request.headers();
        checkRequestLine(request);
        checkHost(headers);
        checkUpgrade(headers);
        checkNoBody(headers);
        checkVersion(headers);
        String key = requireKey(headers);
        checkOrigin(request);
        String subprotocol = selectSubprotocol(offeredSubprotocols(headers));
        List<Extension> extensions = negotiate(Extension.parse(headers.all(HeaderNames.SEC_WEBSOCKET_EXTENSIONS)));

        HandshakeHeaders.Builder response = HandshakeHeaders.builder()
                .addAll(UPGRADE_HEADERS)
                .add(HeaderNames.SEC_WEBSOCKET_ACCEPT, HandshakeKeys.accept(key));
        if (subprotocol != null) {
            response.add(HeaderNames.SEC_WEBSOCKET_PROTOCOL, subprotocol);
        }
        if (!extensions.isEmpty()) {
            response.add(HeaderNames.SEC_WEBSOCKET_EXTENSIONS, Extension.format(extensions));
        }
        return new Accepted(response.build(), subprotocol, extensions);
    }

    private static void checkRequestLine(HandshakeRequest request) {
        if (!request.method().equals("GET")) {
            throw new HandshakeException(
                    HandshakeFault.METHOD_NOT_ALLOWED,
                    "A WebSocket is opened with GET, not with " + HeaderGrammar.quote(request.method()));
        }
        // HTTP/1.0 has no Upgrade; HTTP/2 opens WebSockets in another way (RFC 8441).
        if (request.httpMajor() != 1 || request.httpMinor() < 1) {
            throw malformed("must be of HTTP/1.1, not of HTTP/" + request.httpMajor() + "." + request.httpMinor());
        }
    }

    private static void checkHost(HandshakeHeaders headers) {
        String host = requireOne(headers, HeaderNames.HOST);
        if (HostAndPort.parse(host) == null) {
            throw malformed("must name a host, with or without a port, in Host, not " + HeaderGrammar.quote(host));
        }
    }

    private static void checkUpgrade(HandshakeHeaders headers) {
        if (!names(headers, HeaderNames.UPGRADE, "websocket")) {
            throw new HandshakeException(
                    HandshakeFault.UPGRADE_REQUIRED,
                    "This resource is a WebSocket: ask for it with Upgrade: websocket");
        }
        if (!names(headers, HeaderNames.CONNECTION, "upgrade")) {
            throw malformed("must name Upgrade in Connection");
        }
    }

    private static boolean names(HandshakeHeaders headers, String name, String token) {
        return headers.tokens(name).stream().anyMatch(token::equalsIgnoreCase);
    }

    /** A body would stand where the first frame is expected: who disagrees about that can smuggle frames. */
    private static void checkNoBody(HandshakeHeaders headers) {
        List<String> lengths = headers.all(HeaderNames.CONTENT_LENGTH);
        boolean noLength =
                lengths.isEmpty() || (lengths.size() == 1 && lengths.get(0).matches("0+"));
        if (!noLength || headers.contains(HeaderNames.TRANSFER_ENCODING)) {
            throw malformed("must not have a body: leave out Transfer-Encoding and any Content-Length but 0");
        }
    }

    private static void checkVersion(HandshakeHeaders headers) {
        String version = requireOne(headers, HeaderNames.SEC_WEBSOCKET_VERSION);
        if (version.equals(VERSION)) {
            return;
        }
        // RFC 6455 section 4.3: a number up to 255 without leading zeros; a list is for responses only.
        if (!version.matches("0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5]")) {
            throw malformed("must name one version in Sec-WebSocket-Version, not " + HeaderGrammar.quote(version));
        }
        throw new HandshakeException(
                HandshakeFault.VERSION_NOT_SUPPORTED, "This server supports the WebSocket version 13, not " + version);
    }

    private static String requireKey(HandshakeHeaders headers) {
        String key = requireOne(headers, HeaderNames.SEC_WEBSOCKET_KEY);
        if (!HandshakeKeys.isKey(key)) {
            throw malformed("must have the base64 of 16 bytes in Sec-WebSocket-Key");
        }
        return key;
    }

    private void checkOrigin(HandshakeRequest request) {
        List<String> origins = request.headers().all(HeaderNames.ORIGIN);
        if (origins.size() > 1) {
            throw malformed("must have one Origin at most, but has " + origins.size());
        }
        String origin = origins.isEmpty() ? null : origins.get(0);
        if (!originPolicy.allows(origin, request)) {
            throw new HandshakeException(
                    HandshakeFault.ORIGIN_REFUSED,
                    origin == null
                            ? "Requests without Origin may not open this WebSocket"
                            : "Pages of the origin " + HeaderGrammar.quote(origin) + " may not open this WebSocket");
        }
    }

    private static List<String> offeredSubprotocols(HandshakeHeaders headers) {
        List<String> offers = headers.tokens(HeaderNames.SEC_WEBSOCKET_PROTOCOL);
        if (offers.isEmpty() && headers.contains(HeaderNames.SEC_WEBSOCKET_PROTOCOL)) {
            throw malformed("must name a subprotocol in Sec-WebSocket-Protocol, or leave it out");
        }
        Set<String> seen = new HashSet<>();
        for (String offer : offers) {
            if (!HeaderGrammar.isToken(offer)) {
                throw malformed("has " + HeaderGrammar.quote(offer) + " in Sec-WebSocket-Protocol, which is no token");
            }
            if (!seen.add(offer)) {
                throw malformed("offers the subprotocol " + HeaderGrammar.quote(offer) + " twice");
            }
        }
        return offers;
    }

    /** RFC 6455 §4.2.2: without one in common the connection opens all the same, without a subprotocol. */
    private @Nullable String selectSubprotocol(List<String> offers) {
        for (String subprotocol : subprotocols) {
            if (offers.contains(subprotocol)) {
                return subprotocol;
            }
        }
        return null;
    }

    private List<Extension> negotiate(List<Extension> offers) {
        List<Extension> accepted = List.copyOf(extensionNegotiator.negotiate(offers));
        Set<String> notYetAccepted = new HashSet<>();
        offers.forEach(offer -> notYetAccepted.add(offer.name()));
        for (Extension extension : accepted) {
            if (!notYetAccepted.remove(extension.name())) {
                throw new IllegalStateException("The extension negotiator accepted '" + extension.name()
                        + "', which was not offered, or accepted it twice: accept each offered name once at most");
            }
        }
        return accepted;
    }

    private static String requireOne(HandshakeHeaders headers, String name) {
        List<String> values = headers.all(name);
        if (values.size() != 1) {
            throw malformed("must have one " + name + ", but has " + values.size());
        }
        return values.get(0);
    }

    private static HandshakeException malformed(String what) {
        return HandshakeException.malformed("The opening request " + what);
    }

    /** The one place that maps a fault to a status. */
    private static Rejected reject(HandshakeException failure) {
        return switch (failure.fault()) {
            case METHOD_NOT_ALLOWED -> rejected(405, HandshakeHeaders.of(HeaderNames.ALLOW, "GET"), failure);
            case UPGRADE_REQUIRED -> rejected(426, UPGRADE_HEADERS, failure);
            case VERSION_NOT_SUPPORTED -> rejected(426, VERSION_HEADERS, failure);
            case ORIGIN_REFUSED -> rejected(403, HandshakeHeaders.of(), failure);
            case MALFORMED, NOT_SWITCHED, SUBPROTOCOL_NOT_SUPPORTED, EXTENSIONS_NOT_SUPPORTED ->
                rejected(400, HandshakeHeaders.of(), failure);
        };
    }

    private static Rejected rejected(int status, HandshakeHeaders headers, HandshakeException failure) {
        return new Rejected(status, headers, failure.fault(), failure.getMessage());
    }

    /** The response to send. */
    public sealed interface Result {

        /**
         * The status code of the response.
         *
         * @return 101, 400, 403, 405 or 426
         */
        int status();

        /**
         * The headers that the response needs; more may be added.
         *
         * @return the headers
         */
        HandshakeHeaders headers();
    }

    /**
     * The WebSocket is open as soon as the response has been sent; what follows in both directions are frames.
     *
     * @param headers {@code Upgrade}, {@code Connection}, {@code Sec-WebSocket-Accept} and what was selected
     * @param subprotocol the selected subprotocol, or null if there is none in common
     * @param extensions the extensions in use, in the order of the wire, unmodifiable
     */
    public record Accepted(
            HandshakeHeaders headers, @Nullable String subprotocol, List<Extension> extensions) implements Result {

        /**
         * Creates an acceptance.
         *
         * @param headers the headers of the response
         * @param subprotocol the selected subprotocol, or null
         * @param extensions the extensions in use
         */
        public Accepted {
            extensions = List.copyOf(extensions);
        }

        /**
         * Always 101.
         *
         * @return 101
         */
        @Override
        public int status() {
            return 101;
        }
    }

    /**
     * The request opens no WebSocket. The response is an ordinary one. A connection whose request had a body must then
     * be closed, unless the HTTP server reads the body to its end.
     *
     * @param status 400, 403, 405 or 426
     * @param headers the headers that this status needs
     * @param fault why
     * @param message what was wrong and what to do, for a log or as {@code text/plain} body; it quotes at most 64
     *     characters of each value of the request, printable ASCII only
     */
    public record Rejected(int status, HandshakeHeaders headers, HandshakeFault fault, String message)
            implements Result {}

    /** Collects the parts of the policy; not safe for use by several threads at once. */
    public static final class Builder {

        private List<String> subprotocols = List.of();
        private ExtensionNegotiator extensionNegotiator = ExtensionNegotiator.none();
        private OriginPolicy originPolicy = OriginPolicy.sameOrigin();

        private Builder() {}

        /**
         * The subprotocols that this server speaks; the first of them that the client offers is selected.
         *
         * @param subprotocols tokens, most wanted first, none twice; default: none
         * @return this builder
         * @throws IllegalArgumentException if one is not a token or is named twice
         */
        public Builder subprotocols(List<String> subprotocols) {
            this.subprotocols = HeaderGrammar.requireSubprotocols(subprotocols);
            return this;
        }

        /**
         * How extensions are chosen.
         *
         * @param negotiator the choice; default: {@link ExtensionNegotiator#none()}
         * @return this builder
         */
        public Builder extensions(ExtensionNegotiator negotiator) {
            this.extensionNegotiator = Objects.requireNonNull(negotiator, "negotiator");
            return this;
        }

        /**
         * Which web pages may connect.
         *
         * @param policy the decision; default: {@link OriginPolicy#sameOrigin()}
         * @return this builder
         */
        public Builder origins(OriginPolicy policy) {
            this.originPolicy = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * The policy as collected so far; the builder can be used on.
         *
         * @return the policy
         */
        public ServerHandshake build() {
            return new ServerHandshake(this);
        }
    }
}
