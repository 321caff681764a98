package io.fluxsocket.reactive.test.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.reactive.WebSocketClosedException;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketMessage;
import io.fluxsocket.reactive.test.InMemoryServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;

class ReconnectingClientTest {
    /** Under test: the news of all connections. Only a close with 1000 ends them. */
    static Flux<String> news(Mono<WebSocketConnection> connect) {
        return Flux.usingWhen(connect, ReconnectingClientTest::conversation, connection -> connection.close())
                .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofSeconds(1))
                        .maxBackoff(Duration.ofSeconds(30))
                        .jitter(0)
                        .transientErrors(true)); // news end the row of failures
    }

    private static Flux<String> conversation(WebSocketConnection connection) {
        Mono<String> ending = connection
                .closed()
                .filter(end -> end.status().code() != 1000)
                .flatMap(end -> Mono.error(new WebSocketClosedException(end)));
        return connection
                .send(Mono.just(WebSocketFrame.text("subscribe")))
                .thenMany(connection.receiveMessages())
                .map(WebSocketMessage::text)
                .concatWith(ending);
    }

    private final InMemoryServer server = InMemoryServer.create();

    @Test
    void theClientComesBackUntilTheServerSays1000() {
        server.refuse(2, 503);

        StepVerifier.withVirtualTime(() -> news(server.connect()))
                .thenAwait(Duration.ofSeconds(3)) // 1 s, then 2 s
                .then(() -> server.nextPeer()
                        .expectText("subscribe")
                        .sendText("one")
                        .thenDrop()
                        .verify())
                .expectNext("one")
                .thenAwait(Duration.ofSeconds(1)) // 1 s again
                .then(() -> server.nextPeer()
                        .expectText("subscribe")
                        .thenCloseWith(1012)
                        .verify())
                .thenAwait(Duration.ofSeconds(2))
                .then(() -> server.nextPeer()
                        .expectText("subscribe")
                        .sendText("two")
                        .thenCloseWith(1000)
                        .verify())
                .expectNext("two")
                .expectComplete()
                .verify(Duration.ofSeconds(5));

        assertThat(server.attempts()).extracting(Duration::toSeconds).containsExactly(0L, 1L, 3L, 4L, 6L);
    }

    @Test
    void aServerThatDoesNotAnswerIsTriedAgain() {
        server.leaveUnanswered(1, Duration.ofSeconds(10));

        StepVerifier.withVirtualTime(() -> news(server.connect()))
                .thenAwait(Duration.ofSeconds(11)) // the handshake timeout, then 1 s
                .then(() -> server.nextPeer()
                        .expectText("subscribe")
                        .sendText("one")
                        .thenCloseWith(1000)
                        .verify())
                .expectNext("one")
                .expectComplete()
                .verify(Duration.ofSeconds(5));
    }
}
