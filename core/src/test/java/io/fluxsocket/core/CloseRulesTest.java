package io.fluxsocket.core;

import static io.fluxsocket.core.Action.Kind.INDICATE_SEND_COMPLETE;
import static io.fluxsocket.core.Action.Kind.SEND_TO_NETWORK;
import static io.fluxsocket.core.ActionQueue.RECEIVE;
import static io.fluxsocket.core.ActionQueue.SEND;
import static io.fluxsocket.core.BufferType.BINARY_FRAGMENT;
import static io.fluxsocket.core.BufferType.BINARY_MESSAGE;
import static io.fluxsocket.core.BufferType.PING_PONG;
import static io.fluxsocket.core.BufferType.UNSOLICITED_PONG;
import static io.fluxsocket.core.BufferType.UTF8_FRAGMENT;
import static io.fluxsocket.core.BufferType.UTF8_MESSAGE;
import static io.fluxsocket.core.Bytes.NONE;
import static io.fluxsocket.core.Bytes.ascii;
import static io.fluxsocket.core.Bytes.closeBody;
import static io.fluxsocket.core.Bytes.concat;
import static io.fluxsocket.core.Bytes.hex;
import static io.fluxsocket.core.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The close handshake (reference page, 4.5; RFC 6455 §5.5.1, §7). Which codes are valid is tested elsewhere. */
class CloseRulesTest {
    private static final byte[] HELLO = utf8("Hello");
    private static final EngineSettings NO_ECHO =
            EngineSettings.builder().automaticCloseEcho(false).build();

    @ParameterizedTest
    @EnumSource
    void closeIsIndicatedWithItsStatus(Role role) {
        Stepper stepper = new Stepper(role);
        byte[] body = hex(
                "03 e9" // 1001, going away
                        + "62 79 65"); // bye
        stepper.receive(role.inbound(Stepper.CLOSE, body));

        Action close = stepper.indicated(BufferType.CLOSE, body);
        assertThat(close.context()).isEqualTo("receive");
        assertThat(close.closeStatus()).isEqualTo(CloseStatus.of(1001, "bye"));
        assertThat(stepper.engine.closeReceived()).isEqualTo(CloseStatus.of(1001, "bye"));
    }

    @ParameterizedTest
    @EnumSource
    void emptyCloseIsIndicatedAsNoStatus(Role role) {
        Stepper stepper = new Stepper(role);
        assertThat(stepper.engine.closeReceived()).isNull();
        stepper.receive(role.inbound(Stepper.CLOSE, NONE));

        Action close = stepper.indicated(BufferType.CLOSE, NONE);
        assertThat(close.closeStatus()).isEqualTo(CloseStatus.NO_STATUS);
        assertThat(stepper.engine.closeReceived()).isEqualTo(CloseStatus.NO_STATUS);
    }

    @ParameterizedTest
    @EnumSource
    void receiveIsRefusedAfterTheClose(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.receive(role.inbound(Stepper.CLOSE, NONE));
        stepper.engine.receive("queued before");
        stepper.takeIndicated(BufferType.CLOSE, NONE);

        assertThatIllegalStateException()
                .isThrownBy(() -> stepper.engine.receive("after"))
                .withMessageContaining("nothing follows it");
        assertThatIllegalStateException().isThrownBy(() -> stepper.engine.receive(new byte[125], 0, 125, "after"));
        stepper.take(RECEIVE); // the echo
        stepper.takeReceiveCutShort("queued before");
        stepper.nothing();
    }

    @ParameterizedTest
    @EnumSource
    void everythingAfterTheCloseIsIgnored(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.receive("first");
        stepper.engine.receive("second");
        stepper.read(
                role.inbound(Stepper.CLOSE, closeBody(1000)),
                role.inbound(Stepper.PING, HELLO),
                role.inbound(Stepper.TEXT, HELLO),
                role.inbound(Stepper.CLOSE, closeBody(1001)),
                hex("ff ff ff ff ff ff")); // no frame at all

        stepper.takeIndicated(BufferType.CLOSE, closeBody(1000));
        assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.CLOSE, closeBody(1000)));
        stepper.takeReceiveCutShort("second");
        stepper.nothing();
        assertThat(stepper.engine.closeReceived()).isEqualTo(CloseStatus.NORMAL);
    }

    @ParameterizedTest
    @CsvSource({"CLIENT, RECEIVE", "CLIENT, ALL", "SERVER, RECEIVE", "SERVER, ALL"})
    void closeIsEchoedOnReceiveAndAllButNotOnSend(Role role, ActionQueue queue) {
        for (byte[] body : new byte[][] {NONE, closeBody(1000), closeBody(4999, ascii(123))}) {
            Stepper stepper = new Stepper(role);
            stepper.receive(role.inbound(Stepper.CLOSE, body));
            stepper.takeIndicated(BufferType.CLOSE, body);
            assertThat(stepper.engine.closeSent()).isNull();

            stepper.nothing(SEND);
            assertThat(stepper.take(queue)).isEqualTo(role.outbound(Stepper.CLOSE, body));

            stepper.nothing();
            assertThat(stepper.engine.closeSent()).isEqualTo(stepper.engine.closeReceived());
            stepper.engine.delete();
        }
    }

    @ParameterizedTest
    @EnumSource
    void echoMayLeaveWhileTheIndicationIsOutstanding(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.receive(role.inbound(Stepper.CLOSE, NONE));
        Action close = stepper.indicated(BufferType.CLOSE, NONE);

        assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.CLOSE, NONE));
        stepper.engine.completeAction(close);
        stepper.nothing();
    }

    @ParameterizedTest
    @EnumSource
    void echoFollowsTheOwedPongs(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(UTF8_MESSAGE, HELLO, "send");
        Action send = stepper.next(SEND, SEND_TO_NETWORK);
        stepper.receive(
                role.inbound(Stepper.PING, "one"),
                role.inbound(Stepper.PING, "two"),
                role.inbound(Stepper.CLOSE, closeBody(1000)));
        stepper.takeIndicated(BufferType.CLOSE, closeBody(1000));
        stepper.engine.completeAction(send, send.length());

        assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.PONG, utf8("one")));
        assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.PONG, utf8("two")));
        assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.CLOSE, closeBody(1000)));
    }

    @ParameterizedTest
    @EnumSource
    void withoutAutomaticEchoTheApplicationSendsTheClose(Role role) {
        Stepper stepper = new Stepper(role, NO_ECHO);
        stepper.receive(role.inbound(Stepper.CLOSE, closeBody(1000)));
        stepper.takeIndicated(BufferType.CLOSE, closeBody(1000));
        stepper.nothing();

        stepper.engine.send(UTF8_MESSAGE, HELLO, "data before the answer");
        stepper.engine.ping(HELLO, "ping");
        stepper.engine.close(CloseStatus.NORMAL, "answer");

        assertThat(stepper.takeSend("data before the answer")).isEqualTo(role.outbound(Stepper.TEXT, HELLO));
        assertThat(stepper.takeSend("ping")).isEqualTo(role.outbound(Stepper.PING, HELLO));
        assertThat(stepper.takeSend("answer")).isEqualTo(role.outbound(Stepper.CLOSE, closeBody(1000)));
        stepper.nothing();
        nothingMayBeSent(stepper);
        stepper.engine.delete();
    }

    private static void nothingMayBeSent(Stepper stepper) {
        for (BufferType type : BufferType.values()) {
            assertThatIllegalStateException()
                    .as("%s", type)
                    .isThrownBy(() -> stepper.engine.send(type, (byte[]) null, null));
        }
    }

    @ParameterizedTest
    @EnumSource
    void afterACloseDataIsRefusedButControlFramesPass(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.close(CloseStatus.NORMAL, "close");

        for (int sent = 0; sent < 2; sent++) { // first while the close is queued, then when it has left
            for (BufferType type : BufferType.values()) {
                if (type.isData()) {
                    assertThatIllegalStateException()
                            .isThrownBy(() -> stepper.engine.send(type, HELLO, null))
                            .withMessageContaining("only pings and pongs may be sent");
                }
            }
            assertThatIllegalStateException().isThrownBy(() -> stepper.engine.close(CloseStatus.NORMAL, null));
            stepper.engine.ping(HELLO, "ping");
            stepper.engine.send(UNSOLICITED_PONG, HELLO, "pong");
            if (sent == 0) {
                assertThat(stepper.takeSend("close")).isEqualTo(role.outbound(Stepper.CLOSE, closeBody(1000)));
            }
            assertThat(stepper.takeSend("ping")).isEqualTo(role.outbound(Stepper.PING, HELLO));
            assertThat(stepper.takeSend("pong")).isEqualTo(role.outbound(Stepper.PONG, HELLO));
        }
        stepper.nothing();
    }

    @ParameterizedTest
    @EnumSource
    void afterAnOwnCloseReceivingGoesOnUntilThePeersClose(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.close(CloseStatus.NORMAL, "close");
        stepper.takeSend("close");

        stepper.receive(
                role.inbound(Stepper.TEXT, HELLO),
                role.inbound(Stepper.PING, "ping"),
                role.inbound(Stepper.PONG, "pong"),
                role.inbound(Stepper.CLOSE, closeBody(1000)));
        stepper.takeIndicated(UTF8_MESSAGE, HELLO);
        stepper.engine.receive("second");
        assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.PONG, utf8("ping")));
        stepper.takeIndicated(PING_PONG, utf8("pong"));
        stepper.engine.receive("third");
        stepper.takeIndicated(BufferType.CLOSE, closeBody(1000));

        stepper.nothing();
        nothingMayBeSent(stepper);
        stepper.engine.delete();
    }

    @ParameterizedTest
    @EnumSource
    void sendsQueuedBehindAnEchoAreCutShort(Role role) {
        Stepper stepper = new Stepper(role);
        byte[] large = ascii(600 << 10);
        stepper.engine.send(BINARY_FRAGMENT, large, "on the wire");
        stepper.engine.send(BINARY_MESSAGE, HELLO, "data");
        stepper.engine.ping(HELLO, "ping");
        byte[] wire = stepper.take(SEND);
        stepper.receive(role.inbound(Stepper.CLOSE, closeBody(1000)));
        stepper.takeIndicated(BufferType.CLOSE, closeBody(1000));
        nothingMayBeSent(stepper);

        wire = concat(wire, stepper.takeSend("on the wire"));
        assertThat(wire).isEqualTo(role.outbound(Stepper.BINARY_FRAGMENT, large));
        stepper.takeCutShort("data");
        assertThat(stepper.take(RECEIVE)).isEqualTo(role.outbound(Stepper.CLOSE, closeBody(1000)));
        stepper.takeCutShort("ping");
        stepper.nothing();
    }

    @ParameterizedTest
    @EnumSource
    void sendThatHadLeftBeforeTheEchoIsNotCutShort(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(UTF8_MESSAGE, HELLO, "sent");
        stepper.take(SEND);
        stepper.receive(role.inbound(Stepper.CLOSE, NONE));
        stepper.takeIndicated(BufferType.CLOSE, NONE);

        Action indication = stepper.next(SEND, INDICATE_SEND_COMPLETE);
        assertThat(indication.isCutShort()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void crossingClosesSendOneCloseOnly(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(UTF8_MESSAGE, HELLO, "data before the close");
        stepper.engine.close(CloseStatus.GOING_AWAY, "close");
        stepper.receive(role.inbound(Stepper.CLOSE, closeBody(1000)));
        stepper.takeIndicated(BufferType.CLOSE, closeBody(1000));

        stepper.nothing(RECEIVE);
        assertThat(stepper.takeSend("data before the close")).isEqualTo(role.outbound(Stepper.TEXT, HELLO));
        assertThat(stepper.takeSend("close")).isEqualTo(role.outbound(Stepper.CLOSE, closeBody(1001)));
        stepper.nothing();
        assertThat(stepper.engine.closeSent()).isEqualTo(CloseStatus.GOING_AWAY);
        assertThat(stepper.engine.closeReceived()).isEqualTo(CloseStatus.NORMAL);
    }

    @ParameterizedTest
    @EnumSource
    void closeIsSentOnceAllOfItHasLeft(Role role) {
        Stepper stepper =
                new Stepper(role, EngineSettings.builder().sendBufferSize(16).build());
        stepper.engine.close(CloseStatus.of(3000, "reason"), "close");
        assertThat(stepper.engine.closeSent()).isNull();

        while (stepper.engine.closeSent() == null) {
            Action part = stepper.next(SEND, SEND_TO_NETWORK);
            assertThat(stepper.engine.closeSent()).isNull();
            stepper.engine.completeAction(part, part.length());
        }

        stepper.next(SEND, INDICATE_SEND_COMPLETE);
        assertThat(stepper.engine.closeSent()).isEqualTo(CloseStatus.of(3000, "reason"));
    }

    @ParameterizedTest
    @EnumSource
    void closeWaitsForTheSendsBeforeItAndMayStandWithinAMessage(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(UTF8_FRAGMENT, HELLO, "fragment");
        stepper.engine.close(CloseStatus.NO_STATUS, "close");

        assertThat(stepper.takeSend("fragment")).isEqualTo(role.outbound(Stepper.TEXT_FRAGMENT, HELLO));
        assertThat(stepper.takeSend("close")).isEqualTo(role.outbound(Stepper.CLOSE, NONE));
        assertThat(stepper.engine.closeSent()).isEqualTo(CloseStatus.NO_STATUS);
    }

    @ParameterizedTest
    @EnumSource
    void malformedCloseBodyIsRefusedAndChangesNothing(Role role) {
        Stepper stepper = new Stepper(role);
        for (byte[] body : new byte[][] {
            hex("03"), // half a code
            hex("03 ed"), // 1005, never sent
            hex("03 e7"), // 999
            hex("03 e8 c3 28"), // 1000 and what is not UTF-8
            closeBody(1000, ascii(124)), // 126 bytes
        }) {
            assertThatIllegalArgumentException().isThrownBy(() -> stepper.engine.send(BufferType.CLOSE, body, null));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stepper.engine.close(CloseStatus.ABNORMAL, null))
                .withMessageContaining("never sent");

        stepper.nothing();
        stepper.engine.send(UTF8_MESSAGE, HELLO, "not closing");
    }
}
