package io.fluxsocket.core;

import static io.fluxsocket.core.Action.Kind.INDICATE_SEND_COMPLETE;
import static io.fluxsocket.core.Action.Kind.SEND_TO_NETWORK;
import static io.fluxsocket.core.ActionQueue.ALL;
import static io.fluxsocket.core.ActionQueue.RECEIVE;
import static io.fluxsocket.core.ActionQueue.SEND;
import static io.fluxsocket.core.BufferType.BINARY_MESSAGE;
import static io.fluxsocket.core.BufferType.UTF8_MESSAGE;
import static io.fluxsocket.core.Bytes.NONE;
import static io.fluxsocket.core.Bytes.ascii;
import static io.fluxsocket.core.Bytes.closeBody;
import static io.fluxsocket.core.Bytes.concat;
import static io.fluxsocket.core.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What getAction does when the peer broke the protocol (reference page, 2 and 7). */
class FailureRulesTest {
    private static final byte[] HELLO = utf8("Hello");
    /** Opcode 3 is reserved. */
    private static final int RESERVED = 0x83;

    private static final EngineSettings LIMITED =
            EngineSettings.builder().maxFrameSize(125).build();

    private static WebSocketProtocolException failure(Stepper stepper, ActionQueue queue) {
        WebSocketProtocolException failure =
                catchThrowableOfType(WebSocketProtocolException.class, () -> stepper.engine.getAction(queue));
        assertThat(failure).isNotNull();
        return failure;
    }

    @ParameterizedTest
    @CsvSource({"CLIENT, RECEIVE", "CLIENT, ALL", "SERVER, RECEIVE", "SERVER, ALL"})
    void failureIsThrownOnReceiveAndAllAlwaysTheSameUntilAbort(Role role, ActionQueue queue) {
        Stepper stepper = new Stepper(role);
        stepper.receive(role.inbound(RESERVED, HELLO));
        WebSocketProtocolException failure = failure(stepper, queue);

        assertThat(failure(stepper, RECEIVE)).isSameAs(failure);
        assertThat(failure(stepper, ALL)).isSameAs(failure);
        stepper.take(SEND);
        assertThat(failure(stepper, RECEIVE)).isSameAs(failure);
        assertThat(failure(stepper, ALL)).isSameAs(failure);
        stepper.nothing(SEND);

        assertThat(stepper.abortAndDrain()).containsExactly("receive");
    }

    /** 1002, 1007 and 1009; the close that is owed says the same. */
    @ParameterizedTest
    @EnumSource
    void failureCarriesTheStatusOfTheCloseThatIsOwed(Role role) {
        owed(role, role.inbound(RESERVED, HELLO), CloseStatus.PROTOCOL_ERROR);
        owed(role, role.inbound(Stepper.TEXT, Bytes.hex("ff")), CloseStatus.INVALID_PAYLOAD);
        owed(role, role.inbound(Stepper.TEXT, ascii(126)), CloseStatus.MESSAGE_TOO_BIG);
    }

    private static void owed(Role role, byte[] wire, CloseStatus status) {
        Stepper stepper = new Stepper(role, LIMITED);
        stepper.receive(wire);
        assertThat(failure(stepper, RECEIVE).closeStatus()).isEqualTo(status);
        assertThat(stepper.engine.closeSent()).isNull();

        Action close = stepper.next(SEND, SEND_TO_NETWORK);
        assertThat(close.bufferType()).isEqualTo(BufferType.CLOSE);
        assertThat(close.context()).isNull();
        assertThat(Stepper.bytes(close)).isEqualTo(role.outbound(Stepper.CLOSE, closeBody(status.code())));
        stepper.engine.completeAction(close, close.length());

        stepper.nothing(SEND);
        assertThat(stepper.engine.closeSent()).isEqualTo(status);
        assertThat(stepper.engine.closeReceived()).isNull();
    }

    /** The trap of using an action after a failed call (reference page, 5). */
    @ParameterizedTest
    @EnumSource
    void nothingIsToBeCompletedAfterAFailedCall(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.receive(role.inbound(Stepper.BINARY, HELLO), role.inbound(RESERVED, HELLO));
        Action indication = stepper.indicated(BINARY_MESSAGE, HELLO);
        stepper.engine.completeAction(indication);
        stepper.engine.receive("second");
        failure(stepper, RECEIVE);

        assertThatIllegalStateException()
                .isThrownBy(() -> stepper.engine.completeAction(indication))
                .withMessageContaining("completed before");
        assertThatIllegalStateException().isThrownBy(() -> indication.buffer(0));
        assertThat(stepper.engine.pendingReceives()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void whatCameBeforeTheFailureIsIndicatedFirst(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.receive("first");
        stepper.engine.receive("second");
        stepper.read(role.inbound(Stepper.TEXT, HELLO), role.inbound(RESERVED, HELLO));

        stepper.takeIndicated(UTF8_MESSAGE, HELLO);

        failure(stepper, ALL);
    }

    @ParameterizedTest
    @EnumSource
    void brokenFrameThatNobodyWantsToReceiveIsNotLookedAt(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.receive(role.inbound(Stepper.TEXT, HELLO), role.inbound(RESERVED, HELLO));
        stepper.takeIndicated(UTF8_MESSAGE, HELLO);

        stepper.nothing();

        stepper.engine.receive("second");
        failure(stepper, RECEIVE);
    }

    @ParameterizedTest
    @EnumSource
    void owedCloseFollowsTheOwedPongsAndTheSendsThatAreQueued(Role role) {
        Stepper stepper = new Stepper(role);
        byte[] large = ascii(600 << 10);
        stepper.engine.send(BINARY_MESSAGE, large, "on the wire");
        stepper.engine.send(BINARY_MESSAGE, HELLO, "queued");
        byte[] wire = stepper.take(SEND);
        stepper.receive(role.inbound(Stepper.PING, "ping"), role.inbound(RESERVED, NONE));
        failure(stepper, RECEIVE);

        while (wire.length < role.outbound(Stepper.BINARY, large).length) {
            wire = concat(wire, stepper.take(SEND));
        }
        assertThat(wire).isEqualTo(role.outbound(Stepper.BINARY, large));
        assertThat(stepper.take(SEND)).isEqualTo(role.outbound(Stepper.PONG, utf8("ping")));
        stepper.engine.completeAction(stepper.next(SEND, INDICATE_SEND_COMPLETE));
        assertThat(stepper.takeSend("queued")).isEqualTo(role.outbound(Stepper.BINARY, HELLO));
        assertThat(stepper.take(SEND)).isEqualTo(role.outbound(Stepper.CLOSE, closeBody(1002)));
        stepper.nothing(SEND);
    }

    @ParameterizedTest
    @EnumSource
    void replyThatIsOutstandingOrInPartIsFinishedOnSend(Role role) {
        Stepper stepper =
                new Stepper(role, EngineSettings.builder().sendBufferSize(16).build());
        stepper.receive(role.inbound(Stepper.PING, ascii(125)), role.inbound(RESERVED, NONE));
        Action pong = stepper.next(RECEIVE, SEND_TO_NETWORK);
        byte[] wire = Stepper.bytes(pong);
        failure(stepper, RECEIVE);
        stepper.nothing(SEND);
        stepper.engine.completeAction(pong, pong.length());

        byte[] expected =
                concat(role.outbound(Stepper.PONG, ascii(125)), role.outbound(Stepper.CLOSE, closeBody(1002)));
        while (wire.length < expected.length) {
            wire = concat(wire, stepper.take(SEND));
        }

        assertThat(wire).isEqualTo(expected);
        stepper.nothing(SEND);
    }

    /** Whether the application's close is queued, or has left. */
    @ParameterizedTest
    @CsvSource({"CLIENT, true", "CLIENT, false", "SERVER, true", "SERVER, false"})
    void noCloseIsOwedIfOneWasSent(Role role, boolean left) {
        Stepper stepper = new Stepper(role);
        stepper.engine.close(CloseStatus.NORMAL, "close");
        if (left) {
            stepper.takeSend("close");
        }
        stepper.receive(role.inbound(RESERVED, HELLO));
        assertThat(failure(stepper, RECEIVE).closeStatus()).isEqualTo(CloseStatus.PROTOCOL_ERROR);

        if (!left) {
            assertThat(stepper.takeSend("close")).isEqualTo(role.outbound(Stepper.CLOSE, closeBody(1000)));
        }
        stepper.nothing(SEND);
        assertThat(stepper.engine.closeSent()).isEqualTo(CloseStatus.NORMAL);
    }

    @ParameterizedTest
    @EnumSource
    void noCloseIsOwedAfterAShortTransfer(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(BINARY_MESSAGE, HELLO, "send");
        stepper.engine.completeAction(stepper.next(SEND, SEND_TO_NETWORK), 0);
        stepper.takeCutShort("send");
        stepper.receive(role.inbound(RESERVED, HELLO));

        failure(stepper, RECEIVE);

        stepper.nothing(SEND);
    }

    @ParameterizedTest
    @EnumSource
    void afterAFailureNothingIsQueuedAnyMore(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.receive(role.inbound(RESERVED, HELLO));
        failure(stepper, RECEIVE);

        for (BufferType type : BufferType.values()) {
            assertThatIllegalStateException()
                    .as("%s", type)
                    .isThrownBy(() -> stepper.engine.send(type, (byte[]) null, null));
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> stepper.engine.receive("second"))
                .withMessageContaining("abort the engine");
        assertThatIllegalStateException().isThrownBy(stepper.engine::delete);
    }

    @ParameterizedTest
    @EnumSource
    void afterAFailureOnlySendIsAnnounced(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.receive("second");
        stepper.engine.send(BINARY_MESSAGE, HELLO, "send");
        Action send = stepper.next(SEND, SEND_TO_NETWORK);
        stepper.receive(role.inbound(Stepper.PING, HELLO), role.inbound(RESERVED, HELLO));
        failure(stepper, RECEIVE);

        assertThat(stepper.engine.completeAction(send, send.length())).isEqualTo(Set.of(SEND));
        Action pong = stepper.next(SEND, SEND_TO_NETWORK);
        assertThat(stepper.engine.completeAction(pong, pong.length())).isEqualTo(Set.of(SEND));
        Action sent = stepper.next(SEND, INDICATE_SEND_COMPLETE);
        assertThat(stepper.engine.completeAction(sent)).isEqualTo(Set.of(SEND));
        Action close = stepper.next(SEND, SEND_TO_NETWORK);
        assertThat(stepper.engine.completeAction(close, close.length())).isEmpty();

        assertThat(stepper.engine.abort()).isEqualTo(Set.of(RECEIVE));
        assertThat(stepper.takeReceiveCutShort("second")).isEqualTo(Set.of(RECEIVE));
        assertThat(stepper.takeReceiveCutShort("receive")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void abortForgetsTheOwedClose(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(BINARY_MESSAGE, HELLO, "send");
        stepper.receive(role.inbound(Stepper.PING, HELLO), role.inbound(RESERVED, HELLO));
        stepper.take(RECEIVE);
        failure(stepper, RECEIVE);

        assertThat(stepper.abortAndDrain()).containsExactly("send", "receive");
        assertThat(stepper.engine.closeSent()).isNull();
    }

    /** A part of the failing frame was assembled already. */
    @ParameterizedTest
    @EnumSource
    void failureWithinAnAssembledChunkLeavesNoPartOfItBehind(Role role) {
        Stepper stepper = new Stepper(role);
        byte[] wire = role.inbound(Stepper.TEXT, concat(ascii(100), Bytes.hex("ff ff"), ascii(100)));
        stepper.receive(Arrays.copyOf(wire, 50));
        stepper.read(Arrays.copyOfRange(wire, 50, 150));

        assertThat(failure(stepper, RECEIVE).closeStatus()).isEqualTo(CloseStatus.INVALID_PAYLOAD);

        stepper.engine.abort();
        stepper.takeReceiveCutShort("receive");
    }
}
