package io.fluxsocket.core;

import static io.fluxsocket.core.Action.Kind.INDICATE_SEND_COMPLETE;
import static io.fluxsocket.core.Action.Kind.RECEIVE_FROM_NETWORK;
import static io.fluxsocket.core.Action.Kind.SEND_TO_NETWORK;
import static io.fluxsocket.core.ActionQueue.ALL;
import static io.fluxsocket.core.ActionQueue.RECEIVE;
import static io.fluxsocket.core.ActionQueue.SEND;
import static io.fluxsocket.core.BufferType.PING_PONG;
import static io.fluxsocket.core.BufferType.UTF8_FRAGMENT;
import static io.fluxsocket.core.BufferType.UTF8_MESSAGE;
import static io.fluxsocket.core.Bytes.NONE;
import static io.fluxsocket.core.Bytes.ascii;
import static io.fluxsocket.core.Bytes.concat;
import static io.fluxsocket.core.Bytes.hex;
import static io.fluxsocket.core.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Pings, the pongs that answer them, and how these share the wire with the application's sends (reference page, 4.4). */
class PingPongRulesTest {
    private static final byte[] HELLO = utf8("Hello");

    @ParameterizedTest
    @CsvSource({"CLIENT, RECEIVE", "CLIENT, ALL", "SERVER, RECEIVE", "SERVER, ALL"})
    void pingIsAnsweredOnReceiveAndAllButNotOnSend(Role role, ActionQueue queue) {
        Stepper stepper = new Stepper(role);
        byte[] ping = role == Role.CLIENT
                ? hex(
                        "89 05" // FIN and ping; 5 bytes (RFC 6455 §5.7)
                                + "48 65 6c 6c 6f") // Hello
                : hex(
                        "89 85" // FIN and ping; masked, 5 bytes
                                + "37 fa 21 3d" // masking key
                                + "7f 9f 4d 51 58"); // Hello, masked
        byte[] pong = role == Role.CLIENT
                ? hex(
                        "8a 85" // FIN and pong; masked, 5 bytes (RFC 6455 §5.7)
                                + "37 fa 21 3d" // masking key
                                + "7f 9f 4d 51 58") // Hello, masked
                : hex(
                        "8a 05" // FIN and pong; 5 bytes
                                + "48 65 6c 6c 6f"); // Hello
        stepper.receive(ping);

        stepper.nothing(SEND);
        assertThat(stepper.take(queue)).isEqualTo(pong);
        stepper.nothing(SEND);
    }

    @ParameterizedTest
    @EnumSource
    void replyIsNotHandedOutOnSend(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(UTF8_MESSAGE, HELLO, "send");
        Action send = stepper.next(SEND, SEND_TO_NETWORK);
        stepper.receive(role.inbound(Stepper.PING, HELLO));
        stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);
        stepper.engine.completeAction(send, send.length());
        stepper.engine.completeAction(stepper.next(SEND, INDICATE_SEND_COMPLETE));

        stepper.nothing(SEND);

        assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.PONG, HELLO));
    }

    @ParameterizedTest
    @EnumSource
    void pongHasThePayloadOfItsPing(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.receive("receive");
        for (int length : new int[] {0, 1, 2, 3, 4, 124, 125, 7, 0}) {
            stepper.read(role.inbound(Stepper.PING, ascii(length)));
            assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.PONG, ascii(length)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void pongIsNeitherIndicatedNorCompletesAReceive(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.receive(role.inbound(Stepper.PING, HELLO));

        Action pong = stepper.next(RECEIVE, SEND_TO_NETWORK);
        assertThat(pong.bufferType()).isEqualTo(PING_PONG);
        assertThat(pong.isCutShort()).isFalse();
        stepper.engine.completeAction(pong, pong.length());

        stepper.nothing(SEND);
        assertThat(stepper.engine.pendingReceives()).isEqualTo(1);
        stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);
        stepper.nothing();
    }

    @ParameterizedTest
    @EnumSource
    void pingWaitsForAReceive(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.receive(role.inbound(Stepper.TEXT, HELLO), role.inbound(Stepper.PING, HELLO));
        stepper.takeIndicated(UTF8_MESSAGE, HELLO);
        stepper.nothing();

        stepper.engine.receive("second");

        assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.PONG, HELLO));
    }

    /** 40 pings come while a send holds the wire: 15 pongs in their order, and the 16th is that of the newest ping. */
    @ParameterizedTest
    @EnumSource
    void pongsWaitInARingOfSixteenAndThenOnlyTheNewestIsKept(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.receive("receive");
        for (int round = 0; round < 3; round++) {
            stepper.engine.send(UTF8_MESSAGE, HELLO, "send");
            Action send = stepper.next(SEND, SEND_TO_NETWORK);
            for (int i = 1; i <= 40; i++) {
                stepper.read(role.inbound(Stepper.PING, round + " ping " + i));
            }
            Action read = stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);
            stepper.engine.completeAction(send, send.length());
            stepper.engine.completeAction(stepper.next(SEND, INDICATE_SEND_COMPLETE));

            for (int i = 1; i <= 15; i++) {
                assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.PONG, utf8(round + " ping " + i)));
            }
            assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.PONG, utf8(round + " ping 40")));
            stepper.nothing();
            byte[] ping = role.inbound(Stepper.PING, "alone");
            read.buffer(0).put(ping);
            stepper.engine.completeAction(read, ping.length);
            assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.PONG, utf8("alone")));
        }
    }

    /** The pong on the wire keeps its payload while newer pings fill the ring behind it. */
    @ParameterizedTest
    @EnumSource
    void pongOnTheWireIsNotReplacedByANewerOne(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.receive(role.inbound(Stepper.PING, "first"));
        Action first = stepper.next(RECEIVE, SEND_TO_NETWORK);
        for (int i = 2; i <= 40; i++) {
            stepper.read(role.inbound(Stepper.PING, "ping " + i));
        }
        stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);

        assertThat(Stepper.bytes(first)).isEqualTo(role.outbound(Stepper.PONG, utf8("first")));
        stepper.engine.completeAction(first, first.length());
        for (int i = 2; i <= 15; i++) {
            assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.PONG, utf8("ping " + i)));
        }
        assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.PONG, utf8("ping 40")));
        stepper.nothing();
    }

    @ParameterizedTest
    @EnumSource
    void allServesRepliesThenSendThenReceive(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.receive(role.inbound(Stepper.PING, "one"), role.inbound(Stepper.PING, "two"));
        stepper.take(RECEIVE);
        stepper.take(RECEIVE);
        stepper.read(role.inbound(Stepper.PING, "three"), role.inbound(Stepper.PING, "four"));
        stepper.engine.send(UTF8_MESSAGE, HELLO, "send");
        Action pong = stepper.next(RECEIVE, SEND_TO_NETWORK);
        stepper.next(ALL, RECEIVE_FROM_NETWORK);
        stepper.engine.completeAction(pong, pong.length());

        assertThat(stepper.take(ALL)).isEqualTo(role.outbound(Stepper.PONG, utf8("four")));
        assertThat(stepper.take(ALL)).isEqualTo(role.outbound(Stepper.TEXT, HELLO));
        stepper.engine.completeAction(stepper.next(ALL, INDICATE_SEND_COMPLETE));
        stepper.nothing();
    }

    @ParameterizedTest
    @EnumSource
    void allServesSendBeforeReceive(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.receive("receive");
        stepper.engine.send(UTF8_MESSAGE, HELLO, "send");

        stepper.take(ALL);
        stepper.engine.completeAction(stepper.next(ALL, INDICATE_SEND_COMPLETE));
        stepper.next(ALL, RECEIVE_FROM_NETWORK);
    }

    @ParameterizedTest
    @EnumSource
    void replyWaitsForTheSendWhileReceiveGoesOnReadingAndIndicating(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(UTF8_MESSAGE, HELLO, "send");
        Action send = stepper.next(SEND, SEND_TO_NETWORK);

        for (int i = 0; i < 20; i++) {
            stepper.receive(role.inbound(Stepper.PING, "ping"), role.inbound(Stepper.TEXT, "text " + i));
            stepper.takeIndicated(UTF8_MESSAGE, utf8("text " + i));
        }
        stepper.nothing();

        stepper.engine.completeAction(send, send.length());
        assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.PONG, utf8("ping")));
    }

    @ParameterizedTest
    @EnumSource
    void replyWaitsForTheIndicationOfASendToo(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(UTF8_MESSAGE, HELLO, "send");
        stepper.take(SEND);
        Action indication = stepper.next(SEND, INDICATE_SEND_COMPLETE);
        stepper.receive(role.inbound(Stepper.PING, HELLO));
        stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);
        stepper.nothing();

        stepper.engine.completeAction(indication);
        assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.PONG, HELLO));
    }

    @ParameterizedTest
    @EnumSource
    void sendWaitsForTheReplyWhileReceiveGoesOnReadingAndIndicating(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.receive(role.inbound(Stepper.PING, "first"));
        Action pong = stepper.next(RECEIVE, SEND_TO_NETWORK);
        stepper.engine.send(UTF8_MESSAGE, HELLO, "send");

        stepper.nothing(SEND);
        stepper.read(role.inbound(Stepper.TEXT, HELLO));
        stepper.takeIndicated(UTF8_MESSAGE, HELLO);
        stepper.receive(role.inbound(Stepper.PING, "second"), role.inbound(Stepper.PONG, "pong"));
        stepper.takeIndicated(PING_PONG, utf8("pong"));
        stepper.nothing();

        assertThat(Stepper.bytes(pong)).isEqualTo(role.outbound(Stepper.PONG, utf8("first")));
        stepper.engine.completeAction(pong, pong.length());
        assertThat(stepper.takeSend("send")).isEqualTo(role.outbound(Stepper.TEXT, HELLO));
        assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.PONG, utf8("second")));
    }

    /** Two peers that both cannot write still read: their pongs wait, their data arrives. */
    @ParameterizedTest
    @EnumSource
    void ownReplyOutstandingDoesNotKeepTheCloseFromBeingSeen(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.receive(role.inbound(Stepper.PING, "first"));
        Action pong = stepper.next(RECEIVE, SEND_TO_NETWORK);

        stepper.read(role.inbound(Stepper.PING, "second"), role.inbound(Stepper.CLOSE, NONE));
        stepper.takeIndicated(BufferType.CLOSE, NONE);
        stepper.nothing();

        stepper.engine.completeAction(pong, pong.length());
        assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.PONG, utf8("second")));
        assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.CLOSE, NONE));
        stepper.nothing();
    }

    /** A client's send buffer of 16 bytes holds 10 masked bytes beside the header. */
    @ParameterizedTest
    @EnumSource
    void replyInSeveralPartsIsAtomicToo(Role role) {
        Stepper stepper =
                new Stepper(role, EngineSettings.builder().sendBufferSize(16).build());
        byte[] expected = role.outbound(Stepper.PONG, ascii(125));
        stepper.receive(role.inbound(Stepper.PING, ascii(125)));
        stepper.engine.send(UTF8_MESSAGE, HELLO, "send");

        byte[] wire = stepper.take(RECEIVE);
        while (wire.length < expected.length) {
            stepper.nothing(SEND);
            wire = concat(wire, stepper.take(RECEIVE));
        }

        assertThat(wire).isEqualTo(expected);
        stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);
        assertThat(stepper.takeSend("send")).isEqualTo(role.outbound(Stepper.TEXT, HELLO));
    }

    @ParameterizedTest
    @EnumSource
    void pongGoesBetweenTheFramesOfAnOutboundMessageAndBeforeQueuedData(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(UTF8_FRAGMENT, HELLO, "first");
        stepper.engine.send(UTF8_MESSAGE, HELLO, "last");
        Action first = stepper.next(ALL, SEND_TO_NETWORK);
        stepper.receive(role.inbound(Stepper.PING, "ping"));
        stepper.next(ALL, RECEIVE_FROM_NETWORK);
        stepper.engine.completeAction(first, first.length());

        assertThat(stepper.take(ALL)).isEqualTo(role.outbound(Stepper.PONG, utf8("ping")));
        stepper.engine.completeAction(stepper.next(ALL, INDICATE_SEND_COMPLETE));
        assertThat(stepper.take(ALL)).isEqualTo(role.outbound(Stepper.LAST_CONTINUATION, HELLO));
    }

    @ParameterizedTest
    @EnumSource
    void pingBetweenTheFramesOfAnInboundMessageIsAnswered(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.receive(role.inbound(Stepper.TEXT_FRAGMENT, "Hel"), role.inbound(Stepper.PING, "ping"));
        stepper.takeIndicated(UTF8_FRAGMENT, utf8("Hel"));
        stepper.engine.receive("receive");

        assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.PONG, utf8("ping")));
        stepper.read(role.inbound(Stepper.LAST_CONTINUATION, "lo"));
        stepper.takeIndicated(UTF8_MESSAGE, utf8("lo"));
    }

    @ParameterizedTest
    @EnumSource
    void inboundPongCompletesAReceiveAsPingPong(Role role) {
        Stepper stepper = new Stepper(role);
        for (int length : new int[] {0, 5, 125}) {
            stepper.receive(role.inbound(Stepper.PONG, ascii(length)));
            Action pong = stepper.indicated(PING_PONG, ascii(length));
            assertThat(pong.context()).isEqualTo("receive");
            assertThat(pong.frameRemaining()).isZero();
            assertThat(pong.closeStatus()).isNull();
            stepper.engine.completeAction(pong);
            stepper.nothing();
        }
    }

    @ParameterizedTest
    @EnumSource
    void applicationSendsPingsAndUnsolicitedPongs(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.ping(ascii(125), "ping");
        stepper.engine.ping(null, "empty ping");
        stepper.engine.send(BufferType.UNSOLICITED_PONG, HELLO, "pong");

        assertThat(stepper.takeSend("ping")).isEqualTo(role.outbound(Stepper.PING, ascii(125)));
        assertThat(stepper.takeSend("empty ping")).isEqualTo(role.outbound(Stepper.PING, NONE));
        assertThat(stepper.takeSend("pong")).isEqualTo(role.outbound(Stepper.PONG, HELLO));
    }

    @ParameterizedTest
    @EnumSource
    void controlPayloadOfMoreThan125BytesAndASentPingTypeAreRefused(Role role) {
        Stepper stepper = new Stepper(role);
        for (BufferType type : new BufferType[] {PING_PONG, BufferType.UNSOLICITED_PONG}) {
            assertThatIllegalArgumentException().isThrownBy(() -> stepper.engine.send(type, ascii(126), null));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stepper.engine.send(BufferType.PING, HELLO, null))
                .withMessageContaining("sent as PING_PONG");
        stepper.nothing();
        assertThat(stepper.engine.pendingSends()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void indicatedPingCompletesAReceiveAndIsAnsweredAllTheSame(Role role) {
        Stepper stepper =
                new Stepper(role, EngineSettings.builder().indicatePings(true).build());
        stepper.receive(role.inbound(Stepper.PING, HELLO));

        Action ping = stepper.indicated(BufferType.PING, HELLO);
        assertThat(ping.context()).isEqualTo("receive");
        stepper.engine.completeAction(ping);

        assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.PONG, HELLO));
        stepper.nothing();
    }
}
