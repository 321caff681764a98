package io.fluxsocket.core.handshake;

import java.util.Objects;

/**
 * The peer's side of the opening handshake cannot be accepted; the connection must not be used as a WebSocket. The
 * message says what was wrong and what to do about it. It quotes at most 64 characters of a peer's value, printable
 * ASCII only, so it may be logged.
 */
public final class HandshakeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What kind of failure it is. */
    private final HandshakeFault fault;

    /**
     * Creates the exception; extensions throw it too, when the peer's parameters are not acceptable.
     *
     * @param fault what kind of failure it is
     * @param message what was wrong and what to do
     */
    public HandshakeException(HandshakeFault fault, String message) {
        super(Objects.requireNonNull(message, "message"));
        this.fault = Objects.requireNonNull(fault, "fault");
    }

    /**
     * What kind of failure it is.
     *
     * @return the fault
     */
    public HandshakeFault fault() {
        return fault;
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    static HandshakeException malformed(String message) {
        return new HandshakeException(HandshakeFault.MALFORMED, message);
    }
}
