package io.fluxsocket.samples.echo;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A frame as RFC 6455 §5.2 draws it.
 *
 * @param maskKey 0 is unmasked; a peer's key of zeros is therefore told by {@code masked}
 */
record WireFrame(boolean fin, int opcode, boolean masked, int maskKey, byte[] payload) {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    static WireFrame of(boolean fin, int opcode, byte[] payload) {
        return new WireFrame(fin, opcode, false, 0, payload);
    }

    static WireFrame text(String text) {
        return of(true, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    static WireFrame binary(byte[] payload) {
        return of(true, BINARY, payload);
    }

    static WireFrame ping(String payload) {
        return of(true, PING, payload.getBytes(StandardCharsets.UTF_8));
    }

    static WireFrame close(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        return of(
                true,
                CLOSE,
                ByteBuffer.allocate(2 + text.length)
                        .putShort((short) code)
                        .put(text)
                        .array());
    }

    WireFrame masked(int key) {
        return new WireFrame(fin, opcode, true, key, payload);
    }

    /** What a close frame says: {@code "4001 bye"}. */
    String closeText() {
        if (payload.length == 0) {
            return "";
        }
        ByteBuffer body = ByteBuffer.wrap(payload);
        return (body.getShort() & 0xFFFF) + (" " + StandardCharsets.UTF_8.decode(body)).stripTrailing();
    }

    byte[] encode() {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length);
        frame.put((byte) ((fin ? 0x80 : 0) | opcode));
        int maskBit = masked ? 0x80 : 0;
        if (payload.length < 126) {
            frame.put((byte) (maskBit | payload.length));
        } else if (payload.length < 65536) {
            frame.put((byte) (maskBit | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (maskBit | 127)).putLong(payload.length);
        }
        if (masked) {
            frame.putInt(maskKey);
        }
        frame.put(mask(payload, maskKey)).flip();
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return bytes;
    }

    static byte[] encode(WireFrame... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (WireFrame frame : frames) {
            all.writeBytes(frame.encode());
        }
        return all.toByteArray();
    }

    /** Reads one frame, however it was split. */
    static WireFrame read(DataInputStream in) throws IOException {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        int length = second & 0x7F;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = Math.toIntExact(in.readLong());
        }
        boolean masked = (second & 0x80) != 0;
        int key = masked ? in.readInt() : 0;
        byte[] payload = in.readNBytes(length);
        return new WireFrame((first & 0x80) != 0, first & 0x7F, masked, key, mask(payload, key));
    }

    private static byte[] mask(byte[] payload, int key) {
        byte[] masked = new byte[payload.length];
        for (int i = 0; i < payload.length; i++) {
            masked[i] = (byte) (payload[i] ^ key >> 24 - 8 * (i & 3));
        }
        return masked;
    }
}
