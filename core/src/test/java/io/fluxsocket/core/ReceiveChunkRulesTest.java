package io.fluxsocket.core;

import static io.fluxsocket.core.Action.Kind.INDICATE_RECEIVE_COMPLETE;
import static io.fluxsocket.core.Action.Kind.RECEIVE_FROM_NETWORK;
import static io.fluxsocket.core.ActionQueue.RECEIVE;
import static io.fluxsocket.core.BufferType.BINARY_FRAGMENT;
import static io.fluxsocket.core.BufferType.BINARY_MESSAGE;
import static io.fluxsocket.core.BufferType.PING_PONG;
import static io.fluxsocket.core.Bytes.NONE;
import static io.fluxsocket.core.Bytes.ascii;
import static io.fluxsocket.core.Bytes.concat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What one Receive completes with (reference page, 4.6, and {@link WebSocketEngine#receive}): the rest of the wire's frame
 * where it fits the limit, otherwise what is at hand.
 */
class ReceiveChunkRulesTest {
    /** The limit of a Receive without a buffer of its own. */
    private static final int LIMIT = 256;

    private static final EngineSettings SMALL =
            EngineSettings.builder().receiveBufferSize(LIMIT).build();

    @ParameterizedTest
    @EnumSource
    void frameThatFitsIsIndicatedOnceAllOfItHasArrived(Role role) {
        for (int length : new int[] {0, 1, 125, 126, LIMIT - 1, LIMIT}) {
            for (int step : new int[] {1, 2, 100, LIMIT}) {
                Stepper stepper = new Stepper(role, SMALL);
                byte[] payload = ascii(length);
                byte[] wire = role.inbound(Stepper.BINARY, payload);
                stepper.engine.receive("receive");
                for (int at = 0; at < wire.length; at += step) {
                    stepper.read(Arrays.copyOfRange(wire, at, Math.min(wire.length, at + step)));
                }
                Action whole = stepper.indicated(BINARY_MESSAGE, payload);
                assertThat(whole.frameRemaining()).isZero();
                stepper.engine.completeAction(whole);
                stepper.nothing();
            }
        }
    }

    /** 700 bytes: 100, 200 and 150 as they come, and then 250, which fit, in one piece. */
    @ParameterizedTest
    @EnumSource
    void frameThatDoesNotFitIsIndicatedAsItArrivesAndItsRestWhole(Role role) {
        Stepper stepper = new Stepper(role, SMALL);
        byte[] payload = ascii(700);
        byte[] wire = role.inbound(Stepper.BINARY, payload);
        int header = wire.length - 700;
        int from = 0;
        for (int to : new int[] {100, 300, 450}) {
            stepper.receive(Arrays.copyOfRange(wire, from == 0 ? 0 : header + from, header + to));
            Action chunk = stepper.indicated(BINARY_FRAGMENT, Arrays.copyOfRange(payload, from, to));
            assertThat(chunk.frameRemaining()).isEqualTo(700 - to);
            stepper.engine.completeAction(chunk);
            stepper.nothing();
            from = to;
        }

        stepper.engine.receive("last");
        stepper.read(Arrays.copyOfRange(wire, header + 450, header + 600));
        stepper.read(Arrays.copyOfRange(wire, header + 600, header + 699));
        stepper.read(Arrays.copyOfRange(wire, header + 699, header + 700));

        Action last = stepper.indicated(BINARY_MESSAGE, Arrays.copyOfRange(payload, 450, 700));
        assertThat(last.frameRemaining()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void headerOfAFrameThatDoesNotFitIsNotIndicatedAsAnEmptyChunk(Role role) {
        Stepper stepper = new Stepper(role, SMALL);
        byte[] wire = role.inbound(Stepper.BINARY, ascii(700));
        stepper.receive(Arrays.copyOf(wire, wire.length - 700));
        stepper.read(Arrays.copyOfRange(wire, wire.length - 700, wire.length - 699));

        stepper.takeIndicated(BINARY_FRAGMENT, ascii(1));
    }

    @ParameterizedTest
    @EnumSource
    void chunkIsNeverLargerThanTheLimitThoughMoreIsAtHand(Role role) {
        Stepper stepper = new Stepper(role, SMALL);
        byte[] payload = ascii(600);
        stepper.engine.receive("receive");
        stepper.readLent(role.inbound(Stepper.BINARY_FRAGMENT, payload), role.inbound(Stepper.LAST_CONTINUATION, NONE));

        Action chunk = stepper.indicated(BINARY_FRAGMENT, Arrays.copyOf(payload, LIMIT));
        assertThat(chunk.frameRemaining()).isEqualTo(600 - LIMIT);
        stepper.engine.completeAction(chunk);
        stepper.engine.receive("receive");
        stepper.takeIndicated(BINARY_FRAGMENT, Arrays.copyOfRange(payload, LIMIT, 2 * LIMIT));
        stepper.engine.receive("receive");
        stepper.takeIndicated(BINARY_FRAGMENT, Arrays.copyOfRange(payload, 2 * LIMIT, 600));
        stepper.engine.receive("receive");
        stepper.takeIndicated(BINARY_MESSAGE, NONE);
    }

    /** Chunks, not frames: a frame with FIN is fragments and then a message, without an empty one at its end. */
    @ParameterizedTest
    @EnumSource
    void oneWireFrameMayBeSeveralFragmentsAndAMessage(Role role) {
        Stepper stepper = new Stepper(role, SMALL);
        stepper.engine.receive("receive");
        stepper.readLent(role.inbound(Stepper.BINARY, ascii(2 * LIMIT)), role.inbound(Stepper.BINARY, "next"));

        stepper.takeIndicated(BINARY_FRAGMENT, ascii(LIMIT));
        stepper.engine.receive("receive");
        stepper.takeIndicated(BINARY_MESSAGE, Arrays.copyOfRange(ascii(2 * LIMIT), LIMIT, 2 * LIMIT));
        stepper.engine.receive("receive");
        stepper.takeIndicated(BINARY_MESSAGE, Bytes.utf8("next"));
    }

    @ParameterizedTest
    @EnumSource
    void callersMemoryIsFilledFromItsOffsetAndNowhereElse(Role role) {
        for (boolean lent : new boolean[] {true, false}) {
            Stepper stepper = new Stepper(role, SMALL);
            byte[] memory = new byte[200];
            stepper.engine.receive(memory, 30, 150, "receive");
            byte[] wire = role.inbound(Stepper.BINARY, ascii(150));
            if (lent) {
                stepper.readLent(wire);
            } else {
                stepper.read(Arrays.copyOf(wire, 100));
                stepper.read(Arrays.copyOfRange(wire, 100, wire.length));
            }

            Action whole = stepper.indicated(BINARY_MESSAGE, ascii(150));

            assertThat(memory).isEqualTo(concat(new byte[30], ascii(150), new byte[20]));
            assertThat(whole.buffer(0).array()).isSameAs(memory);
            assertThat(whole.buffer(0).arrayOffset()).isEqualTo(30);
        }
    }

    @ParameterizedTest
    @EnumSource
    void lengthOfTheCallersMemoryIsTheLimit(Role role) {
        Stepper stepper = new Stepper(role, SMALL);
        byte[] memory = new byte[125];
        stepper.engine.receive(memory, 0, 125, "first");
        stepper.readLent(role.inbound(Stepper.BINARY, ascii(300)));
        Action chunk = stepper.indicated(BINARY_FRAGMENT, ascii(125));
        assertThat(chunk.frameRemaining()).isEqualTo(175);
        stepper.engine.completeAction(chunk);

        byte[] larger = new byte[175];
        stepper.engine.receive(larger, 0, 175, "second");
        stepper.takeIndicated(BINARY_MESSAGE, Arrays.copyOfRange(ascii(300), 125, 300));
    }

    /** A frame of 10,000 bytes, forty times the engine's own buffer, read in pieces of at most that. */
    @ParameterizedTest
    @EnumSource
    void callersMemoryMayBeLargerThanTheReceiveBuffer(Role role) {
        Stepper stepper = new Stepper(role, SMALL);
        byte[] memory = new byte[10_000];
        byte[] wire = role.inbound(Stepper.BINARY, ascii(10_000));
        stepper.engine.receive(memory, 0, memory.length, "receive");
        for (int at = 0; at < wire.length; at += LIMIT) {
            stepper.read(Arrays.copyOfRange(wire, at, Math.min(wire.length, at + LIMIT)));
        }

        stepper.takeIndicated(BINARY_MESSAGE, ascii(10_000));
        assertThat(memory).isEqualTo(ascii(10_000));
    }

    /** How a message is assembled into memory that is allocated once. */
    @ParameterizedTest
    @EnumSource
    void frameRemainingIsTheMemoryThatTheRestNeeds(Role role) {
        Stepper stepper = new Stepper(role, SMALL);
        byte[] payload = ascii(70_000);
        byte[] wire = role.inbound(Stepper.BINARY, payload);
        stepper.receive(Arrays.copyOf(wire, LIMIT));
        Action first = stepper.next(RECEIVE, INDICATE_RECEIVE_COMPLETE);
        byte[] message = new byte[(int) (first.length() + first.frameRemaining())];
        assertThat(message).hasSize(payload.length);
        first.copyTo(message, 0);
        int have = first.length();
        stepper.engine.completeAction(first);

        stepper.engine.receive(message, have, message.length - have, "rest");
        stepper.readLent(Arrays.copyOfRange(wire, LIMIT, 50_000));
        stepper.readLent(Arrays.copyOfRange(wire, 50_000, wire.length));

        assertThat(stepper.next(RECEIVE, INDICATE_RECEIVE_COMPLETE).bufferType())
                .isEqualTo(BINARY_MESSAGE);
        assertThat(message).isEqualTo(payload);
    }

    @ParameterizedTest
    @EnumSource
    void limitsOfSuccessiveReceivesMayDiffer(Role role) {
        Stepper stepper = new Stepper(role, SMALL);
        byte[] payload = ascii(1000);
        byte[] memory = new byte[600];
        stepper.engine.receive(memory, 0, 300, 1);
        stepper.readLent(role.inbound(Stepper.BINARY, payload));
        stepper.takeIndicated(BINARY_FRAGMENT, Arrays.copyOf(payload, 300));
        stepper.engine.receive(2);
        stepper.takeIndicated(BINARY_FRAGMENT, Arrays.copyOfRange(payload, 300, 300 + LIMIT));
        stepper.engine.receive(memory, 300, 300, 3);
        stepper.takeIndicated(BINARY_FRAGMENT, Arrays.copyOfRange(payload, 300 + LIMIT, 600 + LIMIT));
        stepper.engine.receive(memory, 0, 600, 4);
        stepper.takeIndicated(BINARY_MESSAGE, Arrays.copyOfRange(payload, 600 + LIMIT, 1000));
    }

    @ParameterizedTest
    @EnumSource
    void controlFrameFillsTheCallersMemoryToo(Role role) {
        Stepper stepper = new Stepper(role);
        byte[] memory = new byte[125];
        stepper.engine.receive(memory, 0, 125, "receive");
        stepper.read(role.inbound(Stepper.PONG, ascii(125)));

        stepper.takeIndicated(PING_PONG, ascii(125));
        assertThat(memory).isEqualTo(ascii(125));
    }

    @ParameterizedTest
    @EnumSource
    void callersMemoryThatCannotHoldAControlFrameIsRefused(Role role) {
        Stepper stepper = new Stepper(role);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stepper.engine.receive(new byte[200], 0, 124, null))
                .withMessageContaining("it needs 125");
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> stepper.engine.receive(new byte[200], 100, 125, null));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> stepper.engine.receive(new byte[200], -1, 125, null));
        assertThat(stepper.engine.pendingReceives()).isZero();
    }

    /** A Receive that has not all it wants asks the network, again and again, and is the same Receive. */
    @ParameterizedTest
    @EnumSource
    void receiveThatWaitsForItsRestStaysPending(Role role) {
        Stepper stepper = new Stepper(role, SMALL);
        byte[] wire = role.inbound(Stepper.BINARY, ascii(200));
        stepper.receive(Arrays.copyOf(wire, 50));
        Action read = stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);
        assertThat(read.context()).isEqualTo("receive");
        assertThat(read.length()).isEqualTo(LIMIT);
        assertThat(read.buffer(0).remaining()).isEqualTo(LIMIT);
        assertThat(stepper.engine.pendingReceives()).isEqualTo(1);
    }
}
