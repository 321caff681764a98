package io.fluxsocket.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which codes and reasons a close may carry (RFC 6455 §5.5.1, §7.4, and the registry of IANA). */
class CloseStatusTest {
    @Test
    void ofAllCodesExactlyThoseOfTheRegistryMayBeSent() {
        for (int code = -70_000; code <= 70_000; code++) {
            boolean valid = switch (code) {
                case 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014 -> true;
                default -> code / 1000 == 3 || code / 1000 == 4;
            };
            assertThat(CloseStatus.isValidCode(code)).as("%d", code).isEqualTo(valid);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 999, 1004, 1015, 1016, 1100, 2000, 2999, 5000, 65535, 66536})
    void aCodeThatMayNotBeSentIsRefused(int code) {
        assertThatThrownBy(() -> CloseStatus.of(code))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Integer.toString(code))
                .hasMessageContaining("RFC 6455 §7.4");
        assertThatThrownBy(() -> CloseStatus.of(code, "why")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theConstantsHaveTheirCodes() {
        List<CloseStatus> constants = List.of(
                CloseStatus.NORMAL,
                CloseStatus.GOING_AWAY,
                CloseStatus.PROTOCOL_ERROR,
                CloseStatus.UNSUPPORTED_DATA,
                CloseStatus.NO_STATUS,
                CloseStatus.ABNORMAL,
                CloseStatus.INVALID_PAYLOAD,
                CloseStatus.POLICY_VIOLATION,
                CloseStatus.MESSAGE_TOO_BIG,
                CloseStatus.MANDATORY_EXTENSION,
                CloseStatus.INTERNAL_ERROR,
                CloseStatus.SERVICE_RESTART,
                CloseStatus.TRY_AGAIN_LATER,
                CloseStatus.BAD_GATEWAY);

        assertThat(constants)
                .extracting(CloseStatus::code)
                .containsExactly(1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014);
        assertThat(constants).allMatch(status -> status.reason().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {1005, 1006})
    void whatWasOnlyObservedIsNotSendableAndHasNoReason(int code) {
        assertThat(CloseStatus.of(code).isSendable()).isFalse();
        assertThatThrownBy(() -> CloseStatus.of(code, "why")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CloseStatus.of(code).withReason("why")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyOtherStatusIsSendable() {
        for (int code = 1000; code < 5000; code++) {
            if (CloseStatus.isValidCode(code)) {
                assertThat(CloseStatus.of(code).isSendable()).isTrue();
                assertThat(CloseStatus.of(code).code()).isEqualTo(code);
            }
        }
    }

    /** One, two, three and four bytes of UTF-8 each; 123 bytes fit. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "€", "😀"})
    void aReasonMayHave123BytesOfUtf8AndNotMore(String character) {
        int size = Bytes.utf8(character).length;
        String longest = character.repeat(123 / size) + "a".repeat(123 % size);

        assertThat(Bytes.utf8(longest)).hasSize(123);
        assertThat(CloseStatus.of(1000, longest).reason()).isEqualTo(longest);
        assertThatThrownBy(() -> CloseStatus.of(1000, longest + "a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("124");
        assertThatThrownBy(() -> CloseStatus.of(1000, longest + character))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "\ude00", "a\ud83da", "\ude00\ud83d", "\ud83d\ud83d\ude00"})
    void aReasonWithAnUnpairedSurrogateIsRefused(String reason) {
        assertThatThrownBy(() -> CloseStatus.of(1000, reason))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("surrogate");
    }

    @Test
    void withReasonKeepsTheCode() {
        assertThat(CloseStatus.POLICY_VIOLATION.withReason("no")).isEqualTo(CloseStatus.of(1008, "no"));
        assertThat(CloseStatus.of(3000, "no").withReason("")).isEqualTo(CloseStatus.of(3000));
    }

    @Test
    void itReadsAsCodeAndReason() {
        assertThat(CloseStatus.NORMAL).hasToString("1000");
        assertThat(CloseStatus.of(4999, "done")).hasToString("4999 done");
    }
}
