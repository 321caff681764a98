package io.fluxsocket.reactive;

import io.fluxsocket.core.BufferType;
import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.core.deflate.Compression;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A frame: what {@link WebSocketConnection#receive()} emits and {@link WebSocketConnection#send} takes.
 *
 * <p>A message is one final data frame, or several data frames of one type of which only the last is
 * {@linkplain #isFinal() final}. Received frames are <em>chunks</em>: they do not follow the frames of the wire, but
 * {@code isFinal()} is the end of a message.
 *
 * <p><b>Ownership.</b> Immutable, and collected by the garbage collector like any other object: there is nothing to release
 * or to retain, and a frame may be kept, shared between threads and sent on any number of connections.
 *
 * <p><b>Text.</b> A text frame always holds whole characters: a session carries the first bytes of a character that the
 * network has split over to the next chunk.
 */
public abstract sealed class WebSocketFrame {
    private static final byte[] EMPTY = {};
    private static final Compression[] COMPRESSIONS = Compression.values();

    /** What a frame is (RFC 6455 §11.8). Continuation is not a type of its own here: a chunk has its message's type. */
    public enum Type {
        /** Text, UTF-8 on the wire (RFC 6455 §5.6). */
        TEXT,
        /** Binary data (RFC 6455 §5.6). */
        BINARY,
        /** A ping (RFC 6455 §5.5.2). */
        PING,
        /** A pong (RFC 6455 §5.5.3). */
        PONG,
        /** A close (RFC 6455 §5.5.1). */
        CLOSE;

        /** {@return whether this is a ping, a pong or a close, which may stand between the frames of a message} */
        public boolean isControl() {
            return this != TEXT && this != BINARY;
        }
    }

    private final byte[] bytes;
    private final Type type;
    private final boolean isFinal;
    /** Its place in the enum: a reference would make each frame eight bytes larger. */
    private final byte compression;

    private WebSocketFrame(Type type, boolean isFinal, byte[] bytes) {
        this(type, isFinal, bytes, Compression.BY_SIZE);
    }

    @SuppressWarnings("EnumOrdinal") // never leaves this object
    private WebSocketFrame(Type type, boolean isFinal, byte[] bytes, Compression compression) {
        this.type = type;
        this.isFinal = isFinal;
        this.bytes = bytes;
        this.compression = (byte) compression.ordinal();
    }

    /**
     * A text message.
     *
     * @param text any text; an unpaired surrogate is replaced by {@code ?}
     * @return a final text frame
     */
    public static WebSocketFrame text(String text) {
        return text(text, true);
    }

    /**
     * A part of a text message, or its last part.
     *
     * @param text any text, possibly empty; an unpaired surrogate is replaced by {@code ?}, so do not cut a pair in two
     * @param isFinal whether it ends the message
     * @return a text frame
     */
    public static WebSocketFrame text(String text, boolean isFinal) {
        return new Text(isFinal, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A binary message.
     *
     * @param payload copied
     * @return a final binary frame
     */
    public static WebSocketFrame binary(byte[] payload) {
        return binary(payload, true);
    }

    /**
     * A part of a binary message, or its last part.
     *
     * @param payload copied; possibly empty
     * @param isFinal whether it ends the message
     * @return a binary frame
     */
    public static WebSocketFrame binary(byte[] payload, boolean isFinal) {
        return new Binary(isFinal, payload.clone());
    }

    /**
     * A binary message.
     *
     * @param payload its remaining bytes are copied; position and limit do not change
     * @return a final binary frame
     */
    public static WebSocketFrame binary(ByteBuffer payload) {
        return binary(payload, true);
    }

    /**
     * A part of a binary message, or its last part.
     *
     * @param payload its remaining bytes are copied; position and limit do not change
     * @param isFinal whether it ends the message
     * @return a binary frame
     */
    public static WebSocketFrame binary(ByteBuffer payload, boolean isFinal) {
        byte[] copy = new byte[payload.remaining()];
        payload.get(payload.position(), copy);
        return new Binary(isFinal, copy);
    }

    /** {@return a ping without payload; to measure the round trip use {@link WebSocketConnection#ping()}} */
    public static WebSocketFrame ping() {
        return new Ping(EMPTY);
    }

    /**
     * A ping.
     *
     * @param payload copied; at most 125 bytes (RFC 6455 §5.5)
     * @return a ping frame
     * @throws IllegalArgumentException if the payload is longer
     */
    public static WebSocketFrame ping(byte[] payload) {
        return new Ping(control(payload));
    }

    /** {@return a pong without payload that nobody asked for (RFC 6455 §5.5.3); pings are answered without it} */
    public static WebSocketFrame pong() {
        return new Pong(EMPTY);
    }

    /**
     * A pong that nobody asked for (RFC 6455 §5.5.3). Pings are answered without it.
     *
     * @param payload copied; at most 125 bytes (RFC 6455 §5.5)
     * @return a pong frame
     * @throws IllegalArgumentException if the payload is longer
     */
    public static WebSocketFrame pong(byte[] payload) {
        return new Pong(control(payload));
    }

    /**
     * A close. Sending it is the same as {@link WebSocketConnection#close(CloseStatus)}.
     *
     * @param status why; {@link CloseStatus#NO_STATUS} for a close without a status
     * @return a close frame
     * @throws IllegalArgumentException for {@link CloseStatus#ABNORMAL}, which is never sent (RFC 6455 §7.4.1)
     */
    public static WebSocketFrame close(CloseStatus status) {
        return new Close(status);
    }

    /**
     * The same frame with a choice whether its message is sent compressed, where permessage-deflate was agreed on; elsewhere
     * the choice is ignored. The choice of a message's first frame holds for all of it. Control frames are never compressed
     * (RFC 7692 §6.1) and returned as they are.
     *
     * @param choice {@link Compression#BY_SIZE} unless this is called
     * @return a frame with the same payload, not copied
     */
    public final WebSocketFrame withCompression(Compression choice) {
        return switch (type) {
            case TEXT -> new Text(isFinal, bytes, choice);
            case BINARY -> new Binary(isFinal, bytes, choice);
            case PING, PONG, CLOSE -> this;
        };
    }

    /**
     * Puts the chunks of a message together.
     *
     * @param chunks at least one, in their order: data frames of one type, whose payloads are copied; together less than 2 GiB
     * @return a final frame of this type with the payloads of all, and the choice of compression of the first
     * @throws IllegalArgumentException if there is no chunk, if one is a control frame or of another type, or if they are too large
     */
    public static WebSocketFrame join(Collection<WebSocketFrame> chunks) {
        if (chunks.isEmpty()) {
            throw new IllegalArgumentException("a message has at least one chunk");
        }
        WebSocketFrame first = chunks.iterator().next();
        long size = 0;
        for (WebSocketFrame chunk : chunks) {
            if (chunk.type.isControl() || chunk.type != first.type) {
                throw new IllegalArgumentException(
                        "chunks of one message cannot be " + first.type + " and " + chunk.type);
            }
            size += chunk.length();
        }
        if (size > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a message of " + size + " bytes is too large for one frame");
        }
        byte[] bytes = new byte[(int) size];
        int at = 0;
        for (WebSocketFrame chunk : chunks) {
            chunk.copyTo(bytes, at);
            at += chunk.length();
        }
        return owned(first.type == Type.TEXT, true, bytes).withCompression(first.compression());
    }

    /** A data frame around an array of exactly its size that nobody else changes. */
    static WebSocketFrame owned(boolean text, boolean isFinal, byte[] bytes) {
        return text ? new Text(isFinal, bytes) : new Binary(isFinal, bytes);
    }

    /** A ping that has been received, around an array that nobody else changes. */
    static WebSocketFrame ownedPing(byte[] bytes) {
        return new Ping(bytes);
    }

    /** A pong that has been received, around an array that nobody else changes. */
    static WebSocketFrame ownedPong(byte[] bytes) {
        return new Pong(bytes);
    }

    private static byte[] control(byte[] payload) {
        if (payload.length > 125) {
            throw new IllegalArgumentException(
                    "the payload of a control frame has " + payload.length + " bytes; at most 125 (RFC 6455 §5.5)");
        }
        return payload.clone();
    }

    /** {@return what this frame is} */
    public final Type type() {
        return type;
    }

    /** {@return whether this frame ends its message; true for control frames} */
    public final boolean isFinal() {
        return isFinal;
    }

    /** {@return whether its message is to be sent compressed; of a received frame, {@link Compression#BY_SIZE}} */
    public final Compression compression() {
        return COMPRESSIONS[compression];
    }

    /** {@return the length of the payload in bytes} */
    public final int length() {
        return bytes.length;
    }

    /**
     * The payload as text; of a close, its reason. Decoded at each call. In a text frame it always decodes; in other frames,
     * what is not UTF-8 is replaced by U+FFFD.
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
    public final void copyTo(byte[] destination, int offset) {
        Objects.checkFromIndexSize(offset, bytes.length, destination.length);
        System.arraycopy(bytes, 0, destination, offset, bytes.length);
    }

    /** {@return a copy of the payload} */
    public final byte[] toByteArray() {
        return bytes.clone();
    }

    /** {@return a new read-only view of the payload, not a copy} */
    public final ByteBuffer payload() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** The payload itself: to be read only. */
    final byte[] bytes() {
        return bytes;
    }

    /** How the engine calls an outbound frame of this kind. */
    final BufferType bufferType() {
        return switch (type) {
            case TEXT -> isFinal ? BufferType.UTF8_MESSAGE : BufferType.UTF8_FRAGMENT;
            case BINARY -> isFinal ? BufferType.BINARY_MESSAGE : BufferType.BINARY_FRAGMENT;
            case PING -> BufferType.PING_PONG;
            case PONG -> BufferType.UNSOLICITED_PONG;
            case CLOSE -> BufferType.CLOSE;
        };
    }

    /** Whether the other frame has the same type, payload and finality, however it is to be sent. */
    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof WebSocketFrame frame
                && type == frame.type
                && isFinal == frame.isFinal
                && Arrays.equals(bytes, frame.bytes);
    }

    @Override
    public final int hashCode() {
        return 31 * (31 * type.hashCode() + Boolean.hashCode(isFinal)) + Arrays.hashCode(bytes);
    }

    /** Type, length and the beginning of the payload, for logs. */
    @Override
    public final String toString() {
        StringBuilder s = new StringBuilder(type.name());
        if (!isFinal) {
            s.append(" (not final)");
        }
        s.append(", ").append(bytes.length).append(bytes.length == 1 ? " byte" : " bytes");
        return bytes.length == 0
                ? s.toString()
                : s.append(": ").append(preview(type, bytes)).toString();
    }

    static String preview(Type type, byte[] bytes) {
        int n = Math.min(bytes.length, 32);
        String start = type == Type.TEXT
                ? new String(bytes, 0, n - Utf8Tail.length(bytes, n), StandardCharsets.UTF_8)
                : HexFormat.of().formatHex(bytes, 0, n);
        return n < bytes.length ? start + "…" : start;
    }

    /** A text message or a part of one. */
    public static final class Text extends WebSocketFrame {
        private Text(boolean isFinal, byte[] bytes) {
            super(Type.TEXT, isFinal, bytes);
        }

        private Text(boolean isFinal, byte[] bytes, Compression compression) {
            super(Type.TEXT, isFinal, bytes, compression);
        }
    }

    /** A binary message or a part of one. */
    public static final class Binary extends WebSocketFrame {
        private Binary(boolean isFinal, byte[] bytes) {
            super(Type.BINARY, isFinal, bytes);
        }

        private Binary(boolean isFinal, byte[] bytes, Compression compression) {
            super(Type.BINARY, isFinal, bytes, compression);
        }
    }

    /** A ping. Received only with {@link SessionSettings#emitControlFrames()}; it has been answered already. */
    public static final class Ping extends WebSocketFrame {
        private Ping(byte[] bytes) {
            super(Type.PING, true, bytes);
        }
    }

    /** A pong. Received only with {@link SessionSettings#emitControlFrames()}. */
    public static final class Pong extends WebSocketFrame {
        private Pong(byte[] bytes) {
            super(Type.PONG, true, bytes);
        }
    }

    /** A close. Never received: the peer's close is the completion of {@code receive()} and {@code closed()}. */
    public static final class Close extends WebSocketFrame {
        private final CloseStatus status;

        private Close(CloseStatus status) {
            super(Type.CLOSE, true, body(status));
            this.status = status;
        }

        private static byte[] body(CloseStatus status) {
            if (status.equals(CloseStatus.NO_STATUS)) {
                return EMPTY;
            }
            if (!status.isSendable()) {
                throw new IllegalArgumentException("close status " + status + " is never sent (RFC 6455 §7.4.1)");
            }
            byte[] reason = status.reason().getBytes(StandardCharsets.UTF_8);
            byte[] body = new byte[2 + reason.length];
            body[0] = (byte) (status.code() >> 8);
            body[1] = (byte) status.code();
            System.arraycopy(reason, 0, body, 2, reason.length);
            return body;
        }

        /** {@return code and reason} */
        public CloseStatus status() {
            return status;
        }

        /** {@return the reason; empty if there is none} */
        @Override
        public String text() {
            return status.reason();
        }
    }
}
