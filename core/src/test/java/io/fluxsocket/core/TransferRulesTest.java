package io.fluxsocket.core;

import static io.fluxsocket.core.Action.Kind.INDICATE_RECEIVE_COMPLETE;
import static io.fluxsocket.core.Action.Kind.INDICATE_SEND_COMPLETE;
import static io.fluxsocket.core.Action.Kind.RECEIVE_FROM_NETWORK;
import static io.fluxsocket.core.Action.Kind.SEND_TO_NETWORK;
import static io.fluxsocket.core.ActionQueue.RECEIVE;
import static io.fluxsocket.core.ActionQueue.SEND;
import static io.fluxsocket.core.BufferType.BINARY_MESSAGE;
import static io.fluxsocket.core.BufferType.UTF8_FRAGMENT;
import static io.fluxsocket.core.BufferType.UTF8_MESSAGE;
import static io.fluxsocket.core.Bytes.NONE;
import static io.fluxsocket.core.Bytes.ascii;
import static io.fluxsocket.core.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the count of bytes transferred does (reference page, 4.3). */
class TransferRulesTest {
    private static final byte[] HELLO = utf8("Hello");

    /** Which part of the frame is short, and by how much: nothing sent, one byte, all but one. */
    @ParameterizedTest
    @CsvSource({
        "CLIENT, 0, 0", "CLIENT, 0, 1", "CLIENT, 0, -1", "CLIENT, 1, 0", "CLIENT, 2, -1",
        "SERVER, 0, 0", "SERVER, 0, 1", "SERVER, 0, -1", "SERVER, 1, 0", "SERVER, 2, -1",
    })
    void shortTransferCutsTheSendShortAndEndsTheStream(Role role, int part, int transferred) {
        Stepper stepper = new Stepper(role);
        byte[] payload = ascii(role == Role.CLIENT ? 10_000 : 600 << 10);
        stepper.engine.send(BINARY_MESSAGE, payload, "first");
        stepper.engine.ping(HELLO, "second");
        for (int i = 0; i < part; i++) {
            stepper.take(SEND);
        }

        Action action = stepper.next(SEND, SEND_TO_NETWORK);
        stepper.engine.completeAction(action, Math.floorMod(transferred, action.length()));

        stepper.takeCutShort("first");
        stepper.takeCutShort("second");
        stepper.nothing();
        everySendIsRefused(stepper.engine);
    }

    private static void everySendIsRefused(WebSocketEngine engine) {
        for (BufferType type : BufferType.values()) {
            assertThatIllegalStateException().isThrownBy(() -> engine.send(type, (byte[]) null, null));
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> engine.close(CloseStatus.NORMAL, null))
                .withMessageContaining("abort the engine");
    }

    @ParameterizedTest
    @EnumSource
    void afterAShortTransferReceivingGoesOnButNothingIsAnswered(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(UTF8_MESSAGE, HELLO, "send");
        Action action = stepper.next(SEND, SEND_TO_NETWORK);
        stepper.receive(role.inbound(Stepper.PING, "before"), role.inbound(Stepper.TEXT, HELLO));
        stepper.takeIndicated(UTF8_MESSAGE, HELLO);

        stepper.engine.completeAction(action, 0);
        stepper.takeCutShort("send");
        stepper.nothing();
        stepper.receive(role.inbound(Stepper.PING, "after"), role.inbound(Stepper.TEXT, "world"));
        stepper.takeIndicated(UTF8_MESSAGE, utf8("world"));
        stepper.receive(role.inbound(Stepper.CLOSE, NONE));
        stepper.takeIndicated(BufferType.CLOSE, NONE);

        stepper.nothing();
        assertThat(stepper.engine.closeSent()).isNull();
        stepper.engine.delete();
    }

    /** The reply itself has no indication, so the sends that are queued tell of it. */
    @ParameterizedTest
    @EnumSource
    void shortTransferOfAReplyEndsTheStreamToo(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.receive(role.inbound(Stepper.PING, "one"), role.inbound(Stepper.PING, "two"));
        Action pong = stepper.next(RECEIVE, SEND_TO_NETWORK);
        stepper.engine.send(UTF8_MESSAGE, HELLO, "send");

        stepper.engine.completeAction(pong, pong.length() - 1);

        stepper.takeCutShort("send");
        stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);
        stepper.nothing();
        everySendIsRefused(stepper.engine);
    }

    @ParameterizedTest
    @EnumSource
    void shortTransferOfACloseLeavesItUnsent(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.close(CloseStatus.NORMAL, "close");

        Action action = stepper.next(SEND, SEND_TO_NETWORK);
        stepper.engine.completeAction(action, action.length() - 1);

        stepper.takeCutShort("close");
        assertThat(stepper.engine.closeSent()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void sendThatWasWholeBeforeAShortTransferIsNotCutShort(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(UTF8_MESSAGE, HELLO, "whole");
        stepper.engine.send(UTF8_MESSAGE, HELLO, "short");
        stepper.take(SEND);
        stepper.receive(role.inbound(Stepper.PING, HELLO));
        Action pong = stepper.next(RECEIVE, SEND_TO_NETWORK);
        stepper.engine.completeAction(pong, 0);

        Action whole = stepper.next(SEND, INDICATE_SEND_COMPLETE);
        assertThat(whole.context()).isEqualTo("whole");
        assertThat(whole.isCutShort()).isFalse();
        stepper.engine.completeAction(whole);
        stepper.takeCutShort("short");
    }

    @ParameterizedTest
    @EnumSource
    void countOutOfRangeIsRefusedAndChangesNothing(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(UTF8_MESSAGE, HELLO, "send");
        stepper.engine.receive("receive");

        Action send = stepper.next(SEND, SEND_TO_NETWORK);
        refused(stepper.engine, send, -1);
        refused(stepper.engine, send, send.length() + 1);
        assertThat(Stepper.bytes(send)).isEqualTo(role.outbound(Stepper.TEXT, HELLO));
        stepper.engine.completeAction(send, send.length());
        Action read = stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);
        byte[] frame = role.inbound(Stepper.TEXT, HELLO);
        read.buffer(0).put(frame);
        refused(stepper.engine, read, -1);
        refused(stepper.engine, read, read.length() + 1);
        stepper.engine.completeAction(read, frame.length);

        for (Action indication : new Action[] {
            stepper.next(SEND, INDICATE_SEND_COMPLETE), stepper.next(RECEIVE, INDICATE_RECEIVE_COMPLETE)
        }) {
            refused(stepper.engine, indication, -1);
            refused(stepper.engine, indication, 1);
            stepper.engine.completeAction(indication, 0);
        }
        stepper.nothing();
    }

    private static void refused(WebSocketEngine engine, Action action, int count) {
        assertThatIllegalArgumentException().isThrownBy(() -> engine.completeAction(action, count));
    }

    @ParameterizedTest
    @EnumSource
    void bytesThatWereNeverPutAnywhereAreRefused(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.receive("receive");
        Action read = stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> stepper.engine.completeAction(read, 7))
                .withMessageContaining("not asked for");

        byte[] frame = role.inbound(Stepper.TEXT, HELLO);
        stepper.engine.completeAction(read, ByteBuffer.wrap(frame));
        stepper.takeIndicated(UTF8_MESSAGE, HELLO);
    }

    @ParameterizedTest
    @EnumSource
    void networkReadMayFillTheWholeBuffer(Role role) {
        Stepper stepper = new Stepper(
                role, EngineSettings.builder().receiveBufferSize(256).build());
        byte[] frame = role.inbound(Stepper.TEXT, ascii(300));
        stepper.receive(Arrays.copyOf(frame, 256));

        Action chunk = stepper.next(RECEIVE, INDICATE_RECEIVE_COMPLETE);

        assertThat(chunk.length()).isEqualTo(256 - (frame.length - 300));
    }

    @ParameterizedTest
    @EnumSource
    void networkReadOfNothingCutsTheReceiveShortAndLosesNothing(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.receive("first");
        stepper.engine.receive("second");

        stepper.readNothing();
        stepper.takeReceiveCutShort("first");
        stepper.read(role.inbound(Stepper.TEXT, HELLO));

        assertThat(stepper.indicated(UTF8_MESSAGE, HELLO).context()).isEqualTo("second");
    }

    @ParameterizedTest
    @EnumSource
    void emptyBufferLentCutsTheReceiveShort(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.receive("first");

        stepper.readLent();

        stepper.takeReceiveCutShort("first");
    }

    /** The frame of 5 bytes is left after each of its bytes; what follows is not damaged by it. */
    @ParameterizedTest
    @EnumSource
    void receiveCutShortWithinAFrameIndicatesWhatHadArrivedAsAFragment(Role role) {
        byte[] frame = role.inbound(Stepper.TEXT, HELLO);
        int header = frame.length - HELLO.length;
        for (int at = 0; at < frame.length; at++) {
            Stepper stepper = new Stepper(role);
            stepper.engine.receive("first");
            if (at != 0) {
                stepper.read(Arrays.copyOf(frame, at));
            }
            stepper.readNothing();
            int arrived = Math.max(0, at - header);
            if (at < header) {
                stepper.takeReceiveCutShort("first");
            } else {
                Action cut = stepper.next(RECEIVE, INDICATE_RECEIVE_COMPLETE);
                assertThat(cut.isCutShort()).isTrue();
                assertThat(cut.context()).isEqualTo("first");
                assertThat(cut.bufferType()).isEqualTo(UTF8_FRAGMENT);
                assertThat(cut.toByteArray()).isEqualTo(Arrays.copyOf(HELLO, arrived));
                assertThat(cut.frameRemaining()).isEqualTo(HELLO.length - arrived);
                stepper.engine.completeAction(cut);
            }

            stepper.receive(Arrays.copyOfRange(frame, at, frame.length));
            stepper.takeIndicated(UTF8_MESSAGE, Arrays.copyOfRange(HELLO, arrived, HELLO.length));
        }
    }

    @ParameterizedTest
    @EnumSource
    void receiveCutShortIntoTheCallersMemoryLeavesThereWhatHadArrived(Role role) {
        Stepper stepper = new Stepper(role);
        byte[] frame = role.inbound(Stepper.TEXT, HELLO);
        byte[] memory = new byte[130];
        stepper.engine.receive(memory, 5, 125, "context");
        stepper.read(Arrays.copyOf(frame, frame.length - 1));

        stepper.readNothing();
        Action cut = stepper.next(RECEIVE, INDICATE_RECEIVE_COMPLETE);

        assertThat(cut.isCutShort()).isTrue();
        assertThat(cut.length()).isEqualTo(4);
        assertThat(Arrays.copyOfRange(memory, 5, 10)).isEqualTo(utf8("Hell\0"));
    }

    /** Between the frames of a message, and within a control frame there, nothing is at hand. */
    @ParameterizedTest
    @EnumSource
    void receiveCutShortBetweenFramesIndicatesNothing(Role role) {
        Stepper stepper = new Stepper(role);
        byte[] ping = role.inbound(Stepper.PING, HELLO);
        stepper.receive(role.inbound(Stepper.TEXT_FRAGMENT, "Hel"));
        stepper.takeIndicated(UTF8_FRAGMENT, utf8("Hel"));
        stepper.engine.receive("between");
        stepper.readNothing();
        stepper.takeReceiveCutShort("between");
        stepper.engine.receive("within a ping");
        stepper.read(Arrays.copyOf(ping, ping.length - 1));
        stepper.readNothing();
        stepper.takeReceiveCutShort("within a ping");

        stepper.receive(new byte[] {ping[ping.length - 1]}, role.inbound(Stepper.LAST_CONTINUATION, "lo"));

        assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.PONG, HELLO));
        stepper.takeIndicated(UTF8_MESSAGE, utf8("lo"));
    }
}
