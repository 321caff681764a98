package io.fluxsocket.core.handshake;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code uri-host [ ":" port ]}, as in {@code Host} and in an origin (RFC 9110 §7.2, RFC 3986 §3.2).
 *
 * @param host in lower case; an IPv6 address with its brackets
 * @param port 0 to 65535, or {@link #NO_PORT}
 */
record HostAndPort(String host, int port) {

    static final int NO_PORT = -1;

    private static final int MAX_PORT = 65_535;

    /** The host and port that the text names, or null if it is malformed. */
    static @Nullable HostAndPort parse(String text) {
        int hostEnd = text.startsWith("[") ? text.indexOf(']') + 1 : indexOfOrEnd(text, ':');
        String host = text.substring(0, hostEnd);
        if (!(text.startsWith("[") ? isIpv6Literal(host) : isRegisteredName(host))) {
            return null;
        }
        String lowerCase = host.toLowerCase(Locale.ROOT);
        if (hostEnd == text.length()) {
            return new HostAndPort(lowerCase, NO_PORT);
        }
        String port = text.substring(hostEnd + 1);
        return text.charAt(hostEnd) == ':' && isPort(port) ? new HostAndPort(lowerCase, Integer.parseInt(port)) : null;
    }

    int portOr(int defaultPort) {
        return port == NO_PORT ? defaultPort : port;
    }

    private static int indexOfOrEnd(String text, char character) {
        int index = text.indexOf(character);
        return index < 0 ? text.length() : index;
    }

    /**
     * RFC 3986's reg-name, which covers IPv4, without the comma: a comma is how intermediaries join duplicate lines
     * (RFC 9110 §5.3), and no name in use has one.
     */
    private static boolean isRegisteredName(String host) {
        return !host.isEmpty()
                && host.chars()
                        .allMatch(character ->
                                HeaderGrammar.isAlphanumeric(character) || "-._~%!$&'()*+;=".indexOf(character) >= 0);
    }

    private static boolean isIpv6Literal(String host) {
        String address = host.isEmpty() ? "" : host.substring(1, host.length() - 1);
        return address.indexOf(':') >= 0
                && address.chars()
                        .allMatch(character -> HeaderGrammar.isDigit(character)
                                || (character >= 'a' && character <= 'f')
                                || (character >= 'A' && character <= 'F')
                                || character == ':'
                                || character == '.');
    }

    private static boolean isPort(String port) {
        return !port.isEmpty()
                && port.length() <= 5
                && port.chars().allMatch(HeaderGrammar::isDigit)
                && Integer.parseInt(port) <= MAX_PORT;
    }
}
