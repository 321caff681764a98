package io.fluxsocket.core;

/**
 * What the bytes of an operation are ({@code WEB_SOCKET_BUFFER_TYPE}).
 *
 * <p>A fragment is a part of a message that is not its last; the last part, or a message in one piece, is a message. On
 * the receiving side the parts do not follow the wire's frames: a frame that is larger than the receive buffer arrives
 * as several fragments (see {@link WebSocketEngine#receive(Object)}).
 */
public enum BufferType {
    /** A whole UTF-8 message, or its last part (RFC 6455 §5.6). */
    UTF8_MESSAGE,
    /** A part, not the last, of a UTF-8 message. It may end inside a code point. */
    UTF8_FRAGMENT,
    /** A whole binary message, or its last part. */
    BINARY_MESSAGE,
    /** A part, not the last, of a binary message. */
    BINARY_FRAGMENT,
    /** A close frame: no payload, or a status code of two bytes and a reason (RFC 6455 §5.5.1). */
    CLOSE,
    /** Sent: a ping. Received: a pong (as on Windows). At most 125 bytes (RFC 6455 §5.5.2, §5.5.3). */
    PING_PONG,
    /** Sent: a pong that nobody asked for (RFC 6455 §5.5.3). Never received. At most 125 bytes. */
    UNSOLICITED_PONG,
    /**
     * Received only, and only with {@link EngineSettings#indicatePings()}: a ping, which the engine has answered already.
     * Absent on Windows.
     */
    PING;

    /** Whether this is a text or binary message or a part of one, not a control frame. */
    public boolean isData() {
        return isText() || this == BINARY_MESSAGE || this == BINARY_FRAGMENT;
    }

    /** Whether this is text: the bytes of the whole message are UTF-8. */
    public boolean isText() {
        return this == UTF8_MESSAGE || this == UTF8_FRAGMENT;
    }

    /** Whether this ends a message. False for control frames. */
    public boolean isFinal() {
        return this == UTF8_MESSAGE || this == BINARY_MESSAGE;
    }
}
