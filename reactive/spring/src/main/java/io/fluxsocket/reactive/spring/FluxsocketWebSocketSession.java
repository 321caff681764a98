package io.fluxsocket.reactive.spring;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A {@link WebSocketConnection} as Spring's session. What ends it, and what each side then sees, is the table of {@link
 * WebSocketConnection}; what demand means is said there, too.
 *
 * <p><b>Payloads.</b> Nothing is pooled: no {@code DataBuffer} that is received, or made with {@link #bufferFactory()}, has to
 * be released, and {@code retain()} and {@code release()} do no harm. The payload of a message that is received, or made with
 * {@link #textMessage}, is read-only. A pooled buffer of another factory is released when it is sent,
 * and when an operator of its source discards it because the session has closed before.
 *
 * <p><b>Threads.</b> All methods may be called on any thread. Signals come on the connection's event loop: do not block there.
 */
public final class FluxsocketWebSocketSession implements WebSocketSession {
    private static final DataBufferFactory BUFFERS = DefaultDataBufferFactory.sharedInstance;

    /** Tells the sessions of this process from those of others. */
    private static final String PROCESS = Long.toHexString(new SplittableRandom().nextLong());

    private static final AtomicLong COUNT = new AtomicLong();

    private final WebSocketConnection connection;
    private final HandshakeInfo handshakeInfo;
    private final ReceivedMessages received;
    private final long number = COUNT.incrementAndGet();

    FluxsocketWebSocketSession(
            WebSocketConnection connection, HandshakeInfo handshakeInfo, int maxMessageSize, boolean pings) {
        this.connection = connection;
        this.handshakeInfo = handshakeInfo;
        this.received = new ReceivedMessages(connection, maxMessageSize, pings);
        handshakeInfo.getAttributes().forEach((name, value) -> {
            if (name != null && value != null) {
                getAttributes().put(name, value);
            }
        });
    }

    /** {@return the connection beneath, which can do more: bytes that wait to be sent, round trips, who closed and how} */
    public WebSocketConnection connection() {
        return connection;
    }

    /** {@return an id that no other session of this process has, nor, in all likelihood, of another process} */
    @Override
    public String getId() {
        return PROCESS + '-' + Long.toHexString(number);
    }

    @Override
    public HandshakeInfo getHandshakeInfo() {
        return handshakeInfo;
    }

    @Override
    public DataBufferFactory bufferFactory() {
        return BUFFERS;
    }

    /** {@return attributes of this session: mutable, for use by several threads, without nulls} */
    @Override
    public Map<String, Object> getAttributes() {
        return connection.handshakeInfo().attributes();
    }

    /**
     * What the peer sends: text, binary, and pongs that do not answer a ping of keep-alive; pings, which have been answered
     * already, only where that was asked for. A larger message than is allowed is an error ({@link
     * io.fluxsocket.core.WebSocketProtocolException}), and closes the session with 1009. Completes when the session is closed,
     * errors when the connection is lost.
     *
     * <p>One subscriber at a time. A cancel neither closes the session nor loses anything: the next subscriber goes on where
     * this one has stopped.
     *
     * @return the messages; each costs a demand of one
     */
    @Override
    public Flux<WebSocketMessage> receive() {
        return received.flux();
    }

    /**
     * To be run when the handler ends, before a handler that ends with the refusal of a message has the session closed with
     * another status. Does not hold the session, which with its headers may be collected long before that.
     */
    Runnable whenHandled() {
        return received::closeIfRefused;
    }

    /**
     * Sends the messages of a source. The source is asked for one message, and for the next when the network has taken that.
     * Several sends at a time are allowed: each message goes out whole.
     *
     * @param messages subscribed to once for each subscription
     * @return completes when the last byte has been flushed to the socket; errors with what the source errors with, or with
     *     {@link io.fluxsocket.reactive.WebSocketClosedException} when the session closes before
     */
    @Override
    public Mono<Void> send(Publisher<WebSocketMessage> messages) {
        return connection.send(Flux.from(messages)
                .map(FrameMessage::frameOf)
                .doOnDiscard(WebSocketMessage.class, message -> DataBufferUtils.release(message.getPayload())));
    }

    /** {@return whether the connection still exists: true until both ends have closed, or the connection is lost} */
    @Override
    public boolean isOpen() {
        AtomicBoolean closed = new AtomicBoolean();
        connection.closed().subscribe(event -> closed.set(true)).dispose();
        return !closed.get();
    }

    /**
     * Closes the session: messages in progress are finished, then the status is sent, and the peer's answer is waited for.
     *
     * @param status {@code NO_STATUS_CODE} for a close without one
     * @return completes when the connection has ended; {@link IllegalArgumentException} for a status that is never sent, or a
     *     reason of more than 123 bytes
     */
    @Override
    public Mono<Void> close(org.springframework.web.reactive.socket.CloseStatus status) {
        return Mono.defer(() -> connection.close(
                CloseStatus.of(status.getCode(), status.getReason() == null ? "" : status.getReason())));
    }

    /**
     * How the session ended: the status of whoever closed it, this end or the peer; {@code NO_STATUS_CODE} if the peer gave
     * none.
     *
     * @return empty if the connection was lost without a close; never errors
     */
    @Override
    public Mono<org.springframework.web.reactive.socket.CloseStatus> closeStatus() {
        return connection
                .closed()
                .filter(event -> event.initiator() != CloseEvent.Initiator.NONE)
                .map(event -> org.springframework.web.reactive.socket.CloseStatus.create(
                        event.status().code(), event.status().reason()));
    }

    @Override
    public WebSocketMessage textMessage(String payload) {
        return FrameMessage.of(WebSocketMessage.Type.TEXT, WebSocketFrame.text(payload));
    }

    @Override
    public WebSocketMessage binaryMessage(Function<DataBufferFactory, DataBuffer> payloadFactory) {
        return new WebSocketMessage(WebSocketMessage.Type.BINARY, payloadFactory.apply(BUFFERS));
    }

    @Override
    public WebSocketMessage pingMessage(Function<DataBufferFactory, DataBuffer> payloadFactory) {
        return new WebSocketMessage(WebSocketMessage.Type.PING, payloadFactory.apply(BUFFERS));
    }

    @Override
    public WebSocketMessage pongMessage(Function<DataBufferFactory, DataBuffer> payloadFactory) {
        return new WebSocketMessage(WebSocketMessage.Type.PONG, payloadFactory.apply(BUFFERS));
    }

    @Override
    public String toString() {
        return "FluxsocketWebSocketSession[id=" + getId() + ", uri=" + handshakeInfo.getUri() + "]";
    }
}
