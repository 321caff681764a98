package io.fluxsocket.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The body of a close frame (RFC 6455 §5.5.1), in both directions. */
class CloseBodyTest {
    @ParameterizedTest
    @CsvSource({
        "1000, '',   03 e8",
        "1001, bye,  03 e9 62 79 65",
        "1005, '',   ''",
        "1006, '',   ''",
        "3000, é,    0b b8 c3 a9",
        "4999, '',   13 87"
    })
    void aStatusIsEncodedAsCodeAndReason(int code, String reason, String hex) {
        assertThat(CloseBody.encode(CloseStatus.of(code, reason))).isEqualTo(Bytes.hex(hex));
    }

    @Test
    void ofAllCodesExactlyTheValidOnesAreDecoded() {
        for (int code = 0; code <= 0xffff; code++) {
            CloseStatus decoded;
            try {
                decoded = decode(Bytes.closeBody(code));
            } catch (WebSocketProtocolException e) {
                decoded = null;
            }
            CloseStatus expected = CloseStatus.isValidCode(code) ? CloseStatus.of(code) : null;
            if (!Objects.equals(decoded, expected)) {
                throw new AssertionError(code + " was decoded as " + decoded);
            }
        }
    }

    @Test
    void whatIsEncodedIsDecoded() {
        for (String reason : new String[] {"", "a", "é€😀", "x".repeat(123), "😀".repeat(30) + "abc"}) {
            CloseStatus status = CloseStatus.of(4000, reason);
            assertThat(decode(CloseBody.encode(status))).isEqualTo(status);
        }
        assertThat(decode(CloseBody.encode(CloseStatus.NO_STATUS))).isEqualTo(CloseStatus.NO_STATUS);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535})
    void aCodeThatMayNotBeSentIsRefused(int code) {
        requireRefused(Bytes.closeBody(code), CloseStatus.PROTOCOL_ERROR, "RFC 6455 §7.4");
    }

    @Test
    void aBodyOfOneByteIsRefused() {
        requireRefused(Bytes.hex("03"), CloseStatus.PROTOCOL_ERROR, "RFC 6455 §5.5.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80", // a continuation without a lead
                "c3", // incomplete
                "61 c0 af", // overlong
                "ed a0 80", // a surrogate
                "f4 90 80 80", // above U+10FFFF
                "e2 82" // incomplete
            })
    void aReasonThatIsNotUtf8IsRefused(String reason) {
        requireRefused(Bytes.closeBody(1000, Bytes.hex(reason)), CloseStatus.INVALID_PAYLOAD, "RFC 6455 §8.1");
    }

    @Test
    void anInvalidCodeIsReportedBeforeAnInvalidReason() {
        requireRefused(Bytes.closeBody(1004, Bytes.hex("ff")), CloseStatus.PROTOCOL_ERROR, "1004");
    }

    @Test
    void withoutVerificationWhatIsNotUtf8IsReplaced() {
        CloseStatus status = CloseBody.decode(ByteBuffer.wrap(Bytes.closeBody(1000, Bytes.hex("61 ff 62"))), false);

        assertThat(status).isEqualTo(CloseStatus.of(1000, "a\ufffdb"));
    }

    /** Replacements are three bytes long, so a reason can outgrow a close frame; cutting it may not halve a code point. */
    @Test
    void withoutVerificationAReasonThatReplacementsMakeTooLongIsCutBetweenCodePoints() {
        for (int replaced = 0; replaced <= 123; replaced++) {
            int room = 123 - replaced;
            byte[] tail = Bytes.utf8("😀".repeat(room / 4) + "a".repeat(room % 4));
            byte[] reason = new byte[replaced];
            Arrays.fill(reason, (byte) 0xff);
            byte[] body = Bytes.closeBody(4000, Bytes.concat(reason, tail));

            CloseStatus status = CloseBody.decode(ByteBuffer.wrap(body), false);

            assertThat(status.code()).isEqualTo(4000);
            assertThat(status.reason()).startsWith("\ufffd".repeat(Math.min(replaced, 40)));
        }
    }

    @Test
    void theBodyCanBeGivenAsArrayBufferOrNotAtAll() {
        byte[] padded = Bytes.hex("ee 03 e8 6f 6b ee");
        ByteBuffer direct = ByteBuffer.allocateDirect(6).put(0, padded).order(ByteOrder.LITTLE_ENDIAN);
        CloseStatus expected = CloseStatus.of(1000, "ok");

        assertThat(CloseBody.decode(CloseBody.view(padded, 1, 4), true)).isEqualTo(expected);
        assertThat(CloseBody.decode(CloseBody.view(direct, 1, 4), true)).isEqualTo(expected);
        assertThat(CloseBody.decode(CloseBody.view(null, 0, 0), true)).isEqualTo(CloseStatus.NO_STATUS);
    }

    private static CloseStatus decode(byte[] body) {
        return CloseBody.decode(ByteBuffer.wrap(body), true);
    }

    private static void requireRefused(byte[] body, CloseStatus status, String said) {
        WebSocketProtocolException e = catchThrowableOfType(WebSocketProtocolException.class, () -> decode(body));
        assertThat(e).as(Bytes.toHex(body)).isNotNull().hasMessageContaining(said);
        assertThat(e.closeStatus()).isEqualTo(status);
    }
}
