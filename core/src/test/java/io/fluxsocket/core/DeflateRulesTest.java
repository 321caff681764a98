package io.fluxsocket.core;

import static io.fluxsocket.core.Action.Kind.INDICATE_RECEIVE_COMPLETE;
import static io.fluxsocket.core.ActionQueue.RECEIVE;
import static io.fluxsocket.core.ActionQueue.SEND;
import static io.fluxsocket.core.BufferType.BINARY_FRAGMENT;
import static io.fluxsocket.core.BufferType.BINARY_MESSAGE;
import static io.fluxsocket.core.BufferType.UTF8_FRAGMENT;
import static io.fluxsocket.core.BufferType.UTF8_MESSAGE;
import static io.fluxsocket.core.Bytes.NONE;
import static io.fluxsocket.core.Bytes.ascii;
import static io.fluxsocket.core.Bytes.concat;
import static io.fluxsocket.core.Bytes.hex;
import static io.fluxsocket.core.Bytes.utf8;
import static io.fluxsocket.core.MessageInflaterTest.deflated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fluxsocket.core.deflate.DeflateAgreement;
import io.fluxsocket.core.deflate.DeflateParameters;
import io.fluxsocket.core.deflate.DeflateSettings;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an engine with permessage-deflate accepts and indicates, for either end. */
class DeflateRulesTest {
    /** The first byte of frames that begin a compressed message (RFC 7692 §6). */
    private static final int COMPRESSED_TEXT = 0xc1;

    private static final int COMPRESSED_TEXT_FRAGMENT = 0x41;
    private static final int COMPRESSED_BINARY = 0xc2;
    private static final byte[] HELLO = utf8("Hello");
    private static final byte[] COMPRESSED_HELLO = hex("f2 48 cd c9 c9 07 00");

    private static final DeflateAgreement DEFLATE =
            new DeflateAgreement(DeflateParameters.DEFAULT, DeflateSettings.DEFAULT);

    private final CountingCodecs codecs = new CountingCodecs();

    private Stepper stepper(Role role, EngineSettings settings) {
        return new Stepper(role, role.engine(settings, DEFLATE, codecs));
    }

    private Stepper stepper(Role role) {
        return stepper(role, EngineSettings.DEFAULT);
    }

    private void ends(Stepper stepper) {
        stepper.abortAndDrain();
        assertThat(codecs.live).isZero();
    }

    /** The next getAction refuses what came, for this reason, and the peer gets it. */
    private static void isRefused(Stepper stepper, CloseStatus status) {
        assertThatExceptionOfType(WebSocketProtocolException.class)
                .isThrownBy(() -> stepper.engine.getAction(RECEIVE))
                .satisfies(e -> assertThat(e.closeStatus()).isEqualTo(status));
        assertThat(stepper.take(SEND)).isEqualTo(stepper.role.outbound(Stepper.CLOSE, Bytes.closeBody(status.code())));
    }

    @ParameterizedTest
    @EnumSource
    void aMessageWithRsv1IsInflated(Role role) {
        Stepper stepper = stepper(role);

        stepper.receive(role.inbound(COMPRESSED_TEXT, COMPRESSED_HELLO));

        Action action = stepper.indicated(UTF8_MESSAGE, HELLO);
        assertThat(action.frameRemaining()).isZero();
        assertThat(Stepper.bytes(action.buffer(0))).isEqualTo(HELLO);
        assertThat(action.toByteArray()).isEqualTo(HELLO);
        stepper.engine.completeAction(action);
        ends(stepper);
    }

    @ParameterizedTest
    @EnumSource
    void fragmentsOfACompressedMessageHaveControlFramesBetweenThem(Role role) {
        Stepper stepper = stepper(role);
        stepper.receive(
                role.inbound(COMPRESSED_TEXT_FRAGMENT, hex("f2 48 cd")),
                role.inbound(Stepper.PING, "ping"),
                role.inbound(Stepper.CONTINUATION, NONE),
                role.inbound(Stepper.PONG, "pong"),
                role.inbound(Stepper.LAST_CONTINUATION, hex("c9 c9 07 00")));

        stepper.takeIndicated(UTF8_FRAGMENT, utf8("He"));
        stepper.engine.receive("receive");
        assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.PONG, utf8("ping")));
        stepper.takeIndicated(BufferType.PING_PONG, utf8("pong"));
        stepper.engine.receive("receive");
        stepper.takeIndicated(UTF8_MESSAGE, utf8("llo"));
        ends(stepper);
    }

    @ParameterizedTest
    @EnumSource
    void aFrameThatInflatesToNothingCompletesNoReceiveUnlessItEndsTheMessage(Role role) {
        Stepper stepper = stepper(role);
        stepper.receive(
                role.inbound(COMPRESSED_TEXT_FRAGMENT, NONE),
                role.inbound(Stepper.CONTINUATION, hex("f2")),
                role.inbound(Stepper.PING, "ping"),
                role.inbound(Stepper.CONTINUATION, hex("48 cd c9 c9 07 00")));

        assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.PONG, utf8("ping")));
        stepper.takeIndicated(UTF8_FRAGMENT, HELLO);
        stepper.receive(role.inbound(Stepper.LAST_CONTINUATION, NONE));
        stepper.takeIndicated(UTF8_MESSAGE, NONE);
        stepper.receive(role.inbound(COMPRESSED_BINARY, hex("00")));
        stepper.takeIndicated(BINARY_MESSAGE, NONE);
        ends(stepper);
    }

    @ParameterizedTest
    @EnumSource
    void messagesWithoutRsv1ComeBetweenCompressedOnes(Role role) {
        Stepper stepper = stepper(role);

        for (int i = 0; i < 2; i++) {
            stepper.receive(role.inbound(COMPRESSED_TEXT, i == 0 ? COMPRESSED_HELLO : hex("f2 00 11 00 00")));
            stepper.takeIndicated(UTF8_MESSAGE, HELLO);
            stepper.receive(role.inbound(Stepper.BINARY, COMPRESSED_HELLO));
            stepper.takeIndicated(BINARY_MESSAGE, COMPRESSED_HELLO);
        }
        ends(stepper);
    }

    @ParameterizedTest
    @EnumSource
    void reservedBitsAreRefusedExceptRsv1AtTheBeginningOfAMessage(Role role) {
        for (int first : new int[] {0xa1, 0x91, 0xe1, 0xf1, 0xd2, 0xc9, 0xca, 0xc8, 0xc3, 0xcb}) {
            Stepper stepper = stepper(role);
            stepper.receive(role.inbound(first, NONE));
            isRefused(stepper, CloseStatus.PROTOCOL_ERROR);
            ends(stepper);
        }
        for (int first : new int[] {0xc0, 0x40, COMPRESSED_TEXT}) {
            Stepper stepper = stepper(role);
            stepper.receive(role.inbound(COMPRESSED_TEXT_FRAGMENT, hex("f2 48 cd c9 c9 07 00")));
            stepper.takeIndicated(UTF8_FRAGMENT, HELLO);
            stepper.receive(role.inbound(first, NONE));
            isRefused(stepper, CloseStatus.PROTOCOL_ERROR);
            assertThat(codecs.live).isZero();
            ends(stepper);
        }
    }

    @ParameterizedTest
    @EnumSource
    void rsv1IsRefusedWhereNothingWasAgreedOn(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.receive(role.inbound(COMPRESSED_TEXT, COMPRESSED_HELLO));
        isRefused(stepper, CloseStatus.PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @EnumSource
    void aChunkIsNoLargerThanTheReceiveBufferHoweverMuchAFrameInflatesTo(Role role) {
        EngineSettings settings =
                EngineSettings.builder().receiveBufferSize(300).build();
        for (int length : new int[] {299, 300, 301, 600, 601, 5000}) {
            byte[] message = ascii(length);
            Stepper stepper = stepper(role, settings);
            byte[] frame = role.inbound(COMPRESSED_BINARY, deflated(message));
            stepper.engine.receive("receive");
            stepper.readLent(frame);
            for (int at = 0; at < length; at += 300) {
                boolean last = at + 300 >= length;
                byte[] chunk = Arrays.copyOfRange(message, at, Math.min(length, at + 300));
                Action action = stepper.indicated(last ? BINARY_MESSAGE : BINARY_FRAGMENT, chunk);
                assertThat(action.frameRemaining()).isZero();
                stepper.engine.completeAction(action);
                stepper.engine.receive("receive");
            }
            stepper.readNothing();
            ends(stepper);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReceiveWithMemoryOfItsOwnIsFilled(Role role) {
        byte[] message = ascii(1000);
        byte[] buffer = new byte[700];
        Stepper stepper = stepper(role);
        stepper.engine.receive(buffer, 100, 500, "receive");
        stepper.readLent(role.inbound(COMPRESSED_BINARY, deflated(message)));

        stepper.takeIndicated(BINARY_FRAGMENT, Arrays.copyOf(message, 500));
        assertThat(Arrays.copyOfRange(buffer, 100, 600)).isEqualTo(Arrays.copyOf(message, 500));
        assertThat(Arrays.copyOf(buffer, 100)).containsOnly(0);
        assertThat(Arrays.copyOfRange(buffer, 600, 700)).containsOnly(0);
        stepper.engine.receive("receive");
        stepper.takeIndicated(BINARY_MESSAGE, Arrays.copyOfRange(message, 500, 1000));
        ends(stepper);
    }

    @ParameterizedTest
    @EnumSource
    void aReceiveIsCutShortWithWhatWasInflatedAndTheNextGoesOn(Role role) {
        byte[] message = ascii(2000);
        byte[] frame = role.inbound(COMPRESSED_BINARY, deflated(message));
        Stepper stepper = stepper(role);
        stepper.receive(Arrays.copyOf(frame, frame.length - 10));
        stepper.readNothing();

        Action action = stepper.next(RECEIVE, INDICATE_RECEIVE_COMPLETE);
        assertThat(action.isCutShort()).isTrue();
        assertThat(action.bufferType()).isEqualTo(BINARY_FRAGMENT);
        byte[] begin = action.toByteArray();
        stepper.engine.completeAction(action);
        assertThat(begin.length).isBetween(1, 1999);
        stepper.receive(Arrays.copyOfRange(frame, frame.length - 10, frame.length));
        action = stepper.next(RECEIVE, INDICATE_RECEIVE_COMPLETE);
        byte[] end = action.toByteArray();
        stepper.engine.completeAction(action);
        assertThat(concat(begin, end)).isEqualTo(message);
        ends(stepper);
    }

    @ParameterizedTest
    @EnumSource
    void textIsVerifiedAfterInflation(Role role) {
        byte[] text = utf8("κόσμε😀".repeat(300));
        Stepper stepper =
                stepper(role, EngineSettings.builder().receiveBufferSize(257).build());
        stepper.engine.receive("receive");
        stepper.readLent(role.inbound(COMPRESSED_TEXT, deflated(text)));
        byte[] received = NONE;
        BufferType type;
        do {
            Action action = stepper.next(RECEIVE, INDICATE_RECEIVE_COMPLETE);
            type = action.bufferType();
            received = concat(received, action.toByteArray());
            stepper.engine.completeAction(action);
            stepper.engine.receive("receive");
        } while (type == UTF8_FRAGMENT);
        assertThat(type).isEqualTo(UTF8_MESSAGE);
        assertThat(received).isEqualTo(text);
        ends(stepper);

        for (byte[] invalid : new byte[][] {concat(text, hex("ff")), Arrays.copyOf(text, text.length - 1)}) {
            Stepper other = stepper(
                    role, EngineSettings.builder().receiveBufferSize(8192).build());
            other.receive(role.inbound(COMPRESSED_TEXT, deflated(invalid)));
            isRefused(other, CloseStatus.INVALID_PAYLOAD);
            ends(other);
        }
    }

    @ParameterizedTest
    @EnumSource
    void invalidTextIsRefusedBeforeTheRestOfItsFrameHasCome(Role role) {
        byte[] frame = role.inbound(
                COMPRESSED_TEXT, deflated(concat(ascii(100), hex("ff"), Samples.noise(new Random(1), 3000))));
        Stepper stepper = stepper(role);

        stepper.receive(Arrays.copyOf(frame, 1000));

        isRefused(stepper, CloseStatus.INVALID_PAYLOAD);
        ends(stepper);
    }

    @ParameterizedTest
    @EnumSource
    void theLimitOfAMessageCountsWhatItInflatesTo(Role role) {
        EngineSettings settings = EngineSettings.builder().maxMessageSize(1000).build();
        Stepper stepper = stepper(role, settings);
        byte[] noise = Samples.noise(new Random(1), 1000);
        byte[] stored = concat(hex("00 e8 03 17 fc"), noise, hex("00"));
        assertThat(stored).hasSizeGreaterThan(1000);

        for (byte[] payload : new byte[][] {stored, deflated(noise)}) {
            stepper.receive(role.inbound(COMPRESSED_BINARY, payload));
            stepper.takeIndicated(BINARY_MESSAGE, noise);
        }
        stepper.receive(
                role.inbound(0x42, concat(deflated(new byte[600]), hex("00 00 ff ff"))),
                role.inbound(Stepper.LAST_CONTINUATION, hex("00")));
        stepper.takeIndicated(BINARY_FRAGMENT, new byte[600]);
        stepper.engine.receive("receive");
        stepper.takeIndicated(BINARY_MESSAGE, NONE);

        stepper.receive(role.inbound(COMPRESSED_BINARY, deflated(new byte[1001])));
        isRefused(stepper, CloseStatus.MESSAGE_TOO_BIG);
        assertThat(codecs.live).isZero();
        ends(stepper);
    }

    @ParameterizedTest
    @EnumSource
    void aBombIsInflatedChunkByChunkAndEndsAtTheLimit(Role role) {
        EngineSettings settings =
                EngineSettings.builder().maxMessageSize(10_000).build();
        byte[] bomb = deflated(new byte[20_000_000]);
        Stepper stepper = stepper(role, settings);
        stepper.engine.receive("receive");
        stepper.readLent(role.inbound(COMPRESSED_BINARY, bomb));

        stepper.takeIndicated(BINARY_FRAGMENT, new byte[4096]);
        stepper.nothing(RECEIVE);
        stepper.engine.receive("receive");
        stepper.takeIndicated(BINARY_FRAGMENT, new byte[4096]);
        stepper.engine.receive("receive");
        isRefused(stepper, CloseStatus.MESSAGE_TOO_BIG);
        ends(stepper);
    }

    @ParameterizedTest
    @EnumSource
    void whatDoesNotInflateIsRefusedWith1007(Role role) {
        Stepper stepper = stepper(role);
        stepper.receive(role.inbound(COMPRESSED_BINARY, hex("f2 48 cd c9 c9 07 06")));
        isRefused(stepper, CloseStatus.INVALID_PAYLOAD);
        assertThat(codecs.live).isZero();
        ends(stepper);
    }

    @ParameterizedTest
    @EnumSource
    void theCodecIsEndedByTheClose(Role role) {
        Stepper stepper = stepper(role);
        stepper.receive(role.inbound(COMPRESSED_TEXT, COMPRESSED_HELLO));
        stepper.takeIndicated(UTF8_MESSAGE, HELLO);
        assertThat(codecs.live).isOne();
        stepper.receive(role.inbound(Stepper.CLOSE, NONE));
        Action close = stepper.indicated(BufferType.CLOSE, NONE);
        assertThat(codecs.live).isZero();
        stepper.engine.completeAction(close);
        ends(stepper);
    }

    @ParameterizedTest
    @EnumSource
    void theCodecIsEndedByAbortInMidMessageAndByDelete(Role role) {
        Stepper aborted = stepper(role);
        aborted.receive(role.inbound(COMPRESSED_TEXT_FRAGMENT, COMPRESSED_HELLO));
        aborted.indicated(UTF8_FRAGMENT, HELLO);
        assertThat(codecs.live).isOne();
        aborted.engine.abort();
        assertThat(codecs.live).isZero();

        Stepper deleted = stepper(role);
        deleted.receive(role.inbound(COMPRESSED_TEXT_FRAGMENT, COMPRESSED_HELLO));
        deleted.takeIndicated(UTF8_FRAGMENT, HELLO);
        assertThat(codecs.live).isOne();
        deleted.engine.delete();
        assertThat(codecs.live).isZero();
        assertThat(codecs.made).isEqualTo(2);
    }
}
