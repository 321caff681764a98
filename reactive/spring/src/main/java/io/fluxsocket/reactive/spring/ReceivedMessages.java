package io.fluxsocket.reactive.spring;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.core.WebSocketProtocolException;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.web.reactive.socket.WebSocketMessage;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;

/**
 * The frames that a connection emits, as Spring's messages: chunks are put together, up to the largest message. What has come
 * of a message when its subscriber cancels is kept for the next one; there is one at a time.
 */
final class ReceivedMessages {
    private final WebSocketConnection connection;
    private final int maxMessageSize;
    private final boolean pings;

    private @Nullable ArrayDeque<WebSocketFrame> chunks;
    private int size;
    private volatile boolean refused;

    ReceivedMessages(WebSocketConnection connection, int maxMessageSize, boolean pings) {
        this.connection = connection;
        this.maxMessageSize = maxMessageSize;
        this.pings = pings;
    }

    Flux<WebSocketMessage> flux() {
        return connection.receive().<WebSocketMessage>handle(this::add).doAfterTerminate(this::closeIfRefused);
    }

    /**
     * Closes with 1009 after a message that was too big. Not before its error has reached who receives: the close ends all sends,
     * so one that has its messages from here would fail without telling why, and the error be dropped.
     */
    void closeIfRefused() {
        if (refused) {
            connection.close(CloseStatus.MESSAGE_TOO_BIG).subscribe();
        }
    }

    private void add(WebSocketFrame frame, SynchronousSink<WebSocketMessage> sink) {
        switch (frame.type()) {
            case TEXT -> add(WebSocketMessage.Type.TEXT, frame, sink);
            case BINARY -> add(WebSocketMessage.Type.BINARY, frame, sink);
            case PING -> {
                if (pings) {
                    sink.next(FrameMessage.of(WebSocketMessage.Type.PING, frame));
                }
            }
            case PONG -> sink.next(FrameMessage.of(WebSocketMessage.Type.PONG, frame));
            case CLOSE -> {} // Never received: it completes the stream.
        }
    }

    private void add(WebSocketMessage.Type type, WebSocketFrame chunk, SynchronousSink<WebSocketMessage> sink) {
        if (chunk.length() > maxMessageSize - size) {
            refuse(sink);
        } else if (chunk.isFinal() && size == 0) {
            sink.next(FrameMessage.of(type, chunk));
        } else {
            ArrayDeque<WebSocketFrame> all = chunks;
            if (all == null) {
                chunks = all = new ArrayDeque<>();
            }
            all.add(chunk);
            size += chunk.length();
            if (chunk.isFinal()) {
                sink.next(new WebSocketMessage(type, DefaultDataBufferFactory.sharedInstance.wrap(join(all))));
            }
        }
    }

    private byte[] join(ArrayDeque<WebSocketFrame> all) {
        byte[] bytes = new byte[size];
        int at = 0;
        for (WebSocketFrame chunk : all) {
            chunk.copyTo(bytes, at);
            at += chunk.length();
        }
        chunks = null;
        size = 0;
        return bytes;
    }

    private void refuse(SynchronousSink<WebSocketMessage> sink) {
        chunks = null;
        refused = true;
        connection.discardInbound();
        sink.error(new WebSocketProtocolException(
                CloseStatus.MESSAGE_TOO_BIG, "a message is larger than " + maxMessageSize + " bytes"));
    }
}
