package io.fluxsocket.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What happens when the peer breaks RFC 6455: for each {@link Violation}, as client and as server. */
class ViolationTest {
    static Stream<Arguments> violations() {
        return Stream.of(Role.values())
                .flatMap(role -> Violation.all(role).map(violation -> Arguments.of(role, violation)));
    }

    @ParameterizedTest
    @MethodSource("violations")
    void itIsRefusedBeforeMoreThanTheBytesThatTellHaveCome(Role role, Violation violation) {
        for (int seed = 0; seed < 4; seed++) {
            Endpoint endpoint = new Endpoint(role.engine(Violation.SETTINGS), seed);
            endpoint.read(violation.before().apply(role));
            assertThat(endpoint.failure).as("nothing is wrong yet").isNull();

            byte[] wire = violation.wire().apply(role);
            int read = 0;
            while (endpoint.failure == null && read < wire.length) {
                endpoint.read(new byte[] {wire[read++]});
            }

            requireRefused(endpoint, violation);
            assertThat(read).isLessThanOrEqualTo(violation.refusedAfter());
        }
    }

    @ParameterizedTest
    @MethodSource("violations")
    void itIsRefusedForEverySplitAndThePeerGetsExactlyTheCloseItIsOwed(Role role, Violation violation) {
        byte[] before = violation.before().apply(role);
        byte[] wire = violation.wire().apply(role);
        for (int split = 0; split <= wire.length; split++) {
            Endpoint endpoint = new Endpoint(role.engine(Violation.SETTINGS), split);
            endpoint.read(before);
            endpoint.written(); // a pong, maybe
            endpoint.read(Arrays.copyOf(wire, split)).read(Arrays.copyOfRange(wire, split, wire.length));

            requireRefused(endpoint, violation);
            assertThat(endpoint.written()).isEqualTo(role.outbound(0x88, Bytes.closeBody(violation.code())));
            assertThat(endpoint.engine.closeSent()).isEqualTo(violation.status());
            assertThat(endpoint.engine.closeReceived()).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("violations")
    void theMessageThatCameBeforeInTheSameReadIsDeliveredAndThePingAnswered(Role role, Violation violation) {
        for (int seed = 0; seed < 4; seed++) {
            Endpoint endpoint = new Endpoint(role.engine(Violation.SETTINGS), seed);
            endpoint.read(Bytes.concat(
                    role.inbound(0x81, "valid"),
                    role.inbound(0x89, "alive?"),
                    role.inbound(0x82, Bytes.hex("00 ff")),
                    violation.before().apply(role),
                    violation.wire().apply(role)));

            requireRefused(endpoint, violation);
            assertThat(endpoint.messages).hasSizeGreaterThanOrEqualTo(2);
            assertThat(endpoint.messages.get(0).payload()).isEqualTo(Bytes.utf8("valid"));
            assertThat(endpoint.messages.get(1).payload()).isEqualTo(Bytes.hex("00 ff"));
            assertThat(endpoint.written())
                    .startsWith(role.outbound(0x8a, Bytes.utf8("alive?")))
                    .endsWith(role.outbound(0x88, Bytes.closeBody(violation.code())));
        }
    }

    @ParameterizedTest
    @MethodSource("violations")
    void nothingAfterItIsProcessed(Role role, Violation violation) {
        Endpoint endpoint = role.endpoint(Violation.SETTINGS);
        endpoint.read(violation.before().apply(role));
        List<Endpoint.Indication> indicated = List.copyOf(endpoint.indications);
        endpoint.written();

        endpoint.read(Bytes.concat(
                violation.wire().apply(role),
                role.inbound(0x81, "ignored"),
                role.inbound(0x89, "ignored"),
                role.inbound(0x88, Bytes.closeBody(1000))));

        assertThat(endpoint.indications).isEqualTo(indicated);
        assertThat(endpoint.engine.closeReceived()).isNull();
        assertThat(endpoint.written()).isEqualTo(role.outbound(0x88, Bytes.closeBody(violation.code())));
    }

    @ParameterizedTest
    @MethodSource("violations")
    void itStaysUntilAbortAndNothingMoreIsSentOrReceived(Role role, Violation violation) {
        Endpoint endpoint = role.endpoint(Violation.SETTINGS);
        endpoint.read(violation.before().apply(role)).read(violation.wire().apply(role));
        WebSocketEngine engine = endpoint.engine;

        for (ActionQueue queue : new ActionQueue[] {ActionQueue.RECEIVE, ActionQueue.ALL, ActionQueue.RECEIVE}) {
            assertThatThrownBy(() -> engine.getAction(queue)).isSameAs(endpoint.failure);
        }
        assertThat(engine.getAction(ActionQueue.SEND).kind()).isEqualTo(Action.Kind.NO_ACTION);
        assertThatThrownBy(() -> engine.receive("late")).isInstanceOf(IllegalStateException.class);
        for (BufferType type : new BufferType[] {BufferType.UTF8_MESSAGE, BufferType.PING_PONG, BufferType.CLOSE}) {
            assertThatThrownBy(() -> engine.send(type, Bytes.NONE, "late")).isInstanceOf(IllegalStateException.class);
        }

        engine.abort();
        Action action = engine.getAction(ActionQueue.ALL);
        assertThat(action.kind()).isEqualTo(Action.Kind.INDICATE_RECEIVE_COMPLETE);
        assertThat(action.isCutShort()).isTrue();
        engine.completeAction(action);
        assertThat(engine.getAction(ActionQueue.ALL).kind()).isEqualTo(Action.Kind.NO_ACTION);
        engine.delete();
    }

    @ParameterizedTest
    @MethodSource("violations")
    void whatWasQueuedBeforeItLeavesBeforeTheClose(Role role, Violation violation) {
        Endpoint endpoint = role.endpoint(Violation.SETTINGS);
        WebSocketEngine engine = endpoint.engine;
        engine.receive("receive");
        Action read = engine.getAction(ActionQueue.RECEIVE);
        byte[] wire =
                Bytes.concat(violation.before().apply(role), violation.wire().apply(role));
        if (wire.length > read.length()) {
            return; // more than one read: nothing that this rule is about
        }
        engine.send(BufferType.UTF8_MESSAGE, Bytes.utf8("queued"), "send");
        read.buffer(0).put(wire);
        engine.completeAction(read, wire.length);
        for (int i = 0; i < 10 && endpoint.failure == null; i++) {
            try {
                Action action = engine.getAction(ActionQueue.RECEIVE);
                engine.completeAction(action, action.kind() == Action.Kind.SEND_TO_NETWORK ? action.length() : 0);
                if (engine.pendingReceives() == 0) {
                    engine.receive("receive");
                }
            } catch (WebSocketProtocolException e) {
                endpoint.failure = e;
            }
        }
        requireRefused(endpoint, violation);
        endpoint.run();

        assertThat(endpoint.written())
                .isEqualTo(Bytes.concat(
                        role.outbound(0x81, Bytes.utf8("queued")),
                        role.outbound(0x88, Bytes.closeBody(violation.code()))));
    }

    @ParameterizedTest
    @MethodSource("violations")
    void noSecondCloseIsOwedAfterTheApplicationsOwn(Role role, Violation violation) {
        Endpoint endpoint = role.endpoint(Violation.SETTINGS);
        endpoint.engine.close(CloseStatus.of(3000), "close");
        endpoint.run();
        assertThat(endpoint.written()).isEqualTo(role.outbound(0x88, Bytes.closeBody(3000)));
        endpoint.read(violation.before().apply(role));
        endpoint.written();

        endpoint.read(violation.wire().apply(role));

        requireRefused(endpoint, violation);
        assertThat(endpoint.written()).isEmpty();
        assertThat(endpoint.engine.closeSent()).isEqualTo(CloseStatus.of(3000));
    }

    private static void requireRefused(Endpoint endpoint, Violation violation) {
        assertThat(endpoint.failure).isNotNull().hasMessageEndingWith("(RFC 6455 " + violation.section() + ")");
        assertThat(endpoint.failure.closeStatus()).isEqualTo(violation.status());
    }
}
