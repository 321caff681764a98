package io.fluxsocket.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of a frame (RFC 6455 §5), inbound and outbound, without an engine around them. */
class FrameRulesTest {
    private static final int FIN = 0x80;
    /** Unmasked and masked, around each form of the length. */
    private static final int[] SECOND_BYTES = {0, 1, 124, 125, 126, 127, 128, 129, 252, 253, 254, 255};

    private static FrameRules rules(Role role) {
        return rules(role, EngineSettings.DEFAULT);
    }

    private static FrameRules rules(Role role, EngineSettings settings) {
        return new FrameRules(role == Role.CLIENT, settings, false);
    }

    /** The second byte as the peer of this role has to send it. */
    private static int second(Role role, int form) {
        return form | (role == Role.SERVER ? 0x80 : 0);
    }

    /** All first bytes with all second ones that differ, between messages and within one, against the RFC in one expression. */
    @ParameterizedTest
    @EnumSource
    void ofAllFirstTwoBytesExactlyThoseOfTheRfcPass(Role role) {
        for (boolean inMessage : new boolean[] {false, true}) {
            FrameRules rules = rules(role);
            if (inMessage) {
                rules.begin(0x01, 1);
                rules.end(false);
            }
            for (int first = 0; first < 256; first++) {
                for (int second : SECOND_BYTES) {
                    int opcode = first & 15;
                    boolean control = opcode >= 8 && opcode <= 10;
                    boolean known = inMessage ? opcode == 0 : opcode == 1 || opcode == 2;
                    boolean allowed = (first & 0x70) == 0
                            && ((second & 0x80) != 0) == (role == Role.SERVER)
                            && (known || (control && (first & FIN) != 0 && (second & 0x7f) <= 125));
                    requireJudged(rules, first, second, allowed);
                }
            }
        }
    }

    private static void requireJudged(FrameRules rules, int first, int second, boolean allowed) {
        boolean judgedRight;
        try {
            rules.checkStart(first, second);
            judgedRight = allowed;
        } catch (WebSocketProtocolException e) {
            judgedRight = !allowed
                    && e.closeStatus().equals(CloseStatus.PROTOCOL_ERROR)
                    && e.getMessage().contains("(RFC 6455 §5.");
        }
        if (!judgedRight) {
            throw new AssertionError("%02x %02x is %s".formatted(first, second, allowed ? "allowed" : "forbidden"));
        }
    }

    @Test
    void aReservedOpcodeIsNamed() {
        requireViolation(
                CloseStatus.PROTOCOL_ERROR,
                "opcode 11 is",
                () -> rules(Role.CLIENT).checkStart(0x8b, 0));
    }

    @Test
    void aServerWithMaskingDisabledTakesFramesWithAndWithoutMask() {
        FrameRules rules = rules(
                Role.SERVER, EngineSettings.builder().maskingDisabled(true).build());

        rules.checkStart(0x82, 0x00);
        rules.checkStart(0x82, 0x80);
    }

    @Test
    void aClientWithMaskingDisabledStillRefusesMaskedFrames() {
        FrameRules rules = rules(
                Role.CLIENT, EngineSettings.builder().maskingDisabled(true).build());

        requireViolation(CloseStatus.PROTOCOL_ERROR, "RFC 6455 §5.1", () -> rules.checkStart(0x82, 0x80));
    }

    @ParameterizedTest
    @CsvSource({"126, 0", "126, 125", "127, 0", "127, 125", "127, 126", "127, 65535"})
    void aLengthThatIsNotMinimalIsRefused(int form, long length) {
        for (Role role : Role.values()) {
            requireViolation(
                    CloseStatus.PROTOCOL_ERROR,
                    "RFC 6455 §5.2",
                    () -> rules(role).checkLength(0x82, second(role, form), length));
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "125, 125", "126, 126", "126, 65535", "127, 65536", "127, 16777216"})
    void aMinimalLengthPasses(int form, long length) {
        for (Role role : Role.values()) {
            rules(role).checkLength(0x82, second(role, form), length);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, Long.MIN_VALUE + 1, -1})
    void aLengthWithItsHighestBitSetIsRefusedAndNotTakenForASmallOne(long length) {
        EngineSettings unlimited =
                EngineSettings.builder().maxFrameSize(Long.MAX_VALUE).build();
        for (Role role : Role.values()) {
            requireViolation(
                    CloseStatus.PROTOCOL_ERROR,
                    "RFC 6455 §5.2",
                    () -> rules(role, unlimited).checkLength(0x82, second(role, 127), length));
        }
    }

    @Test
    void aFrameMayBeAsLargeAsItsLimitAndNotLarger() {
        EngineSettings settings = EngineSettings.builder().maxFrameSize(1000).build();
        for (Role role : Role.values()) {
            rules(role, settings).checkLength(0x82, second(role, 126), 1000);
            requireViolation(
                    CloseStatus.MESSAGE_TOO_BIG,
                    "1000",
                    () -> rules(role, settings).checkLength(0x82, second(role, 126), 1001));
        }
    }

    @Test
    void aMessageMayBeAsLargeAsItsLimitOverAllFragmentsAndNotLarger() {
        EngineSettings settings = EngineSettings.builder().maxMessageSize(1000).build();
        FrameRules rules = rules(Role.CLIENT, settings);
        rules.begin(0x02, 600);
        rules.end(false);

        rules.checkLength(0x80, 126, 400);
        requireViolation(CloseStatus.MESSAGE_TOO_BIG, "1000", () -> rules.checkLength(0x80, 126, 401));
        rules.begin(0x80, 400);
        rules.checkLength(0x89, 125, 125); // a ping is no part of the message
        rules.begin(0x89, 125);
        rules.checkLength(0x80, 0, 0);
        requireViolation(CloseStatus.MESSAGE_TOO_BIG, "1000", () -> rules.checkLength(0x80, 1, 1));
        rules.end(true);
        rules.checkLength(0x82, 126, 1000); // the next message begins anew
    }

    @Test
    void theSumOfFragmentsDoesNotOverflow() {
        EngineSettings settings =
                EngineSettings.builder().maxFrameSize(Long.MAX_VALUE).build();
        FrameRules rules = rules(Role.CLIENT, settings);
        rules.checkLength(0x02, 127, Long.MAX_VALUE);
        rules.begin(0x02, Long.MAX_VALUE);
        rules.end(false);

        requireViolation(CloseStatus.MESSAGE_TOO_BIG, "limit", () -> rules.checkLength(0x80, 1, 1));
        requireViolation(CloseStatus.MESSAGE_TOO_BIG, "limit", () -> rules.checkLength(0x80, 127, Long.MAX_VALUE));
    }

    @Test
    void aViolationOfALimitNamesTheRfcSection() {
        EngineSettings settings =
                EngineSettings.builder().maxFrameSize(125).maxMessageSize(200).build();
        FrameRules rules = rules(Role.CLIENT, settings);

        requireViolation(CloseStatus.MESSAGE_TOO_BIG, "RFC 6455 §10.4", () -> rules.checkLength(0x82, 126, 126));
        rules.begin(0x02, 125);
        rules.end(false);
        requireViolation(CloseStatus.MESSAGE_TOO_BIG, "RFC 6455 §10.4", () -> rules.checkLength(0x80, 100, 100));
    }

    @Test
    void theInboundMessageIsTextUntilItsLastFrameEndsAndControlFramesDoNotChangeThat() {
        FrameRules rules = rules(Role.CLIENT);
        assertThat(rules.isInboundText()).isFalse();
        rules.begin(0x01, 1);
        assertThat(rules.isInboundText()).isTrue();
        rules.end(false);
        rules.begin(0x89, 1);
        assertThat(rules.isInboundText()).isTrue();
        rules.begin(0x80, 1);
        assertThat(rules.isInboundText()).isTrue();
        rules.end(true);
        assertThat(rules.isInboundText()).isFalse();
        rules.begin(0x02, 1);
        assertThat(rules.isInboundText()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "UTF8_MESSAGE, 81",
        "UTF8_FRAGMENT, 01",
        "BINARY_MESSAGE, 82",
        "BINARY_FRAGMENT, 02",
        "CLOSE, 88",
        "PING_PONG, 89",
        "UNSOLICITED_PONG, 8a"
    })
    void theFirstByteOfAnOutboundFrameIsThatOfItsType(BufferType type, String first) {
        assertThat(rules(Role.SERVER).outbound(type, 0)).isEqualTo(Integer.parseInt(first, 16));
    }

    @Test
    void outboundFragmentsAfterTheFirstAreContinuationsAndOnlyTheLastIsFinal() {
        FrameRules rules = rules(Role.SERVER);

        assertThat(rules.outbound(BufferType.UTF8_FRAGMENT, 1)).isEqualTo(0x01);
        assertThat(rules.outbound(BufferType.UTF8_FRAGMENT, 1)).isEqualTo(0x00);
        assertThat(rules.outbound(BufferType.PING_PONG, 1)).isEqualTo(0x89); // control frames may interleave
        assertThat(rules.outbound(BufferType.CLOSE, 2)).isEqualTo(0x88);
        assertThat(rules.outbound(BufferType.UTF8_MESSAGE, 1)).isEqualTo(0x80);
        assertThat(rules.outbound(BufferType.BINARY_MESSAGE, 1)).isEqualTo(0x82);
    }

    @Test
    void anOutboundMessageKeepsItsTypeAndARefusalChangesNothing() {
        FrameRules rules = rules(Role.SERVER);
        rules.outbound(BufferType.BINARY_FRAGMENT, 1);

        for (BufferType text : new BufferType[] {BufferType.UTF8_FRAGMENT, BufferType.UTF8_MESSAGE}) {
            assertThatThrownBy(() -> rules.outbound(text, 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("RFC 6455 §5.4");
        }
        assertThat(rules.outbound(BufferType.BINARY_MESSAGE, 1)).isEqualTo(0x80);
    }

    @ParameterizedTest
    @EnumSource(names = {"CLOSE", "PING_PONG", "UNSOLICITED_PONG"})
    void anOutboundControlFrameHasAtMost125Bytes(BufferType type) {
        assertThatCode(() -> rules(Role.CLIENT).outbound(type, 125)).doesNotThrowAnyException();
        assertThatThrownBy(() -> rules(Role.CLIENT).outbound(type, 126))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("RFC 6455 §5.5");
    }

    private static void requireViolation(CloseStatus status, String said, ThrowingCallable judged) {
        WebSocketProtocolException e = catchThrowableOfType(WebSocketProtocolException.class, judged);
        assertThat(e).as("refused").isNotNull().hasMessageContaining(said);
        assertThat(e.closeStatus()).isEqualTo(status);
    }
}
