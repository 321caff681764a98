package io.fluxsocket.core.deflate;

import io.fluxsocket.core.handshake.Extension;
import io.fluxsocket.core.handshake.HandshakeException;
import io.fluxsocket.core.handshake.HandshakeFault;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of permessage-deflate as they stand in one element of {@code Sec-WebSocket-Extensions} (RFC 7692 §7.1), of
 * an offer or of a response. The grammar, which is the same for both, is judged here; what one end may answer to the other
 * is not.
 *
 * @param serverMaxWindowBits 8–15, or {@link #ABSENT}
 * @param clientMaxWindowBits 8–15, {@link #ABSENT}, or {@link #WITHOUT_VALUE}
 */
record HeaderParameters(
        boolean serverNoContextTakeover,
        boolean clientNoContextTakeover,
        int serverMaxWindowBits,
        int clientMaxWindowBits) {
    static final String NAME = "permessage-deflate";
    static final int ABSENT = 0;
    static final int WITHOUT_VALUE = -1;

    private static final String SERVER_NO_CONTEXT_TAKEOVER = "server_no_context_takeover";
    private static final String CLIENT_NO_CONTEXT_TAKEOVER = "client_no_context_takeover";
    private static final String SERVER_MAX_WINDOW_BITS = "server_max_window_bits";
    private static final String CLIENT_MAX_WINDOW_BITS = "client_max_window_bits";

    /** The element of this extension; null if there is none. */
    static @Nullable Extension find(List<Extension> extensions) {
        for (Extension extension : extensions) {
            if (extension.name().equals(NAME)) {
                return extension;
            }
        }
        return null;
    }

    /**
     * @throws HandshakeException if a parameter is unknown, occurs twice or has a value that it must not have: the server
     *     declines the offer, the client fails the connection (RFC 7692 §7)
     */
    static HeaderParameters parse(Extension extension) {
        boolean serverNoContextTakeover = false;
        boolean clientNoContextTakeover = false;
        int serverMaxWindowBits = ABSENT;
        int clientMaxWindowBits = ABSENT;
        Set<String> seen = new HashSet<>();
        for (Extension.Parameter parameter : extension.parameters()) {
            if (!seen.add(parameter.name())) {
                throw fault("has the parameter " + quote(parameter.name()) + " twice");
            }
            switch (parameter.name()) {
                case SERVER_NO_CONTEXT_TAKEOVER -> serverNoContextTakeover = flag(parameter);
                case CLIENT_NO_CONTEXT_TAKEOVER -> clientNoContextTakeover = flag(parameter);
                case SERVER_MAX_WINDOW_BITS -> serverMaxWindowBits = windowBits(parameter);
                case CLIENT_MAX_WINDOW_BITS ->
                    clientMaxWindowBits = parameter.value() == null ? WITHOUT_VALUE : windowBits(parameter);
                default -> throw fault("has the unknown parameter " + quote(parameter.name()));
            }
        }
        return new HeaderParameters(
                serverNoContextTakeover, clientNoContextTakeover, serverMaxWindowBits, clientMaxWindowBits);
    }

    private static boolean flag(Extension.Parameter parameter) {
        if (parameter.value() != null) {
            throw fault("has a value for " + parameter.name() + ", which takes none");
        }
        return true;
    }

    /** A decimal number from 8 to 15 without leading zeros (RFC 7692 §7.1.2). */
    private static int windowBits(Extension.Parameter parameter) {
        String value = parameter.value() == null ? "" : parameter.value();
        if (!value.matches("[89]|1[0-5]")) {
            throw fault("has the value " + quote(value) + " for " + parameter.name() + ", which takes 8 to 15");
        }
        return Integer.parseInt(value);
    }

    Extension toExtension() {
        Extension extension = Extension.of(NAME);
        if (serverNoContextTakeover) {
            extension = extension.with(SERVER_NO_CONTEXT_TAKEOVER);
        }
        if (clientNoContextTakeover) {
            extension = extension.with(CLIENT_NO_CONTEXT_TAKEOVER);
        }
        if (serverMaxWindowBits != ABSENT) {
            extension = extension.with(SERVER_MAX_WINDOW_BITS, Integer.toString(serverMaxWindowBits));
        }
        if (clientMaxWindowBits == WITHOUT_VALUE) {
            extension = extension.with(CLIENT_MAX_WINDOW_BITS);
        } else if (clientMaxWindowBits != ABSENT) {
            extension = extension.with(CLIENT_MAX_WINDOW_BITS, Integer.toString(clientMaxWindowBits));
        }
        return extension;
    }

    /** What holds if this is a response. */
    DeflateParameters agreed() {
        return new DeflateParameters(
                serverNoContextTakeover,
                clientNoContextTakeover,
                orLargest(serverMaxWindowBits),
                orLargest(clientMaxWindowBits));
    }

    static int orLargest(int windowBits) {
        return windowBits < DeflateParameters.SMALLEST_WINDOW_BITS ? DeflateParameters.LARGEST_WINDOW_BITS : windowBits;
    }

    static HandshakeException fault(String what) {
        return new HandshakeException(
                HandshakeFault.EXTENSIONS_NOT_SUPPORTED, "permessage-deflate " + what + ": see RFC 7692 section 7.1");
    }

    private static String quote(String token) {
        return "'" + (token.length() <= 64 ? token : token.substring(0, 64)) + "'";
    }
}
