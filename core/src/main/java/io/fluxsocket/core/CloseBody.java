package io.fluxsocket.core;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The body of a close frame: nothing, or a code of two bytes and a reason in UTF-8 (RFC 6455 §5.5.1). */
final class CloseBody {
    private CloseBody() {}

    static byte[] encode(CloseStatus status) {
        if (!status.isSendable()) {
            return new byte[0];
        }
        byte[] reason = status.reason().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + reason.length)
                .putShort((short) status.code())
                .put(reason)
                .array();
    }

    /** The bytes of a body that was given as an array, a buffer, or not at all. */
    static ByteBuffer view(@Nullable Object payload, int offset, int length) {
        if (payload instanceof ByteBuffer buffer) {
            return buffer.slice(offset, length);
        }
        return payload instanceof byte[] bytes ? ByteBuffer.wrap(bytes, offset, length) : ByteBuffer.allocate(0);
    }

    /**
     * @throws WebSocketProtocolException with 1002 for a body of one byte or a code that may not be sent, with 1007 for a
     *     reason that is not UTF-8
     */
    static CloseStatus decode(ByteBuffer body, boolean verifyUtf8) {
        if (!body.hasRemaining()) {
            return CloseStatus.NO_STATUS;
        }
        if (body.remaining() == 1) {
            throw new WebSocketProtocolException(
                    CloseStatus.PROTOCOL_ERROR, "the body of a close frame has one byte (RFC 6455 §5.5.1)");
        }
        int code = body.getShort() & 0xffff;
        if (!CloseStatus.isValidCode(code)) {
            throw new WebSocketProtocolException(
                    CloseStatus.PROTOCOL_ERROR, "close code " + code + " may not be sent (RFC 6455 §7.4)");
        }
        if (!verifyUtf8) {
            // What is not UTF-8 becomes U+FFFD, which can need more bytes than it had: cut to what a CloseStatus holds.
            return new CloseStatus(
                    code, shortened(StandardCharsets.UTF_8.decode(body).toString()));
        }
        try {
            return new CloseStatus(
                    code, StandardCharsets.UTF_8.newDecoder().decode(body).toString());
        } catch (CharacterCodingException e) {
            throw new WebSocketProtocolException(
                    CloseStatus.INVALID_PAYLOAD, "the reason of a close frame is not UTF-8 (RFC 6455 §8.1)");
        }
    }

    /** Cut to a third of the bytes in chars, of which none needs more than three bytes; not within a surrogate pair. */
    private static String shortened(String reason) {
        if (reason.getBytes(StandardCharsets.UTF_8).length <= CloseStatus.MAX_REASON_BYTES) {
            return reason;
        }
        int end = CloseStatus.MAX_REASON_BYTES / 3;
        return reason.substring(0, Character.isHighSurrogate(reason.charAt(end - 1)) ? end - 1 : end);
    }
}
