package io.fluxsocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeHeadersTest {

    private final HandshakeHeaders headers = HandshakeHeaders.of(
            "Host", "example.com", "X-List", "a", "ORIGIN", "https://example.com", "x-list", "b, c");

    @Test
    void namesAreComparedWithoutCase() {
        assertThat(headers.first("host")).isEqualTo("example.com");
        assertThat(headers.first("Origin")).isEqualTo("https://example.com");
        assertThat(headers.contains("HOST")).isTrue();
        assertThat(headers.contains("Hos")).isFalse();
    }

    @Test
    void allLinesOfANameAreKeptInOrder() {
        assertThat(headers.first("X-LIST")).isEqualTo("a");
        assertThat(headers.all("X-LIST")).containsExactly("a", "b, c");
        assertThat(headers.tokens("X-LIST")).containsExactly("a", "b", "c");
    }

    @Test
    void anAbsentNameIsNullOrEmpty() {
        assertThat(headers.first("Absent")).isNull();
        assertThat(headers.all("Absent")).isEmpty();
        assertThat(headers.tokens("Absent")).isEmpty();
    }

    @Test
    void namesAreDistinctAndSpelledAsFirstSeen() {
        assertThat(headers.names()).containsExactly("Host", "X-List", "ORIGIN");
    }

    @Test
    void forEachPassesEveryLineInOrder() {
        List<String> lines = new ArrayList<>();
        headers.forEach((name, value) -> lines.add(name + "=" + value));
        assertThat(lines).containsExactly("Host=example.com", "X-List=a", "ORIGIN=https://example.com", "x-list=b, c");
    }

    @Test
    void onlyHeadersWithoutLinesAreEmpty() {
        assertThat(HandshakeHeaders.of().isEmpty()).isTrue();
        assertThat(HandshakeHeaders.builder().build().isEmpty()).isTrue();
        assertThat(headers.isEmpty()).isFalse();
    }

    static Stream<Arguments> lists() {
        return Stream.of(
                Arguments.of("keep-alive, Upgrade", List.of("keep-alive", "Upgrade")),
                Arguments.of("  a ,\tb\t,, ,c", List.of("a", "b", "c")),
                Arguments.of("a; q=\"x, y\", b", List.of("a; q=\"x, y\"", "b")),
                Arguments.of("\"a\\\", b\", c", List.of("\"a\\\", b\"", "c")), // an escaped quote
                Arguments.of("a\\, b", List.of("a\\", "b")), // a backslash outside quotes escapes nothing
                Arguments.of("\"never closed, a", List.of("\"never closed, a")));
    }

    @ParameterizedTest
    @MethodSource("lists")
    void tokensAreSplitAtCommasOutsideQuotes(String value, List<String> expected) {
        assertThat(HandshakeHeaders.of("List", value).tokens("List")).isEqualTo(expected);
    }

    @Test
    void emptyElementsAreSkipped() {
        assertThat(HandshakeHeaders.of("List", ", ,,", "List", "").tokens("List"))
                .isEmpty();
    }

    @Test
    void valuesAreTrimmedOfSpacesAndTabs() {
        assertThat(HandshakeHeaders.of("Name", " \ta b\t ").first("Name")).isEqualTo("a b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a:", "a\r\nb", "a\0", "ä", "(a)", "a,b"})
    void aNameThatIsNoTokenIsRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> HandshakeHeaders.of(name, "value"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HandshakeHeaders.builder().set(name, "value"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a\r\nInjected: b", "a\nb", "a\rb", "a\0b", "\r", "\n", "a\u010Ab", "a\u560Db", "\uD83D\uDE00"})
    void aValueThatCouldStartAnotherHeaderIsRefused(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HandshakeHeaders.of("Name", value))
                .withMessageContaining("Name")
                .withMessageContaining("percent-encode");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HandshakeHeaders.builder().set("Name", value));
    }

    @Test
    void latin1ValuesAreKept() {
        assertThat(HandshakeHeaders.of("Name", "café\u00FF").first("Name")).isEqualTo("café\u00FF");
    }

    @Test
    void aNameWithoutValueIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> HandshakeHeaders.of("Host", "example.com", "Origin"));
    }

    @Test
    void setReplacesAllLinesOfTheName() {
        assertThat(headers.toBuilder().set("X-LIST", "z").build())
                .isEqualTo(HandshakeHeaders.of("Host", "example.com", "ORIGIN", "https://example.com", "X-LIST", "z"));
    }

    @Test
    void aRefusedSetRemovesNothing() {
        HandshakeHeaders.Builder builder = headers.toBuilder();
        assertThatIllegalArgumentException().isThrownBy(() -> builder.set("X-List", "\n"));
        assertThat(builder.build()).isEqualTo(headers);
    }

    @Test
    void removeRemovesAllLinesOfTheName() {
        assertThat(headers.toBuilder().remove("x-LIST").build().names()).containsExactly("Host", "ORIGIN");
    }

    @Test
    void builtHeadersDoNotChangeWithTheirBuilder() {
        HandshakeHeaders.Builder builder = HandshakeHeaders.builder().add("A", "1");
        HandshakeHeaders built = builder.build();
        builder.add("B", "2");
        assertThat(built.names()).containsExactly("A");
        assertThatThrownBy(() -> built.all("A").clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> built.names().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> built.tokens("A").clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void equalityIgnoresTheCaseOfNamesAlone() {
        HandshakeHeaders same = HandshakeHeaders.of(
                "HOST", "example.com", "X-LIST", "a", "Origin", "https://example.com", "X-List", "b, c");
        assertThat(headers).isEqualTo(same).hasSameHashCodeAs(same);
        assertThat(HandshakeHeaders.of("A", "x")).isNotEqualTo(HandshakeHeaders.of("A", "X"));
        assertThat(HandshakeHeaders.of("A", "1", "B", "2")).isNotEqualTo(HandshakeHeaders.of("B", "2", "A", "1"));
    }

    @Test
    void toStringShowsNoCredentials() {
        String shown = HandshakeHeaders.of(
                        "Host",
                        "example.com",
                        "AUTHORIZATION",
                        "Basic c2VjcmV0",
                        "cookie",
                        "s=c2VjcmV0",
                        "Set-Cookie",
                        "s=c2VjcmV0",
                        "Proxy-Authorization",
                        "Basic c2VjcmV0")
                .toString();
        assertThat(shown).contains("Host: example.com", "AUTHORIZATION: ").doesNotContain("c2VjcmV0");
    }
}
