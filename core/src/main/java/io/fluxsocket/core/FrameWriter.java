package io.fluxsocket.core;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Turns the one outbound frame that is in progress into bytes (RFC 6455 §5.2), in parts: one part a SEND_TO_NETWORK.
 *
 * <p>Frames are atomic on the wire, so there is never more than one in progress, whoever it comes from.
 */
final class FrameWriter {
    /** The largest part, so that the driver can look between two parts whether it may still write. */
    private static final int LARGEST_PART = 256 * 1024;

    private final boolean masked;
    private final int sendBufferSize;
    private @Nullable ByteBuffer sendBuffer;

    private int first;
    private @Nullable Object payload;
    private int offset;
    private int length;
    private int key;

    /** Payload bytes of the parts before this one. */
    private int done;
    /** Header bytes of this part. */
    private int headerPart;
    /** Payload bytes of this part. */
    private int payloadPart;
    /** Whether header and masked payload of this part stand in the send buffer. */
    private boolean encoded;

    FrameWriter(boolean client, EngineSettings settings, @Nullable ByteBuffer sendBuffer) {
        this.masked = client;
        this.sendBufferSize = sendBufferSize(client, settings);
        this.sendBuffer = sendBuffer == null ? null : sendBuffer.order(ByteOrder.LITTLE_ENDIAN);
    }

    static int sendBufferSize(boolean client, EngineSettings settings) {
        int size = settings.sendBufferSize();
        return size != 0 ? size : client ? 4096 : 16;
    }

    /**
     * Begins a frame.
     *
     * @param payload a byte array, a ByteBuffer or a {@link Chunk}; null if there is none
     * @param key 0 leaves the payload as it is
     */
    void begin(int first, @Nullable Object payload, int offset, int length, int key) {
        this.first = first;
        this.payload = payload;
        this.offset = offset;
        this.length = length;
        this.key = key;
        done = 0;
        headerPart = 2 + (length < 126 ? 0 : length < 65536 ? 2 : 8) + (masked ? 4 : 0);
        payloadPart = 0;
    }

    /** Begins the next part, the first included. Returns its length. */
    int nextPart() {
        int largest = key == 0 ? LARGEST_PART : Math.min(LARGEST_PART, sendBufferSize);
        payloadPart = Math.min(length - done, largest - headerPart);
        encoded = false;
        return headerPart + payloadPart;
    }

    /** Ends the part. Returns whether the frame is complete. */
    boolean endPart() {
        done += payloadPart;
        headerPart = 0;
        if (done < length) {
            return false;
        }
        payload = null;
        return true;
    }

    /** Forgets the frame. */
    void reset() {
        payload = null;
    }

    /** Puts header and payload of the part, in one pass. */
    void writeTo(ByteBuffer dst) {
        int at = dst.position();
        int end = at + headerPart + payloadPart;
        if (end > dst.limit()) {
            throw new BufferOverflowException();
        }
        boolean little = dst.order() == ByteOrder.LITTLE_ENDIAN;
        if (!little) {
            dst.order(ByteOrder.LITTLE_ENDIAN);
        }
        putHeader(dst, at);
        putPayload(dst, at + headerPart);
        dst.position(end);
        if (!little) {
            dst.order(ByteOrder.BIG_ENDIAN);
        }
    }

    int bufferCount() {
        return (headerPart != 0 ? 1 : 0) + (payloadPart != 0 ? 1 : 0);
    }

    /** A view of the header, or of the payload: the application's memory, or the send buffer where it had to be masked. */
    ByteBuffer buffer(int index) {
        if (index < 0 || index >= bufferCount()) {
            throw new IndexOutOfBoundsException("buffer " + index + " of " + bufferCount());
        }
        boolean header = index == 0 && headerPart != 0;
        if (!header && key == 0) {
            return payload instanceof byte[] bytes
                    ? ByteBuffer.wrap(bytes, offset + done, payloadPart).slice()
                    : payloadBuffer().slice(offset + done, payloadPart);
        }
        ByteBuffer encodedPart = encode();
        return header ? encodedPart.slice(0, headerPart) : encodedPart.slice(headerPart, payloadPart);
    }

    private ByteBuffer encode() {
        ByteBuffer buffer = sendBuffer;
        if (buffer == null) {
            sendBuffer = buffer = ByteBuffer.allocate(sendBufferSize).order(ByteOrder.LITTLE_ENDIAN);
        }
        if (!encoded) {
            putHeader(buffer, 0);
            if (key != 0) {
                putPayload(buffer, headerPart);
            }
            encoded = true;
        }
        return buffer;
    }

    private void putHeader(ByteBuffer dst, int at) {
        if (headerPart == 0) {
            return;
        }
        int maskBit = masked ? Opcode.MASK : 0;
        dst.put(at, (byte) first);
        if (length < 126) {
            dst.put(at + 1, (byte) (maskBit | length));
        } else if (length < 65536) {
            dst.put(at + 1, (byte) (maskBit | 126));
            dst.putShort(at + 2, Short.reverseBytes((short) length));
        } else {
            dst.put(at + 1, (byte) (maskBit | 127));
            dst.putLong(at + 2, Long.reverseBytes(length));
        }
        if (masked) {
            dst.putInt(at + headerPart - 4, key);
        }
    }

    private void putPayload(ByteBuffer dst, int at) {
        if (payloadPart == 0) {
            return;
        }
        int partKey = Masker.rotate(key, done);
        if (payload instanceof byte[] bytes) {
            Masker.copy(bytes, offset + done, dst, at, payloadPart, partKey);
        } else if (payload instanceof Chunk chunk) {
            chunk.copyTo(dst, at, done, payloadPart, partKey);
        } else {
            Masker.copy(payloadBuffer(), offset + done, dst, at, payloadPart, partKey);
        }
    }

    private ByteBuffer payloadBuffer() {
        if (payload instanceof ByteBuffer buffer) {
            return buffer;
        }
        if (payload instanceof Chunk chunk) {
            return chunk.view();
        }
        throw new IllegalStateException("the action was completed; its buffers are no longer valid");
    }
}
