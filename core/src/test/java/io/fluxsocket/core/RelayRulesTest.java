package io.fluxsocket.core;

import static io.fluxsocket.core.Action.Kind.INDICATE_SEND_COMPLETE;
import static io.fluxsocket.core.Action.Kind.SEND_TO_NETWORK;
import static io.fluxsocket.core.ActionQueue.ALL;
import static io.fluxsocket.core.ActionQueue.SEND;
import static io.fluxsocket.core.BufferType.BINARY_FRAGMENT;
import static io.fluxsocket.core.BufferType.BINARY_MESSAGE;
import static io.fluxsocket.core.BufferType.PING_PONG;
import static io.fluxsocket.core.BufferType.UTF8_MESSAGE;
import static io.fluxsocket.core.Bytes.ascii;
import static io.fluxsocket.core.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.fluxsocket.core.deflate.DeflateAgreement;
import io.fluxsocket.core.deflate.DeflateParameters;
import io.fluxsocket.core.deflate.DeflateSettings;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one engine receives another one, or the same, sends on from where it lies. */
class RelayRulesTest {
    private static final EngineSettings LARGE = EngineSettings.builder()
            .receiveBufferSize(65536)
            .sendBufferSize(65536 + 14)
            .build();
    /** Small enough to be copied while it is unmasked; more than one block of the masker, and not a whole number of them. */
    private static final int[] LENGTHS = {0, 1, 125, 513, 8193, 20_001, 65_536};

    /** The payload as a receive of this role indicates it: the peer of a server has masked it. */
    private static Stepper received(Role role, int first, byte[] payload) {
        Stepper source = new Stepper(role, LARGE);
        source.engine.receive("receive");
        source.readLent(role.inbound(first, payload));
        return source;
    }

    private static byte[] written(Action action) {
        ByteBuffer out = ByteBuffer.allocateDirect(action.length());
        action.writeTo(out);
        byte[] bytes = new byte[action.length()];
        out.flip().get(bytes);
        return bytes;
    }

    /** Masked by one key and to be masked by another one, by one of both, or by none. */
    @ParameterizedTest
    @EnumSource
    void anyLengthLeavesAsIfItWereTheApplications(Role from) {
        for (Role to : Role.values()) {
            for (int length : LENGTHS) {
                byte[] payload = ascii(length);
                Stepper source = received(from, Stepper.BINARY, payload);
                Action indication = source.indicated(BINARY_MESSAGE, payload);
                Stepper target = new Stepper(to, LARGE);
                target.engine.send(indication, "relay");
                Action action = target.next(SEND, SEND_TO_NETWORK);
                byte[] frame = to.outbound(Stepper.BINARY, payload);
                assertThat(written(action)).as("%s to %s, %d", from, to, length).isEqualTo(frame);
                assertThat(Stepper.bytes(action)).as("views").isEqualTo(frame);
                target.engine.completeAction(action, action.length());
                Action complete = target.next(SEND, INDICATE_SEND_COMPLETE);
                assertThat(complete.context()).isEqualTo("relay");
                target.engine.completeAction(complete);
                source.engine.completeAction(indication);
            }
        }
    }

    @Test
    void aFrameThatLeavesInPartsGoesOnWhereItWas() {
        byte[] payload = ascii(20_001);
        for (Role to : Role.values()) {
            EngineSettings small = EngineSettings.builder().sendBufferSize(1000).build();
            Stepper source = received(Role.SERVER, Stepper.BINARY, payload);
            Stepper target = new Stepper(to, small);
            target.engine.send(source.indicated(BINARY_MESSAGE, payload), "relay");
            byte[][] parts = new byte[30][];
            int count = 0;
            Action action = target.engine.getAction(SEND);
            for (; action.kind() == SEND_TO_NETWORK; action = target.engine.getAction(SEND)) {
                parts[count++] = written(action);
                target.engine.completeAction(action, action.length());
            }
            assertThat(count).isEqualTo(to == Role.CLIENT ? 21 : 1);
            assertThat(Bytes.concat(Arrays.copyOf(parts, count))).isEqualTo(to.outbound(Stepper.BINARY, payload));
        }
    }

    @Test
    void anEchoLeavesOnTheEngineThatReceivesIt() {
        byte[] first = ascii(600);
        byte[] second = ascii(700);
        Stepper server = received(Role.SERVER, Stepper.BINARY_FRAGMENT, first);
        Action indication = server.indicated(BINARY_FRAGMENT, first);
        server.engine.send(indication, "echo");
        assertThat(server.takeSend("echo")).isEqualTo(Bytes.frame(Stepper.BINARY_FRAGMENT, false, first));
        server.engine.completeAction(indication);
        server.receive(Role.SERVER.inbound(Stepper.LAST_CONTINUATION, second));
        server.engine.send(server.indicated(BINARY_MESSAGE, second), "echo");
        assertThat(server.takeSend("echo")).isEqualTo(Bytes.frame(Stepper.LAST_CONTINUATION, false, second));
    }

    @Test
    void aReceiveIntoTheCallersMemoryIsSentFromThere() {
        byte[] memory = new byte[2000];
        Stepper server = new Stepper(Role.SERVER, LARGE);
        server.engine.receive(memory, 100, 1000, "receive");
        server.readLent(Role.SERVER.inbound(Stepper.TEXT, ascii(900)));
        Action indication = server.indicated(UTF8_MESSAGE, ascii(900));
        assertThat(indication.isInNetworkBuffer()).isFalse();
        server.engine.send(indication, "echo");
        assertThat(server.takeSend("echo")).isEqualTo(Bytes.frame(Stepper.TEXT, false, ascii(900)));
    }

    /** What is small was copied while it was unmasked. */
    @ParameterizedTest
    @ValueSource(ints = {20, 512, 513, 65_536})
    void onlyALargePayloadLiesInTheNetworksBuffer(int length) {
        byte[] payload = ascii(length);
        Stepper source = received(Role.SERVER, Stepper.BINARY, payload);
        assertThat(source.indicated(BINARY_MESSAGE, payload).isInNetworkBuffer())
                .isEqualTo(length > Masker.BLOCK_THRESHOLD);
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 15})
    void itIsCompressedWhereThatWasAgreedOn(int windowBits) {
        byte[] payload = ascii(60_000);
        DeflateAgreement agreement = new DeflateAgreement(
                new DeflateParameters(false, false, windowBits, windowBits), DeflateSettings.DEFAULT);
        Stepper source = received(Role.SERVER, Stepper.BINARY, payload);
        WebSocketEngine target = WebSocketEngine.server(LARGE, agreement);
        target.send(source.indicated(BINARY_MESSAGE, payload), "relay");
        Endpoint peer = new Endpoint(WebSocketEngine.client(LARGE, agreement));
        int length = 0;
        for (Action action = target.getAction(SEND);
                action.kind() == SEND_TO_NETWORK;
                action = target.getAction(SEND)) {
            byte[] frame = written(action);
            length += frame.length;
            peer.read(frame);
            target.completeAction(action, frame.length);
        }
        assertThat(peer.messages)
                .singleElement()
                .satisfies(message -> assertThat(message.payload()).isEqualTo(payload));
        assertThat(length).isLessThan(payload.length / 2);
    }

    @Test
    void aReceiveThatWasCompletedCannotBeSent() {
        Stepper source = received(Role.SERVER, Stepper.BINARY, ascii(600));
        Action indication = source.indicated(BINARY_MESSAGE, ascii(600));
        source.engine.completeAction(indication);
        WebSocketEngine target = WebSocketEngine.server(LARGE);
        assertThatIllegalStateException()
                .isThrownBy(() -> target.send(indication, null))
                .withMessageContaining("completed");
        assertThat(target.pendingSends()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aReceiveThatEndsBeforeTheSendIsNotRead(boolean aborted) {
        Stepper source = received(Role.SERVER, Stepper.BINARY, ascii(600));
        Action indication = source.indicated(BINARY_MESSAGE, ascii(600));
        Stepper target = new Stepper(Role.SERVER, LARGE);
        target.engine.send(indication, "relay");
        if (aborted) {
            source.engine.abort();
        } else {
            source.engine.completeAction(indication);
        }
        Action action = target.next(SEND, SEND_TO_NETWORK);
        assertThatIllegalStateException()
                .isThrownBy(() -> action.writeTo(ByteBuffer.allocate(700)))
                .withMessageContaining("before the send");
        target.engine.completeAction(action, 0);
        target.takeCutShort("relay");
    }

    @Test
    void onlyDataCanBeSentOn() {
        Stepper server = new Stepper(Role.SERVER);
        server.receive(Role.SERVER.inbound(Stepper.PONG, utf8("pong")));
        Action pong = server.indicated(PING_PONG, utf8("pong"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server.engine.send(pong, null))
                .withMessageContaining("PING_PONG");
        server.engine.completeAction(pong);
        server.engine.receive("receive");
        server.readNothing();
        Action nothing = server.engine.getAction(ALL);
        assertThatIllegalArgumentException().isThrownBy(() -> server.engine.send(nothing, null));
        server.engine.completeAction(nothing);
        assertThatIllegalStateException()
                .isThrownBy(() -> server.engine.send(server.engine.getAction(ALL), null))
                .withMessageContaining("NO_ACTION");
        assertThat(server.engine.pendingSends()).isZero();
    }
}
