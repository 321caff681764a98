package io.fluxsocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtensionTest {

    private static final Extension FOO = Extension.of("foo");

    static Stream<Arguments> headerLines() {
        return Stream.of(
                Arguments.of("foo", List.of(FOO)),
                Arguments.of("foo, bar; baz=2", List.of(FOO, Extension.of("bar").with("baz", "2"))), // RFC 6455 §9.1
                Arguments.of("foo;a;b=c;a", List.of(FOO.with("a").with("b", "c").with("a"))),
                Arguments.of(" foo ;\ta = 1 ; b ", List.of(FOO.with("a", "1").with("b"))),
                Arguments.of("foo; a=\"1\"", List.of(FOO.with("a", "1"))),
                Arguments.of("foo; a=\"\\1\\0\"", List.of(FOO.with("a", "10"))), // quoted pairs
                Arguments.of("foo, foo; a", List.of(FOO, FOO.with("a"))), // fallbacks of one extension
                Arguments.of(",, foo ,, ", List.of(FOO)), // empty list elements
                Arguments.of("Foo, fOO", List.of(Extension.of("Foo"), Extension.of("fOO"))));
    }

    @ParameterizedTest
    @MethodSource("headerLines")
    void wellFormedLinesAreRead(String line, List<Extension> expected) {
        assertThat(Extension.parse(line)).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("headerLines")
    void whatIsFormattedReadsBackTheSame(String line, List<Extension> extensions) {
        assertThat(Extension.parse(Extension.format(extensions))).isEqualTo(extensions);
    }

    @Test
    void severalLinesCombineInOrder() {
        assertThat(Extension.parse(List.of("foo", "", "bar; a, foo; b")))
                .containsExactly(FOO, Extension.of("bar").with("a"), FOO.with("b"));
    }

    @Test
    void noLineMeansNoExtension() {
        assertThat(Extension.parse(List.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " , ,",
                "foo bar",
                "foo;",
                "foo;;a",
                ";a",
                "foo; =1",
                "foo; a=",
                "foo; a=b=c",
                "foo; a b",
                "foo; a=b c",
                "foo; a=\"\"", // unquoted it must be a token
                "foo; a=\"b c\"",
                "foo; a=\"b,c\"",
                "foo; a=\"b;c\"",
                "foo; a=\"b",
                "foo; a=\"b\\",
                "foo; a=\"b\\\"",
                "foo; a=\"b\"c",
                "foo; a=\"b\"\"c\"",
                "foo; \"a\"=b",
                "\"foo\"",
                "foo/1",
                "foo, b@r",
                "fóo",
            })
    void malformedLinesAreRefused(String line) {
        assertThatExceptionOfType(HandshakeException.class)
                .isThrownBy(() -> Extension.parse(line))
                .withMessageContaining("Sec-WebSocket-Extensions")
                .extracting(HandshakeException::fault)
                .isEqualTo(HandshakeFault.MALFORMED);
    }

    @Test
    void formatIsWhatTheRfcShows() {
        List<Extension> extensions =
                List.of(Extension.of("permessage-deflate").with("client_max_window_bits"), FOO.with("a", "10"));
        assertThat(Extension.format(extensions)).isEqualTo("permessage-deflate; client_max_window_bits, foo; a=10");
    }

    @Test
    void anEmptyHeaderIsNotFormatted() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Extension.format(List.of()))
                .withMessageContaining("leave the header out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a,b", "a;b", "a=b", "\"a\"", "a\r\nb", "ä"})
    void whatIsNoTokenIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Extension.of(text));
        assertThatIllegalArgumentException().isThrownBy(() -> FOO.with(text));
        assertThatIllegalArgumentException().isThrownBy(() -> FOO.with("a", text));
    }

    @Test
    void withLeavesTheOriginalAlone() {
        FOO.with("a");
        assertThat(FOO.parameters()).isEmpty();
    }
}
