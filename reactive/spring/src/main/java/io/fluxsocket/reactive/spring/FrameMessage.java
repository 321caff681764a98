package io.fluxsocket.reactive.spring;

import io.fluxsocket.reactive.WebSocketFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * A message that is one frame of ours: when it is sent, its bytes are not copied. The frame is not the message's "native
 * message", since Spring's Reactor Netty session takes any such for Netty's own.
 */
final class FrameMessage extends WebSocketMessage {
    private final WebSocketFrame frame;

    private FrameMessage(Type type, WebSocketFrame frame) {
        super(type, DefaultDataBufferFactory.sharedInstance.wrap(frame.payload()));
        this.frame = frame;
    }

    /** A message around a whole frame; its payload is a read-only view. */
    static WebSocketMessage of(Type type, WebSocketFrame frame) {
        return new FrameMessage(type, frame);
    }

    /** The frame to send for a message, whose payload is released. */
    static WebSocketFrame frameOf(WebSocketMessage message) {
        DataBuffer payload = message.getPayload();
        if (message instanceof FrameMessage whole && whole.isUntouched(payload)) {
            return whole.frame;
        }
        try {
            return switch (message.getType()) {
                case TEXT -> WebSocketFrame.text(payload.toString(StandardCharsets.UTF_8));
                case BINARY -> binary(payload);
                case PING -> WebSocketFrame.ping(bytes(payload));
                case PONG -> WebSocketFrame.pong(bytes(payload));
            };
        } finally {
            DataBufferUtils.release(payload);
        }
    }

    /** Whoever has read a part of it means to send the rest; whoever has made it writable has another capacity. */
    private boolean isUntouched(DataBuffer payload) {
        return payload.readPosition() == 0
                && payload.readableByteCount() == frame.length()
                && payload.capacity() == frame.length();
    }

    private static WebSocketFrame binary(DataBuffer payload) {
        try (DataBuffer.ByteBufferIterator parts = payload.readableByteBuffers()) {
            ByteBuffer first = parts.hasNext() ? parts.next() : ByteBuffer.allocate(0);
            if (!parts.hasNext()) {
                return WebSocketFrame.binary(first);
            }
        }
        return WebSocketFrame.binary(bytes(payload));
    }

    private static byte[] bytes(DataBuffer payload) {
        byte[] bytes = new byte[payload.readableByteCount()];
        payload.toByteBuffer(payload.readPosition(), ByteBuffer.wrap(bytes), 0, bytes.length);
        return bytes;
    }
}
