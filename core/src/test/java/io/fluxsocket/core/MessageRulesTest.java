package io.fluxsocket.core;

import static io.fluxsocket.core.Action.Kind.INDICATE_RECEIVE_COMPLETE;
import static io.fluxsocket.core.Action.Kind.NO_ACTION;
import static io.fluxsocket.core.ActionQueue.RECEIVE;
import static io.fluxsocket.core.BufferType.BINARY_FRAGMENT;
import static io.fluxsocket.core.BufferType.BINARY_MESSAGE;
import static io.fluxsocket.core.BufferType.PING_PONG;
import static io.fluxsocket.core.BufferType.UTF8_FRAGMENT;
import static io.fluxsocket.core.BufferType.UTF8_MESSAGE;
import static io.fluxsocket.core.Bytes.NONE;
import static io.fluxsocket.core.Bytes.ascii;
import static io.fluxsocket.core.Bytes.concat;
import static io.fluxsocket.core.Bytes.hex;
import static io.fluxsocket.core.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Fragments and messages in both directions, and text across them (reference page, 4.6). */
class MessageRulesTest {
    private static final byte[] HELLO = utf8("Hello");
    /** Code points of one to four bytes. */
    private static final byte[] TEXT = hex(
            "61" // a
                    + "c3 a9" // é
                    + "e2 82 ac" // €
                    + "f0 9d 84 9e" // a clef, U+1D11E
                    + "7a"); // z

    @ParameterizedTest
    @CsvSource({"CLIENT, true", "CLIENT, false", "SERVER, true", "SERVER, false"})
    void fragmentsThenAMessageAreOneMessage(Role role, boolean text) {
        Stepper stepper = new Stepper(role);
        BufferType fragment = text ? UTF8_FRAGMENT : BINARY_FRAGMENT;
        BufferType message = text ? UTF8_MESSAGE : BINARY_MESSAGE;
        int first = text ? Stepper.TEXT_FRAGMENT : Stepper.BINARY_FRAGMENT;
        for (int round = 0; round < 2; round++) {
            stepper.engine.send(fragment, utf8("one"), 1);
            stepper.engine.send(fragment, utf8("two"), 2);
            stepper.engine.send(message, utf8("three"), 3);

            assertThat(stepper.takeSend(1)).isEqualTo(role.outbound(first, utf8("one")));
            assertThat(stepper.takeSend(2)).isEqualTo(role.outbound(Stepper.CONTINUATION, utf8("two")));
            assertThat(stepper.takeSend(3)).isEqualTo(role.outbound(Stepper.LAST_CONTINUATION, utf8("three")));
        }
    }

    @ParameterizedTest
    @EnumSource
    void lastPartAndFragmentsMayBeEmpty(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(UTF8_FRAGMENT, NONE, 1);
        stepper.engine.send(UTF8_FRAGMENT, HELLO, 2);
        stepper.engine.send(UTF8_MESSAGE, (byte[]) null, 3);
        stepper.engine.send(BINARY_MESSAGE, NONE, 4);

        assertThat(stepper.takeSend(1)).isEqualTo(role.outbound(Stepper.TEXT_FRAGMENT, NONE));
        assertThat(stepper.takeSend(2)).isEqualTo(role.outbound(Stepper.CONTINUATION, HELLO));
        assertThat(stepper.takeSend(3)).isEqualTo(role.outbound(Stepper.LAST_CONTINUATION, NONE));
        assertThat(stepper.takeSend(4)).isEqualTo(role.outbound(Stepper.BINARY, NONE));
    }

    @ParameterizedTest
    @EnumSource
    void changeOfTypeWithinAMessageIsRefusedAndChangesNothing(Role role) {
        for (boolean text : new boolean[] {true, false}) {
            Stepper stepper = new Stepper(role);
            stepper.engine.send(text ? UTF8_FRAGMENT : BINARY_FRAGMENT, HELLO, 1);
            for (BufferType other : text
                    ? new BufferType[] {BINARY_FRAGMENT, BINARY_MESSAGE}
                    : new BufferType[] {UTF8_FRAGMENT, UTF8_MESSAGE}) {
                assertThatIllegalStateException()
                        .isThrownBy(() -> stepper.engine.send(other, HELLO, null))
                        .withMessageContaining("end that message first");
            }
            assertThat(stepper.engine.pendingSends()).isEqualTo(1);
            stepper.engine.send(text ? UTF8_MESSAGE : BINARY_MESSAGE, HELLO, 2);
            stepper.engine.send(text ? BINARY_MESSAGE : UTF8_MESSAGE, HELLO, 3);

            stepper.takeSend(1);
            assertThat(stepper.takeSend(2)).isEqualTo(role.outbound(Stepper.LAST_CONTINUATION, HELLO));
            assertThat(stepper.takeSend(3)).isEqualTo(role.outbound(text ? Stepper.BINARY : Stepper.TEXT, HELLO));
        }
    }

    @ParameterizedTest
    @EnumSource
    void controlFramesMayInterleaveAnOutboundMessage(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(BINARY_FRAGMENT, HELLO, 1);
        stepper.engine.ping(HELLO, 2);
        stepper.engine.send(BINARY_MESSAGE, HELLO, 3);

        assertThat(stepper.takeSend(1)).isEqualTo(role.outbound(Stepper.BINARY_FRAGMENT, HELLO));
        assertThat(stepper.takeSend(2)).isEqualTo(role.outbound(Stepper.PING, HELLO));
        assertThat(stepper.takeSend(3)).isEqualTo(role.outbound(Stepper.LAST_CONTINUATION, HELLO));
    }

    @ParameterizedTest
    @EnumSource
    void inboundFramesOfOneMessageAreFragmentsAndThenAMessage(Role role) {
        Stepper stepper = new Stepper(role);
        for (boolean text : new boolean[] {true, false, true}) {
            byte[] wire = concat(
                    role.inbound(text ? Stepper.TEXT_FRAGMENT : Stepper.BINARY_FRAGMENT, "one"),
                    role.inbound(Stepper.PONG, "pong"),
                    role.inbound(Stepper.CONTINUATION, NONE),
                    role.inbound(Stepper.CONTINUATION, "two"),
                    role.inbound(Stepper.LAST_CONTINUATION, NONE),
                    role.inbound(Stepper.BINARY, "next"));
            BufferType fragment = text ? UTF8_FRAGMENT : BINARY_FRAGMENT;
            for (int i = 0; i < 6; i++) {
                stepper.engine.receive("receive");
            }
            stepper.read(wire);
            stepper.takeIndicated(fragment, utf8("one"));
            stepper.takeIndicated(PING_PONG, utf8("pong"));
            stepper.takeIndicated(fragment, NONE);
            stepper.takeIndicated(fragment, utf8("two"));
            stepper.takeIndicated(text ? UTF8_MESSAGE : BINARY_MESSAGE, NONE);
            stepper.takeIndicated(BINARY_MESSAGE, utf8("next"));
        }
    }

    /** A zero-length indication that is not completed holds up its queue (reference page, 5). */
    @ParameterizedTest
    @EnumSource
    void emptyIndicationIsCompletedLikeAnyOther(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.receive(role.inbound(Stepper.TEXT, NONE), role.inbound(Stepper.TEXT, HELLO));
        stepper.engine.receive("second");

        Action empty = stepper.indicated(UTF8_MESSAGE, NONE);
        assertThat(empty.buffer(0).hasRemaining()).isFalse();
        assertThat(empty.toByteArray()).isEmpty();
        stepper.nothing();
        stepper.engine.completeAction(empty);

        stepper.takeIndicated(UTF8_MESSAGE, HELLO);
    }

    /** Every cut of the text into two frames, read in one piece or byte by byte; the engine does not mend code points. */
    @ParameterizedTest
    @CsvSource({"CLIENT, 1", "CLIENT, 3", "CLIENT, 999", "SERVER, 1", "SERVER, 3", "SERVER, 999"})
    void codePointMayStraddleWireFrames(Role role, int step) {
        for (int cut = 0; cut <= TEXT.length; cut++) {
            byte[] wire = concat(
                    role.inbound(Stepper.TEXT_FRAGMENT, Arrays.copyOf(TEXT, cut)),
                    role.inbound(Stepper.LAST_CONTINUATION, Arrays.copyOfRange(TEXT, cut, TEXT.length)));
            Stepper stepper = new Stepper(role);
            assertThat(chunks(stepper, wire, step)).isEqualTo(TEXT);
        }
    }

    /** Text of 2,600 bytes through a receive buffer of 256, so that chunks end anywhere within code points. */
    @ParameterizedTest
    @CsvSource({"CLIENT, 1", "CLIENT, 97", "CLIENT, 256", "SERVER, 1", "SERVER, 97", "SERVER, 256"})
    void codePointMayStraddleChunks(Role role, int step) {
        byte[] text = repeat(TEXT, 2600 / TEXT.length);
        for (int shift = 0; shift < TEXT.length; shift++) {
            byte[] shifted = concat(ascii(shift), text);
            Stepper stepper = new Stepper(
                    role, EngineSettings.builder().receiveBufferSize(256).build());
            assertThat(chunks(stepper, role.inbound(Stepper.TEXT, shifted), step))
                    .isEqualTo(shifted);
        }
    }

    @ParameterizedTest
    @EnumSource
    void messageThatEndsWithinACodePointIsRefused(Role role) {
        for (int length = 0; length <= TEXT.length; length++) {
            boolean whole = length == 0 || length == 1 || length == 3 || length == 6 || length >= 10;
            Stepper stepper = new Stepper(role);
            stepper.receive(role.inbound(Stepper.TEXT, Arrays.copyOf(TEXT, length)));
            if (whole) {
                stepper.takeIndicated(UTF8_MESSAGE, Arrays.copyOf(TEXT, length));
            } else {
                assertThatExceptionOfType(WebSocketProtocolException.class)
                        .isThrownBy(() -> stepper.engine.getAction(RECEIVE))
                        .satisfies(e -> assertThat(e.closeStatus()).isEqualTo(CloseStatus.INVALID_PAYLOAD));
            }
        }
    }

    /** At once, not at the end of the message; ASCII alone would be fine. */
    @ParameterizedTest
    @EnumSource
    void asciiWithinACodePointIsRefused(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.receive(role.inbound(Stepper.TEXT_FRAGMENT, hex("c3")), role.inbound(Stepper.CONTINUATION, HELLO));
        stepper.takeIndicated(UTF8_FRAGMENT, hex("c3"));
        stepper.engine.receive("receive");

        assertThatExceptionOfType(WebSocketProtocolException.class)
                .isThrownBy(() -> stepper.engine.getAction(RECEIVE))
                .satisfies(e -> assertThat(e.closeStatus()).isEqualTo(CloseStatus.INVALID_PAYLOAD));
    }

    @ParameterizedTest
    @EnumSource
    void binaryIsNotCheckedAndDoesNotDisturbTheTextAfterIt(Role role) {
        Stepper stepper = new Stepper(role);
        byte[] noText = hex("ff fe c3 f0 9d"); // ends within a code point
        stepper.receive(role.inbound(Stepper.BINARY, noText), role.inbound(Stepper.TEXT, TEXT));
        stepper.takeIndicated(BINARY_MESSAGE, noText);
        stepper.engine.receive("receive");
        stepper.takeIndicated(UTF8_MESSAGE, TEXT);
    }

    /** What is indicated of one message, read in steps; all but the last chunk are fragments. */
    private static byte[] chunks(Stepper stepper, byte[] wire, int step) {
        byte[] message = NONE;
        int at = 0;
        while (true) {
            if (stepper.engine.pendingReceives() == 0) {
                stepper.engine.receive("receive");
            }
            Action action = stepper.engine.getAction(RECEIVE);
            assertThat(action.kind()).isNotEqualTo(NO_ACTION);
            if (action.kind() == INDICATE_RECEIVE_COMPLETE) {
                message = concat(message, action.toByteArray());
                BufferType type = action.bufferType();
                assertThat(type).isIn(UTF8_FRAGMENT, UTF8_MESSAGE);
                stepper.engine.completeAction(action);
                if (type == UTF8_MESSAGE) {
                    assertThat(at).isEqualTo(wire.length);
                    return message;
                }
            } else {
                int n = Math.min(step, Math.min(action.length(), wire.length - at));
                action.buffer(0).put(wire, at, n);
                stepper.engine.completeAction(action, n);
                at += n;
            }
        }
    }

    private static byte[] repeat(byte[] bytes, int times) {
        byte[] repeated = new byte[bytes.length * times];
        for (int i = 0; i < repeated.length; i++) {
            repeated[i] = bytes[i % bytes.length];
        }
        return repeated;
    }
}
