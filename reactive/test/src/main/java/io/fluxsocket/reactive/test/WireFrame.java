package io.fluxsocket.reactive.test;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A frame as it stands on the wire (RFC 6455 §5.2), for tests: it may be as wrong as the test needs it.
 *
 * <p>Immutable. A frame without a mask is masked by a {@link ScriptedPeer} that plays the client; to send one that is not, use
 * {@link ScriptedPeer#sendRaw}.
 */
public final class WireFrame {
    /** A continuation of a fragmented message. */
    public static final int CONTINUATION = 0x0;
    /** Text. */
    public static final int TEXT = 0x1;
    /** Binary data. */
    public static final int BINARY = 0x2;
    /** A close. */
    public static final int CLOSE = 0x8;
    /** A ping. */
    public static final int PING = 0x9;
    /** A pong. */
    public static final int PONG = 0xA;

    private static final int FIN = 0x80;

    /** FIN, RSV1 to RSV3, opcode. */
    private final int first;

    private final byte @Nullable [] key;
    private final byte[] payload;
    /** The payload inflated; the payload itself if there is nothing to inflate. */
    private final byte[] content;

    WireFrame(int first, byte @Nullable [] key, byte[] payload) {
        this(first, key, payload, payload);
    }

    WireFrame(int first, byte @Nullable [] key, byte[] payload, byte[] content) {
        this.first = first;
        this.key = key;
        this.payload = payload;
        this.content = content;
    }

    // ---- making one

    /**
     * A frame of any kind.
     *
     * @param opcode 0 to 15
     * @param payload copied
     * @return a final frame, not masked
     * @throws IllegalArgumentException for another opcode
     */
    public static WireFrame of(int opcode, byte... payload) {
        if (opcode < 0 || opcode > 0xF) {
            throw new IllegalArgumentException("an opcode has four bits; " + opcode + " has more");
        }
        return new WireFrame(FIN | opcode, null, payload.clone());
    }

    /**
     * A text frame.
     *
     * @param text the payload
     * @return a final frame, not masked
     */
    public static WireFrame text(String text) {
        return of(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A binary frame.
     *
     * @param payload copied
     * @return a final frame, not masked
     */
    public static WireFrame binary(byte... payload) {
        return of(BINARY, payload);
    }

    /**
     * A continuation frame.
     *
     * @param payload copied
     * @return a final frame, not masked
     */
    public static WireFrame continuation(byte... payload) {
        return of(CONTINUATION, payload);
    }

    /**
     * A ping.
     *
     * @param payload copied; more than 125 bytes break the protocol
     * @return a final frame, not masked
     */
    public static WireFrame ping(byte... payload) {
        return of(PING, payload);
    }

    /**
     * A pong.
     *
     * @param payload copied; more than 125 bytes break the protocol
     * @return a final frame, not masked
     */
    public static WireFrame pong(byte... payload) {
        return of(PONG, payload);
    }

    /**
     * A close.
     *
     * @param code any code, allowed or not; 1005 for an empty body
     * @param reason why
     * @return a final frame, not masked
     */
    public static WireFrame close(int code, String reason) {
        if (code == 1005) {
            return of(CLOSE);
        }
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        return of(
                CLOSE,
                ByteBuffer.allocate(2 + text.length)
                        .putShort((short) code)
                        .put(text)
                        .array());
    }

    /** {@return this frame without FIN: more of its message follows} */
    public WireFrame notFinal() {
        return new WireFrame(first & ~FIN, key, payload, content);
    }

    /**
     * This frame with other reserved bits.
     *
     * @param bits 4 for RSV1, 2 for RSV2, 1 for RSV3, or a sum of them
     * @return a frame
     */
    public WireFrame rsv(int bits) {
        return new WireFrame((first & 0x8F) | ((bits & 7) << 4), key, payload);
    }

    /**
     * This frame, masked.
     *
     * @param maskKey the key, its first byte the highest
     * @return a frame
     */
    public WireFrame masked(int maskKey) {
        return new WireFrame(first, ByteBuffer.allocate(4).putInt(maskKey).array(), payload, content);
    }

    /**
     * Reads one frame from a socket or file, and not a byte beyond it.
     *
     * @param in where it comes from, in whatever pieces; the read blocks until the frame is whole
     * @return the frame, unmasked, but as compressed as it was sent
     * @throws EOFException if the stream ends before it or within it
     * @throws IOException if the stream cannot be read, or the frame is longer than an array
     */
    public static WireFrame read(InputStream in) throws IOException {
        return FrameDecoder.read(in);
    }

    // ---- looking at one

    /** {@return the opcode} */
    public int opcode() {
        return first & 0xF;
    }

    /** {@return whether FIN is set} */
    public boolean isFinal() {
        return (first & FIN) != 0;
    }

    /** {@return the reserved bits: 4 for RSV1, 2 for RSV2, 1 for RSV3} */
    public int rsv() {
        return (first >> 4) & 7;
    }

    /** {@return whether it is masked, as a client's frames must be} */
    public boolean isMasked() {
        return key != null;
    }

    /**
     * The key it is masked with.
     *
     * @return the key, its first byte the highest; 0 if it is not masked, and for a key of zeros
     */
    public int maskKey() {
        return key == null ? 0 : ByteBuffer.wrap(key).getInt();
    }

    /** {@return whether this is a close, a ping, a pong, or of an opcode that is reserved for such} */
    public boolean isControl() {
        return opcode() >= CLOSE;
    }

    /** {@return the length of the payload in bytes, on the wire} */
    public int length() {
        return payload.length;
    }

    /** {@return a copy of the payload, unmasked, but as compressed as it was sent} */
    public byte[] payload() {
        return payload.clone();
    }

    /** {@return a copy of the payload, inflated if the frame was received and its message is compressed (RFC 7692)} */
    public byte[] inflated() {
        return content.clone();
    }

    /** {@return the inflated payload as text; what is not UTF-8 is replaced by U+FFFD} */
    public String text() {
        return new String(content, StandardCharsets.UTF_8);
    }

    /** {@return the code of a close; 1005 if it has none} */
    public int closeCode() {
        return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
    }

    /** {@return the reason of a close; empty if it has none} */
    public String closeReason() {
        return payload.length < 2 ? "" : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
    }

    // ---- on the wire

    /** {@return the bytes of the wire: header, mask key if there is one, and payload, masked if there is one} */
    public byte[] toBytes() {
        byte[] header = header();
        byte[] onWire = maskedPayload();
        byte[] bytes = Arrays.copyOf(header, header.length + onWire.length);
        System.arraycopy(onWire, 0, bytes, header.length, onWire.length);
        return bytes;
    }

    /** {@return the bytes of the wire, readably: {@code 81 85 | 37 fa 21 3d | 7f 9f 4d 51 58}} */
    public String toHex() {
        byte[] header = header();
        int keySize = key == null ? 0 : 4;
        StringBuilder hex = new StringBuilder(FrameVectors.hex(Arrays.copyOf(header, header.length - keySize)));
        if (key != null) {
            hex.append(" | ").append(FrameVectors.hex(key));
        }
        return payload.length == 0
                ? hex.toString()
                : hex.append(" | ").append(FrameVectors.hex(maskedPayload())).toString();
    }

    private byte[] header() {
        byte[] mask = key;
        ByteBuffer header = ByteBuffer.allocate(14);
        int maskBit = mask == null ? 0 : 0x80;
        header.put((byte) first);
        if (payload.length < 126) {
            header.put((byte) (maskBit | payload.length));
        } else if (payload.length < 65536) {
            header.put((byte) (maskBit | 126)).putShort((short) payload.length);
        } else {
            header.put((byte) (maskBit | 127)).putLong(payload.length);
        }
        if (mask != null) {
            header.put(mask);
        }
        return Arrays.copyOf(header.array(), header.position());
    }

    private byte[] maskedPayload() {
        byte[] bytes = payload.clone();
        if (key != null) {
            mask(bytes, key);
        }
        return bytes;
    }

    /** Masks or unmasks, which is the same (RFC 6455 §5.3). */
    static void mask(byte[] payload, byte[] key) {
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= key[i & 3];
        }
    }

    /** Whether the other frame has the same bytes on the wire. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WireFrame frame
                && first == frame.first
                && Arrays.equals(key, frame.key)
                && Arrays.equals(payload, frame.payload);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * first + Arrays.hashCode(key)) + Arrays.hashCode(payload);
    }

    /** Opcode, flags, length and the beginning of the payload: {@code TEXT fin masked, 5 bytes: "Hello"}. */
    @Override
    public String toString() {
        String frame = opcodeName() + " " + flags() + ", " + payload.length + unit();
        return payload.length == 0 ? frame : frame + ": " + preview();
    }

    /** The same in columns. */
    String toLine() {
        return String.format(
                        Locale.ROOT,
                        "%-12s  %-10s  %6d%-6s  %s",
                        opcodeName(),
                        flags(),
                        payload.length,
                        unit(),
                        preview())
                .stripTrailing();
    }

    private String unit() {
        return payload.length == 1 ? " byte" : " bytes";
    }

    private String opcodeName() {
        return switch (opcode()) {
            case CONTINUATION -> "CONTINUATION";
            case TEXT -> "TEXT";
            case BINARY -> "BINARY";
            case CLOSE -> "CLOSE";
            case PING -> "PING";
            case PONG -> "PONG";
            default -> "opcode 0x" + Integer.toHexString(opcode());
        };
    }

    private String flags() {
        StringBuilder flags = new StringBuilder(isFinal() ? "fin" : "…");
        for (int bit = 1; bit <= 3; bit++) {
            if ((rsv() & (8 >> bit)) != 0) {
                flags.append(" rsv").append(bit);
            }
        }
        return flags.append(isMasked() ? " masked" : "").toString();
    }

    private String preview() {
        return switch (opcode()) {
            case TEXT -> FrameVectors.quote(content);
            case CLOSE ->
                payload.length < 2
                        ? FrameVectors.preview(payload)
                        : (closeCode() + " " + closeReason()).stripTrailing();
            default -> FrameVectors.isReadable(content) ? FrameVectors.quote(content) : FrameVectors.preview(content);
        };
    }
}
