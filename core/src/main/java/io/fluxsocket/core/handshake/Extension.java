package io.fluxsocket.core.handshake;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One element of {@code Sec-WebSocket-Extensions}: an extension that a client offers or that a server accepts, with its
 * parameters (RFC 6455 §9.1). Names are compared exactly, case included. A parameter may occur twice: whether that is
 * allowed is for the extension to say.
 *
 * @param name a token, for instance {@code permessage-deflate}
 * @param parameters in the order of the header, unmodifiable
 */
public record Extension(String name, List<Parameter> parameters) {

    /**
     * Creates an extension.
     *
     * @param name a token
     * @param parameters in the order of the header
     * @throws IllegalArgumentException if the name is not a token
     */
    public Extension {
        requireToken("name of an extension", name);
        parameters = List.copyOf(parameters);
    }

    /**
     * An extension without parameters; add them with {@link #with(String)} and {@link #with(String, String)}.
     *
     * @param name a token
     * @return the extension
     * @throws IllegalArgumentException if the name is not a token
     */
    public static Extension of(String name) {
        return new Extension(name, List.of());
    }

    /**
     * This extension with one more parameter that has no value.
     *
     * @param parameter a token
     * @return the new extension
     * @throws IllegalArgumentException if the parameter is not a token
     */
    public Extension with(String parameter) {
        return with(new Parameter(parameter, null));
    }

    /**
     * This extension with one more parameter.
     *
     * @param parameter a token
     * @param value a token
     * @return the new extension
     * @throws IllegalArgumentException if the parameter or the value is not a token
     */
    public Extension with(String parameter, String value) {
        return with(new Parameter(parameter, Objects.requireNonNull(value, "value")));
    }

    private Extension with(Parameter parameter) {
        List<Parameter> more = new ArrayList<>(parameters);
        more.add(parameter);
        return new Extension(name, more);
    }

    /**
     * Reads the values of all {@code Sec-WebSocket-Extensions} lines of one message; lines combine in their order
     * (RFC 6455 §9.1). A quoted value is unquoted and must then be a token. Empty list elements are skipped.
     *
     * @param lines the values of the header lines, as of {@link HandshakeHeaders#all(String)}
     * @return the extensions in order, unmodifiable; empty only if there are no lines
     * @throws HandshakeException {@link HandshakeFault#MALFORMED} if a line breaks the grammar, or none names an extension
     */
    public static List<Extension> parse(Collection<String> lines) {
        List<Extension> extensions = new ArrayList<>();
        for (String element : HeaderGrammar.listElements(lines)) {
            extensions.add(parseElement(element));
        }
        if (extensions.isEmpty() && !lines.isEmpty()) {
            throw malformed("names no extension");
        }
        return List.copyOf(extensions);
    }

    /**
     * Reads the value of one {@code Sec-WebSocket-Extensions} line.
     *
     * @param line the value of the header line
     * @return the extensions in order, unmodifiable, at least one
     * @throws HandshakeException {@link HandshakeFault#MALFORMED} if the line breaks the grammar or names no extension
     */
    public static List<Extension> parse(String line) {
        return parse(List.of(line));
    }

    /**
     * The value of one {@code Sec-WebSocket-Extensions} line: what {@link #parse(String)} reads.
     *
     * @param extensions at least one
     * @return the value of the header
     * @throws IllegalArgumentException if there is no extension: then leave the header out
     */
    public static String format(List<Extension> extensions) {
        if (extensions.isEmpty()) {
            throw new IllegalArgumentException("Sec-WebSocket-Extensions cannot be empty: leave the header out");
        }
        return extensions.stream().map(Extension::toString).collect(Collectors.joining(", "));
    }

    /** The extension as the header has it: {@code permessage-deflate; client_max_window_bits=10}. */
    @Override
    public String toString() {
        return parameters.stream().map(parameter -> "; " + parameter).collect(Collectors.joining("", name, ""));
    }

    private static Extension parseElement(String element) {
        List<String> parts = HeaderGrammar.split(element, ';');
        List<Parameter> parameters = new ArrayList<>();
        for (String part : parts.subList(1, parts.size())) {
            parameters.add(parseParameter(part));
        }
        return new Extension(parseToken(parts.get(0)), parameters);
    }

    private static Parameter parseParameter(String part) {
        int equals = part.indexOf('=');
        if (equals < 0) {
            return new Parameter(parseToken(part), null);
        }
        String value = HeaderGrammar.trim(part.substring(equals + 1));
        String name = HeaderGrammar.trim(part.substring(0, equals));
        return new Parameter(parseToken(name), parseToken(value.startsWith("\"") ? unquote(value) : value));
    }

    private static String parseToken(String text) {
        if (!HeaderGrammar.isToken(text)) {
            throw malformed("has " + HeaderGrammar.quote(text) + " where a token must stand");
        }
        return text;
    }

    /** The content of a quoted string (RFC 9110 §5.6.4) that must fill the whole value. */
    private static String unquote(String value) {
        StringBuilder content = new StringBuilder();
        for (int i = 1; i < value.length(); i++) {
            char character = value.charAt(i);
            if (character == '"') {
                if (i < value.length() - 1) {
                    throw malformed("has text behind the quoted value " + HeaderGrammar.quote(value));
                }
                return content.toString();
            }
            if (character == '\\' && ++i < value.length()) {
                character = value.charAt(i);
            }
            content.append(character);
        }
        throw malformed("has the quoted value " + HeaderGrammar.quote(value) + " without its closing quote");
    }

    private static HandshakeException malformed(String what) {
        return HandshakeException.malformed("Sec-WebSocket-Extensions " + what + ": see RFC 6455 section 9.1");
    }

    private static void requireToken(String what, String text) {
        if (!HeaderGrammar.isToken(text)) {
            throw new IllegalArgumentException("The " + what + ", " + HeaderGrammar.quote(text)
                    + ", is not an HTTP token: use letters, digits and !#$%&'*+-.^_`|~ only");
        }
    }

    /**
     * A parameter of an extension.
     *
     * @param name a token
     * @param value a token, or null for a parameter without a value
     */
    public record Parameter(String name, @Nullable String value) {

        /**
         * Creates a parameter.
         *
         * @param name a token
         * @param value a token, or null
         * @throws IllegalArgumentException if the name is not a token, or the value is neither null nor a token
         */
        public Parameter {
            requireToken("name of a parameter", name);
            if (value != null) {
                requireToken("value of a parameter", value);
            }
        }

        /** The parameter as the header has it: {@code name=value} or {@code name}. */
        @Override
        public String toString() {
            return value == null ? name : name + "=" + value;
        }
    }
}
