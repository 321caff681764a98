package io.fluxsocket.samples.benchmarks;

import java.util.Arrays;

/** A histogram of times: 32 buckets for each power of two, so that a value is at most 3 % off. */
final class Latencies {
    private static final int BITS = 5;

    private final long[] counts = new long[(64 - BITS + 1) << BITS];
    private long total;

    void record(long nanos) {
        counts[bucket(Math.max(0, nanos))]++;
        total++;
    }

    void clear() {
        Arrays.fill(counts, 0);
        total = 0;
    }

    /** The time in microseconds that this share of the messages did not exceed; not a number if there was none. */
    double micros(double share) {
        long left = (long) Math.ceil(share * total);
        for (int bucket = 0; bucket < counts.length; bucket++) {
            left -= counts[bucket];
            if (left <= 0 && total > 0) {
                return upperBound(bucket) / 1000.0;
            }
        }
        return Double.NaN;
    }

    private static int bucket(long value) {
        int shift = Math.max(0, 64 - Long.numberOfLeadingZeros(value) - BITS - 1);
        return (shift << BITS) + (int) (value >>> shift);
    }

    private static long upperBound(int bucket) {
        int shift = Math.max(0, (bucket >>> BITS) - 1);
        return ((long) (bucket - (shift << BITS)) + 1) << shift;
    }
}
