package io.fluxsocket.core;

import static io.fluxsocket.core.Action.Kind.SEND_TO_NETWORK;
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
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.deflate.Compression;
import io.fluxsocket.core.deflate.DeflateAgreement;
import io.fluxsocket.core.deflate.DeflateParameters;
import io.fluxsocket.core.deflate.DeflateSettings;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an engine with permessage-deflate sends, for either end. */
class DeflateSendRulesTest {
    private static final byte[] HELLO = utf8("Hello");
    private static final byte[] COMPRESSED_HELLO = hex("f2 48 cd c9 c9 07 00");
    private static final byte[] NOISE = Samples.noise(new Random(1), 3000);

    private static final DeflateSettings SMALL_FRAMES =
            DeflateSettings.builder().threshold(0).fragmentSize(1000).build();

    private final CountingCodecs codecs = new CountingCodecs();

    private Stepper stepper(Role role, DeflateSettings deflate) {
        DeflateAgreement agreement = new DeflateAgreement(DeflateParameters.DEFAULT, deflate);
        EngineSettings settings = EngineSettings.builder().sendBufferSize(8192).build();
        return new Stepper(role, role.engine(settings, agreement, codecs));
    }

    private Stepper stepper(Role role) {
        return stepper(role, SMALL_FRAMES);
    }

    private void ends(Stepper stepper) {
        stepper.abortAndDrain();
        assertThat(codecs.live).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aMessageLeavesInOneFrameWithRsv1(Role role) {
        Stepper stepper = stepper(role);

        stepper.engine.send(UTF8_MESSAGE, HELLO, "send");
        assertThat(stepper.takeSend("send")).isEqualTo(role.outbound(0xc1, COMPRESSED_HELLO));
        stepper.engine.send(BINARY_MESSAGE, HELLO, "again");
        assertThat(stepper.takeSend("again")).isEqualTo(role.outbound(0xc2, hex("f2 00 11 00 00")));
        stepper.engine.send(BINARY_MESSAGE, (byte[]) null, "empty");
        assertThat(stepper.takeSend("empty")).isEqualTo(role.outbound(0xc2, hex("00")));
        ends(stepper);
    }

    @ParameterizedTest
    @EnumSource
    void writeToAndBufferViewsShowTheSameBytes(Role role) {
        Stepper stepper = stepper(role);
        stepper.engine.send(BINARY_MESSAGE, NOISE, "send");
        Action action = stepper.next(SEND, SEND_TO_NETWORK);
        ByteBuffer destination = ByteBuffer.allocateDirect(action.length());
        action.writeTo(destination);

        assertThat(Stepper.bytes(destination.flip())).isEqualTo(Stepper.bytes(action));
        assertThat(action.bufferType()).isEqualTo(BINARY_MESSAGE);
        assertThat(action.context()).isEqualTo("send");
        stepper.engine.completeAction(action, action.length());
        ends(stepper);
    }

    @ParameterizedTest
    @EnumSource
    void partsAreFramesAndRsv1StandsOnTheFirst(Role role) {
        Stepper stepper = stepper(role);

        stepper.engine.send(UTF8_FRAGMENT, HELLO, 1);
        stepper.engine.send(UTF8_FRAGMENT, NONE, 2);
        stepper.engine.ping(HELLO, "ping");
        stepper.engine.send(UTF8_MESSAGE, HELLO, 3);

        assertThat(stepper.takeSend(1)).isEqualTo(role.outbound(0x41, hex("f2 48 cd c9 c9 07 00 00 00 ff ff")));
        assertThat(stepper.takeSend(2)).isEqualTo(role.outbound(0x00, NONE));
        assertThat(stepper.takeSend("ping")).isEqualTo(role.outbound(Stepper.PING, HELLO));
        assertThat(stepper.takeSend(3)).isEqualTo(role.outbound(0x80, hex("f2 00 11 00 00")));
        ends(stepper);
    }

    @ParameterizedTest
    @EnumSource
    void repliesLeaveBetweenTheFramesOfOneSend(Role role) {
        Stepper stepper = stepper(role);
        stepper.receive(role.inbound(Stepper.PING, "ping"));
        stepper.engine.send(BINARY_MESSAGE, NOISE, "send");
        Action first = stepper.next(SEND, SEND_TO_NETWORK);
        stepper.readNothing();
        byte[] begin = Stepper.bytes(first);
        stepper.engine.completeAction(first, first.length());

        assertThat(begin[0]).isEqualTo((byte) 0x42);
        assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.PONG, utf8("ping")));
        stepper.takeReceiveCutShort("receive");
        byte[] rest = stepper.takeSend("send");
        assertThat(rest[0]).isZero();
        assertThat(stepper.engine.pendingSends()).isZero();

        Endpoint peer = new Endpoint((role == Role.CLIENT ? Role.SERVER : Role.CLIENT)
                .engine(EngineSettings.DEFAULT, new DeflateAgreement(DeflateParameters.DEFAULT, SMALL_FRAMES), codecs));
        peer.read(concat(begin, rest));
        assertThat(peer.messages)
                .singleElement()
                .extracting(Endpoint.Indication::payload)
                .isEqualTo(NOISE);
        peer.engine.abort();
        ends(stepper);
    }

    @ParameterizedTest
    @EnumSource
    void messagesBelowTheThresholdLeaveAsTheyAre(Role role) {
        Stepper stepper = stepper(role, DeflateSettings.builder().threshold(6).build());
        stepper.engine.send(UTF8_MESSAGE, HELLO, "small");
        stepper.engine.send(UTF8_MESSAGE, utf8("Hello!"), "enough");
        stepper.engine.send(UTF8_FRAGMENT, HELLO, "unknown");

        assertThat(stepper.takeSend("small")).isEqualTo(role.outbound(Stepper.TEXT, HELLO));
        assertThat(stepper.takeSend("enough")[0]).isEqualTo((byte) 0xc1);
        assertThat(stepper.takeSend("unknown")[0]).isEqualTo((byte) 0x41);
        ends(stepper);
    }

    @ParameterizedTest
    @EnumSource
    void eachMessageMayChoose(Role role) {
        Stepper stepper = stepper(role, DeflateSettings.DEFAULT);
        byte[] large = ascii(5000);
        stepper.engine.send(UTF8_MESSAGE, large, 0, 5000, Compression.NEVER, 1);
        stepper.engine.send(UTF8_MESSAGE, ByteBuffer.wrap(HELLO), Compression.ALWAYS, 2);
        stepper.engine.send(UTF8_MESSAGE, HELLO, 0, 5, Compression.BY_SIZE, 3);

        assertThat(stepper.takeSend(1)).isEqualTo(role.outbound(Stepper.TEXT, large));
        assertThat(stepper.takeSend(2)).isEqualTo(role.outbound(0xc1, COMPRESSED_HELLO));
        assertThat(stepper.takeSend(3)).isEqualTo(role.outbound(Stepper.TEXT, HELLO));
        ends(stepper);
    }

    @Test
    void theChoiceIsIgnoredWhereNothingWasAgreedOn() {
        Stepper stepper = new Stepper(Role.SERVER);
        stepper.engine.send(UTF8_MESSAGE, HELLO, 0, 5, Compression.ALWAYS, "send");
        assertThat(stepper.takeSend("send")).isEqualTo(Role.SERVER.outbound(Stepper.TEXT, HELLO));
    }

    @ParameterizedTest
    @EnumSource
    void anEchoOfThePeersCloseCutsASendShortAtTheEndOfItsFrame(Role role) {
        Stepper stepper = stepper(role);
        stepper.engine.send(BINARY_MESSAGE, NOISE, "send");
        Action frame = stepper.next(SEND, SEND_TO_NETWORK);
        stepper.receive(role.inbound(Stepper.CLOSE, NONE));
        stepper.takeIndicated(BufferType.CLOSE, NONE);
        stepper.nothing();
        stepper.engine.completeAction(frame, frame.length());

        assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.CLOSE, NONE));
        assertThat(codecs.live).isZero();
        stepper.takeCutShort("send");
        stepper.nothing();
        ends(stepper);
    }

    @ParameterizedTest
    @EnumSource
    void aSendThatIsQueuedWhenThePeerBreaksTheProtocolIsSentToItsEndFirst(Role role) {
        Stepper stepper = stepper(role);
        stepper.engine.send(BINARY_MESSAGE, NOISE, "send");
        stepper.receive(role.inbound(0xc0, NONE));
        byte[] begin = stepper.take(SEND);
        try {
            stepper.engine.getAction(RECEIVE);
        } catch (WebSocketProtocolException expected) {
            begin = concat(begin, stepper.takeSend("send"));
        }

        assertThat(begin).hasSizeGreaterThan(2000);
        assertThat(stepper.take(SEND)).isEqualTo(role.outbound(Stepper.CLOSE, Bytes.closeBody(1002)));
        assertThat(codecs.live).isZero();
        ends(stepper);
    }

    @ParameterizedTest
    @EnumSource
    void aShortTransferCutsTheSendShortAndEndsTheCodec(Role role) {
        Stepper stepper = stepper(role);
        stepper.engine.send(BINARY_FRAGMENT, NOISE, "send");
        stepper.take(SEND);
        Action second = stepper.next(SEND, SEND_TO_NETWORK);
        assertThat(codecs.live).isOne();
        stepper.engine.completeAction(second, 1);

        assertThat(codecs.live).isZero();
        stepper.takeCutShort("send");
        ends(stepper);
    }

    @ParameterizedTest
    @EnumSource
    void abortInMidSendEndsTheCodec(Role role) {
        for (int frames = 0; frames < 3; frames++) {
            Stepper stepper = stepper(role);
            stepper.engine.send(BINARY_MESSAGE, NOISE, "send");
            for (int i = 0; i < frames; i++) {
                stepper.take(SEND);
            }
            Action outstanding = stepper.next(SEND, SEND_TO_NETWORK);
            stepper.engine.abort();
            assertThat(codecs.live).isZero();
            stepper.engine.completeAction(outstanding, 0);
            assertThat(stepper.abortAndDrain()).containsExactly("send");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theCodecIsEndedByTheCloseThatIsSentAndByDelete(Role role) {
        Stepper closed = stepper(role);
        closed.engine.send(UTF8_MESSAGE, HELLO, "send");
        closed.engine.close(CloseStatus.NORMAL, "close");
        closed.takeSend("send");
        assertThat(codecs.live).isOne();
        closed.takeSend("close");
        assertThat(codecs.live).isZero();

        Stepper deleted = stepper(role);
        deleted.engine.send(UTF8_MESSAGE, HELLO, "send");
        deleted.takeSend("send");
        assertThat(codecs.live).isOne();
        deleted.engine.delete();
        assertThat(codecs.live).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void theApplicationsMemoryIsLeftAsItIs(Role role) {
        Stepper stepper = stepper(role);
        byte[] memory = NOISE.clone();
        ByteBuffer buffer =
                ByteBuffer.wrap(memory).asReadOnlyBuffer().position(100).limit(2000);
        stepper.engine.send(BINARY_MESSAGE, buffer, "send");
        stepper.takeSend("send");

        assertThat(memory).isEqualTo(NOISE);
        assertThat(buffer.position()).isEqualTo(100);
        assertThat(buffer.limit()).isEqualTo(2000);
        ends(stepper);
    }
}
