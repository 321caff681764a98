package io.fluxsocket.samples.conformance;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Bytes in, frames out, one after the other. Judges the header alone: mask, reserved bits, opcodes and lengths. */
final class FrameReader {
    private final boolean masked;
    private final boolean deflate;

    private byte[] bytes = Bytes.NONE;
    private int at;

    /** The frame in progress, once its header is known; its payload grows. */
    private @Nullable Frame header;

    private int maskKey;
    private long remaining;
    private ByteArrayOutputStream payload = new ByteArrayOutputStream();

    /**
     * @param masked whether the subject has to mask (RFC 6455 §5.1)
     * @param deflate whether RSV1 may be set
     */
    FrameReader(boolean masked, boolean deflate) {
        this.masked = masked;
        this.deflate = deflate;
    }

    /** More of the stream, which is the reader's from now on. */
    void add(byte[] more) {
        bytes = at == bytes.length ? more : Bytes.join(Arrays.copyOfRange(bytes, at, bytes.length), more);
        at = 0;
    }

    /** The next whole frame, unmasked; null if there is none yet. */
    @Nullable
    Frame next() {
        Frame begun = header;
        if (begun == null) {
            begun = readHeader();
            if (begun == null) {
                return null;
            }
            header = begun;
        }
        int n = (int) Math.min(remaining, bytes.length - at);
        payload.write(bytes, at, n);
        at += n;
        remaining -= n;
        if (remaining > 0) {
            return null;
        }
        header = null;
        byte[] content = payload.toByteArray();
        payload = new ByteArrayOutputStream();
        if (masked) {
            for (int i = 0; i < content.length; i++) {
                content[i] ^= (byte) (maskKey >> 8 * (3 - i % 4));
            }
        }
        return new Frame(begun.fin(), begun.rsv(), begun.opcode(), content);
    }

    private @Nullable Frame readHeader() {
        int available = bytes.length - at;
        if (available < 2) {
            return null;
        }
        int second = bytes[at + 1] & 0xff;
        int lengthBytes = (second & 0x7f) == 126 ? 2 : (second & 0x7f) == 127 ? 8 : 0;
        boolean hasKey = (second & 0x80) != 0;
        int size = 2 + lengthBytes + (hasKey ? 4 : 0);
        if (available < size) {
            return null;
        }
        int first = bytes[at] & 0xff;
        long length = lengthBytes == 0 ? second & 0x7f : number(at + 2, lengthBytes);
        maskKey = hasKey ? (int) number(at + 2 + lengthBytes, 4) : 0;
        remaining = length;
        Frame frame = new Frame((first & 0x80) != 0, first >> 4 & 7, first & 15, Bytes.NONE);
        check(frame, length, lengthBytes, hasKey);
        at += size;
        return frame;
    }

    private long number(int from, int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | bytes[from + i] & 0xff;
        }
        return value;
    }

    private void check(Frame frame, long length, int lengthBytes, boolean hasKey) {
        require(hasKey == masked, masked ? "a client's frame is not masked" : "a server's frame is masked");
        boolean mayBeCompressed = deflate && (frame.opcode() == Frame.TEXT || frame.opcode() == Frame.BINARY);
        require(frame.rsv() == 0 || mayBeCompressed && frame.rsv() == Frame.RSV1, "reserved bits " + frame.rsv());
        require(frame.opcode() <= 2 || frame.opcode() >= 8 && frame.opcode() <= 10, "opcode " + frame.opcode());
        require(length >= 0, "a length with its top bit set");
        require(
                lengthBytes == 0 || length > 125 && (lengthBytes == 2 || length > 0xffff),
                "a length of " + length + " in " + lengthBytes + " bytes");
        require(!frame.isControl() || frame.fin() && length <= 125, "a control frame in fragments or too long");
    }

    private static void require(boolean fulfilled, String otherwise) {
        if (!fulfilled) {
            throw new Fault(1002, otherwise);
        }
    }
}
