package io.fluxsocket.core.handshake;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The serialised origin of a page (RFC 6454 §6.2).
 *
 * @param scheme in lower case
 * @param host in lower case
 * @param port never absent for http and https, where the default is filled in
 */
record Origin(String scheme, String host, int port) {

    private static final String SEPARATOR = "://";

    /** The origin that the text names, or null if it is {@code null}, a list of origins or malformed. */
    static @Nullable Origin parse(String text) {
        int separator = text.indexOf(SEPARATOR);
        if (separator < 0 || !isScheme(text.substring(0, separator))) {
            return null;
        }
        String scheme = text.substring(0, separator).toLowerCase(Locale.ROOT);
        HostAndPort authority = HostAndPort.parse(text.substring(separator + SEPARATOR.length()));
        return authority == null ? null : new Origin(scheme, authority.host(), authority.portOr(defaultPort(scheme)));
    }

    /** The origin that an application names. */
    static Origin require(String text) {
        Origin origin = parse(text);
        // '*' may stand in a host by RFC 3986, but no page has such an origin: who writes it expects a wildcard.
        if (origin == null || text.indexOf('*') >= 0) {
            throw new IllegalArgumentException(HeaderGrammar.quote(text)
                    + " is not an origin: write scheme://host or scheme://host:port, without a path or a wildcard");
        }
        return origin;
    }

    boolean isHttp() {
        return defaultPort(scheme) != HostAndPort.NO_PORT;
    }

    /** Whether this page's own server is the one that the {@code Host} header names; schemes are not compared. */
    boolean isServedBy(HostAndPort server) {
        return host.equals(server.host()) && port == server.portOr(defaultPort(scheme));
    }

    private static int defaultPort(String scheme) {
        return switch (scheme) {
            case "http" -> 80;
            case "https" -> 443;
            default -> HostAndPort.NO_PORT;
        };
    }

    private static boolean isScheme(String text) {
        return !text.isEmpty()
                && !HeaderGrammar.isDigit(text.charAt(0))
                && text.chars()
                        .allMatch(
                                character -> HeaderGrammar.isAlphanumeric(character) || "+-.".indexOf(character) >= 0);
    }
}
