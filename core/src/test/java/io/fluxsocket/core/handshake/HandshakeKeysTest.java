package io.fluxsocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeKeysTest {

    @ParameterizedTest
    @CsvSource({
        "dGhlIHNhbXBsZSBub25jZQ==, s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", // RFC 6455 section 1.3
        "x3JJHMbDL1EzLkh9GBhXDw==, HSmrc0sMlYUkAGmm5OPpG2HaGWk=", // the example of many tutorials
    })
    void acceptIsTheBase64OfTheSha1OfKeyAndGuid(String key, String accept) {
        assertThat(HandshakeKeys.accept(key)).isEqualTo(accept);
    }

    @Test
    void acceptIgnoresWhitespaceAroundTheKey() {
        assertThat(HandshakeKeys.accept(" dGhlIHNhbXBsZSBub25jZQ==\t")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    @Test
    void generatedKeysAreTheBase64OfTheSixteenRandomBytes() {
        byte[] expected = new byte[16];
        new Random(42).nextBytes(expected);

        String key = HandshakeKeys.generate(new Random(42));

        assertThat(Base64.getDecoder().decode(key)).isEqualTo(expected);
        assertThat(HandshakeKeys.isKey(key)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dGhlIHNhbXBsZSBub25jZQ==",
                " dGhlIHNhbXBsZSBub25jZQ== ",
                "AAAAAAAAAAAAAAAAAAAAAA==",
                "/////////////////////w==",
                "AQIDBAUGBwgJCgsMDQ4PEC==", // RFC 6455 section 4.1 itself sets unused bits
            })
    void sixteenBytesInBase64AreAKey(String key) {
        assertThat(HandshakeKeys.isKey(key)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "dGhlIHNhbXBsZSBub25jZQ", // padding missing
                "dGhlIHNhbXBsZSBub25jZQ=", // half of it missing
                "dGhlIHNhbXBsZSBub25j", // 15 bytes
                "dGhlIHNhbXBsZSBub25jZWE=", // 17 bytes, 24 characters
                "dGhlIHNhbXBsZSBub25jZWVl", // 18 bytes, 24 characters
                "dGhlIHNhbXBsZSBub25jZQ==dGhl",
                "dGhl HNhbXBsZSBub25jZQ==",
                "dGhl-HNhbXBsZSBub25j_Q==", // the alphabet for URLs
                "dGhlIHNhbXBsZSBub25jZ===",
                "dGhlIHNhbXBsZSBub25jZé==",
            })
    void anythingElseIsNoKey(String key) {
        assertThat(HandshakeKeys.isKey(key)).isFalse();
    }
}
