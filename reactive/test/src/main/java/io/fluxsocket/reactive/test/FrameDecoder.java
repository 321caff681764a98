package io.fluxsocket.reactive.test;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Makes frames of bytes and judges nothing: whatever the header says is taken as it stands (RFC 6455 §5.2). */
final class FrameDecoder {
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 64;

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
        if (missing() != 0) {
            return null;
        }
        int first = buffer[start] & 0xFF;
        int payloadStart = start + headerSize();
        int payloadEnd = payloadStart + (int) payloadLength();
        byte[] key = isMasked() ? Arrays.copyOfRange(buffer, payloadStart - 4, payloadStart) : null;
        byte[] payload = Arrays.copyOfRange(buffer, payloadStart, payloadEnd);
        start = payloadEnd;
        if (key != null) {
            WireFrame.mask(payload, key);
        }
        byte[] content = inflation == null
                ? payload
                : inflation.inflate((first & 0x40) != 0, first & 0xF, (first & 0x80) != 0, payload);
        return new WireFrame(first, key, payload, content);
    }

    /** How many bytes are missing before more can be told: of the header first, then of the payload. */
    private long missing() {
        int there = end - start;
        int header = headerSize();
        if (there < header) {
            return (long) header - there;
        }
        long length = payloadLength();
        return length < 0 ? Long.MAX_VALUE : Math.max(0, length - (there - header));
    }

    /** As far as it can be told: 2 until the second byte is there. */
    private int headerSize() {
        return end - start < 2 ? 2 : 2 + lengthSize() + (isMasked() ? 4 : 0);
    }

    private boolean isMasked() {
        return (buffer[start + 1] & 0x80) != 0;
    }

    private int lengthSize() {
        return switch (buffer[start + 1] & 0x7F) {
            case 126 -> 2;
            case 127 -> 8;
            default -> 0;
        };
    }

    private long payloadLength() {
        ByteBuffer extended = ByteBuffer.wrap(buffer, start + 2, end - start - 2);
        return switch (lengthSize()) {
            case 2 -> extended.getShort() & 0xFFFF;
            case 8 -> extended.getLong();
            default -> buffer[start + 1] & 0x7F;
        };
    }

    /** One frame of a stream, and not a byte beyond it. */
    static WireFrame read(InputStream in) throws IOException {
        FrameDecoder decoder = new FrameDecoder();
        WireFrame frame = decoder.next();
        while (frame == null) {
            long missing = decoder.missing();
            if (missing > LARGEST_ARRAY) {
                throw new IOException("the frame is longer than an array: " + FrameVectors.preview(decoder.rest()));
            }
            byte[] bytes = in.readNBytes((int) missing);
            decoder.add(bytes);
            if (bytes.length < missing) {
                throw new EOFException("the stream has ended "
                        + (decoder.end == 0
                                ? "before a frame"
                                : "within a frame: " + FrameVectors.preview(decoder.rest())));
            }
            frame = decoder.next();
        }
        return frame;
    }
}
