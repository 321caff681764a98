package io.fluxsocket.reactive.test.guide;

import io.fluxsocket.reactive.SessionSettings;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketMessage;
import io.fluxsocket.reactive.WebSocketTimeoutException;
import io.fluxsocket.reactive.test.InMemoryWebSocket;
import io.fluxsocket.reactive.test.ScriptedPeer;
import io.fluxsocket.reactive.test.WebSocketPair;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class KeepAliveTest {
    /** Under test: what a dashboard shows. A server that has died must not go unnoticed. */
    static Flux<String> dashboard(WebSocketConnection connection) {
        return connection
                .receiveMessages()
                .map(WebSocketMessage::text)
                .onErrorResume(WebSocketTimeoutException.class, timeout -> Mono.just("offline"));
    }

    /** Under test: after 15 seconds of silence a ping, which has 5 seconds, and then a second one. */
    static SessionSettings.Builder lively(SessionSettings.Builder settings) {
        return settings.keepAlive(Duration.ofSeconds(15), Duration.ofSeconds(5), 1);
    }

    @Test
    void aServerThatAnswersPingsStaysOnline() {
        ScriptedPeer server =
                InMemoryWebSocket.create().clientSettings(KeepAliveTest::lively).scriptedServer();

        StepVerifier.create(dashboard(server.connection()))
                .then(() -> server.thenAwait(Duration.ofSeconds(15))
                        .expectPing()
                        .sendPong()
                        .thenAwait(Duration.ofSeconds(14))
                        .sendText("42")
                        .verify())
                .expectNext("42")
                .then(() -> server.thenCloseWith(1000).verify())
                .expectComplete()
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void aServerThatAnswersNoPingIsOffline() {
        ScriptedPeer server =
                InMemoryWebSocket.create().clientSettings(KeepAliveTest::lively).scriptedServer();

        StepVerifier.create(dashboard(server.connection()))
                .then(() -> server.expectNoFrameFor(Duration.ofMillis(14_999))
                        .thenAwait(Duration.ofMillis(1))
                        .expectPing()
                        .thenAwait(Duration.ofSeconds(5))
                        .expectPing()
                        .thenAwait(Duration.ofSeconds(5))
                        .expectClose(1011, "no pong")
                        .verify())
                .expectNext("offline")
                .expectComplete()
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void aCableThatIsPulledIsNoticedAfter25Seconds() {
        StepVerifier.withVirtualTime(() -> {
                    WebSocketPair pair = InMemoryWebSocket.create()
                            .clientSettings(KeepAliveTest::lively)
                            .pair();
                    pair.toServer().stallReads();
                    pair.toClient().stallReads();
                    return dashboard(pair.client());
                })
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(24_999))
                .thenAwait(Duration.ofMillis(1))
                .expectNext("offline")
                .expectComplete()
                .verify(Duration.ofSeconds(5));
    }
}
