package io.fluxsocket.samples.chat;

import java.time.Duration;

/** How fast one client may talk. Who is faster is not refused: their next message is looked at later, and TCP pushes back. */
final class Pace {
    /** In one second. */
    static final int MOST = 50;

    private static final long SECOND = 1_000_000_000;

    private long start;
    private int said;

    /** How long one more message, which is there now, has to wait. */
    Duration delay(long nanoTime) {
        if (said == 0 || nanoTime - start >= SECOND) {
            start = nanoTime;
            said = 0;
        }
        if (++said <= MOST) {
            return Duration.ZERO;
        }
        long end = start + SECOND;
        start = end;
        said = 1;
        return Duration.ofNanos(end - nanoTime);
    }
}
