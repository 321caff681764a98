package io.fluxsocket.core.handshake;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The header lines of one HTTP message of the handshake: an immutable multi-map that keeps the order of the lines and
 * compares names without regard to the case of ASCII letters (RFC 9110 §5.1).
 *
 * <p>Names must be tokens. Values are trimmed of spaces and tabs (RFC 9110 §5.5) and must not contain CR, LF, NUL or
 * characters above U+00FF, which an encoder might cut down to one of these: a value can therefore never start another
 * header. Anything else is an {@link IllegalArgumentException}; who copies a peer's headers from an HTTP parser that
 * lets such values pass answers 400.
 */
public final class HandshakeHeaders {

    private static final HandshakeHeaders EMPTY = new HandshakeHeaders(List.of());

    /** Headers whose values are credentials: {@link #toString()} ends up in logs. */
    private static final Set<String> CREDENTIALS =
            Set.of("authorization", "proxy-authorization", "cookie", "set-cookie");

    private final List<Line> lines;

    private HandshakeHeaders(List<Line> lines) {
        this.lines = List.copyOf(lines);
    }

    /**
     * No headers.
     *
     * @return the empty headers
     */
    public static HandshakeHeaders of() {
        return EMPTY;
    }

    /**
     * The given header lines, in order: {@code of("Host", "example.com", "Origin", "https://example.com")}.
     *
     * @param namesAndValues names and values by turns; a name may occur several times
     * @return the headers
     * @throws IllegalArgumentException if a name or value is invalid, or the last name has no value
     */
    public static HandshakeHeaders of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("The last of the names and values is a name: give each name a value");
        }
        Builder builder = builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    /**
     * A builder without lines.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A builder that begins with these lines.
     *
     * @return a new builder
     */
    public Builder toBuilder() {
        return builder().addAll(this);
    }

    /**
     * The value of the first line of this name.
     *
     * @param name a header name, in any case
     * @return its value, possibly empty, or null if there is no such line
     */
    public @Nullable String first(String name) {
        for (Line line : lines) {
            if (line.isNamed(name)) {
                return line.value;
            }
        }
        return null;
    }

    /**
     * The values of all lines of this name, in order, unsplit.
     *
     * @param name a header name, in any case
     * @return the values, unmodifiable; empty if there is no such line
     */
    public List<String> all(String name) {
        List<String> values = List.of();
        for (Line line : lines) {
            if (line.isNamed(name)) {
                values = values.isEmpty() ? new ArrayList<>(2) : values;
                values.add(line.value);
            }
        }
        return Collections.unmodifiableList(values);
    }

    /**
     * Whether there is a line of this name.
     *
     * @param name a header name, in any case
     * @return whether there is at least one
     */
    public boolean contains(String name) {
        return first(name) != null;
    }

    /**
     * The elements of a comma-separated list over all lines of this name, trimmed, without the empty ones (RFC 9110
     * §5.6.1). A comma within a quoted string separates nothing; quotes are kept.
     *
     * @param name a header name, in any case
     * @return the elements in order, unmodifiable; empty if there are none
     */
    public List<String> tokens(String name) {
        return List.copyOf(HeaderGrammar.listElements(all(name)));
    }

    /**
     * The distinct names, each as its first line spells it, in the order of these lines.
     *
     * @return the names, unmodifiable
     */
    public List<String> names() {
        Set<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        return lines.stream().map(Line::name).filter(seen::add).toList();
    }

    /**
     * Passes name and value of each line on, in order.
     *
     * @param action what to do with them
     */
    public void forEach(BiConsumer<? super String, ? super String> action) {
        lines.forEach(line -> action.accept(line.name, line.value));
    }

    /**
     * Whether there are no lines.
     *
     * @return whether it is empty
     */
    public boolean isEmpty() {
        return lines.isEmpty();
    }

    /** Whether the other headers have the same lines in the same order; the case of names does not matter. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HandshakeHeaders headers && lines.equals(headers.lines);
    }

    @Override
    public int hashCode() {
        return lines.hashCode();
    }

    /** The lines for a log, on one line; the values of headers that carry credentials are left out. */
    @Override
    public String toString() {
        return lines.toString();
    }

    private record Line(String name, String value) {

        boolean isNamed(String other) {
            return name.equalsIgnoreCase(other);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Line line && isNamed(line.name) && value.equals(line.value);
        }

        @Override
        public int hashCode() {
            return 31 * name.toLowerCase(Locale.ROOT).hashCode() + value.hashCode();
        }

        @Override
        public String toString() {
            boolean credentials = CREDENTIALS.contains(name.toLowerCase(Locale.ROOT));
            return name + ": " + (credentials ? "(not shown)" : value);
        }
    }

    /** Collects header lines; not safe for use by several threads at once. */
    public static final class Builder {

        private final List<Line> lines = new ArrayList<>();

        private Builder() {}

        /**
         * Adds a line after the others.
         *
         * @param name a token
         * @param value trimmed of spaces and tabs; must not contain CR, LF, NUL or characters above U+00FF
         * @return this builder
         * @throws IllegalArgumentException if name or value is invalid
         */
        public Builder add(String name, String value) {
            lines.add(new Line(requireName(name), requireValue(name, value)));
            return this;
        }

        /**
         * Adds the lines of other headers after the others.
         *
         * @param headers the lines to add
         * @return this builder
         */
        public Builder addAll(HandshakeHeaders headers) {
            lines.addAll(headers.lines);
            return this;
        }

        /**
         * Removes all lines of this name, then adds this line after the others.
         *
         * @param name a token
         * @param value trimmed of spaces and tabs; must not contain CR, LF, NUL or characters above U+00FF
         * @return this builder
         * @throws IllegalArgumentException if name or value is invalid; no line is removed then
         */
        public Builder set(String name, String value) {
            Line line = new Line(requireName(name), requireValue(name, value));
            remove(name).lines.add(line);
            return this;
        }

        /**
         * Removes all lines of this name.
         *
         * @param name a header name, in any case
         * @return this builder
         */
        public Builder remove(String name) {
            Objects.requireNonNull(name, "name");
            lines.removeIf(line -> line.isNamed(name));
            return this;
        }

        /**
         * The headers collected so far; the builder can be used on.
         *
         * @return the headers
         */
        public HandshakeHeaders build() {
            return lines.isEmpty() ? EMPTY : new HandshakeHeaders(lines);
        }

        private static String requireName(String name) {
            if (!HeaderGrammar.isToken(name)) {
                throw new IllegalArgumentException("The header name " + HeaderGrammar.quote(name)
                        + " is not an HTTP token: use letters, digits and !#$%&'*+-.^_`|~ only");
            }
            return name;
        }

        private static String requireValue(String name, String value) {
            for (int i = 0; i < value.length(); i++) {
                char character = value.charAt(i);
                if (character == '\r' || character == '\n' || character == '\0' || character > 0xFF) {
                    throw new IllegalArgumentException(
                            "The value of the header %s has the forbidden character U+%04X at index %d: remove it, or percent-encode the value"
                                    .formatted(name, (int) character, i));
                }
            }
            return HeaderGrammar.trim(value);
        }
    }
}
