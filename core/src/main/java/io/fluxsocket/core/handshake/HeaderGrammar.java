package io.fluxsocket.core.handshake;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The pieces of HTTP's header grammar that the handshake needs (RFC 9110 §5.5 and §5.6). */
final class HeaderGrammar {

    /** How much of a peer's value a message quotes: enough to recognise it, too little to flood a log. */
    private static final int QUOTED_LENGTH = 64;

    private HeaderGrammar() {}

    /** Whether this is a token (RFC 9110 §5.6.2), hence not empty. */
    static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(HeaderGrammar::isTokenCharacter);
    }

    static boolean isAlphanumeric(int character) {
        return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') || isDigit(character);
    }

    static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }

    private static boolean isTokenCharacter(int character) {
        return isAlphanumeric(character) || "!#$%&'*+-.^_`|~".indexOf(character) >= 0;
    }

    /** Removes HTTP's optional whitespace, space and tab, from both ends (RFC 9110 §5.6.3). */
    static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isWhitespace(text.charAt(start))) {
            start++;
        }
        while (end > start && isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isWhitespace(char character) {
        return character == ' ' || character == '\t';
    }

    /** Splits at each separator outside quoted strings; the parts are trimmed and may be empty. */
    static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (quoted && character == '\\') {
                i++;
            } else if (character == '"') {
                quoted = !quoted;
            } else if (!quoted && character == separator) {
                parts.add(trim(text.substring(start, i)));
                start = i + 1;
            }
        }
        parts.add(trim(text.substring(start)));
        return parts;
    }

    /** The elements of a list header. Empty ones are skipped, as a recipient must (RFC 9110 §5.6.1.2). */
    static List<String> listElements(Collection<String> lines) {
        List<String> elements = new ArrayList<>();
        for (String line : lines) {
            for (String element : split(line, ',')) {
                if (!element.isEmpty()) {
                    elements.add(element);
                }
            }
        }
        return elements;
    }

    /** The subprotocols that an application supports or offers, checked: tokens, none twice (RFC 6455 §4.1). */
    static List<String> requireSubprotocols(List<String> subprotocols) {
        Set<String> seen = new HashSet<>();
        for (String subprotocol : subprotocols) {
            if (!isToken(subprotocol)) {
                throw new IllegalArgumentException("The subprotocol " + quote(subprotocol)
                        + " is not an HTTP token: use letters, digits and !#$%&'*+-.^_`|~ only");
            }
            if (!seen.add(subprotocol)) {
                throw new IllegalArgumentException(
                        "The subprotocol " + quote(subprotocol) + " is named twice: name each once");
            }
        }
        return List.copyOf(subprotocols);
    }

    /** A value as a message may show it: shortened, without control or non-ASCII characters. */
    static String quote(String value) {
        StringBuilder quoted = new StringBuilder("'");
        value.chars()
                .limit(QUOTED_LENGTH)
                .forEach(character -> quoted.append(character >= ' ' && character < 0x7F ? (char) character : '?'));
        return quoted.append(value.length() > QUOTED_LENGTH ? "…'" : "'").toString();
    }
}
