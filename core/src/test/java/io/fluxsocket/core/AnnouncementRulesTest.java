package io.fluxsocket.core;

import static io.fluxsocket.core.Action.Kind.INDICATE_SEND_COMPLETE;
import static io.fluxsocket.core.Action.Kind.RECEIVE_FROM_NETWORK;
import static io.fluxsocket.core.Action.Kind.SEND_TO_NETWORK;
import static io.fluxsocket.core.ActionQueue.RECEIVE;
import static io.fluxsocket.core.ActionQueue.SEND;
import static io.fluxsocket.core.BufferType.BINARY_MESSAGE;
import static io.fluxsocket.core.BufferType.PING_PONG;
import static io.fluxsocket.core.Bytes.NONE;
import static io.fluxsocket.core.Bytes.ascii;
import static io.fluxsocket.core.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Which queues a call announces: those that have an action now, and no others (reference page, 5 and 6: nobody polls, and no
 * send hangs because SEND was not asked again after a pong).
 */
class AnnouncementRulesTest {
    private static final byte[] HELLO = utf8("Hello");

    private static void announced(Set<ActionQueue> ready, ActionQueue... expected) {
        assertThat(ready).containsExactlyInAnyOrder(expected);
    }

    @ParameterizedTest
    @EnumSource
    void sendAnnouncesSendUnlessOneIsOutstanding(Role role) {
        WebSocketEngine engine = role.engine(EngineSettings.DEFAULT);
        Stepper stepper = new Stepper(role, engine);
        announced(engine.send(BINARY_MESSAGE, HELLO, null), SEND);
        announced(engine.ping(HELLO, null), SEND);
        Action action = stepper.next(SEND, SEND_TO_NETWORK);
        announced(engine.send(BINARY_MESSAGE, HELLO, null));
        announced(engine.close(CloseStatus.NORMAL, null));

        announced(engine.completeAction(action, action.length()), SEND);
        Action indication = stepper.next(SEND, INDICATE_SEND_COMPLETE);
        announced(engine.ping(HELLO, null));
        announced(engine.completeAction(indication), SEND);
    }

    @ParameterizedTest
    @EnumSource
    void lastIndicationOfASendAnnouncesNothing(Role role) {
        WebSocketEngine engine = role.engine(EngineSettings.DEFAULT);
        Stepper stepper = new Stepper(role, engine);
        engine.send(BINARY_MESSAGE, ascii(600 << 10), null);
        Action action = stepper.next(SEND, SEND_TO_NETWORK);
        while (action.kind() == SEND_TO_NETWORK) {
            announced(engine.completeAction(action, action.length()), SEND);
            action = engine.getAction(SEND);
        }
        announced(engine.completeAction(action));
    }

    @ParameterizedTest
    @EnumSource
    void receiveAnnouncesReceiveUnlessOneIsOutstanding(Role role) {
        WebSocketEngine engine = role.engine(EngineSettings.DEFAULT);
        Stepper stepper = new Stepper(role, engine);
        announced(engine.receive(null), RECEIVE);
        announced(engine.receive(new byte[125], 0, 125, null), RECEIVE);
        Action read = stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);
        announced(engine.receive(null));
        announced(engine.completeAction(read, 0), RECEIVE);
        announced(stepper.takeReceiveCutShort(null), RECEIVE);
        announced(stepper.read(role.inbound(Stepper.BINARY, HELLO)), RECEIVE);
        announced(stepper.takeIndicated(BINARY_MESSAGE, HELLO), RECEIVE);
        announced(stepper.readLent(role.inbound(Stepper.BINARY, HELLO)), RECEIVE);
        announced(stepper.takeIndicated(BINARY_MESSAGE, HELLO));
    }

    @ParameterizedTest
    @EnumSource
    void oneDirectionIsAnnouncedByACallOfTheOther(Role role) {
        WebSocketEngine engine = role.engine(EngineSettings.DEFAULT);
        Stepper stepper = new Stepper(role, engine);
        engine.receive(null);
        announced(engine.send(BINARY_MESSAGE, HELLO, null), SEND, RECEIVE);
        Action send = stepper.next(SEND, SEND_TO_NETWORK);
        announced(engine.receive(null), RECEIVE);
        stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);
        announced(engine.completeAction(send, send.length()), SEND);
    }

    /** The trap: .NET polls SEND after each pong. */
    @ParameterizedTest
    @EnumSource
    void completionOfAPongAnnouncesTheSendThatWaitedForIt(Role role) {
        WebSocketEngine engine = role.engine(EngineSettings.DEFAULT);
        Stepper stepper = new Stepper(role, engine);
        announced(stepper.receive(role.inbound(Stepper.PING, HELLO)), RECEIVE);
        Action pong = stepper.next(RECEIVE, SEND_TO_NETWORK);
        announced(engine.send(BINARY_MESSAGE, HELLO, null), RECEIVE);
        stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);
        announced(engine.ping(NONE, null));

        announced(engine.completeAction(pong, pong.length()), SEND);
    }

    @ParameterizedTest
    @EnumSource
    void completionOfASendAnnouncesThePongThatWaitedForIt(Role role) {
        WebSocketEngine engine = role.engine(EngineSettings.DEFAULT);
        Stepper stepper = new Stepper(role, engine);
        engine.send(BINARY_MESSAGE, HELLO, null);
        Action send = stepper.next(SEND, SEND_TO_NETWORK);
        announced(stepper.receive(role.inbound(Stepper.PING, HELLO)), RECEIVE);
        stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);

        announced(engine.completeAction(send, send.length()), SEND, RECEIVE);
        Action pong = stepper.next(RECEIVE, SEND_TO_NETWORK);
        announced(engine.completeAction(pong, pong.length()), SEND);
    }

    /** Between two parts of a frame the wire belongs to that frame alone. */
    @ParameterizedTest
    @EnumSource
    void partOfASendDoesNotAnnounceThePongThatWaits(Role role) {
        WebSocketEngine engine = role.engine(EngineSettings.DEFAULT);
        Stepper stepper = new Stepper(role, engine);
        engine.send(BINARY_MESSAGE, ascii(600 << 10), null);
        Action part = stepper.next(SEND, SEND_TO_NETWORK);
        stepper.receive(role.inbound(Stepper.PING, HELLO));
        stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);

        announced(engine.completeAction(part, part.length()), SEND);
    }

    /** The reverse, where the send buffer is smaller than a pong: a client's, whose pongs are masked. */
    @ParameterizedTest
    @EnumSource
    void partOfAReplyDoesNotAnnounceTheSendThatWaits(Role role) {
        WebSocketEngine engine =
                role.engine(EngineSettings.builder().sendBufferSize(16).build());
        Stepper stepper = new Stepper(role, engine);
        stepper.receive(role.inbound(Stepper.PING, ascii(20)));
        Action part = stepper.next(RECEIVE, SEND_TO_NETWORK);
        engine.send(BINARY_MESSAGE, HELLO, null);
        stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);

        while (part.length() == 16) {
            announced(engine.completeAction(part, part.length()), RECEIVE);
            part = stepper.next(RECEIVE, SEND_TO_NETWORK);
        }
        announced(engine.completeAction(part, part.length()), SEND);
    }

    @ParameterizedTest
    @EnumSource
    void indicationOfTheCloseAnnouncesItsEchoAndWhatIsCutShort(Role role) {
        WebSocketEngine engine = role.engine(EngineSettings.DEFAULT);
        Stepper stepper = new Stepper(role, engine);
        engine.send(BINARY_MESSAGE, HELLO, "send");
        stepper.receive(role.inbound(Stepper.CLOSE, NONE));
        announced(stepper.takeIndicated(BufferType.CLOSE, NONE), SEND, RECEIVE);
        Action echo = stepper.next(RECEIVE, SEND_TO_NETWORK);
        stepper.nothing();
        announced(engine.completeAction(echo, echo.length()), SEND);
        stepper.takeCutShort("send");
        stepper.nothing();
    }

    @ParameterizedTest
    @EnumSource
    void indicationOfAPingAnnouncesItsPong(Role role) {
        WebSocketEngine engine =
                role.engine(EngineSettings.builder().indicatePings(true).build());
        Stepper stepper = new Stepper(role, engine);
        stepper.receive(role.inbound(Stepper.PING, HELLO));
        announced(stepper.takeIndicated(BufferType.PING, HELLO), RECEIVE);
        Action pong = stepper.next(RECEIVE, SEND_TO_NETWORK);
        assertThat(pong.bufferType()).isEqualTo(PING_PONG);
        announced(engine.completeAction(pong, pong.length()));
    }

    @ParameterizedTest
    @EnumSource
    void shortTransferAnnouncesTheIndicationsAndForgetsReplies(Role role) {
        WebSocketEngine engine = role.engine(EngineSettings.DEFAULT);
        Stepper stepper = new Stepper(role, engine);
        engine.send(BINARY_MESSAGE, HELLO, "send");
        Action send = stepper.next(SEND, SEND_TO_NETWORK);
        stepper.receive(role.inbound(Stepper.PING, HELLO), role.inbound(Stepper.BINARY, HELLO));
        announced(stepper.takeIndicated(BINARY_MESSAGE, HELLO));

        announced(engine.completeAction(send, 0), SEND);
        stepper.takeCutShort("send");
        stepper.nothing();
    }

    @ParameterizedTest
    @EnumSource
    void abortAnnouncesWhatCanBeDrained(Role role) {
        announced(role.engine(EngineSettings.DEFAULT).abort());
        WebSocketEngine engine = role.engine(EngineSettings.DEFAULT);
        Stepper stepper = new Stepper(role, engine);
        engine.send(BINARY_MESSAGE, HELLO, null);
        engine.receive(null);
        engine.receive(null);
        Action read = stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);

        announced(engine.abort(), SEND);
        announced(engine.completeAction(read, 0), SEND, RECEIVE);
        announced(engine.abort(), SEND, RECEIVE);
        stepper.takeCutShort(null);
        announced(stepper.takeReceiveCutShort(null), RECEIVE);
        announced(stepper.takeReceiveCutShort(null));
    }

    @ParameterizedTest
    @EnumSource
    void announcementCannotBeChanged(Role role) {
        Set<ActionQueue> ready = role.engine(EngineSettings.DEFAULT).receive(null);
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> ready.add(SEND));
    }
}
