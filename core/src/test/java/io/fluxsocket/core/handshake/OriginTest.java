package io.fluxsocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginTest {

    @ParameterizedTest
    @CsvSource({
        "http://a.example, http, a.example, 80, true",
        "HTTPS://A.example, https, a.example, 443, true",
        "https://a.example:80, https, a.example, 80, true",
        "ws://a.example, ws, a.example, -1, false",
        "a+b-c.9://x, a+b-c.9, x, -1, false",
        "Zz://[::F]:1, zz, [::f], 1, false",
    })
    void anOriginIsTakenApart(String text, String scheme, String host, int port, boolean http) {
        Origin origin = new Origin(scheme, host, port);
        assertThat(Origin.parse(text)).isEqualTo(origin);
        assertThat(Origin.require(text)).isEqualTo(origin);
        assertThat(origin.isHttp()).isEqualTo(http);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "null", "://a", "//a", "a", "a:", "a:b", "9a://b", "a_b://c", "a b://c", "é://c", "a://", "a://b/"
            })
    void anythingElseIsNull(String text) {
        assertThat(Origin.parse(text)).isNull();
        assertThatIllegalArgumentException().isThrownBy(() -> Origin.require(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "https://*", "https://*.a.example"})
    void anApplicationMayNotNameAWildcard(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Origin.require(text))
                .withMessageContaining("wildcard");
    }
}
