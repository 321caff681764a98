package io.fluxsocket.reactive.test;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Makes frames of bytes and judges nothing: whatever the header says is taken as it stands (RFC 6455 §5.2). */
final class FrameDecoder {
    private final @Nullable Inflation inflation;
    private byte[] buffer = new byte[64];
    private int start;
    private int end;

    /** Without permessage-deflate. */
    FrameDecoder() {
        this(false);
    }

    FrameDecoder(boolean deflated) {
        inflation = deflated ? new Inflation() : null;
    }

    void add(byte[] bytes) {
        if (buffer.length - end < bytes.length) {
            int length = end - start;
            int size = Math.max(2 * buffer.length, length + bytes.length);
            byte[] larger = new byte[buffer.length - length >= bytes.length ? buffer.length : size];
            System.arraycopy(buffer, start, larger, 0, length);
            buffer = larger;
            start = 0;
            end = length;
        }
        System.arraycopy(bytes, 0, buffer, end, bytes.length);
        end += bytes.length;
    }

    /** The bytes of an incomplete frame. */
    byte[] rest() {
        return Arrays.copyOfRange(buffer, start, end);
    }

    /** The next frame; null while it is incomplete. */
    @Nullable
    WireFrame next() {
        ByteBuffer in = ByteBuffer.wrap(buffer, start, end - start);
        if (in.remaining() < 2) {
            return null;
        }
        int first = in.get() & 0xFF;
        int second = in.get() & 0xFF;
        int lengthSize = switch (second & 0x7F) {
            case 126 -> 2;
            case 127 -> 8;
            default -> 0;
        };
        boolean masked = (second & 0x80) != 0;
        if (in.remaining() < lengthSize + (masked ? 4 : 0)) {
            return null;
        }
        long length = switch (lengthSize) {
            case 2 -> in.getShort() & 0xFFFF;
            case 8 -> in.getLong();
            default -> second & 0x7F;
        };
        byte[] key = new byte[4];
        if (masked) {
            in.get(key);
        }
        if (length < 0 || length > in.remaining()) {
            return null;
        }
        byte[] payload = new byte[(int) length];
        in.get(payload);
        start = in.position();
        if (masked) {
            WireFrame.mask(payload, key);
        }
        byte[] content = inflation == null
                ? payload
                : inflation.inflate((first & 0x40) != 0, first & 0xF, (first & 0x80) != 0, payload);
        return new WireFrame(first, masked ? key : null, payload, content);
    }
}
