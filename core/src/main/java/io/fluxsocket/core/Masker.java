package io.fluxsocket.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Masking (RFC 6455 §5.3): XOR with a key of four bytes, eight bytes at a time.
 *
 * <p>A key is an int whose lowest byte masks the first byte. No state is kept: after n bytes the caller goes on with {@link
 * #rotate rotate(key, n)}. The ByteBuffers given are in little endian order.
 *
 * <p>Up to {@value #BLOCK_THRESHOLD} bytes are copied and masked in one pass of longs. Above that a bulk copy of 8 KiB, which
 * the JIT makes with the widest moves there are, and an XOR of that block while it is in the first-level cache are faster.
 *
 * <p>The last bytes, less than 32, are copied without a loop of longs, by the bits of their number: before the first round of
 * a loop the JIT computes with some eighty instructions how far indices need no check, which for 20 bytes, both ways, was 5 %
 * of what an echo costs engine and session.
 */
final class Masker {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    /** The most bytes that are copied and masked in one pass. */
    static final int BLOCK_THRESHOLD = 512;

    private static final int BLOCK = 8192;
    private static final long NON_ASCII = 0x8080808080808080L;

    /**
     * What is masked on its way from buffer to buffer, of each thread: a block, and a key again and again. The loop over both calls
     * nothing. Where the session sends what it receives, the accessors of {@link #LONG} and of buffers may stand so deep in the
     * calls that the JIT does not inline them (MaxInlineLevel): in one of seven starts of a JVM an echo of 16 KiB cost 2.4 times
     * as much.
     */
    private static final class Passage {
        static final ThreadLocal<Passage> OF_THREAD = ThreadLocal.withInitial(Passage::new);

        final byte[] block = new byte[BLOCK];
        private final byte[] keys = new byte[BLOCK];

        /** Repeats a key over so many bytes. */
        void key(int key, int n) {
            for (int i = 0; i < 4; i++) {
                keys[i] = (byte) (key >>> (i << 3));
            }
            for (int have = 4; have < n; have <<= 1) {
                System.arraycopy(keys, 0, keys, have, have);
            }
        }

        void mask(int n) {
            byte[] bytes = block;
            byte[] with = keys;
            for (int i = 0; i < n; i++) {
                bytes[i] ^= with[i];
            }
        }
    }

    private Masker() {}

    /** The key for what follows after {@code n} bytes. */
    static int rotate(int key, long n) {
        return Integer.rotateRight(key, ((int) n & 3) << 3);
    }

    /**
     * Copies and masks from a buffer into an array; a key of 0 only copies.
     *
     * @return whether what now stands in the array is known to be ASCII; never above {@value #BLOCK_THRESHOLD} bytes
     */
    static boolean copy(ByteBuffer src, int from, byte[] dst, int to, int n, int key) {
        if (n > BLOCK_THRESHOLD) {
            copyBlocks(src, from, dst, to, n, key);
            return false;
        }
        long wide = widen(key);
        long bits = 0;
        for (int i = 0; i < (n & -32); i += 8) {
            bits |= copyLong(src, from + i, dst, to + i, wide);
        }
        if ((n & 16) != 0) {
            int i = n & -32;
            bits |= copyLong(src, from + i, dst, to + i, wide);
            bits |= copyLong(src, from + i + 8, dst, to + i + 8, wide);
        }
        if ((n & 8) != 0) {
            int i = n & -16;
            bits |= copyLong(src, from + i, dst, to + i, wide);
        }
        if ((n & 4) != 0) {
            int i = n & -8;
            int four = src.getInt(from + i) ^ key;
            bits |= four;
            INT.set(dst, to + i, four);
        }
        for (int i = n & -4; i < n; i++) {
            byte one = (byte) (src.get(from + i) ^ key >>> ((i & 3) << 3));
            bits |= one;
            dst[to + i] = one;
        }
        return (bits & NON_ASCII) == 0;
    }

    private static long copyLong(ByteBuffer src, int from, byte[] dst, int to, long wide) {
        long masked = src.getLong(from) ^ wide;
        LONG.set(dst, to, masked);
        return masked;
    }

    private static void copyBlocks(ByteBuffer src, int from, byte[] dst, int to, int n, int key) {
        if (key == 0) {
            src.get(from, dst, to, n);
            return;
        }
        for (int done = 0; done < n; done += BLOCK) {
            int block = Math.min(BLOCK, n - done);
            src.get(from + done, dst, to + done, block);
            mask(dst, to + done, block, key);
        }
    }

    /** Copies and masks from an array into a buffer; a key of 0 only copies. */
    static void copy(byte[] src, int from, ByteBuffer dst, int to, int n, int key) {
        if (n > BLOCK_THRESHOLD) {
            copyBlocks(src, from, dst, to, n, key);
            return;
        }
        long wide = widen(key);
        for (int i = 0; i < (n & -32); i += 8) {
            copyLong(src, from + i, dst, to + i, wide);
        }
        if ((n & 16) != 0) {
            int i = n & -32;
            copyLong(src, from + i, dst, to + i, wide);
            copyLong(src, from + i + 8, dst, to + i + 8, wide);
        }
        if ((n & 8) != 0) {
            int i = n & -16;
            copyLong(src, from + i, dst, to + i, wide);
        }
        if ((n & 4) != 0) {
            int i = n & -8;
            dst.putInt(to + i, (int) INT.get(src, from + i) ^ key);
        }
        for (int i = n & -4; i < n; i++) {
            dst.put(to + i, (byte) (src[from + i] ^ key >>> ((i & 3) << 3)));
        }
    }

    private static void copyLong(byte[] src, int from, ByteBuffer dst, int to, long wide) {
        dst.putLong(to, (long) LONG.get(src, from) ^ wide);
    }

    private static void copyBlocks(byte[] src, int from, ByteBuffer dst, int to, int n, int key) {
        if (key == 0) {
            dst.put(to, src, from, n);
            return;
        }
        for (int done = 0; done < n; done += BLOCK) {
            int block = Math.min(BLOCK, n - done);
            dst.put(to + done, src, from + done, block);
            mask(dst, to + done, block, key);
        }
    }

    /** Copies and masks between buffers; a key of 0 only copies. */
    static void copy(ByteBuffer src, int from, ByteBuffer dst, int to, int n, int key) {
        if (key == 0) {
            dst.put(to, src, from, n);
            return;
        }
        Passage passage = Passage.OF_THREAD.get();
        passage.key(key, Math.min(BLOCK, n));
        for (int done = 0; done < n; done += BLOCK) {
            int block = Math.min(BLOCK, n - done);
            src.get(from + done, passage.block, 0, block);
            passage.mask(block);
            dst.put(to + done, passage.block, 0, block);
        }
    }

    /** Masks a part of an array in place. */
    static void mask(byte[] bytes, int from, int n, int key) {
        if (key == 0) {
            return;
        }
        long wide = widen(key);
        int i = 0;
        for (; i <= n - 8; i += 8) {
            LONG.set(bytes, from + i, (long) LONG.get(bytes, from + i) ^ wide);
        }
        for (; i < n; i++) {
            bytes[from + i] ^= (byte) (key >>> ((i & 3) << 3));
        }
    }

    /** Masks a part of a buffer in place. */
    static void mask(ByteBuffer bytes, int from, int n, int key) {
        if (key == 0) {
            return;
        }
        long wide = widen(key);
        int i = 0;
        for (; i <= n - 8; i += 8) {
            bytes.putLong(from + i, bytes.getLong(from + i) ^ wide);
        }
        for (; i < n; i++) {
            bytes.put(from + i, (byte) (bytes.get(from + i) ^ key >>> ((i & 3) << 3)));
        }
    }

    /** Whether masked bytes are ASCII once unmasked, without unmasking them: only the highest bits matter. */
    static boolean isAscii(ByteBuffer bytes, int from, int n, int key) {
        long wide = widen(key) & NON_ASCII;
        long differing = 0;
        int i = 0;
        for (; i <= n - 32; i += 32) {
            differing |= (bytes.getLong(from + i) ^ wide)
                    | (bytes.getLong(from + i + 8) ^ wide)
                    | (bytes.getLong(from + i + 16) ^ wide)
                    | (bytes.getLong(from + i + 24) ^ wide);
        }
        for (; i <= n - 8; i += 8) {
            differing |= bytes.getLong(from + i) ^ wide;
        }
        if (n - i >= 4) {
            differing |= bytes.getInt(from + i) ^ key;
            i += 4;
        }
        for (; i < n; i++) {
            differing |= (bytes.get(from + i) ^ key >>> ((i & 3) << 3)) & 0x80;
        }
        return (differing & NON_ASCII) == 0;
    }

    /** Whether these bytes of an array are ASCII. */
    static boolean isAscii(byte[] bytes, int from, int n) {
        long bits = 0;
        int i = 0;
        for (; i <= n - 8; i += 8) {
            bits |= (long) LONG.get(bytes, from + i);
        }
        for (; i < n; i++) {
            bits |= bytes[from + i] & 0x80;
        }
        return (bits & NON_ASCII) == 0;
    }

    private static long widen(int key) {
        return (key & 0xffffffffL) | (long) key << 32;
    }
}
