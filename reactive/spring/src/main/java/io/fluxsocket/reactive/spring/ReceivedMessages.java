package io.fluxsocket.reactive.spring;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.core.WebSocketProtocolException;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.socket.WebSocketMessage;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;

/**
 * The frames that a connection emits, as Spring's messages: chunks are put together, up to the largest message. What has come
 * of a message when its subscriber cancels is kept for the next one; there is one at a time.
 */
final class ReceivedMessages {
    /** From so many bytes on, what a chunk costs beside its payload does not matter. */
    private static final int SMALL = 4096;

    private final WebSocketConnection connection;
    private final int maxMessageSize;
    private final boolean pings;

    /** Of the message that has begun; null before its first byte. */
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
        } else if (!chunk.isFinal()) {
            keep(chunk);
        } else if (chunks == null) {
            sink.next(FrameMessage.of(type, chunk));
        } else {
            ArrayDeque<WebSocketFrame> all = chunks;
            all.add(chunk);
            chunks = null;
            size = 0;
            sink.next(FrameMessage.of(type, WebSocketFrame.join(all)));
        }
    }

    /**
     * Keeps a chunk until the last has come. Each costs some fifty bytes beside its payload, so small ones are joined with what
     * came before them, if that is not much larger: a peer that sends a byte at a time is not worth a multiple of the limit.
     */
    private void keep(WebSocketFrame chunk) {
        ArrayDeque<WebSocketFrame> all = chunks;
        if (all == null) {
            chunks = all = new ArrayDeque<>();
        }
        size += chunk.length();
        WebSocketFrame last = chunk;
        while (last.length() < SMALL && !all.isEmpty() && all.getLast().length() < 2 * last.length()) {
            last = WebSocketFrame.join(List.of(all.removeLast(), last));
        }
        all.add(last);
    }

    /** Of how many pieces the message that has begun consists by now. */
    int chunksKept() {
        return chunks == null ? 0 : chunks.size();
    }

    private void refuse(SynchronousSink<WebSocketMessage> sink) {
        chunks = null;
        refused = true;
        connection.discardInbound();
        sink.error(new WebSocketProtocolException(
                CloseStatus.MESSAGE_TOO_BIG, "a message is larger than " + maxMessageSize + " bytes"));
    }
}
