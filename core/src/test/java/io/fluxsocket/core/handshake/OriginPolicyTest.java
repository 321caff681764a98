package io.fluxsocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginPolicyTest {

    @ParameterizedTest
    @CsvSource({
        "https://a.example, a.example",
        "http://a.example, a.example",
        "HTTPS://A.Example, a.EXAMPLE",
        "https://a.example, a.example:443",
        "http://a.example, a.example:80",
        "https://a.example:443, a.example",
        "http://a.example:80, a.example",
        "http://a.example:8080, a.example:8080",
        "http://localhost:8080, localhost:8080",
        "http://127.0.0.1:8080, 127.0.0.1:8080",
        "http://[::1]:8080, [::1]:8080",
        "https://[2001:DB8::1], [2001:db8::1]",
        "https://[2001:db8::1], [2001:db8::1]:443",
    })
    void sameOriginAllowsThePagesOfThisServer(String origin, String host) {
        assertThat(allows(OriginPolicy.sameOrigin(), origin, host)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "https://evil.example, a.example",
        "https://a.example.evil.example, a.example",
        "https://evil-a.example, a.example",
        "https://b.a.example, a.example",
        "https://a.example, b.a.example",
        "https://a.example., a.example",
        "https://a.example, a.example:80",
        "http://a.example, a.example:443",
        "http://a.example:443, a.example",
        "https://a.example:80, a.example",
        "http://a.example:8080, a.example",
        "http://a.example, a.example:8080",
        "http://a.example:8080, a.example:8081",
        "http://[::1], [::2]",
    })
    void sameOriginRefusesOtherPages(String origin, String host) {
        assertThat(allows(OriginPolicy.sameOrigin(), origin, host)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "",
                "a.example",
                "://a.example",
                "//a.example",
                "https:a.example",
                "https://",
                "https://a.example/",
                "https://a.example/path",
                "https://a.example?q",
                "https://a.example#f",
                "https://a.example:",
                "https://a.example:port",
                "https://user@a.example",
                "https://evil.example@a.example",
                "https://a.example https://a.example",
                "https://a.example,https://evil.example",
                "https://a.example\\.evil.example",
                "1https://a.example",
                "file://a.example",
                "chrome-extension://a.example",
            })
    void sameOriginRefusesNullMalformedAndForeignSchemes(String origin) {
        assertThat(allows(OriginPolicy.sameOrigin(), origin, "a.example")).isFalse();
    }

    @Test
    void sameOriginAllowsClientsThatAreNoBrowsers() {
        assertThat(allows(OriginPolicy.sameOrigin(), null, "a.example")).isTrue();
    }

    @Test
    void sameOriginRefusesPagesOfARequestWithoutUsableHost() {
        HandshakeRequest noHost = HandshakeRequest.get(HandshakeHeaders.of());
        assertThat(OriginPolicy.sameOrigin().allows("https://a.example", noHost))
                .isFalse();
        assertThat(allows(OriginPolicy.sameOrigin(), "https://a.example", "a.example/"))
                .isFalse();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"null", "", "https://evil.example", "garbage"})
    void anyAllowsEverything(@Nullable String origin) {
        assertThat(allows(OriginPolicy.any(), origin, "a.example")).isTrue();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "https://a.example",
                "HTTPS://A.EXAMPLE",
                "https://a.example:443",
                "http://b.example:8080",
                "chrome-extension://abcdef",
            })
    void onlyAllowsTheNamedOriginsAndNone(@Nullable String origin) {
        OriginPolicy policy =
                OriginPolicy.only("https://A.example", "http://b.example:8080", "chrome-extension://abcdef");
        assertThat(allows(policy, origin, "own.example")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://a.example",
                "https://a.example:8443",
                "https://b.example",
                "https://own.example",
                "https://a.example/",
                "null",
                "",
            })
    void onlyRefusesAllOtherOrigins(String origin) {
        assertThat(allows(OriginPolicy.only("https://a.example"), origin, "own.example"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "", "a.example", "https://a.example/", "*", "https://*.a.example"})
    void onlyWantsOrigins(String notAnOrigin) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OriginPolicy.only("https://a.example", notAnOrigin))
                .withMessageContaining("scheme://host");
    }

    private static boolean allows(OriginPolicy policy, @Nullable String origin, String host) {
        return policy.allows(origin, HandshakeRequest.get(HandshakeHeaders.of("Host", host)));
    }
}
