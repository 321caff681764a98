package io.fluxsocket.samples.conformance;

import java.io.Serial;

/** What the subject did wrong on the wire, found by the judging peer. */
final class Fault extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final int closeCode;

    /** @param closeCode with which the judging peer fails the connection */
    Fault(int closeCode, String message) {
        super(message);
        this.closeCode = closeCode;
    }

    int closeCode() {
        return closeCode;
    }
}
