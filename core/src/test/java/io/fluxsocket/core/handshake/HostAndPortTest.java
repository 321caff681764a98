package io.fluxsocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostAndPortTest {

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com, -1",
        "EXAMPLE.com:8080, example.com, 8080",
        "localhost:0, localhost, 0",
        "a_b.example:65535, a_b.example, 65535",
        "127.0.0.1:80, 127.0.0.1, 80",
        "[::1], [::1], -1",
        "[2001:DB8::A]:9000, [2001:db8::a], 9000",
        "[::ffff:127.0.0.1]:1, [::ffff:127.0.0.1], 1",
    })
    void hostAndPortAreTakenApart(String text, String host, int port) {
        assertThat(HostAndPort.parse(text)).isEqualTo(new HostAndPort(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":80",
                "example.com:",
                "example.com:65536",
                "example.com:000080",
                "example.com:-1",
                "example.com:8a",
                "example.com:80:80",
                "exam ple.com",
                "a.example, b.example",
                "a.example,b.example",
                "user@example.com",
                "http://example.com",
                "example.com/",
                "exämple.com",
                "::1",
                "[]",
                "[::1",
                "[::1]80",
                "[::1]:",
                "[example.com]",
                "[::g]",
                "[::G]",
                "[::@]",
                "[::`]",
                "[::/]",
                "[fe80::1%25eth0]",
                "]",
            })
    void malformedTextIsNull(String text) {
        assertThat(HostAndPort.parse(text)).isNull();
    }
}
