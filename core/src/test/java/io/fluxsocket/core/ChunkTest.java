package io.fluxsocket.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a receive indicates, wherever it lies and however it is taken. */
class ChunkTest {
    /** "37 fa 21 3d" on the wire. */
    private static final int KEY = 0x3d21fa37;

    private final Chunk chunk = new Chunk();

    private static ByteBuffer wire(byte[] payload, boolean direct) {
        int capacity = payload.length + 5;
        return (direct ? ByteBuffer.allocateDirect(capacity) : ByteBuffer.allocate(capacity))
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(3, Bytes.masked(payload));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMaskedChunkInTheNetworkBufferIsUnmaskedHoweverItIsTaken(boolean direct) {
        for (int n : new int[] {0, 1, 8, 125, 511, 512, 20_000}) {
            byte[] payload = Bytes.ascii(n);
            chunk.inNetwork(wire(payload, direct), 3, n, KEY);
            byte[] copy = new byte[n + 2];
            chunk.copyTo(copy, 1);
            assertThat(Arrays.copyOfRange(copy, 1, n + 1)).isEqualTo(payload);
            assertThat(copy[0] | copy[n + 1]).isZero();
            assertThat(chunk.toByteArray()).isEqualTo(payload);
            for (int i = 0; i < 2; i++) {
                assertThat(bytes(chunk.view())).as("view %d", i).isEqualTo(payload);
            }
            chunk.copyTo(copy, 2);
            assertThat(Arrays.copyOfRange(copy, 2, n + 2)).as("after the view").isEqualTo(payload);
            chunk.release();
        }
    }

    /** Any part of it, and masked anew where a key is given. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPartIsCopiedForASendAndMaskedWithItsKey(boolean inNetwork) {
        byte[] payload = Bytes.ascii(1000);
        for (int sendKey : new int[] {0, 0x01020304}) {
            for (int from : new int[] {0, 1, 3, 400}) {
                for (int n : new int[] {0, 1, 77, 600}) {
                    if (inNetwork) {
                        chunk.inNetwork(wire(payload, true), 3, 1000, KEY);
                    } else {
                        chunk.inArray(Bytes.concat(new byte[5], payload), 5, 1000);
                    }
                    ByteBuffer out = ByteBuffer.allocateDirect(n + 4).order(ByteOrder.LITTLE_ENDIAN);
                    chunk.copyTo(out, 2, from, n, sendKey);
                    byte[] expected = Arrays.copyOfRange(payload, from, from + n);
                    Masker.mask(expected, 0, n, sendKey);
                    assertThat(bytes(out)).isEqualTo(Bytes.concat(new byte[2], expected, new byte[2]));
                    chunk.release();
                }
            }
        }
    }

    @Test
    void anUnmaskedChunkStaysAsItIs() {
        ByteBuffer wire = ByteBuffer.wrap(Bytes.utf8("Hello")).order(ByteOrder.LITTLE_ENDIAN);
        chunk.inNetwork(wire, 0, 5, 0);

        assertThat(bytes(chunk.view())).isEqualTo(Bytes.utf8("Hello"));
    }

    @Test
    void aChunkAssembledInPartsIsUnmaskedWithTheKeyRotated() {
        byte[] payload = Bytes.ascii(23);
        ByteBuffer wire = wire(payload, true);
        for (int split = 0; split <= 23; split++) {
            chunk.begin(23);
            assertThat(chunk.missing()).isEqualTo(23);
            assertThat(chunk.add(wire, 3, split, KEY)).as("ASCII").isTrue();
            assertThat(chunk.end()).isEqualTo(split);
            assertThat(chunk.missing()).isEqualTo(23 - split);
            assertThat(chunk.add(wire, 3 + split, 23 - split, Masker.rotate(KEY, split)))
                    .as("ASCII")
                    .isTrue();
            assertThat(chunk.missing()).isZero();
            assertThat(bytes(chunk.view())).isEqualTo(payload);
            chunk.release();
        }
    }

    @Test
    void anArrayOfExactlyItsSizeIsGivenAwayAndNotUsedAgain() {
        byte[] first = assembled(10);
        byte[] second = assembled(10);

        assertThat(first).isEqualTo(Bytes.ascii(10)).isNotSameAs(second);
    }

    @Test
    void anArrayThatWasNotGivenAwayIsUsedAgainAndItsOldBytesAreNotShown() {
        chunk.begin(20);
        chunk.add(wire(Bytes.ascii(20), false), 3, 20, KEY);
        byte[] memory = chunk.array();
        chunk.release();
        chunk.begin(4);
        chunk.add(wire(Bytes.ascii(4), false), 3, 4, KEY);

        assertThat(chunk.array()).isSameAs(memory);
        assertThat(bytes(chunk.view())).isEqualTo(Bytes.ascii(4));
        assertThat(chunk.toByteArray()).isEqualTo(Bytes.ascii(4)).isNotSameAs(memory);
        chunk.release();
        chunk.begin(20);
        assertThat(chunk.array()).isSameAs(memory);
    }

    @Test
    void aChunkInTheCallersArrayIsNeverGivenAway() {
        byte[] callers = new byte[10];
        chunk.begin(callers, 0, 10);
        chunk.add(wire(Bytes.ascii(10), false), 3, 10, KEY);

        assertThat(callers).isEqualTo(Bytes.ascii(10));
        assertThat(chunk.toByteArray()).isEqualTo(callers).isNotSameAs(callers);
        chunk.release();
        chunk.begin(10);
        assertThat(chunk.array()).isNotSameAs(callers);
    }

    @Test
    void aTruncatedChunkIsAsLongAsWhatWasAdded() {
        chunk.begin(10);
        chunk.add(wire(Bytes.ascii(10), false), 3, 4, KEY);
        chunk.truncate();

        assertThat(chunk.missing()).isZero();
        assertThat(chunk.size()).isEqualTo(4);
        assertThat(chunk.toByteArray()).isEqualTo(Bytes.ascii(4));
    }

    @Test
    void copyingWhereItDoesNotFitCopiesNothing() {
        for (int at : new int[] {-1, 6, 10, 11, Integer.MAX_VALUE}) {
            byte[] destination = new byte[10];
            chunk.inArray(Bytes.ascii(5), 0, 5);
            assertThatThrownBy(() -> chunk.copyTo(destination, at)).isInstanceOf(IndexOutOfBoundsException.class);
            chunk.inNetwork(wire(Bytes.ascii(5), false), 3, 5, KEY);
            assertThatThrownBy(() -> chunk.copyTo(destination, at)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(destination).containsOnly(0);
        }
    }

    @Test
    void aReleasedChunkIsEmpty() {
        chunk.inNetwork(wire(Bytes.ascii(5), false), 3, 5, KEY);
        chunk.release();

        assertThat(chunk.size()).isZero();
        assertThat(chunk.toByteArray()).isEmpty();
        assertThat(chunk.view().remaining()).isZero();
    }

    private byte[] assembled(int n) {
        chunk.begin(n);
        chunk.add(wire(Bytes.ascii(n), false), 3, n, KEY);
        byte[] taken = chunk.toByteArray();
        chunk.release();
        return taken;
    }

    private static byte[] bytes(ByteBuffer view) {
        byte[] bytes = new byte[view.remaining()];
        view.duplicate().get(bytes);
        return bytes;
    }
}
