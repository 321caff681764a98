package io.fluxsocket.samples.conformance;

import java.nio.ByteBuffer;

/**
 * One frame as it stands on the wire (RFC 6455 §5.2), legal or not.
 *
 * @param rsv the three reserved bits as a number: RSV1 is 4, RSV2 is 2, RSV3 is 1
 */
record Frame(boolean fin, int rsv, int opcode, byte[] payload) {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    /** The bit that says that a message is compressed (RFC 7692 §6). */
    static final int RSV1 = 4;

    private static final int HEADER_WITHOUT_LENGTH_AND_KEY = 2;

    static Frame of(int opcode, byte[] payload) {
        return new Frame(true, 0, opcode, payload);
    }

    static Frame of(int opcode, String payload) {
        return of(opcode, Bytes.utf8(payload));
    }

    /** A close with a status code and a reason (RFC 6455 §5.5.1). */
    static Frame close(int code, byte[] reason) {
        return of(CLOSE, Bytes.join(new byte[] {(byte) (code >> 8), (byte) code}, reason));
    }

    Frame withFin(boolean fin) {
        return new Frame(fin, rsv, opcode, payload);
    }

    Frame withRsv(int rsv) {
        return new Frame(fin, rsv, opcode, payload);
    }

    boolean isControl() {
        return (opcode & 8) != 0;
    }

    /** The bytes of a server's frame. */
    byte[] encode() {
        return encode(false, 0);
    }

    /** The bytes of a client's frame. */
    byte[] encode(int maskKey) {
        return encode(true, maskKey);
    }

    private byte[] encode(boolean masked, int maskKey) {
        int length = payload.length;
        int lengthBytes = length < 126 ? 0 : length < 1 << 16 ? 2 : 8;
        ByteBuffer frame = ByteBuffer.allocate(HEADER_WITHOUT_LENGTH_AND_KEY + lengthBytes + (masked ? 4 : 0) + length);
        frame.put((byte) ((fin ? 0x80 : 0) | rsv << 4 | opcode));
        int maskBit = masked ? 0x80 : 0;
        switch (lengthBytes) {
            case 0 -> frame.put((byte) (maskBit | length));
            case 2 -> frame.put((byte) (maskBit | 126)).putShort((short) length);
            default -> frame.put((byte) (maskBit | 127)).putLong(length);
        }
        if (!masked) {
            return frame.put(payload).array();
        }
        frame.putInt(maskKey);
        for (int i = 0; i < length; i++) {
            frame.put((byte) (payload[i] ^ maskKey >> 8 * (3 - i % 4)));
        }
        return frame.array();
    }
}
