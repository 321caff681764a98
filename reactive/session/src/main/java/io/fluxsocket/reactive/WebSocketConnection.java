package io.fluxsocket.reactive;

import io.fluxsocket.core.CloseStatus;
import java.time.Duration;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One open WebSocket connection. (Javadoc with the lifecycle table: to be written by the session engineer.) */
public interface WebSocketConnection {
    HandshakeInfo handshakeInfo();

    Flux<WebSocketFrame> receive();

    Flux<WebSocketMessage> receiveMessages();

    Mono<Void> send(Publisher<? extends WebSocketFrame> frames);

    Mono<Duration> ping();

    Mono<Void> close(CloseStatus status);

    default Mono<Void> close() {
        return close(CloseStatus.NORMAL);
    }

    Mono<CloseEvent> closed();

    void discardInbound();

    long queuedBytes();
}
