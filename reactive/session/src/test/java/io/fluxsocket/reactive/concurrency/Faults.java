package io.fluxsocket.reactive.concurrency;

import java.util.concurrent.atomic.AtomicInteger;

/** What a race has broken, as bits: the first number of a result. */
final class Faults {
    /** Two signals of a publisher at a time (Reactive Streams §1.3). */
    static final int NOT_SERIAL = 1;
    /** More was emitted than requested (§1.1), or less although it was there. */
    static final int DEMAND = 2;
    /** A signal after the end, or a second end (§1.7). */
    static final int AFTER_THE_END = 4;
    /** A publisher that never ended. */
    static final int ENDLESS = 8;
    /** A frame was neither sent nor discarded, or was both, or twice. */
    static final int FRAMES = 16;
    /** A timer was left behind. */
    static final int TIMER = 32;
    /** Something was thrown, or an error dropped. */
    static final int THROWN = 64;
    /** The transport was called by another thread than the event loop. */
    static final int NOT_ON_THE_LOOP = 128;
    /** The buffer that was read into was given back twice. */
    static final int READ_TWICE = 256;
    /** RFC 6455 §5.5.1. */
    static final int FRAME_AFTER_CLOSE = 512;

    private final AtomicInteger bits = new AtomicInteger();

    void add(int fault) {
        bits.accumulateAndGet(fault, (a, b) -> a | b);
    }

    int bits() {
        return bits.get();
    }
}
