package io.fluxsocket.reactive;

import io.fluxsocket.core.Action;
import io.fluxsocket.core.BufferType;
import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.core.WebSocketProtocolException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes messages of chunks. A message in one chunk is not copied; of others, the header of each frame of the wire tells how
 * much memory is needed, and the limit is checked before any is taken.
 */
final class MessageAssembler {
    private static final byte[] NONE = {};

    /** A header alone is worth this much memory; for more, a quarter must have arrived. */
    private static final int TRUSTED = 1 << 20;

    private final int limit;
    private byte[] memory = NONE;
    private int size;
    private boolean text;

    MessageAssembler(int limit) {
        this.limit = limit;
    }

    /** Whether a message has begun and not ended. */
    boolean isEmpty() {
        return size == 0;
    }

    /**
     * Adds a chunk.
     *
     * @return the message, if this ends it
     * @throws WebSocketProtocolException if the message is going to be too big; the chunk was not added
     */
    @Nullable
    WebSocketMessage add(Action chunk, BufferType type, TextCarry carry) {
        int length = chunk.length();
        long announced = (long) size + carry.length() + length + chunk.frameRemaining();
        require(announced);
        if (size == 0 && carry.length() == 0 && type.isFinal()) {
            return WebSocketMessage.owned(type.isText(), chunk.toByteArray());
        }
        reserve(carry.length() + length, announced);
        size = carry.moveTo(memory, size);
        chunk.copyTo(memory, size);
        return added(length, type.isText(), type.isFinal());
    }

    /** Adds a frame that was received before anybody asked for a message. See the other. */
    @Nullable
    WebSocketMessage add(WebSocketFrame frame) {
        int length = frame.length();
        require((long) size + length);
        boolean isText = frame.type() == WebSocketFrame.Type.TEXT;
        if (size == 0 && frame.isFinal()) {
            return WebSocketMessage.owned(isText, frame.bytes());
        }
        reserve(length, (long) size + length);
        frame.copyTo(memory, size);
        return added(length, isText, frame.isFinal());
    }

    private void require(long announced) {
        if (announced > limit) {
            throw new WebSocketProtocolException(
                    CloseStatus.MESSAGE_TOO_BIG, "a message is larger than " + limit + " bytes");
        }
    }

    private @Nullable WebSocketMessage added(int length, boolean isText, boolean isFinal) {
        size += length;
        text = isText;
        return isFinal ? WebSocketMessage.owned(isText, take()) : null;
    }

    private void reserve(int more, long announced) {
        int needed = size + more;
        if (needed > memory.length) {
            long doubled = memory.length == 0 ? 0 : Math.min(limit, 2L * memory.length);
            long trusted = Math.max(TRUSTED, 4L * needed);
            memory = Arrays.copyOf(memory, (int) Math.min(Math.max(announced, doubled), trusted));
        }
    }

    /** Whether what has been added so far is text. */
    boolean isText() {
        return text;
    }

    /** What has been added so far; nothing afterwards. */
    byte[] take() {
        byte[] taken = memory.length == size ? memory : Arrays.copyOf(memory, size);
        memory = NONE;
        size = 0;
        return taken;
    }
}
