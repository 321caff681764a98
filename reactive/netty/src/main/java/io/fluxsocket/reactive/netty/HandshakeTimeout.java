package io.fluxsocket.reactive.netty;

import java.time.Duration;

/** How long an opening handshake may take, on either side. */
final class HandshakeTimeout {
    /** As Netty grants the TLS handshake. */
    static final Duration DEFAULT = Duration.ofSeconds(10);

    /** More does not fit into nanoseconds; the times of a session have the same bound. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private HandshakeTimeout() {}

    static Duration checked(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "handshakeTimeout is " + timeout + "; it must be above 0 and at most 36,500 days");
        }
        return timeout;
    }
}
