package io.fluxsocket.reactive;

import io.fluxsocket.core.Action;
import io.fluxsocket.core.BufferType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes frames of chunks. The network may split a character between two chunks of text: its first bytes, at most three, are
 * carried over to the next one, so that the text of each frame decodes.
 */
final class TextCarry {
    /** The bytes carried over, the first one highest. */
    private int bits;

    private int length;

    int length() {
        return length;
    }

    /** The chunk as a frame, or null if nothing is left to emit of it: no empty frame that does not end a message. */
    @Nullable
    WebSocketFrame frame(Action chunk, BufferType type) {
        boolean isFinal = type.isFinal();
        if (type.isText() && (length != 0 || !isFinal)) {
            return text(join(chunk), isFinal);
        }
        if (chunk.length() == 0 && !isFinal) {
            return null;
        }
        return WebSocketFrame.owned(type.isText(), isFinal, chunk.toByteArray());
    }

    /** Bytes that begin with what was carried over. */
    private @Nullable WebSocketFrame text(byte[] bytes, boolean isFinal) {
        int tail = isFinal ? 0 : Utf8Tail.length(bytes, bytes.length);
        int whole = bytes.length - tail;
        add(bytes, whole);
        if (whole == 0 && !isFinal) {
            return null;
        }
        return WebSocketFrame.owned(true, isFinal, tail == 0 ? bytes : Arrays.copyOf(bytes, whole));
    }

    /** Carries over what begins at an index: at most three bytes. Nothing may be carried over already. */
    void add(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            bits = (bits << 8) | (bytes[i] & 0xFF);
        }
        length = bytes.length - from;
    }

    private byte[] join(Action chunk) {
        if (length == 0) {
            return chunk.toByteArray();
        }
        byte[] bytes = new byte[length + chunk.length()];
        chunk.copyTo(bytes, moveTo(bytes, 0));
        return bytes;
    }

    /** Puts the bytes carried over, which are carried no longer. Returns where they end. */
    int moveTo(byte[] destination, int offset) {
        for (int i = length - 1; i >= 0; i--) {
            destination[offset + i] = (byte) bits;
            bits >>>= 8;
        }
        int end = offset + length;
        length = 0;
        return end;
    }
}
