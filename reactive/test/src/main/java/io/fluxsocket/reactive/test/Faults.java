package io.fluxsocket.reactive.test;

import java.time.Duration;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is wrong with a {@link Wire} at present. On the loop. */
final class Faults {
    static final long NEVER = Long.MAX_VALUE;

    /** As much as a session emits at once. */
    private static final int LARGEST_READ = 64 << 10;

    boolean readsStalled;
    boolean writesStalled;
    boolean unwritable;
    Duration delay = Duration.ZERO;
    /** Where the stream is to end; NEVER if nowhere. */
    long truncateAt = NEVER;
    /** Where the connection is to be lost; NEVER if nowhere. */
    long resetAt = NEVER;

    private int[] chunks = {LARGEST_READ};
    private int nextChunk;
    private final TreeMap<Long, Integer> corruptions = new TreeMap<>();

    void chunks(int... sizes) {
        chunks = sizes.length == 0 ? new int[] {LARGEST_READ} : sizes.clone();
        nextChunk = 0;
    }

    /** How much the next read gets at most. */
    int nextChunk() {
        int size = chunks[nextChunk];
        nextChunk = Math.min(nextChunk + 1, chunks.length - 1);
        return size;
    }

    void corrupt(long position, int bits) {
        corruptions.merge(position, bits, (a, b) -> a ^ b);
    }

    /**
     * What is left of bytes: corrupted, and cut at the end of the stream if that is to come.
     *
     * @param from the position of the first one
     */
    byte[] leave(byte[] bytes, long from) {
        byte[] left = Arrays.copyOf(bytes, (int) Math.max(0, Math.min(bytes.length, truncateAt - from)));
        SortedMap<Long, Integer> due = corruptions.headMap(from + left.length);
        due.forEach((position, bits) -> left[(int) (position - from)] ^= bits.byteValue());
        due.clear();
        return left;
    }
}
