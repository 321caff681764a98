package io.fluxsocket.core;

/** The opcodes and bits of a frame's first two bytes (RFC 6455 §5.2). */
final class Opcode {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    static final int FIN = 0x80;
    static final int RSV = 0x70;
    static final int RSV1 = 0x40;
    static final int OPCODE = 0x0f;
    static final int MASK = 0x80;
    static final int LENGTH = 0x7f;

    private Opcode() {}

    static boolean isControl(int opcode) {
        return opcode >= CLOSE;
    }

    /** The opcode that begins a frame of this type. */
    static int of(BufferType type) {
        return switch (type) {
            case UTF8_MESSAGE, UTF8_FRAGMENT -> TEXT;
            case BINARY_MESSAGE, BINARY_FRAGMENT -> BINARY;
            case CLOSE -> CLOSE;
            case PING_PONG, PING -> PING;
            case UNSOLICITED_PONG -> PONG;
        };
    }
}
