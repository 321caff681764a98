package io.fluxsocket.reactive;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How many of a thing are permitted in a second. A second begins with the first thing after the one before has ended. */
final class RateLimit {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final int perSecond;
    private int count;
    private long began;

    private RateLimit(int perSecond) {
        this.perSecond = perSecond;
    }

    /** A limit; null for 0, which is none. */
    static @Nullable RateLimit perSecond(int count) {
        return count == 0 ? null : new RateLimit(count);
    }

    int perSecond() {
        return perSecond;
    }

    /** Counts one more. */
    boolean permits(long now) {
        if (count == 0 || now - began >= SECOND) {
            began = now;
            count = 0;
        }
        return count++ < perSecond;
    }
}
