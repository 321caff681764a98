package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.search.Search;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.test.StepVerifier;

/** What a server and a client have recorded when a conversation is over. */
class WebSocketMetersTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final MeterRegistry registry = new SimpleMeterRegistry();

    private final DisposableServer server = WebSocketServer.create()
            .port(0)
            .observer(WebSocketMeters.ofServer(registry, uri -> uri.startsWith("/rooms/") ? "/rooms/{room}" : "other"))
            .handle(connection -> connection.send(connection.receive()))
            .bindNow();

    @AfterEach
    void stop() {
        server.disposeNow(Stage.PATIENCE);
    }

    private WebSocketClient client(String path) {
        return WebSocketClient.create()
                .uri("ws://localhost:" + server.port() + path)
                .observer(WebSocketMeters.ofClient(registry, uri -> "out"));
    }

    private Search find(String name, String... tags) {
        return registry.find("fluxsocket.websocket." + name).tags(tags);
    }

    private static WebSocketConnection opened(Mono<WebSocketConnection> connect) {
        return Objects.requireNonNull(connect.block(SOON));
    }

    /** A server's end comes about when its client's does. */
    private void untilNoSessionIsOpen(String uri) {
        while (find("server.connections.active", "uri", uri).gauge().value() > 0
                || find("server.connections.closed", "uri", uri).counters().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aConversationIsMeasuredAtBothEnds() {
        WebSocketConnection connection = opened(client("/rooms/7").connect());
        StepVerifier.create(connection
                        .send(Mono.just(WebSocketFrame.text("hello")))
                        .thenMany(connection.receive().take(1)))
                .expectNext(WebSocketFrame.text("hello"))
                .expectComplete()
                .verify(SOON);
        assertThat(find("client.connections.active", "uri", "out").gauge().value())
                .isEqualTo(1);
        assertThat(find("server.connections.active", "uri", "/rooms/{room}")
                        .gauge()
                        .value())
                .isEqualTo(1);
        connection.ping().block(SOON);
        connection.close(CloseStatus.of(4321)).block(SOON);
        untilNoSessionIsOpen("/rooms/{room}");

        for (String end : new String[] {"server", "client"}) {
            String uri = end.equals("server") ? "/rooms/{room}" : "out";
            assertThat(find(end + ".handshake.time", "uri", uri, "status", "101")
                            .timer()
                            .count())
                    .isEqualTo(1);
            assertThat(find(end + ".connection.duration", "uri", uri).timer().count())
                    .isEqualTo(1);
            assertThat(find(end + ".data.received", "uri", uri).summary().totalAmount())
                    .isEqualTo(5);
            assertThat(find(end + ".data.sent", "uri", uri).summary().totalAmount())
                    .isEqualTo(5);
            assertThat(find(end + ".queued.bytes", "uri", uri).gauge().value()).isZero();
            assertThat(find(end + ".connections.active", "uri", uri).gauge().value())
                    .isZero();
            assertThat(find(end + ".errors", "uri", uri).counter().count()).isZero();
        }
        assertThat(find("client.ping.time", "uri", "out").timer().count()).isEqualTo(1);
        assertThat(find("client.connections.closed", "uri", "out", "code", "4xxx", "initiator", "local")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(find("server.connections.closed", "uri", "/rooms/{room}", "code", "4xxx", "initiator", "remote")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void aRefusedHandshakeIsMeasuredWithItsStatusAndIsNoSession() throws IOException {
        try (RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.request("/elsewhere", "Origin: http://foe.example"));
            assertThat(peer.readResponse()).startsWith("HTTP/1.1 403 ");
        }
        assertThat(find("server.handshake.time", "uri", "other", "status", "403")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(find("server.connections.active", "uri", "other").gauge().value())
                .isZero();

        StepVerifier.create(client("/")
                        .headers(headers -> headers.set("Origin", "http://foe.example"))
                        .connect())
                .expectError()
                .verify(SOON);
        assertThat(find("client.handshake.time", "uri", "out", "status", "403")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(find("client.errors", "uri", "out").counter().count()).isZero();
    }

    @Test
    void aHandshakeWithoutAnAnswerIsAnError() {
        WebSocketClient nobody = client("/");
        server.disposeNow(Stage.PATIENCE);

        StepVerifier.create(nobody.connect()).expectError().verify(SOON);

        assertThat(find("client.handshake.time", "uri", "out", "status", "NONE")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(find("client.errors", "uri", "out").counter().count()).isEqualTo(1);
    }

    @Test
    void aLostConnectionIsAnErrorAndClosedByNobody() throws IOException {
        RawPeer.open(server.port(), "/rooms/1").close();
        untilNoSessionIsOpen("/rooms/{room}");

        assertThat(find("server.connections.closed", "code", "1006", "initiator", "none")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(find("server.errors", "uri", "/rooms/{room}").counter().count())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"1000, 1000", "1011, 1011", "3000, 3xxx", "3999, 3xxx", "4000, 4xxx"})
    void aPeerCannotMakeMetersByInventingCodes(int sent, String tag) throws IOException {
        try (RawPeer peer = RawPeer.open(server.port(), "/rooms/1")) {
            peer.send(RawPeer.maskedClose(sent));
            peer.readFrame();
            assertThat(peer.isAtEnd()).isTrue();
        }
        untilNoSessionIsOpen("/rooms/{room}");

        assertThat(find("server.connections.closed", "code", tag).counter().count())
                .isEqualTo(1);
    }

    @Test
    void everyMeterIsDescribed() {
        opened(client("/rooms/7").connect()).close().block(SOON);
        untilNoSessionIsOpen("/rooms/{room}");

        assertThat(registry.getMeters()).isNotEmpty().allSatisfy(meter -> {
            String name = meter.getId().getName();
            WebSocketMeter described = Arrays.stream(WebSocketMeter.values())
                    .filter(each -> name.equals(each.getName(WebSocketMeters.SERVER))
                            || name.equals(each.getName(WebSocketMeters.CLIENT)))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(name));
            assertThat(meter.getId().getTags())
                    .extracting(tag -> tag.getKey())
                    .containsExactlyInAnyOrderElementsOf(Arrays.stream(described.getKeyNames())
                            .map(key -> key.asString())
                            .toList());
            assertThat(meter.getId().getBaseUnit())
                    .satisfiesAnyOf(
                            unit -> assertThat(unit).isEqualTo(described.getBaseUnit()),
                            unit -> assertThat(unit).isEqualTo("seconds"));
        });
    }
}
