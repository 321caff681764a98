package io.fluxsocket.core;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The bytes that were read from the network and not yet consumed: in the engine's own buffer, or in one lent by the driver. */
final class NetworkBuffer {
    private static final ByteBuffer NONE = ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);

    private final int ownSize;
    private @Nullable ByteBuffer own;

    private ByteBuffer current = NONE;
    private int position;
    private int limit;

    NetworkBuffer(int ownSize, @Nullable ByteBuffer own) {
        this.ownSize = ownSize;
        this.own = own == null ? null : own.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Little endian; absolute access between {@link #position} and {@link #limit} only. */
    ByteBuffer bytes() {
        return current;
    }

    int position() {
        return position;
    }

    int limit() {
        return limit;
    }

    int available() {
        return limit - position;
    }

    void position(int newPosition) {
        position = newPosition;
    }

    /** The engine's own buffer, empty, to be filled. */
    ByteBuffer room() {
        ByteBuffer buffer = own;
        if (buffer == null) {
            own = buffer = ByteBuffer.allocate(ownSize).order(ByteOrder.LITTLE_ENDIAN);
        }
        return buffer.clear();
    }

    /** The first {@code n} bytes of the engine's own buffer were filled. */
    void filled(int n) {
        ByteBuffer buffer = own;
        if (buffer == null || n > buffer.capacity()) {
            throw new IllegalArgumentException(
                    n
                            + " bytes were put into the buffer of RECEIVE_FROM_NETWORK, but it was not asked for or is smaller");
        }
        current = buffer;
        position = 0;
        limit = n;
    }

    /** The driver's buffer takes the place of the engine's own. */
    void lend(ByteBuffer buffer) {
        if (buffer.isReadOnly()) {
            throw new IllegalArgumentException("the buffer lent is read-only; the engine unmasks in place");
        }
        current = buffer.order(ByteOrder.LITTLE_ENDIAN);
        position = buffer.position();
        limit = buffer.limit();
    }

    /** Nothing of a buffer lent is touched any more. */
    void giveBack() {
        current = NONE;
        position = 0;
        limit = 0;
    }
}
