package io.fluxsocket.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Masking (RFC 6455 §5.3) agrees with the RFC's own loop, for every length, offset, key rotation and kind of memory. */
class MaskerTest {
    private static final int[] OFFSETS = {0, 1, 2, 3, 4, 5, 6, 7};
    /** "37 fa 21 3d" on the wire: the lowest byte masks first. */
    private static final int KEY = 0x3d21fa37;

    private final Random random = new Random(5);

    @Test
    void theLowestByteOfTheKeyMasksTheFirstByte() {
        byte[] hello = Bytes.utf8("Hello");

        Masker.mask(hello, 0, 5, KEY);

        assertThat(hello).isEqualTo(Bytes.hex("7f 9f 4d 51 58")); // "Hello" of RFC 6455 §5.7
    }

    @Test
    void aRotatedKeyGoesOnWhereTheBytesBeforeEnded() {
        assertThat(Masker.rotate(KEY, 0)).isEqualTo(KEY);
        assertThat(Masker.rotate(KEY, 1)).isEqualTo(0x373d21fa);
        assertThat(Masker.rotate(KEY, 2)).isEqualTo(0xfa373d21);
        assertThat(Masker.rotate(KEY, 3)).isEqualTo(0x21fa373d);
        assertThat(Masker.rotate(KEY, 4)).isEqualTo(KEY);
        assertThat(Masker.rotate(KEY, (1L << 40) + 1)).isEqualTo(0x373d21fa);
    }

    @Test
    void aPayloadMaskedInTwoPartsEqualsThePayloadMaskedAtOnce() {
        byte[] payload = randomBytes(100);
        byte[] whole = naive(payload, KEY);
        for (int split = 0; split <= 100; split++) {
            byte[] parts = payload.clone();
            Masker.mask(parts, 0, split, KEY);
            Masker.mask(parts, split, 100 - split, Masker.rotate(KEY, split));
            assertThat(parts).as("split at %d", split).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyWayOfMaskingAgreesWithTheNaiveLoopForEveryLengthUpTo600(boolean direct) {
        for (int n = 0; n <= 600; n++) {
            boolean nearAnEdge = n <= 40 || Math.abs(n - 512) <= 12; // 512: where copying goes by blocks
            compareAll(n, direct, nearAnEdge ? OFFSETS : new int[] {0, 1, 6});
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyWayOfMaskingAgreesWithTheNaiveLoopAroundMultiplesOf8192(boolean direct) {
        for (int blocks = 1; blocks <= 3; blocks++) {
            for (int n = 8192 * blocks - 9; n <= 8192 * blocks + 9; n++) {
                compareAll(n, direct, 0, 1, 6);
            }
        }
    }

    private void compareAll(int n, boolean direct, int... offsets) {
        byte[] payload = randomBytes(n);
        for (int key : new int[] {KEY, Masker.rotate(KEY, 1), Masker.rotate(KEY, 2), Masker.rotate(KEY, 3), 0}) {
            byte[] expected = naive(payload, key);
            for (int from : offsets) {
                for (int to : offsets) {
                    compare(payload, expected, from, to, key, direct);
                }
            }
        }
    }

    private static void compare(byte[] payload, byte[] expected, int from, int to, int key, boolean direct) {
        int n = payload.length;
        byte[] array = new byte[n + 16];
        ByteBuffer source = buffer(n + 16, direct).put(from, payload);
        Masker.copy(source, from, array, to, n, key);
        requireSame("buffer to array", array, expected, to);

        ByteBuffer target = buffer(n + 16, direct);
        Masker.copy(source, from, target, to, n, key);
        requireSame("buffer to buffer", target, expected, to);
        requireSame("source stays as it is", source, payload, from);

        byte[] sourceArray = new byte[n + 16];
        System.arraycopy(payload, 0, sourceArray, from, n);
        target = buffer(n + 16, direct);
        Masker.copy(sourceArray, from, target, to, n, key);
        requireSame("array to buffer", target, expected, to);
        requireSame("source stays as it is", sourceArray, payload, from);

        Masker.mask(sourceArray, from, n, key);
        requireSame("array in place", sourceArray, expected, from);
        Masker.mask(source, from, n, key);
        requireSame("buffer in place", source, expected, from);
    }

    /** The bytes stand at an offset, and what surrounds them is still 0. */
    private static void requireSame(String what, byte[] actual, byte[] expected, int at) {
        byte[] surrounded = new byte[expected.length + 16];
        System.arraycopy(expected, 0, surrounded, at, expected.length);
        if (!Arrays.equals(actual, surrounded)) {
            assertThat(actual)
                    .as("%s, %d bytes at %d", what, expected.length, at)
                    .isEqualTo(surrounded);
        }
    }

    private static void requireSame(String what, ByteBuffer actual, byte[] expected, int at) {
        byte[] bytes = new byte[actual.capacity()];
        actual.get(0, bytes);
        requireSame(what, bytes, expected, at);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void maskedAsciiIsRecognisedAtEveryLengthAndOffset(boolean direct) {
        for (int n = 0; n <= 130; n++) {
            byte[] ascii = Bytes.ascii(n);
            for (int from : OFFSETS) {
                for (int key : rotations()) {
                    ByteBuffer buffer = surroundedByNonAscii(naive(ascii, key), from, direct);
                    assertThat(Masker.isAscii(buffer, from, n, key)).isTrue();
                    assertThat(Masker.copy(buffer, from, new byte[n], 0, n, key))
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void maskedNonAsciiIsFoundAtEveryPosition(boolean direct) {
        for (int n = 1; n <= 130; n++) {
            for (int at = 0; at < n; at++) {
                byte[] bytes = Bytes.ascii(n);
                bytes[at] = (byte) 0x80;
                int from = at & 7;
                for (int key : rotations()) {
                    ByteBuffer buffer = buffer(n + 16, direct).put(from, naive(bytes, key));
                    assertThat(Masker.isAscii(buffer, from, n, key))
                            .as("non-ASCII byte at %d of %d", at, n)
                            .isFalse();
                    assertThat(Masker.copy(buffer, from, new byte[n], 0, n, key))
                            .as("copied, non-ASCII byte at %d of %d", at, n)
                            .isFalse();
                }
            }
        }
    }

    @Test
    void copyingMoreThanOnePassTakesSaysNothingOfAscii() {
        ByteBuffer zeros = buffer(Masker.BLOCK_THRESHOLD + 1, true);
        byte[] array = new byte[zeros.capacity()];

        assertThat(Masker.copy(zeros, 0, array, 0, Masker.BLOCK_THRESHOLD, 0)).isTrue();
        assertThat(Masker.copy(zeros, 0, array, 0, Masker.BLOCK_THRESHOLD + 1, 0))
                .isFalse();
    }

    @Test
    void asciiIsToldFromTheHighestBitAlone() {
        for (int b = 0; b < 256; b++) {
            ByteBuffer buffer = buffer(1, false).put(0, (byte) (b ^ 0xff));
            assertThat(Masker.isAscii(buffer, 0, 1, 0xffffffff)).isEqualTo(b < 0x80);
        }
    }

    private static int[] rotations() {
        return Stream.of(0xff7f80aa, 0, KEY)
                .flatMap(key -> IntStream.range(0, 4)
                        .mapToObj(n -> Masker.rotate(key, n))
                        .distinct())
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static ByteBuffer surroundedByNonAscii(byte[] bytes, int at, boolean direct) {
        ByteBuffer buffer = buffer(bytes.length + 16, direct);
        while (buffer.hasRemaining()) {
            buffer.put((byte) 0xff);
        }
        return buffer.clear().put(at, bytes);
    }

    private static ByteBuffer buffer(int capacity, boolean direct) {
        return (direct ? ByteBuffer.allocateDirect(capacity) : ByteBuffer.allocate(capacity))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    private byte[] randomBytes(int n) {
        byte[] bytes = new byte[n];
        random.nextBytes(bytes);
        return bytes;
    }

    /** RFC 6455 §5.3: j = i MOD 4, transformed-octet-i = original-octet-i XOR masking-key-octet-j. */
    private static byte[] naive(byte[] payload, int key) {
        byte[] keyOctets = {(byte) key, (byte) (key >>> 8), (byte) (key >>> 16), (byte) (key >>> 24)};
        return Bytes.masked(payload, keyOctets);
    }
}
