package io.fluxsocket.samples.conformance;

import java.nio.ByteBuffer;

/**
 * What the judging peer saw.
 *
 * @param payload compared by content
 */
record Event(Kind kind, ByteBuffer payload) {
    enum Kind {
        TEXT,
        BINARY,
        PING,
        PONG,
        /** The connection was open still when a pause was over. */
        STILL_OPEN
    }

    static final Event STILL_OPEN = of(Kind.STILL_OPEN, Bytes.NONE);

    static Event of(Kind kind, byte[] payload) {
        return new Event(kind, ByteBuffer.wrap(payload));
    }

    static Event message(int opcode, byte[] payload) {
        return opcode == Frame.TEXT ? text(payload) : binary(payload);
    }

    static Event text(byte[] payload) {
        return of(Kind.TEXT, payload);
    }

    static Event text(String payload) {
        return text(Bytes.utf8(payload));
    }

    static Event binary(byte[] payload) {
        return of(Kind.BINARY, payload);
    }

    static Event pong(String payload) {
        return pong(Bytes.utf8(payload));
    }

    static Event pong(byte[] payload) {
        return of(Kind.PONG, payload);
    }

    @Override
    public String toString() {
        return kind + " of " + payload.remaining() + " bytes";
    }
}
