package io.fluxsocket.core;

import static io.fluxsocket.core.Action.Kind.INDICATE_RECEIVE_COMPLETE;
import static io.fluxsocket.core.Action.Kind.INDICATE_SEND_COMPLETE;
import static io.fluxsocket.core.Action.Kind.RECEIVE_FROM_NETWORK;
import static io.fluxsocket.core.Action.Kind.SEND_TO_NETWORK;
import static io.fluxsocket.core.ActionQueue.ALL;
import static io.fluxsocket.core.ActionQueue.RECEIVE;
import static io.fluxsocket.core.ActionQueue.SEND;
import static io.fluxsocket.core.BufferType.BINARY_MESSAGE;
import static io.fluxsocket.core.BufferType.PING_PONG;
import static io.fluxsocket.core.BufferType.UTF8_MESSAGE;
import static io.fluxsocket.core.Bytes.NONE;
import static io.fluxsocket.core.Bytes.ascii;
import static io.fluxsocket.core.Bytes.concat;
import static io.fluxsocket.core.Bytes.hex;
import static io.fluxsocket.core.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which actions an operation consists of (reference page, 4.1), and the rules of pairing, order and contexts (4.2). */
class SequenceRulesTest {
    private static final byte[] HELLO = utf8("Hello");

    /** The examples of RFC 6455 §5.7. */
    private static byte[] helloOnTheWire(Role role) {
        return role == Role.CLIENT
                ? hex(
                        "81 85" // FIN and text; masked, 5 bytes
                                + "37 fa 21 3d" // masking key
                                + "7f 9f 4d 51 58") // Hello, masked
                : hex(
                        "81 05" // FIN and text; 5 bytes
                                + "48 65 6c 6c 6f"); // Hello
    }

    @ParameterizedTest
    @EnumSource
    void sendIsSendToNetworkThenIndicateSendComplete(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(UTF8_MESSAGE, HELLO, "context");

        assertThat(stepper.take(SEND)).isEqualTo(helloOnTheWire(role));
        Action indication = stepper.next(SEND, INDICATE_SEND_COMPLETE);
        assertThat(indication.bufferCount()).isZero();
        assertThat(indication.length()).isZero();
        assertThat(indication.bufferType()).isEqualTo(UTF8_MESSAGE);
        assertThat(indication.isCutShort()).isFalse();
        stepper.engine.completeAction(indication);
        stepper.nothing();
    }

    /** Client: 10,000 + 8 bytes through a send buffer of 4,096. Server: 600 KiB, of which 256 KiB may go at once. */
    @ParameterizedTest
    @EnumSource
    void largeSendIsSendToNetworkSeveralTimesThenIndicateSendComplete(Role role) {
        Stepper stepper = new Stepper(role);
        byte[] payload = ascii(role == Role.CLIENT ? 10_000 : 600 << 10);
        int most = role == Role.CLIENT ? 4096 : 256 << 10;
        stepper.engine.send(BINARY_MESSAGE, payload, "context");

        byte[] wire = NONE;
        for (int part = 0; part < 3; part++) {
            Action action = stepper.next(SEND, SEND_TO_NETWORK);
            assertThat(action.length()).isLessThanOrEqualTo(most);
            assertThat(action.bufferCount()).as("a header in the first only").isEqualTo(part == 0 ? 2 : 1);
            assertThat(action.context()).isEqualTo("context");
            assertThat(action.bufferType()).isEqualTo(BINARY_MESSAGE);
            wire = concat(wire, Stepper.bytes(action));
            stepper.engine.completeAction(action, action.length());
        }
        stepper.engine.completeAction(stepper.next(SEND, INDICATE_SEND_COMPLETE));

        assertThat(wire).isEqualTo(role.outbound(Stepper.BINARY, payload));
        stepper.nothing();
    }

    @ParameterizedTest
    @EnumSource
    void receiveIsReceiveFromNetworkThenIndicateReceiveComplete(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.receive("context");

        Action read = stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);
        assertThat(read.context()).isEqualTo("context");
        assertThat(read.bufferType()).isNull();
        assertThat(read.bufferCount()).isEqualTo(1);
        assertThat(read.length())
                .isEqualTo(read.buffer(0).remaining())
                .isEqualTo(EngineSettings.DEFAULT.receiveBufferSize());
        byte[] frame = role.inbound(Stepper.TEXT, HELLO);
        read.buffer(0).put(frame);
        stepper.engine.completeAction(read, frame.length);
        Action indication = stepper.indicated(UTF8_MESSAGE, HELLO);
        assertThat(indication.context()).isEqualTo("context");
        stepper.engine.completeAction(indication);
        stepper.nothing();
    }

    @ParameterizedTest
    @EnumSource
    void receiveReadsAsOftenAsItsFrameNeeds(Role role) {
        Stepper stepper = new Stepper(role);
        byte[] frame = role.inbound(Stepper.TEXT, HELLO);
        stepper.engine.receive("context");

        for (byte b : frame) {
            assertThat(stepper.engine.pendingReceives()).isEqualTo(1);
            stepper.read(new byte[] {b});
        }

        stepper.takeIndicated(UTF8_MESSAGE, HELLO);
        stepper.nothing();
    }

    @ParameterizedTest
    @EnumSource
    void receiveSendsPongsOnItsWayWithoutCompleting(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.receive("context");

        for (int i = 0; i < 3; i++) {
            stepper.read(role.inbound(Stepper.PING, "ping " + i));
            assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.PONG, utf8("ping " + i)));
            assertThat(stepper.engine.pendingReceives()).isEqualTo(1);
        }
        stepper.read(role.inbound(Stepper.TEXT, HELLO));

        stepper.takeIndicated(UTF8_MESSAGE, HELLO);
        stepper.nothing();
    }

    @ParameterizedTest
    @EnumSource
    void nothingPendingIsNoAction(Role role) {
        new Stepper(role).nothing();
    }

    @ParameterizedTest
    @EnumSource
    void oneIndicationConsumesExactlyOneReceive(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.receive("first");
        stepper.engine.receive("second");
        stepper.read(role.inbound(Stepper.TEXT, HELLO));

        stepper.takeIndicated(UTF8_MESSAGE, HELLO);

        assertThat(stepper.engine.pendingReceives()).isEqualTo(1);
        assertThat(stepper.next(RECEIVE, RECEIVE_FROM_NETWORK).context()).isEqualTo("second");
    }

    @ParameterizedTest
    @EnumSource
    void bytesAtHandAreIndicatedWithoutANetworkRead(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.receive(role.inbound(Stepper.TEXT, HELLO), role.inbound(Stepper.TEXT, "world"));

        stepper.takeIndicated(UTF8_MESSAGE, HELLO);
        stepper.nothing();
        stepper.engine.receive("second");

        assertThat(stepper.indicated(UTF8_MESSAGE, utf8("world")).context()).isEqualTo("second");
    }

    @ParameterizedTest
    @EnumSource
    void allServesBothDirectionsFromOneCall(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.receive("receive");
        stepper.engine.send(UTF8_MESSAGE, HELLO, "send");

        Action send = stepper.next(ALL, SEND_TO_NETWORK);
        Action read = stepper.next(ALL, RECEIVE_FROM_NETWORK);
        stepper.nothing();
        stepper.engine.completeAction(send, send.length());
        assertThat(stepper.next(ALL, INDICATE_SEND_COMPLETE).context()).isEqualTo("send");
        byte[] frame = role.inbound(Stepper.TEXT, HELLO);
        read.buffer(0).put(frame);
        stepper.engine.completeAction(read, frame.length);
        assertThat(stepper.next(ALL, INDICATE_RECEIVE_COMPLETE).context()).isEqualTo("receive");
    }

    @ParameterizedTest
    @EnumSource
    void oneActionOfADirectionIsOutstandingAtATime(Role role) {
        Stepper stepper = new Stepper(role);
        for (int i = 0; i < 2; i++) {
            stepper.engine.receive("receive");
            stepper.engine.send(UTF8_MESSAGE, HELLO, "send");
        }

        Action send = stepper.next(SEND, SEND_TO_NETWORK);
        stepper.nothing(SEND);
        Action read = stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);
        stepper.nothing();
        stepper.engine.completeAction(send, send.length());
        Action sent = stepper.next(SEND, INDICATE_SEND_COMPLETE);
        stepper.nothing();
        byte[] frames = concat(role.inbound(Stepper.TEXT, HELLO), role.inbound(Stepper.TEXT, HELLO));
        read.buffer(0).put(frames);
        stepper.engine.completeAction(read, frames.length);
        Action received = stepper.indicated(UTF8_MESSAGE, HELLO);
        stepper.nothing();

        stepper.engine.completeAction(sent);
        stepper.next(SEND, SEND_TO_NETWORK);
        stepper.nothing(RECEIVE);
        stepper.engine.completeAction(received);
        stepper.indicated(UTF8_MESSAGE, HELLO);
    }

    @ParameterizedTest
    @EnumSource
    void noActionMeansNothingNow(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.nothing();
        stepper.engine.send(UTF8_MESSAGE, HELLO, null);
        Action send = stepper.next(SEND, SEND_TO_NETWORK);
        stepper.nothing();
        stepper.engine.completeAction(send, send.length());
        stepper.next(SEND, INDICATE_SEND_COMPLETE);
    }

    /** The queue is kept full while its ring turns several times. */
    @ParameterizedTest
    @EnumSource
    void sendsCompleteInTheOrderOfTheirQueueing(Role role) {
        Stepper stepper = new Stepper(role);
        Deque<String> expected = new ArrayDeque<>();
        for (int i = 0; i < 100; i++) {
            while (expected.size() < 16) {
                String text = "text " + i + " " + expected.size();
                stepper.engine.send(UTF8_MESSAGE, utf8(text), text);
                expected.add(text);
            }
            assertThat(stepper.engine.pendingSends()).isEqualTo(16);
            for (int n = 0; n < 1 + i % 16; n++) {
                String text = expected.remove();
                assertThat(stepper.takeSend(text)).isEqualTo(role.outbound(Stepper.TEXT, utf8(text)));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void receivesCompleteInTheOrderOfTheirQueueing(Role role) {
        Stepper stepper = new Stepper(role);
        Deque<byte[]> expected = new ArrayDeque<>();
        for (int i = 0; i < 100; i++) {
            while (expected.size() < 16) {
                byte[] memory = new byte[125 + expected.size()];
                stepper.engine.receive(memory, 0, memory.length, memory);
                expected.add(memory);
            }
            assertThat(stepper.engine.pendingReceives()).isEqualTo(16);
            for (int n = 0; n < 1 + i % 16; n++) {
                byte[] payload = utf8(i + " " + n);
                stepper.read(role.inbound(Stepper.TEXT, payload));
                Action indication = stepper.indicated(UTF8_MESSAGE, payload);
                byte[] memory = expected.remove();
                assertThat(indication.context()).isSameAs(memory);
                assertThat(Arrays.copyOf(memory, payload.length)).isEqualTo(payload);
                stepper.engine.completeAction(indication);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void contextComesBackWithEveryActionOfItsOperation(Role role) {
        Stepper stepper = new Stepper(role);
        Object send = new Object();
        Object receive = new Object();
        stepper.engine.send(UTF8_MESSAGE, HELLO, send);
        stepper.engine.send(UTF8_MESSAGE, HELLO, null);
        stepper.engine.receive(receive);

        assertThat(stepper.takeSend(send)).isNotEmpty();
        assertThat(stepper.takeSend(null)).isNotEmpty();
        Action read = stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);
        assertThat(read.context()).isSameAs(receive);
        stepper.engine.completeAction(read, 0);
        stepper.takeReceiveCutShort(receive);
    }

    @ParameterizedTest
    @EnumSource
    void contextIsAbsentOnReplies(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(UTF8_MESSAGE, HELLO, "send");
        stepper.takeSend("send");

        stepper.receive(role.inbound(Stepper.PING, HELLO), role.inbound(Stepper.CLOSE, NONE));
        Action pong = stepper.next(RECEIVE, SEND_TO_NETWORK);
        assertThat(pong.bufferType()).isEqualTo(PING_PONG);
        assertThat(pong.context()).isNull();
        stepper.engine.completeAction(pong, pong.length());
        stepper.takeIndicated(BufferType.CLOSE, NONE);
        Action echo = stepper.next(RECEIVE, SEND_TO_NETWORK);

        assertThat(echo.bufferType()).isEqualTo(BufferType.CLOSE);
        assertThat(echo.context()).isNull();
    }

    /** A pong, a ping, another send and the echo of a close are due while the frame has left in part. */
    @ParameterizedTest
    @EnumSource
    void nothingGoesBetweenThePartsOfAFrame(Role role) {
        Stepper stepper = new Stepper(role);
        byte[] payload = ascii(600 << 10);
        stepper.engine.send(BINARY_MESSAGE, payload, "large");
        stepper.engine.ping(HELLO, "ping");
        byte[] wire = stepper.take(SEND);
        stepper.receive(role.inbound(Stepper.PING, HELLO), role.inbound(Stepper.CLOSE, NONE));
        Action close = stepper.indicated(BufferType.CLOSE, NONE);
        stepper.nothing(RECEIVE);
        stepper.engine.completeAction(close);

        while (wire.length < role.outbound(Stepper.BINARY, payload).length) {
            stepper.nothing(RECEIVE);
            wire = concat(wire, stepper.take(SEND));
        }

        assertThat(wire).isEqualTo(role.outbound(Stepper.BINARY, payload));
        assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.PONG, HELLO));
        assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.CLOSE, NONE));
    }

    @ParameterizedTest
    @EnumSource
    void fullSendQueueRefusesOneMoreAndStaysAsItIs(Role role) {
        Stepper stepper =
                new Stepper(role, EngineSettings.builder().queueCapacity(2).build());
        stepper.engine.send(BufferType.UTF8_FRAGMENT, HELLO, "first");
        stepper.engine.send(UTF8_MESSAGE, HELLO, "second");

        assertThatIllegalStateException()
                .isThrownBy(() -> stepper.engine.send(BufferType.BINARY_FRAGMENT, HELLO, "third"))
                .withMessageContaining("complete its actions first");
        assertThatIllegalStateException().isThrownBy(() -> stepper.engine.close(CloseStatus.NORMAL, "close"));

        assertThat(stepper.engine.pendingSends()).isEqualTo(2);
        stepper.takeSend("first");
        stepper.takeSend("second");
        stepper.engine.send(UTF8_MESSAGE, HELLO, "neither a binary message nor a close was begun");
    }

    @ParameterizedTest
    @EnumSource
    void fullReceiveQueueRefusesOneMoreAndStaysAsItIs(Role role) {
        Stepper stepper =
                new Stepper(role, EngineSettings.builder().queueCapacity(2).build());
        stepper.engine.receive("first");
        stepper.engine.receive("second");

        assertThatIllegalStateException()
                .isThrownBy(() -> stepper.engine.receive("third"))
                .withMessageContaining("complete its actions first");
        assertThatIllegalStateException().isThrownBy(() -> stepper.engine.receive(new byte[125], 0, 125, "third"));

        assertThat(stepper.engine.pendingReceives()).isEqualTo(2);
        stepper.readNothing();
        stepper.takeReceiveCutShort("first");
        stepper.engine.receive("third");
        stepper.readNothing();
        stepper.takeReceiveCutShort("second");
        stepper.readNothing();
        stepper.takeReceiveCutShort("third");
    }
}
