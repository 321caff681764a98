package io.fluxsocket.core;

import static io.fluxsocket.core.Action.Kind.INDICATE_SEND_COMPLETE;
import static io.fluxsocket.core.Action.Kind.SEND_TO_NETWORK;
import static io.fluxsocket.core.ActionQueue.SEND;
import static io.fluxsocket.core.BufferType.BINARY_MESSAGE;
import static io.fluxsocket.core.Bytes.NONE;
import static io.fluxsocket.core.Bytes.ascii;
import static io.fluxsocket.core.Bytes.concat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The memory of a send (reference page, 4.7). */
class SendBufferRulesTest {
    private static final EngineSettings UNMASKED =
            EngineSettings.builder().maskingDisabled(true).build();

    /** The payload, in every kind of memory that it may be handed over in, with bytes around it that are not its own. */
    private static List<ByteBuffer> inAllMemories(byte[] payload) {
        byte[] surrounded = concat(ascii(5), payload, ascii(3));
        ByteBuffer heap = ByteBuffer.wrap(surrounded, 5, payload.length);
        ByteBuffer direct = ByteBuffer.allocateDirect(surrounded.length)
                .put(surrounded)
                .position(5)
                .limit(5 + payload.length);
        return List.of(heap, heap.slice(), heap.asReadOnlyBuffer(), direct, direct.slice(), direct.asReadOnlyBuffer());
    }

    /** With masking disabled a client sends a key of zero, so that its payload needs no copy either. */
    @ParameterizedTest
    @EnumSource
    void unmaskedPayloadIsTheApplicationsMemoryItself(Role role) {
        Stepper stepper = new Stepper(role, UNMASKED);
        byte[] payload = ascii(100);
        stepper.engine.send(BINARY_MESSAGE, payload, 20, 70, null);
        Action action = stepper.next(SEND, SEND_TO_NETWORK);

        assertThat(action.bufferCount()).isEqualTo(2);
        ByteBuffer view = action.buffer(1);
        assertThat(view.array()).isSameAs(payload);
        assertThat(view.arrayOffset() + view.position()).isEqualTo(20);
        assertThat(view.remaining()).isEqualTo(70);
    }

    @ParameterizedTest
    @EnumSource
    void unmaskedPayloadOfABufferIsThatBuffersMemory(Role role) {
        for (ByteBuffer memory : List.of(
                ByteBuffer.allocate(100).position(20),
                ByteBuffer.allocateDirect(100).position(20))) {
            Stepper stepper = new Stepper(role, UNMASKED);
            stepper.engine.send(BINARY_MESSAGE, memory, null);
            Action action = stepper.next(SEND, SEND_TO_NETWORK);
            memory.put(20, (byte) 'x');

            assertThat(action.buffer(1).get(0)).isEqualTo((byte) 'x');
            assertThat(action.buffer(1).remaining()).isEqualTo(80);
        }
    }

    @Test
    void maskedPayloadIsACopyInTheSendBufferAndTheApplicationsStaysAsItIs() {
        for (ByteBuffer memory : inAllMemories(ascii(3000))) {
            Stepper stepper = new Stepper(Role.CLIENT);
            stepper.engine.send(BINARY_MESSAGE, memory, null);

            assertThat(stepper.takeSend(null)).isEqualTo(Role.CLIENT.outbound(Stepper.BINARY, ascii(3000)));
            assertThat(Stepper.bytes(memory)).isEqualTo(ascii(3000));
        }
    }

    /** Header and payload share the send buffer: 4,096 bytes of frame fit, one more is a second part. */
    @Test
    void partOfAMaskedPayloadIsNoLargerThanTheSendBuffer() {
        for (int size : new int[] {16, 17, 100, 4096, 10_000}) {
            Stepper stepper = new Stepper(
                    Role.CLIENT, EngineSettings.builder().sendBufferSize(size).build());
            for (int length : new int[] {0, 1, size - 8, size - 7, size, 3 * size + 1}) {
                stepper.engine.send(BINARY_MESSAGE, ascii(length), null);
                int left = Role.CLIENT.outbound(Stepper.BINARY, ascii(length)).length;
                while (left > 0) {
                    Action part = stepper.next(SEND, SEND_TO_NETWORK);
                    assertThat(part.length()).isEqualTo(Math.min(left, size));
                    left -= part.length();
                    stepper.engine.completeAction(part, part.length());
                }
                stepper.engine.completeAction(stepper.next(SEND, INDICATE_SEND_COMPLETE));
            }
        }
    }

    /** 256 KiB, so that writability can be checked in between (DESIGN.md, section 2). */
    @ParameterizedTest
    @EnumSource
    void noPartIsLargerThan256KiB(Role role) {
        for (EngineSettings settings : List.of(
                UNMASKED, EngineSettings.builder().sendBufferSize(1 << 20).build())) {
            Stepper stepper = new Stepper(role, settings);
            stepper.engine.send(BINARY_MESSAGE, new byte[3 << 20], null);
            for (int left = (3 << 20) + (role == Role.CLIENT ? 14 : 10); left > 0; ) {
                Action part = stepper.next(SEND, SEND_TO_NETWORK);
                assertThat(part.length()).isEqualTo(Math.min(left, 256 << 10));
                left -= part.length();
                stepper.engine.completeAction(part, part.length());
            }
            stepper.next(SEND, INDICATE_SEND_COMPLETE);
        }
    }

    /** Every memory of the payload, every kind of destination, lengths around each form of header and several parts. */
    @ParameterizedTest
    @EnumSource
    void writeToAndTheBuffersHoldTheSameBytes(Role role) {
        for (int length : new int[] {0, 1, 7, 8, 125, 126, 511, 512, 5000, 65535, 65536, 300_000}) {
            byte[] expected = role.outbound(Stepper.BINARY, ascii(length));
            for (ByteBuffer memory : inAllMemories(ascii(length))) {
                Stepper stepper = new Stepper(role);
                stepper.engine.send(BINARY_MESSAGE, memory, null);
                byte[] wire = NONE;
                while (wire.length < expected.length) {
                    Action part = stepper.next(SEND, SEND_TO_NETWORK);
                    byte[] written = writtenTo(ByteBuffer.allocate(part.length() + 20), part);
                    assertThat(writtenTo(ByteBuffer.allocateDirect(part.length() + 20), part))
                            .isEqualTo(written);
                    assertThat(Stepper.bytes(part)).isEqualTo(written);
                    assertThat(writtenTo(ByteBuffer.allocate(part.length() + 20), part))
                            .isEqualTo(written);
                    wire = concat(wire, written);
                    stepper.engine.completeAction(part, part.length());
                }
                assertThat(wire).isEqualTo(expected);
                stepper.next(SEND, INDICATE_SEND_COMPLETE);
            }
        }
    }

    private static byte[] writtenTo(ByteBuffer destination, Action action) {
        destination.position(7).limit(7 + action.length() + 3);
        action.writeTo(destination);
        assertThat(destination.position()).isEqualTo(7 + action.length());
        assertThat(destination.limit()).isEqualTo(7 + action.length() + 3);
        assertThat(destination.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        for (int at : new int[] {0, 6, 7 + action.length(), 9 + action.length()}) {
            assertThat(destination.get(at)).isZero();
        }
        return Stepper.bytes(destination.flip().position(7));
    }

    @ParameterizedTest
    @EnumSource
    void writeToATooSmallBufferPutsNothing(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(BINARY_MESSAGE, ascii(50), null);
        Action action = stepper.next(SEND, SEND_TO_NETWORK);
        ByteBuffer small = ByteBuffer.allocate(action.length() + 1).limit(action.length() - 1);

        assertThatExceptionOfType(BufferOverflowException.class).isThrownBy(() -> action.writeTo(small));

        assertThat(small.position()).isZero();
        assertThat(small.array()).containsOnly(0);
        assertThat(small.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        action.writeTo(small.limit(action.length()));
        assertThat(Stepper.bytes(small.flip())).isEqualTo(role.outbound(Stepper.BINARY, ascii(50)));
    }

    @ParameterizedTest
    @EnumSource
    void positionAndLimitOfAPayloadAreReadWhenItIsQueuedAndNeverChanged(Role role) {
        Stepper stepper = new Stepper(role);
        ByteBuffer payload = ByteBuffer.wrap(ascii(100)).position(10).limit(60).order(ByteOrder.LITTLE_ENDIAN);
        stepper.engine.send(BINARY_MESSAGE, payload, null);
        payload.position(40);

        byte[] wire = stepper.takeSend(null);

        assertThat(wire).isEqualTo(role.outbound(Stepper.BINARY, Arrays.copyOfRange(ascii(100), 10, 60)));
        assertThat(payload.position()).isEqualTo(40);
        assertThat(payload.limit()).isEqualTo(60);
        assertThat(payload.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    }

    @ParameterizedTest
    @EnumSource
    void partOfAnArrayThatIsNotThereIsRefused(Role role) {
        Stepper stepper = new Stepper(role);
        for (int[] range : new int[][] {{-1, 2}, {0, 6}, {5, 1}, {2, -1}}) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> stepper.engine.send(BINARY_MESSAGE, new byte[5], range[0], range[1], null));
        }
        stepper.nothing();
    }

    @ParameterizedTest
    @EnumSource
    void buffersAreCountedAndEmptyPartsHaveNone(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(BINARY_MESSAGE, NONE, null);
        Action action = stepper.next(SEND, SEND_TO_NETWORK);

        assertThat(action.bufferCount()).isEqualTo(1);
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> action.buffer(1));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> action.buffer(-1));
    }

    @ParameterizedTest
    @EnumSource
    void buffersAreInvalidOnceTheActionIsCompleted(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(BINARY_MESSAGE, ascii(5), null);
        Action action = stepper.next(SEND, SEND_TO_NETWORK);
        stepper.engine.completeAction(action, action.length());

        assertThatIllegalStateException().isThrownBy(() -> action.buffer(0)).withMessageContaining("no longer valid");
        assertThatIllegalStateException().isThrownBy(() -> action.writeTo(ByteBuffer.allocate(100)));
    }

    @ParameterizedTest
    @EnumSource
    void sendHasNoReceivedPayloadAndItsIndicationNothingToSend(Role role) {
        Stepper stepper = new Stepper(role);
        stepper.engine.send(BINARY_MESSAGE, ascii(5), null);
        Action action = stepper.next(SEND, SEND_TO_NETWORK);
        assertThatIllegalStateException().isThrownBy(action::toByteArray);
        assertThatIllegalStateException().isThrownBy(() -> action.copyTo(new byte[5], 0));
        assertThat(action.closeStatus()).isNull();
        stepper.engine.completeAction(action, action.length());

        Action indication = stepper.next(SEND, INDICATE_SEND_COMPLETE);
        assertThatIllegalStateException().isThrownBy(() -> indication.writeTo(ByteBuffer.allocate(100)));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> indication.buffer(0));
    }
}
