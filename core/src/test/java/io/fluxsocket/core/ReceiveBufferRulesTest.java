package io.fluxsocket.core;

import static io.fluxsocket.core.Action.Kind.INDICATE_RECEIVE_COMPLETE;
import static io.fluxsocket.core.Action.Kind.RECEIVE_FROM_NETWORK;
import static io.fluxsocket.core.Action.Kind.SEND_TO_NETWORK;
import static io.fluxsocket.core.ActionQueue.RECEIVE;
import static io.fluxsocket.core.ActionQueue.SEND;
import static io.fluxsocket.core.BufferType.BINARY_FRAGMENT;
import static io.fluxsocket.core.BufferType.BINARY_MESSAGE;
import static io.fluxsocket.core.BufferType.UTF8_MESSAGE;
import static io.fluxsocket.core.Bytes.ascii;
import static io.fluxsocket.core.Bytes.concat;
import static io.fluxsocket.core.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The memory of a receive: the engine's, the caller's, and buffers lent (reference page, 4.7). */
class ReceiveBufferRulesTest {
    private static final byte[] HELLO = utf8("Hello");

    /** How the bytes of a frame come to the engine. */
    private static final List<BiConsumer<Stepper, byte[]>> ARRIVALS = List.of(
            (stepper, wire) -> stepper.receive(wire),
            (stepper, wire) -> { // the engine assembles
                stepper.receive(Arrays.copyOf(wire, wire.length / 2));
                stepper.read(Arrays.copyOfRange(wire, wire.length / 2, wire.length));
            },
            (stepper, wire) -> {
                stepper.engine.receive("receive");
                ByteBuffer direct = ByteBuffer.allocateDirect(wire.length + 9);
                direct.put(4, wire).position(4).limit(4 + wire.length);
                stepper.engine.completeAction(stepper.next(RECEIVE, RECEIVE_FROM_NETWORK), direct);
            },
            (stepper, wire) -> {
                stepper.engine.receive(new byte[2000], 100, 1800, "receive");
                stepper.readLent(Arrays.copyOf(wire, wire.length / 2));
                stepper.readLent(Arrays.copyOfRange(wire, wire.length / 2, wire.length));
            });

    private static final List<Function<Action, byte[]>> READINGS = List.of(
            action -> Stepper.bytes(action.buffer(0)),
            action -> {
                byte[] copy = new byte[action.length() + 5];
                action.copyTo(copy, 3);
                return Arrays.copyOfRange(copy, 3, 3 + action.length());
            },
            Action::toByteArray);

    /** Whether the payload is read once or twice, and in which order: unmasking happens once. */
    @ParameterizedTest
    @EnumSource
    void viewCopyAndArrayHoldTheSamePayload(Role role) {
        for (int length : new int[] {1, 3, 8, 125, 126, 600, 1500}) {
            for (BiConsumer<Stepper, byte[]> arrival : ARRIVALS) {
                for (int order = 0; order < 8; order++) {
                    Stepper stepper = new Stepper(role);
                    arrival.accept(stepper, role.inbound(Stepper.BINARY, ascii(length)));
                    Action action = stepper.next(RECEIVE, INDICATE_RECEIVE_COMPLETE);
                    for (int i = 0; i < 3; i++) {
                        Function<Action, byte[]> viewOrCopy = READINGS.get(order >> i & 1);
                        assertThat(viewOrCopy.apply(action)).isEqualTo(ascii(length));
                    }
                    assertThat(action.toByteArray()).isEqualTo(ascii(length));
                    stepper.engine.completeAction(action);
                }
            }
        }
    }

    /** Text that is not ASCII is unmasked where it lies, for it to be checked, and so must not be again. */
    @ParameterizedTest
    @EnumSource
    void textIsUnmaskedOnce(Role role) {
        byte[] text = utf8("h\u00e9llo \u20ac");
        for (BiConsumer<Stepper, byte[]> arrival : ARRIVALS) {
            for (Function<Action, byte[]> reading : READINGS) {
                Stepper stepper = new Stepper(role);
                arrival.accept(stepper, role.inbound(Stepper.TEXT, text));
                assertThat(reading.apply(stepper.next(RECEIVE, INDICATE_RECEIVE_COMPLETE)))
                        .isEqualTo(text);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void arrayIsTheCallersFromThenOn(Role role) {
        for (BiConsumer<Stepper, byte[]> arrival : ARRIVALS) {
            Stepper stepper = new Stepper(role);
            arrival.accept(stepper, role.inbound(Stepper.BINARY, ascii(600)));
            Action action = stepper.next(RECEIVE, INDICATE_RECEIVE_COMPLETE);
            byte[] taken = action.toByteArray();
            stepper.engine.completeAction(action);
            for (int i = 0; i < 3; i++) {
                byte[] other = new byte[600];
                arrival.accept(stepper, role.inbound(Stepper.BINARY, other));
                action = stepper.next(RECEIVE, INDICATE_RECEIVE_COMPLETE);
                assertThat(action.toByteArray()).isEqualTo(other).isNotSameAs(taken);
                stepper.engine.completeAction(action);
            }
            assertThat(taken).isEqualTo(ascii(600));
        }
    }

    @ParameterizedTest
    @EnumSource
    void smallFrameIsUnmaskedIntoTheEnginesMemoryAndLeavesTheBufferLentAsItIs(Role role) {
        byte[] wire = role.inbound(Stepper.BINARY, HELLO);
        byte[] lent = wire.clone();
        Stepper stepper = new Stepper(role);
        stepper.engine.receive("receive");
        stepper.engine.completeAction(stepper.next(RECEIVE, RECEIVE_FROM_NETWORK), ByteBuffer.wrap(lent));
        Action action = stepper.next(RECEIVE, INDICATE_RECEIVE_COMPLETE);

        assertThat(Stepper.bytes(action.buffer(0))).isEqualTo(HELLO);
        assertThat(lent).isEqualTo(wire);
    }

    /** A frame of 1000 bytes that is there in full, and one of 10,000 bytes that is neither there nor fits. */
    @ParameterizedTest
    @EnumSource
    void indicationOfMoreIsAViewOfTheBufferLentWithoutACopy(Role role) {
        byte[] whole = role.inbound(Stepper.BINARY, ascii(1000));
        byte[] large = role.inbound(Stepper.BINARY, ascii(10_000));
        for (byte[] wire : List.of(whole, Arrays.copyOf(large, 1000))) {
            Stepper stepper = new Stepper(role);
            stepper.engine.receive("receive");
            stepper.engine.completeAction(stepper.next(RECEIVE, RECEIVE_FROM_NETWORK), ByteBuffer.wrap(wire));
            Action action = stepper.next(RECEIVE, INDICATE_RECEIVE_COMPLETE);

            ByteBuffer view = action.buffer(0);

            assertThat(view.array()).isSameAs(wire);
            assertThat(view.arrayOffset() + view.position()).isEqualTo(wire.length - action.length());
            assertThat(Stepper.bytes(view))
                    .isEqualTo(Arrays.copyOf(wire.length == 1000 ? ascii(10_000) : ascii(1000), action.length()));
        }
    }

    /** What is kept of a buffer lent, be it half a header or half a payload, is not kept in that buffer. */
    @ParameterizedTest
    @EnumSource
    void bufferLentIsGivenBackWithTheNextReceiveFromNetwork(Role role) {
        byte[] wire = concat(
                role.inbound(Stepper.PING, "ping"),
                role.inbound(Stepper.BINARY_FRAGMENT, ascii(130)),
                role.inbound(Stepper.LAST_CONTINUATION, ascii(9)));
        for (int cut = 1; cut < wire.length; cut++) {
            Stepper stepper = new Stepper(role);
            for (int i = 0; i < 2; i++) {
                stepper.engine.receive("receive");
            }
            byte[] first = Arrays.copyOf(wire, cut);
            byte[] second = Arrays.copyOfRange(wire, cut, wire.length);
            byte[] received = takeAll(stepper, first);
            byte[] rest = takeAll(stepper, second);
            assertThat(concat(received, rest)).isEqualTo(concat(ascii(130), ascii(9)));
        }
    }

    /** Lends, takes what is indicated, and once the buffer is given back spoils it and sees that nobody writes there. */
    private static byte[] takeAll(Stepper stepper, byte[] lent) {
        stepper.engine.completeAction(stepper.next(RECEIVE, RECEIVE_FROM_NETWORK), ByteBuffer.wrap(lent));
        byte[] received = Bytes.NONE;
        while (stepper.engine.pendingReceives() != 0) {
            Action action = stepper.engine.getAction(RECEIVE);
            if (action.kind() == RECEIVE_FROM_NETWORK) {
                Arrays.fill(lent, (byte) '!');
                stepper.engine.completeAction(action, 0);
                action = stepper.next(RECEIVE, INDICATE_RECEIVE_COMPLETE);
                received = concat(received, action.toByteArray());
                stepper.engine.completeAction(action);
                stepper.engine.receive("receive");
                assertThat(lent).containsOnly('!');
                return received;
            }
            if (action.kind() == SEND_TO_NETWORK) {
                stepper.engine.completeAction(action, action.length());
            } else {
                received = concat(received, action.toByteArray());
                stepper.engine.completeAction(action);
            }
        }
        return received;
    }

    @ParameterizedTest
    @EnumSource
    void bufferLentIsGivenBackByAbort(Role role) {
        Stepper stepper = new Stepper(role);
        for (int i = 0; i < 3; i++) {
            stepper.engine.receive(i);
        }
        byte[] lent = concat(role.inbound(Stepper.BINARY, HELLO), role.inbound(Stepper.TEXT, "w\u00f6rld"));
        stepper.engine.completeAction(stepper.next(RECEIVE, RECEIVE_FROM_NETWORK), ByteBuffer.wrap(lent));
        Action outstanding = stepper.indicated(BINARY_MESSAGE, HELLO);

        stepper.engine.abort();
        byte[] before = lent.clone();
        assertThat(outstanding.length()).isZero();
        assertThat(outstanding.toByteArray()).isEmpty();
        assertThat(outstanding.buffer(0).hasRemaining()).isFalse();
        stepper.engine.completeAction(outstanding);
        stepper.takeReceiveCutShort(1);
        stepper.takeReceiveCutShort(2);

        assertThat(lent).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void bufferLentMustBeWritable(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.receive("receive");
        Action read = stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);
        ByteBuffer wire = ByteBuffer.wrap(role.inbound(Stepper.BINARY, HELLO));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> stepper.engine.completeAction(read, wire.asReadOnlyBuffer()))
                .withMessageContaining("read-only");

        stepper.engine.completeAction(read, wire);
        stepper.takeIndicated(BINARY_MESSAGE, HELLO);
    }

    @ParameterizedTest
    @EnumSource
    void bufferIsLentForReceiveFromNetworkOnly(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(BINARY_MESSAGE, HELLO, "send");
        Action send = stepper.next(SEND, SEND_TO_NETWORK);
        stepper.receive(role.inbound(Stepper.BINARY, HELLO));
        Action indication = stepper.indicated(BINARY_MESSAGE, HELLO);

        for (Action action : List.of(send, indication)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> stepper.engine.completeAction(action, ByteBuffer.allocate(10)))
                    .withMessageContaining("RECEIVE_FROM_NETWORK only");
        }

        stepper.engine.completeAction(send, send.length());
        stepper.engine.completeAction(indication);
    }

    /** The engine's own buffer and buffers lent take turns. */
    @ParameterizedTest
    @EnumSource
    void ownBufferAndBuffersLentMayAlternate(Role role) {
        Stepper stepper = new Stepper(role);
        byte[] payload = ascii(1000);
        byte[] wire = role.inbound(Stepper.BINARY, payload);
        stepper.engine.receive("receive");
        for (int at = 0; at < wire.length; at += 100) {
            byte[] piece = Arrays.copyOfRange(wire, at, Math.min(wire.length, at + 100));
            if (at / 100 % 2 == 0) {
                stepper.read(piece);
            } else {
                stepper.readLent(piece);
            }
        }
        stepper.takeIndicated(BINARY_MESSAGE, payload);
    }

    @ParameterizedTest
    @EnumSource
    void bufferLentMayBeLargerThanTheReceiveBuffer(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.receive("receive");
        stepper.readLent(role.inbound(Stepper.BINARY, ascii(10_000)));
        stepper.takeIndicated(BINARY_FRAGMENT, Arrays.copyOf(ascii(10_000), 4096));
    }

    @ParameterizedTest
    @EnumSource
    void copyToMemoryThatIsTooSmallIsRefused(Role role) {
        for (BiConsumer<Stepper, byte[]> arrival : ARRIVALS) {
            Stepper stepper = new Stepper(role);
            arrival.accept(stepper, role.inbound(Stepper.BINARY, ascii(20)));
            Action action = stepper.next(RECEIVE, INDICATE_RECEIVE_COMPLETE);
            byte[] memory = new byte[25];
            for (int offset : new int[] {-1, 6, 26, Integer.MAX_VALUE}) {
                assertThatExceptionOfType(IndexOutOfBoundsException.class)
                        .isThrownBy(() -> action.copyTo(memory, offset));
            }
            assertThat(memory).containsOnly(0);
            action.copyTo(memory, 5);
            assertThat(memory).isEqualTo(concat(new byte[5], ascii(20)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void payloadIsInvalidOnceTheActionIsCompleted(Role role) {
        for (BiConsumer<Stepper, byte[]> arrival : ARRIVALS) {
            Stepper stepper = new Stepper(role);
            arrival.accept(stepper, role.inbound(Stepper.TEXT, HELLO));
            Action action = stepper.indicated(UTF8_MESSAGE, HELLO);
            stepper.engine.completeAction(action);

            assertThatIllegalStateException()
                    .isThrownBy(() -> action.buffer(0))
                    .withMessageContaining("no longer valid");
            assertThatIllegalStateException().isThrownBy(action::toByteArray);
            assertThatIllegalStateException().isThrownBy(() -> action.copyTo(new byte[5], 0));
        }
    }

    /** A receive that is cut short has an empty payload, wherever the one before it has put its own. */
    @ParameterizedTest
    @EnumSource
    void cutShortBehindAReceiveIntoACallersBufferIsEmpty(Role role) {
        for (Function<Action, byte[]> reading : READINGS) {
            Stepper stepper = new Stepper(role);
            stepper.engine.receive(new byte[200], 7, 150, "receive");
            stepper.engine.receive("cut short");
            stepper.read(role.inbound(Stepper.TEXT, HELLO));
            stepper.takeIndicated(UTF8_MESSAGE, HELLO);
            stepper.readNothing();

            Action action = stepper.next(RECEIVE, INDICATE_RECEIVE_COMPLETE);
            assertThat(action.isCutShort()).isTrue();
            assertThat(reading.apply(action)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void roomIsInvalidOnceTheReadIsCompleted(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.receive("receive");
        Action read = stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);
        assertThatIllegalStateException().isThrownBy(read::toByteArray);
        assertThatIllegalStateException().isThrownBy(() -> read.writeTo(ByteBuffer.allocate(10)));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> read.buffer(1));
        stepper.engine.completeAction(read, 0);

        assertThatIllegalStateException().isThrownBy(() -> read.buffer(0));
    }
}
