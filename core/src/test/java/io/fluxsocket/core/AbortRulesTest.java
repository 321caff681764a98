package io.fluxsocket.core;

import static io.fluxsocket.core.Action.Kind.INDICATE_RECEIVE_COMPLETE;
import static io.fluxsocket.core.Action.Kind.INDICATE_SEND_COMPLETE;
import static io.fluxsocket.core.Action.Kind.NO_ACTION;
import static io.fluxsocket.core.Action.Kind.RECEIVE_FROM_NETWORK;
import static io.fluxsocket.core.Action.Kind.SEND_TO_NETWORK;
import static io.fluxsocket.core.ActionQueue.ALL;
import static io.fluxsocket.core.ActionQueue.RECEIVE;
import static io.fluxsocket.core.ActionQueue.SEND;
import static io.fluxsocket.core.BufferType.BINARY_MESSAGE;
import static io.fluxsocket.core.BufferType.UTF8_MESSAGE;
import static io.fluxsocket.core.Bytes.NONE;
import static io.fluxsocket.core.Bytes.ascii;
import static io.fluxsocket.core.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Abort, drain and delete (reference page, 4.8), and completing what is not there to be completed (6). */
class AbortRulesTest {
    private static final byte[] HELLO = utf8("Hello");

    @ParameterizedTest
    @CsvSource({"CLIENT, ALL", "CLIENT, SEND", "SERVER, ALL", "SERVER, SEND"})
    void abortGivesEveryContextBackCutShortAndInOrder(Role role, ActionQueue queue) {
        Stepper stepper = new Stepper(role);
        List<Object> sends = new ArrayList<>();
        List<Object> receives = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            sends.add("send " + i);
            receives.add("receive " + i);
            stepper.engine.send(BINARY_MESSAGE, HELLO, sends.get(i));
            stepper.engine.receive(receives.get(i));
        }

        stepper.engine.abort();
        assertThat(drained(stepper.engine, queue, INDICATE_SEND_COMPLETE)).isEqualTo(sends);
        assertThat(drained(stepper.engine, RECEIVE, INDICATE_RECEIVE_COMPLETE)).isEqualTo(receives);

        stepper.nothing();
        stepper.engine.delete();
    }

    /** 16 indications of this kind: their contexts. */
    private static List<Object> drained(WebSocketEngine engine, ActionQueue queue, Action.Kind kind) {
        List<Object> contexts = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Action action = engine.getAction(queue);
            assertThat(action.kind()).isEqualTo(kind);
            assertThat(action.isCutShort()).isTrue();
            assertThat(action.length()).isZero();
            assertThat(engine.getAction(queue == ALL ? SEND : queue).kind()).isEqualTo(NO_ACTION);
            contexts.add(action.context());
            engine.completeAction(action);
        }
        return contexts;
    }

    /** In either order: completed, then aborted, or the reverse. */
    @ParameterizedTest
    @CsvSource({"CLIENT, true", "CLIENT, false", "SERVER, true", "SERVER, false"})
    void outstandingActionsAreCompletedWithNothingBeforeOrAfter(Role role, boolean before) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(BINARY_MESSAGE, ascii(600 << 10), "first send");
        stepper.engine.send(BINARY_MESSAGE, HELLO, "second send");
        stepper.engine.receive("receive");
        stepper.take(SEND);
        Action send = stepper.next(SEND, SEND_TO_NETWORK);
        Action read = stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);

        if (before) {
            stepper.engine.completeAction(send, 0);
            stepper.engine.completeAction(read, 0);
            stepper.engine.abort();
        } else {
            stepper.engine.abort();
            stepper.nothing();
            assertThatIllegalStateException().isThrownBy(stepper.engine::delete);
            stepper.engine.completeAction(send, 0);
            stepper.engine.completeAction(read, 0);
        }

        assertThat(stepper.abortAndDrain()).containsExactly("first send", "second send", "receive");
    }

    @ParameterizedTest
    @EnumSource
    void outstandingIndicationsAreCompletedAfterAbort(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(BINARY_MESSAGE, HELLO, "first send");
        stepper.engine.send(BINARY_MESSAGE, HELLO, "second send");
        stepper.take(SEND);
        stepper.receive(role.inbound(Stepper.BINARY, HELLO));
        stepper.engine.receive("second receive");
        Action sent = stepper.next(SEND, INDICATE_SEND_COMPLETE);
        Action received = stepper.indicated(BINARY_MESSAGE, HELLO);

        stepper.engine.abort();
        stepper.nothing();
        assertThat(sent.isCutShort()).as("it had been sent").isFalse();
        stepper.engine.completeAction(sent);
        stepper.engine.completeAction(received);

        assertThat(stepper.abortAndDrain()).containsExactly("second send", "second receive");
    }

    /** What is true is said: the frame had left in full, only its indication was still to come. */
    @ParameterizedTest
    @EnumSource
    void sendThatHadLeftBeforeTheAbortIsNotCutShort(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(BINARY_MESSAGE, HELLO, "send");
        stepper.take(SEND);

        stepper.engine.abort();

        assertThat(stepper.next(SEND, INDICATE_SEND_COMPLETE).isCutShort()).isFalse();
    }

    /** An owed pong, an owed echo, a frame that has left in part: none of it is handed out any more. */
    @ParameterizedTest
    @EnumSource
    void abortForgetsRepliesAndTheRestOfAFrame(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(BINARY_MESSAGE, ascii(600 << 10), "send");
        stepper.take(SEND);
        stepper.receive(role.inbound(Stepper.PING, HELLO), role.inbound(Stepper.CLOSE, NONE));
        stepper.takeIndicated(BufferType.CLOSE, NONE);

        assertThat(stepper.abortAndDrain()).containsExactly("send");
    }

    @ParameterizedTest
    @CsvSource({"CLIENT, 0", "CLIENT, 1", "SERVER, 0", "SERVER, 1"})
    void replyOutstandingAtTheAbortIsCompletedAndNothingFollows(Role role, int all) {
        Stepper stepper = new Stepper(role);
        stepper.receive(role.inbound(Stepper.PING, "one"), role.inbound(Stepper.PING, "two"));
        Action pong = stepper.next(RECEIVE, SEND_TO_NETWORK);
        stepper.engine.send(BINARY_MESSAGE, HELLO, "send");

        stepper.engine.abort();
        stepper.nothing(SEND);
        assertThatIllegalStateException().isThrownBy(stepper.engine::delete);
        stepper.engine.completeAction(pong, all * pong.length());

        assertThat(stepper.abortAndDrain()).containsExactly("send", "receive");
    }

    @ParameterizedTest
    @EnumSource
    void readThatEndsAfterTheAbortIsNotLookedAt(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.receive("receive");
        Action read = stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);
        stepper.engine.abort();

        stepper.engine.completeAction(read, ByteBuffer.wrap(role.inbound(Stepper.BINARY, HELLO)));

        stepper.takeReceiveCutShort("receive");
        stepper.nothing();
    }

    @ParameterizedTest
    @EnumSource
    void abortWithinAnInboundFrameForgetsThatFrame(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.receive(Arrays.copyOf(role.inbound(Stepper.BINARY, ascii(200)), 100));
        Action read = stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);

        stepper.engine.abort();
        stepper.engine.completeAction(read, 0);

        stepper.takeReceiveCutShort("receive");
    }

    @ParameterizedTest
    @EnumSource
    void afterAbortSendAndReceiveAreRefused(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.abort();

        for (BufferType type : BufferType.values()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> stepper.engine.send(type, (byte[]) null, null))
                    .withMessageContaining("aborted");
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> stepper.engine.receive(null))
                .withMessageContaining("aborted");
        assertThatIllegalStateException().isThrownBy(() -> stepper.engine.receive(new byte[125], 0, 125, null));
        stepper.nothing();
    }

    @ParameterizedTest
    @EnumSource
    void abortIsIdempotent(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(BINARY_MESSAGE, HELLO, 1);
        stepper.engine.send(BINARY_MESSAGE, HELLO, 2);
        stepper.engine.abort();
        Action first = stepper.next(SEND, INDICATE_SEND_COMPLETE);
        stepper.engine.abort();
        stepper.engine.completeAction(first);

        assertThat(stepper.abortAndDrain()).containsExactly(2);
    }

    @ParameterizedTest
    @EnumSource
    void abortKeepsWhatIsKnownOfTheCloses(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.close(CloseStatus.NORMAL, "close");
        stepper.takeSend("close");
        stepper.receive(role.inbound(Stepper.CLOSE, Bytes.closeBody(1001)));
        stepper.takeIndicated(BufferType.CLOSE, Bytes.closeBody(1001));

        stepper.abortAndDrain();

        assertThat(stepper.engine.closeSent()).isEqualTo(CloseStatus.NORMAL);
        assertThat(stepper.engine.closeReceived()).isEqualTo(CloseStatus.GOING_AWAY);
    }

    @ParameterizedTest
    @EnumSource
    void deleteIsRefusedWhileOperationsOrActionsAreOutstanding(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(BINARY_MESSAGE, HELLO, "send");
        deleteIsRefused(stepper);
        Action action = stepper.next(SEND, SEND_TO_NETWORK);
        deleteIsRefused(stepper);
        stepper.engine.completeAction(action, action.length());
        deleteIsRefused(stepper);
        action = stepper.next(SEND, INDICATE_SEND_COMPLETE);
        deleteIsRefused(stepper);
        stepper.engine.completeAction(action);

        stepper.receive(role.inbound(Stepper.PING, HELLO), role.inbound(Stepper.TEXT, HELLO));
        deleteIsRefused(stepper);
        action = stepper.next(RECEIVE, SEND_TO_NETWORK);
        stepper.takeIndicated(UTF8_MESSAGE, HELLO);
        deleteIsRefused(stepper);
        stepper.engine.completeAction(action, action.length());
        stepper.engine.receive("receive");
        action = stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);
        deleteIsRefused(stepper);
        stepper.engine.completeAction(action, 0);
        action = stepper.next(RECEIVE, INDICATE_RECEIVE_COMPLETE);
        deleteIsRefused(stepper);
        stepper.engine.completeAction(action);

        stepper.engine.delete();
    }

    private static void deleteIsRefused(Stepper stepper) {
        assertThatIllegalStateException().isThrownBy(stepper.engine::delete).withMessageContaining("abort, and drain");
    }

    @ParameterizedTest
    @EnumSource
    void afterDeleteEveryCallIsRefusedButDelete(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.receive("receive");
        Action read = stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);
        stepper.engine.completeAction(read, 0);
        stepper.takeReceiveCutShort("receive");
        WebSocketEngine engine = stepper.engine;
        engine.delete();
        engine.delete();

        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> engine.send(BINARY_MESSAGE, HELLO, null),
                () -> engine.send(BINARY_MESSAGE, HELLO, 0, 1, null),
                () -> engine.send(BINARY_MESSAGE, ByteBuffer.allocate(1), null),
                () -> engine.ping(HELLO, null),
                () -> engine.close(CloseStatus.NORMAL, null),
                () -> engine.receive(null),
                () -> engine.receive(new byte[125], 0, 125, null),
                () -> engine.getAction(SEND),
                () -> engine.getAction(RECEIVE),
                () -> engine.getAction(ALL),
                () -> engine.completeAction(read),
                () -> engine.completeAction(read, 0),
                () -> engine.completeAction(read, ByteBuffer.allocate(1)),
                engine::abort)) {
            assertThatIllegalStateException().isThrownBy(call).withMessageContaining("deleted");
        }
        assertThatIllegalStateException().isThrownBy(() -> read.buffer(0));
    }

    @ParameterizedTest
    @EnumSource
    void secondCompletionIsRefusedAndChangesNothing(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(BINARY_MESSAGE, HELLO, 1);
        stepper.engine.send(BINARY_MESSAGE, HELLO, 2);
        stepper.engine.receive(3);
        Action send = stepper.next(SEND, SEND_TO_NETWORK);
        stepper.engine.completeAction(send, send.length());
        completedBefore(stepper.engine, send);
        Action sent = stepper.next(SEND, INDICATE_SEND_COMPLETE);
        stepper.engine.completeAction(sent);
        completedBefore(stepper.engine, sent);
        assertThat(stepper.engine.pendingSends()).isEqualTo(1);

        stepper.read(role.inbound(Stepper.PING, HELLO), role.inbound(Stepper.BINARY, HELLO));
        Action pong = stepper.next(RECEIVE, SEND_TO_NETWORK);
        stepper.engine.completeAction(pong, pong.length());
        completedBefore(stepper.engine, pong);
        Action received = stepper.indicated(BINARY_MESSAGE, HELLO);
        stepper.engine.completeAction(received);
        completedBefore(stepper.engine, received);
        assertThatIllegalStateException()
                .isThrownBy(() -> stepper.engine.completeAction(received, ByteBuffer.wrap(HELLO)));

        assertThat(stepper.takeSend(2)).isEqualTo(role.outbound(Stepper.BINARY, HELLO));
        stepper.nothing();
    }

    private static void completedBefore(WebSocketEngine engine, Action action) {
        for (int count : new int[] {0, 1}) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> engine.completeAction(action, count))
                    .withMessageContaining("completed before");
        }
    }

    @ParameterizedTest
    @EnumSource
    void completionOfAnotherEnginesActionIsRefusedAndChangesNothing(Role role) {
        Stepper stepper = new Stepper(role);
        Stepper other = new Stepper(role);
        for (Stepper each : List.of(stepper, other)) {
            each.engine.send(BINARY_MESSAGE, HELLO, "send");
            each.engine.receive("receive");
        }
        Action send = other.next(SEND, SEND_TO_NETWORK);
        Action read = other.next(RECEIVE, RECEIVE_FROM_NETWORK);
        stepper.next(SEND, SEND_TO_NETWORK);
        stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> stepper.engine.completeAction(send, send.length()))
                .withMessageContaining("another engine's");
        assertThatIllegalArgumentException().isThrownBy(() -> stepper.engine.completeAction(read, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stepper.engine.completeAction(read, ByteBuffer.wrap(HELLO)));

        stepper.nothing();
        other.engine.completeAction(send, send.length());
        other.engine.completeAction(read, 0);
    }

    @ParameterizedTest
    @EnumSource
    void completionOfNoActionIsRefused(Role role) {
        Stepper stepper = new Stepper(role);
        Action none = stepper.next(ALL, NO_ACTION);

        for (ThrowingCallable completion : List.<ThrowingCallable>of(
                () -> stepper.engine.completeAction(none),
                () -> stepper.engine.completeAction(none, 0),
                () -> stepper.engine.completeAction(none, ByteBuffer.wrap(HELLO)))) {
            assertThatIllegalStateException()
                    .isThrownBy(completion)
                    .withMessageContaining("NO_ACTION is not completed");
        }
    }
}
