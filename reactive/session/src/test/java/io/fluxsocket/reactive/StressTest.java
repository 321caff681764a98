package io.fluxsocket.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.core.WebSocketEngine;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Two sessions on event loops of their own, and sources and subscribers on other threads again. */
class StressTest {
    private static final int SENDERS = 20;
    private static final int MESSAGES = 200;

    private final PairTransport[] pair = PairTransport.create();

    @AfterEach
    void stop() {
        pair[0].stop();
        pair[1].stop();
    }

    private static WebSocketConnection open(PairTransport transport, boolean client, SessionSettings settings) {
        CompletableFuture<WebSocketConnection> opened = new CompletableFuture<>();
        transport.execute(() -> opened.complete(WebSocketConnections.open(
                transport,
                client
                        ? WebSocketEngine.client(settings.engineSettings())
                        : WebSocketEngine.server(settings.engineSettings()),
                settings,
                HandshakeInfo.builder(URI.create("/")).build())));
        return opened.join();
    }

    /** Messages of three fragments, each of its own thread. */
    private static Flux<WebSocketFrame> source(int sender) {
        return Flux.range(0, MESSAGES)
                .concatMap(n -> Flux.just(
                        WebSocketFrame.text(sender + " ", false),
                        WebSocketFrame.text(n + " ", false),
                        WebSocketFrame.text("x".repeat(n % 300), true)))
                .publishOn(Schedulers.parallel(), 1 + sender % 7);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1000, 65536})
    void concurrentSendsOfOtherThreadsArriveWholeAndInOrder(int window) {
        SessionSettings settings =
                SessionSettings.builder().receiveWindow(window).build();
        WebSocketConnection client = open(pair[0], true, settings);
        WebSocketConnection server = open(pair[1], false, settings);
        Map<Integer, Integer> next = new ConcurrentHashMap<>();
        AtomicInteger count = new AtomicInteger();
        Mono<Void> echo = server.send(server.receive().publishOn(Schedulers.boundedElastic(), 3));
        CompletableFuture<Void> echoed = echo.onErrorResume(WebSocketClosedException.class, e -> Mono.empty())
                .toFuture();
        CompletableFuture<Void> received = client.receiveMessages()
                .publishOn(Schedulers.boundedElastic(), 5)
                .take(SENDERS * MESSAGES)
                .doOnNext(message -> {
                    String[] parts = message.text().split(" ", -1);
                    int sender = Integer.parseInt(parts[0]);
                    int n = Integer.parseInt(parts[1]);
                    assertThat(n).isEqualTo(next.getOrDefault(sender, 0));
                    assertThat(parts[2]).hasSize(n % 300);
                    next.put(sender, n + 1);
                    count.incrementAndGet();
                })
                .then()
                .toFuture();
        List<Mono<Void>> sends = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            sends.add(client.send(source(i)));
        }
        Mono.when(sends).block(Duration.ofSeconds(30));
        received.orTimeout(30, java.util.concurrent.TimeUnit.SECONDS).join();
        assertThat(count).hasValue(SENDERS * MESSAGES);
        client.discardInbound();
        assertThat(client.ping().block(Duration.ofSeconds(10))).isNotNull();
        client.close(CloseStatus.of(1000, "done")).block(Duration.ofSeconds(10));
        assertThat(client.closed().block())
                .isEqualTo(new CloseEvent(CloseStatus.of(1000, "done"), Initiator.LOCAL, true));
        assertThat(server.closed().block(Duration.ofSeconds(10)))
                .isEqualTo(new CloseEvent(CloseStatus.of(1000, "done"), Initiator.REMOTE, true));
        echoed.orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join();
    }
}
