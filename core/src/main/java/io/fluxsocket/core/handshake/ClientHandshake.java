package io.fluxsocket.core.handshake;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The client's half of the opening handshake (RFC 6455 §4.1), for one connection attempt: {@code begin}, send
 * {@link #requestHeaders()} with a GET request of HTTP/1.1, then {@link #end} with the response. A redirect, an
 * authentication round or a retry is a new attempt and begins again, with a new key.
 *
 * <p>Immutable: {@link #end} judges a response and changes nothing.
 *
 * <p>Windows: {@code WebSocketBeginClientHandshake} and {@code WebSocketEndClientHandshake}.
 */
public final class ClientHandshake {

    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int NOT_SELECTED = -1;

    private final List<String> subprotocols;
    private final List<Extension> extensions;
    private final String key;
    private final HandshakeHeaders requestHeaders;

    private ClientHandshake(
            List<String> subprotocols, List<Extension> extensions, HandshakeHeaders applicationHeaders, String key) {
        this.subprotocols = HeaderGrammar.requireSubprotocols(subprotocols);
        this.extensions = List.copyOf(extensions);
        this.key = key;
        this.requestHeaders = merge(applicationHeaders);
    }

    /**
     * Begins a handshake without application headers, with a key from a {@link SecureRandom}, which may read from the
     * operating system on this thread.
     *
     * @param subprotocols the subprotocols to offer, tokens, most wanted first, none twice; empty: none is offered
     * @param extensions the extensions to offer, most wanted first; a name may occur several times; empty: none
     * @return the handshake
     * @throws IllegalArgumentException if a subprotocol is not a token or is named twice
     */
    public static ClientHandshake begin(List<String> subprotocols, List<Extension> extensions) {
        return begin(subprotocols, extensions, HandshakeHeaders.of());
    }

    /**
     * Begins a handshake, with a key from a {@link SecureRandom}, which may read from the operating system on this
     * thread.
     *
     * @param subprotocols the subprotocols to offer, tokens, most wanted first, none twice; empty: none is offered
     * @param extensions the extensions to offer, most wanted first; a name may occur several times; empty: none
     * @param applicationHeaders what else the request carries; the handshake's headers replace same-named ones
     * @return the handshake
     * @throws IllegalArgumentException if a subprotocol is not a token or is named twice, or the application headers
     *     offer subprotocols or extensions while the arguments offer none: {@link #end} would not know of them
     */
    public static ClientHandshake begin(
            List<String> subprotocols, List<Extension> extensions, HandshakeHeaders applicationHeaders) {
        return begin(subprotocols, extensions, applicationHeaders, new SecureRandom());
    }

    /**
     * Begins a handshake.
     *
     * @param subprotocols the subprotocols to offer, tokens, most wanted first, none twice; empty: none is offered
     * @param extensions the extensions to offer, most wanted first; a name may occur several times; empty: none
     * @param applicationHeaders what else the request carries; the handshake's headers replace same-named ones
     * @param random where the 16 bytes of the key come from; used during this call only
     * @return the handshake
     * @throws IllegalArgumentException if a subprotocol is not a token or is named twice, or the application headers
     *     offer subprotocols or extensions while the arguments offer none: {@link #end} would not know of them
     */
    public static ClientHandshake begin(
            List<String> subprotocols,
            List<Extension> extensions,
            HandshakeHeaders applicationHeaders,
            RandomGenerator random) {
        return new ClientHandshake(subprotocols, extensions, applicationHeaders, HandshakeKeys.generate(random));
    }

    /**
     * All headers of the request: the application's, then those of the handshake, which have replaced same-named ones.
     * {@code Host} is the application's or the HTTP client's to set.
     *
     * @return the headers
     */
    public HandshakeHeaders requestHeaders() {
        return requestHeaders;
    }

    private HandshakeHeaders merge(HandshakeHeaders applicationHeaders) {
        refuseUnknownOffers(applicationHeaders, HeaderNames.SEC_WEBSOCKET_PROTOCOL, subprotocols);
        refuseUnknownOffers(applicationHeaders, HeaderNames.SEC_WEBSOCKET_EXTENSIONS, extensions);
        HandshakeHeaders.Builder headers = applicationHeaders.toBuilder()
                .set(HeaderNames.UPGRADE, "websocket")
                .set(HeaderNames.CONNECTION, "Upgrade")
                .set(HeaderNames.SEC_WEBSOCKET_KEY, key)
                .set(HeaderNames.SEC_WEBSOCKET_VERSION, ServerHandshake.VERSION);
        if (!subprotocols.isEmpty()) {
            headers.set(HeaderNames.SEC_WEBSOCKET_PROTOCOL, String.join(", ", subprotocols));
        }
        if (!extensions.isEmpty()) {
            headers.set(HeaderNames.SEC_WEBSOCKET_EXTENSIONS, Extension.format(extensions));
        }
        return headers.build();
    }

    private static void refuseUnknownOffers(HandshakeHeaders applicationHeaders, String name, List<?> offers) {
        if (offers.isEmpty() && applicationHeaders.contains(name)) {
            throw new IllegalArgumentException("The application headers have " + name
                    + ", whose answer could not be checked: pass what it offers as argument of begin instead");
        }
    }

    /**
     * Ends the handshake: judges the response by RFC 6455 §4.1. What the server sends behind these headers are frames.
     *
     * @param status the status code of the response
     * @param responseHeaders all header lines of the response
     * @return what the server selected
     * @throws HandshakeException if this response opens no WebSocket; the application then closes the connection
     */
    public Result end(int status, HandshakeHeaders responseHeaders) {
        Objects.requireNonNull(responseHeaders, "responseHeaders");
        checkStatus(status, responseHeaders);
        checkUpgrade(responseHeaders);
        checkAccept(responseHeaders);
        String subprotocol = selectedSubprotocol(responseHeaders);
        List<Extension> accepted = acceptedExtensions(responseHeaders);
        return new Result(
                subprotocol,
                subprotocol == null ? NOT_SELECTED : subprotocols.indexOf(subprotocol),
                accepted,
                accepted.stream().map(this::indexOfOffer).toList());
    }

    private static void checkStatus(int status, HandshakeHeaders response) {
        if (status == SWITCHING_PROTOCOLS) {
            return;
        }
        List<String> versions = response.tokens(HeaderNames.SEC_WEBSOCKET_VERSION);
        // RFC 6455 section 4.2.2: 426 or another status, with the versions that the server supports.
        if (!versions.isEmpty() && !versions.contains(ServerHandshake.VERSION)) {
            throw new HandshakeException(
                    HandshakeFault.VERSION_NOT_SUPPORTED,
                    "The server supports the WebSocket versions " + HeaderGrammar.quote(String.join(", ", versions))
                            + ", this client version 13 alone: connect to a server of RFC 6455");
        }
        throw new HandshakeException(
                HandshakeFault.NOT_SWITCHED,
                "The server answered with status " + status
                        + " instead of 101: check the URI and the credentials; the response may say more");
    }

    private static void checkUpgrade(HandshakeHeaders response) {
        List<String> protocols = response.tokens(HeaderNames.UPGRADE);
        if (protocols.size() != 1 || !protocols.get(0).equalsIgnoreCase("websocket")) {
            throw malformed("must name websocket, and nothing else, in Upgrade, but names "
                    + HeaderGrammar.quote(String.join(", ", protocols)));
        }
        if (response.tokens(HeaderNames.CONNECTION).stream().noneMatch("upgrade"::equalsIgnoreCase)) {
            throw malformed("must name Upgrade in Connection");
        }
    }

    private void checkAccept(HandshakeHeaders response) {
        List<String> accepts = response.all(HeaderNames.SEC_WEBSOCKET_ACCEPT);
        if (accepts.size() != 1) {
            throw malformed("must have one Sec-WebSocket-Accept, but has " + accepts.size());
        }
        if (!accepts.get(0).equals(HandshakeKeys.accept(key))) {
            throw malformed("has the Sec-WebSocket-Accept " + HeaderGrammar.quote(accepts.get(0))
                    + ", which does not belong to the key of this request; a cache may have answered");
        }
    }

    private @Nullable String selectedSubprotocol(HandshakeHeaders response) {
        List<String> selected = response.all(HeaderNames.SEC_WEBSOCKET_PROTOCOL);
        if (selected.isEmpty()) {
            return null;
        }
        // RFC 6455 section 11.3.4: not more than once in a response, and there a single token.
        if (selected.size() > 1 || !HeaderGrammar.isToken(selected.get(0))) {
            throw malformed("must select one subprotocol in one Sec-WebSocket-Protocol, but has "
                    + HeaderGrammar.quote(String.join(", ", selected)));
        }
        if (!subprotocols.contains(selected.get(0))) {
            throw new HandshakeException(
                    HandshakeFault.SUBPROTOCOL_NOT_SUPPORTED,
                    "The server selected the subprotocol " + HeaderGrammar.quote(selected.get(0))
                            + ", which was not offered: offer it, or correct the server");
        }
        return selected.get(0);
    }

    private List<Extension> acceptedExtensions(HandshakeHeaders response) {
        List<String> lines = response.all(HeaderNames.SEC_WEBSOCKET_EXTENSIONS);
        // RFC 6455 section 11.3.2: not more than once in a response.
        if (lines.size() > 1) {
            throw malformed("must have one Sec-WebSocket-Extensions at most, but has " + lines.size());
        }
        List<Extension> accepted = Extension.parse(lines);
        Set<String> seen = new HashSet<>();
        for (Extension extension : accepted) {
            if (indexOfOffer(extension) == NOT_SELECTED) {
                throw new HandshakeException(
                        HandshakeFault.EXTENSIONS_NOT_SUPPORTED,
                        "The server uses the extension " + HeaderGrammar.quote(extension.name())
                                + ", which was not offered: offer it, or correct the server");
            }
            if (!seen.add(extension.name())) {
                throw malformed("accepts the extension " + HeaderGrammar.quote(extension.name()) + " twice");
            }
        }
        return accepted;
    }

    private int indexOfOffer(Extension accepted) {
        for (int i = 0; i < extensions.size(); i++) {
            if (extensions.get(i).name().equals(accepted.name())) {
                return i;
            }
        }
        return NOT_SELECTED;
    }

    private static HandshakeException malformed(String what) {
        return HandshakeException.malformed("The server's response " + what + ": check that it speaks RFC 6455");
    }

    /**
     * What the server selected from the offers.
     *
     * @param subprotocol the selected subprotocol, or null if none was
     * @param subprotocolIndex its zero-based index in the offered subprotocols, as on Windows, or -1 if none was selected
     * @param extensions the extensions in use, with the server's parameters, in the order of the wire, unmodifiable;
     *     whether the parameters are acceptable is for each extension to say
     * @param extensionIndices for each of them the zero-based index of the first offer of its name, as on Windows
     */
    public record Result(
            @Nullable String subprotocol,
            int subprotocolIndex,
            List<Extension> extensions,
            List<Integer> extensionIndices) {

        /**
         * Creates a result.
         *
         * @param subprotocol the selected subprotocol, or null
         * @param subprotocolIndex its index in the offers, or -1
         * @param extensions the extensions in use
         * @param extensionIndices the index of the offer of each of them
         */
        public Result {
            extensions = List.copyOf(extensions);
            extensionIndices = List.copyOf(extensionIndices);
        }
    }
}
