package io.fluxsocket.core;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Turns bytes into the header of a frame (RFC 6455 §5.2); judges nothing.
 *
 * <p>A header that lies in one piece is read in place; one that is split over reads is collected first.
 */
final class FrameReader {
    private static final int LONGEST_HEADER = 14;

    /** FIN, RSV and opcode. */
    int first;
    /** Mask bit and short length. */
    int second;
    /** Payload length; negative if the highest bit of a 64-bit length was set. */
    long length;
    /** The masking key; 0 for an unmasked frame. */
    int key;

    private @Nullable ByteBuffer partial;
    private int collected;

    /**
     * Reads a header.
     *
     * @param in little endian
     * @return the position behind the header; -1 if the bytes up to {@code limit} were too few and have been collected
     */
    int read(ByteBuffer in, int position, int limit) {
        if (collected == 0 && limit - position >= 2) {
            int start = in.getShort(position);
            int size = headerSize(start >> 8);
            if (limit - position >= size) {
                parse(in, position, start, size);
                return position + size;
            }
        }
        return collect(in, position, limit);
    }

    /** Whether {@link #first} and {@link #second} of an incomplete header are known, and so can be judged early. */
    boolean hasFirstTwoBytes() {
        return collected >= 2;
    }

    private int collect(ByteBuffer in, int position, int limit) {
        if (position == limit) {
            return -1; // A connection whose headers are never split needs no buffer for them.
        }
        ByteBuffer header = partial;
        if (header == null) {
            partial = header = ByteBuffer.allocate(LONGEST_HEADER).order(ByteOrder.LITTLE_ENDIAN);
        }
        int next = position;
        while (next < limit) {
            header.put(collected++, in.get(next++));
            if (collected == 2) {
                first = header.get(0) & 0xff;
                second = header.get(1) & 0xff;
            }
            if (collected >= 2 && collected == headerSize(header.get(1))) {
                parse(header, 0, header.getShort(0), collected);
                collected = 0;
                return next;
            }
        }
        return -1;
    }

    /** @param start the first two bytes, the first one lowest */
    private void parse(ByteBuffer in, int position, int start, int size) {
        first = start & 0xff;
        second = start >> 8 & 0xff;
        int shortLength = second & Opcode.LENGTH;
        if (shortLength < 126) {
            length = shortLength;
        } else if (shortLength == 126) {
            length = Short.reverseBytes(in.getShort(position + 2)) & 0xffff;
        } else {
            length = Long.reverseBytes(in.getLong(position + 2));
        }
        key = (second & Opcode.MASK) != 0 ? in.getInt(position + size - 4) : 0;
    }

    private static int headerSize(int second) {
        int extended = switch (second & Opcode.LENGTH) {
            case 126 -> 2;
            case 127 -> 8;
            default -> 0;
        };
        return 2 + extended + ((second & Opcode.MASK) != 0 ? 4 : 0);
    }
}
