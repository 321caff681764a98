package io.fluxsocket.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The close handshake (RFC 6455 §5.5.1, §7), as client and as server. What is no close is in {@link Violation}. */
class CloseTest {
    static Stream<Arguments> rolesAndValidCodes() {
        return Stream.of(Role.values())
                .flatMap(role -> IntStream.of(
                                1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999,
                                4000, 4999)
                        .mapToObj(code -> Arguments.of(role, code)));
    }

    @ParameterizedTest
    @MethodSource("rolesAndValidCodes")
    void aValidCodeIsIndicatedAndEchoed(Role role, int code) { // Autobahn 7.7
        for (String reason : new String[] {"", "because", "é€😀", "x".repeat(123)}) {
            byte[] body = Bytes.closeBody(code, Bytes.utf8(reason));
            for (int step : new int[] {1, 3, 200}) {
                Endpoint endpoint = new Endpoint(role.engine(EngineSettings.DEFAULT), step + code);
                endpoint.readInSteps(role.inbound(0x88, body), step);

                assertThat(endpoint.failure).isNull();
                assertThat(endpoint.messages).singleElement().satisfies(close -> {
                    assertThat(close.type()).isEqualTo(BufferType.CLOSE);
                    assertThat(close.payload()).isEqualTo(body);
                    assertThat(close.closeStatus()).isEqualTo(CloseStatus.of(code, reason));
                });
                assertThat(endpoint.written()).isEqualTo(role.outbound(0x88, body));
                assertThat(endpoint.engine.closeReceived()).isEqualTo(CloseStatus.of(code, reason));
                assertThat(endpoint.engine.closeSent()).isEqualTo(CloseStatus.of(code, reason));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEmptyCloseIs1005AndItsEchoIsEmpty(Role role) {
        Endpoint endpoint = role.endpoint().read(role.inbound(0x88, Bytes.NONE));

        assertThat(endpoint.messages).singleElement().satisfies(close -> {
            assertThat(close.payload()).isEmpty();
            assertThat(close.closeStatus()).isEqualTo(CloseStatus.NO_STATUS);
        });
        assertThat(endpoint.written()).isEqualTo(role.outbound(0x88, Bytes.NONE));
        assertThat(endpoint.engine.closeSent()).isEqualTo(CloseStatus.NO_STATUS);
    }

    @ParameterizedTest
    @EnumSource
    void everythingAfterACloseIsIgnored(Role role) { // Autobahn 7.1.2 to 7.1.5
        byte[][] after = {
            role.inbound(0x81, "text"),
            role.inbound(0x89, "ping"),
            role.inbound(0x88, Bytes.closeBody(1001)),
            Bytes.hex("ff ff ff ff ff ff") // no frame at all
        };
        for (byte[] ignored : after) {
            Endpoint endpoint = role.endpoint().read(Bytes.concat(role.inbound(0x88, Bytes.closeBody(1000)), ignored));
            assertThat(endpoint.failure).isNull();
            assertThat(endpoint.messages).hasSize(1);
            assertThat(endpoint.engine.closeReceived()).isEqualTo(CloseStatus.NORMAL);
            assertThat(endpoint.written()).isEqualTo(role.outbound(0x88, Bytes.closeBody(1000)));
            assertThatThrownBy(() -> endpoint.engine.receive("late")).isInstanceOf(IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCloseIsSentWithItsStatus(Role role) {
        CloseStatus[] statuses = {CloseStatus.NORMAL, CloseStatus.of(4999, "é".repeat(61) + "x"), CloseStatus.NO_STATUS
        };
        byte[][] bodies = {Bytes.hex("03 e8"), Bytes.closeBody(4999, Bytes.utf8("é".repeat(61) + "x")), Bytes.NONE};
        for (int i = 0; i < statuses.length; i++) {
            Endpoint endpoint = role.endpoint();
            endpoint.engine.close(statuses[i], "close");
            assertThat(endpoint.engine.closeSent()).as("not on the network yet").isNull();
            endpoint.run();
            assertThat(endpoint.written()).isEqualTo(role.outbound(0x88, bodies[i]));
            assertThat(endpoint.engine.closeSent()).isEqualTo(statuses[i]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void afterItsCloseAnEngineReceivesUntilThePeersCloseAndEchoesNothing(Role role) {
        Endpoint endpoint = role.endpoint();
        endpoint.engine.close(CloseStatus.GOING_AWAY, "close");
        endpoint.run();
        endpoint.written();

        endpoint.read(Bytes.concat(role.inbound(0x81, "still on its way"), role.inbound(0x89, "ping")));
        assertThat(endpoint.messages).hasToString("[UTF8_MESSAGE still on its way]");
        assertThat(endpoint.written()).isEqualTo(role.outbound(0x8a, Bytes.utf8("ping"))); // no data, but a pong

        endpoint.read(role.inbound(0x88, Bytes.closeBody(1001)));
        assertThat(endpoint.engine.closeReceived()).isEqualTo(CloseStatus.GOING_AWAY);
        assertThat(endpoint.written()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void pongsThatAreOwedLeaveBeforeTheEcho(Role role) {
        WebSocketEngine engine = role.engine(EngineSettings.DEFAULT);
        byte[] wire = Bytes.concat(
                role.inbound(0x89, "1"), role.inbound(0x89, "2"), role.inbound(0x88, Bytes.closeBody(1000)));
        engine.send(BufferType.BINARY_MESSAGE, Bytes.ascii(3), "in progress");
        Action send = engine.getAction(ActionQueue.SEND); // holds the wire while all is read
        engine.receive("receive");
        Action read = engine.getAction(ActionQueue.RECEIVE);
        read.buffer(0).put(wire);
        engine.completeAction(read, wire.length);
        assertThat(engine.getAction(ActionQueue.RECEIVE).bufferType()).isEqualTo(BufferType.CLOSE);
        engine.completeAction(send, send.length());

        Endpoint endpoint = new Endpoint(engine);
        byte[] written = Bytes.NONE;
        for (int i = 0; i < 3; i++) {
            Action reply = engine.getAction(ActionQueue.RECEIVE);
            ByteBuffer bytes = ByteBuffer.allocate(reply.length());
            reply.writeTo(bytes);
            written = Bytes.concat(written, bytes.array());
            engine.completeAction(reply, reply.length());
        }
        endpoint.run();

        assertThat(written)
                .isEqualTo(Bytes.concat(
                        role.outbound(0x8a, Bytes.utf8("1")),
                        role.outbound(0x8a, Bytes.utf8("2")),
                        role.outbound(0x88, Bytes.closeBody(1000))));
        assertThat(endpoint.written()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theFrameOnTheWireIsFinishedThenTheCloseIsEchoedAndWhatIsQueuedIsCutShort(Role role) {
        WebSocketEngine engine = role.engine(EngineSettings.DEFAULT);
        engine.send(BufferType.UTF8_MESSAGE, Bytes.utf8("on the wire"), "first");
        engine.send(BufferType.UTF8_MESSAGE, Bytes.utf8("queued"), "second");
        Action send = engine.getAction(ActionQueue.SEND);
        engine.receive("receive");
        engine.completeAction(
                engine.getAction(ActionQueue.RECEIVE), ByteBuffer.wrap(role.inbound(0x88, Bytes.closeBody(1000))));
        engine.completeAction(engine.getAction(ActionQueue.RECEIVE));
        engine.completeAction(send, send.length());

        Action echo = engine.getAction(ActionQueue.ALL);
        ByteBuffer bytes = ByteBuffer.allocate(echo.length());
        echo.writeTo(bytes);
        assertThat(bytes.array()).isEqualTo(role.outbound(0x88, Bytes.closeBody(1000)));
        engine.completeAction(echo, echo.length());
        for (String context : new String[] {"first", "second"}) {
            Action sent = engine.getAction(ActionQueue.ALL);
            assertThat(sent.kind()).isEqualTo(Action.Kind.INDICATE_SEND_COMPLETE);
            assertThat(sent.context()).isEqualTo(context);
            assertThat(sent.isCutShort()).isEqualTo(context.equals("second"));
            engine.completeAction(sent);
        }
        assertThat(engine.getAction(ActionQueue.ALL).kind()).isEqualTo(Action.Kind.NO_ACTION);
    }

    @ParameterizedTest
    @EnumSource
    void withoutTheAutomaticEchoTheApplicationAnswers(Role role) {
        EngineSettings settings =
                EngineSettings.builder().automaticCloseEcho(false).build();
        Endpoint endpoint = role.endpoint(settings).read(role.inbound(0x88, Bytes.closeBody(1001)));
        assertThat(endpoint.written()).isEmpty();

        endpoint.engine.send(BufferType.UTF8_MESSAGE, Bytes.utf8("one more"), null);
        endpoint.engine.close(endpoint.engine.closeReceived(), null);
        endpoint.run();
        assertThat(endpoint.written())
                .isEqualTo(Bytes.concat(
                        role.outbound(0x81, Bytes.utf8("one more")), role.outbound(0x88, Bytes.closeBody(1001))));
    }

    @ParameterizedTest
    @EnumSource
    void anUnverifiedReasonThatIsNotUtf8IsIndicatedAsItIsAndNeverFails(Role role) {
        EngineSettings settings =
                EngineSettings.builder().utf8VerificationDisabled(true).build();
        for (int n = 0; n <= 123; n++) {
            byte[] reason = Bytes.concat(new byte[123 - n], Bytes.masked(new byte[n], Bytes.hex("ff f0 9f c0")));
            byte[] body = Bytes.closeBody(1000, reason);
            Endpoint endpoint = role.endpoint(settings).read(role.inbound(0x88, body));

            assertThat(endpoint.messages)
                    .singleElement()
                    .satisfies(close -> assertThat(close.payload()).isEqualTo(body));
            assertThat(endpoint.engine.closeReceived().code()).isEqualTo(1000);
            assertThat(endpoint.engine.closeSent()).isEqualTo(endpoint.engine.closeReceived());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCloseThatMayNotBeSentIsTheCallersFault(Role role) {
        byte[][] bodies = {
            Bytes.hex("03"),
            Bytes.closeBody(1005),
            Bytes.closeBody(1006),
            Bytes.closeBody(1015),
            Bytes.closeBody(999),
            Bytes.closeBody(5000),
            Bytes.closeBody(1000, Bytes.hex("ff")),
            Bytes.closeBody(1000, Bytes.ascii(124))
        };
        Endpoint endpoint = role.endpoint();
        for (byte[] body : bodies) {
            assertThatThrownBy(() -> endpoint.engine.send(BufferType.CLOSE, body, null))
                    .as(Bytes.toHex(body))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> endpoint.engine.send(BufferType.CLOSE, ByteBuffer.wrap(body), null))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> endpoint.engine.close(CloseStatus.ABNORMAL, null))
                .isInstanceOf(IllegalArgumentException.class);
        endpoint.engine.send(BufferType.UTF8_MESSAGE, Bytes.utf8("unchanged"), null); // nothing was changed
        endpoint.run();
        assertThat(endpoint.written()).isEqualTo(role.outbound(0x81, Bytes.utf8("unchanged")));
    }
}
