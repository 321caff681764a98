package io.fluxsocket.reactive;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A whole message: what {@link WebSocketConnection#receiveMessages()} emits.
 *
 * <p>Immutable, and collected by the garbage collector: there is nothing to release. To send one, {@link #toFrame()} makes
 * a final frame of it without copying.
 */
public final class WebSocketMessage {
    /** What a message is (RFC 6455 §5.6). */
    public enum Type {
        /** Text, UTF-8 on the wire. */
        TEXT,
        /** Binary data. */
        BINARY
    }

    private final Type type;
    private final byte[] bytes;

    private WebSocketMessage(Type type, byte[] bytes) {
        this.type = type;
        this.bytes = bytes;
    }

    /**
     * A text message.
     *
     * @param text any text; an unpaired surrogate is replaced by {@code ?}
     * @return the message
     */
    public static WebSocketMessage text(String text) {
        return new WebSocketMessage(Type.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A binary message.
     *
     * @param payload copied
     * @return the message
     */
    public static WebSocketMessage binary(byte[] payload) {
        return new WebSocketMessage(Type.BINARY, payload.clone());
    }

    /**
     * A binary message.
     *
     * @param payload its remaining bytes are copied; position and limit do not change
     * @return the message
     */
    public static WebSocketMessage binary(ByteBuffer payload) {
        byte[] copy = new byte[payload.remaining()];
        payload.get(payload.position(), copy);
        return new WebSocketMessage(Type.BINARY, copy);
    }

    /** A message around an array of exactly its size that nobody else changes. */
    static WebSocketMessage owned(boolean text, byte[] bytes) {
        return new WebSocketMessage(text ? Type.TEXT : Type.BINARY, bytes);
    }

    /** {@return what this message is} */
    public Type type() {
        return type;
    }

    /** {@return whether this is text} */
    public boolean isText() {
        return type == Type.TEXT;
    }

    /** {@return the length of the payload in bytes} */
    public int length() {
        return bytes.length;
    }

    /**
     * The payload as text, decoded at each call. Of a binary message, what is not UTF-8 is replaced by U+FFFD.
     *
     * @return the text
     */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * Copies the payload.
     *
     * @param destination where to
     * @param offset where the payload begins in it
     * @throws IndexOutOfBoundsException if it does not fit; nothing is copied then
     */
    public void copyTo(byte[] destination, int offset) {
        Objects.checkFromIndexSize(offset, bytes.length, destination.length);
        System.arraycopy(bytes, 0, destination, offset, bytes.length);
    }

    /** {@return a copy of the payload} */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /** {@return a new read-only view of the payload, not a copy} */
    public ByteBuffer payload() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** {@return this message as one final frame, to be sent; the payload is not copied} */
    public WebSocketFrame toFrame() {
        return WebSocketFrame.owned(isText(), true, bytes);
    }

    /** Whether the other message has the same type and payload. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WebSocketMessage message && type == message.type && Arrays.equals(bytes, message.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * type.hashCode() + Arrays.hashCode(bytes);
    }

    /** Type, length and the beginning of the payload, for logs. */
    @Override
    public String toString() {
        return toFrame().toString();
    }
}
