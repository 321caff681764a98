package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.handshake.HandshakeHeaders;
import io.fluxsocket.core.handshake.HandshakeRequest;
import io.fluxsocket.core.handshake.ServerHandshake;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketHandler;
import io.fluxsocket.reactive.watch.FaultsExtension;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.test.StepVerifier;

/** A route of an existing HttpServer becomes a WebSocket, byte by byte. */
class TakeoverTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final WebSocketHandler ECHO = connection -> connection.send(connection.receive());

    private DisposableServer server = serve(ECHO);

    @AfterEach
    void stop() {
        server.disposeNow(Stage.PATIENCE);
    }

    @Test
    void theResponseIsExactlyWhatTheHandshakeNeeds() throws IOException {
        try (RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.request("/ws"));

            assertThat(peer.readHead())
                    .isEqualTo("HTTP/1.1 101 Switching Protocols\r\n"
                            + "Upgrade: websocket\r\n"
                            + "Connection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + RawPeer.ACCEPT + "\r\n\r\n");
        }
    }

    // ---- early frames

    @Test
    void aFrameInThePacketOfTheRequestIsAnswered() throws IOException {
        try (RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.request("/ws") + RawPeer.masked(RawPeer.TEXT, "early\n\r"));

            assertThat(peer.readHead()).startsWith("HTTP/1.1 101 ");
            assertThat(peer.readFrame().text()).isEqualTo("early\n\r");
        }
    }

    @Test
    void aFrameInThePacketOfAPipelinedRequestIsAnswered() throws IOException {
        try (RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.get("/plain") + RawPeer.request("/ws") + RawPeer.masked(RawPeer.TEXT, "early"));

            assertThat(peer.readResponse()).endsWith("hello");
            assertThat(peer.readHead()).startsWith("HTTP/1.1 101 ");
            assertThat(peer.readFrame().text()).isEqualTo("early");
        }
    }

    @Test
    void halfAFrameInThePacketOfTheRequestIsContinuedByTheNext() throws IOException {
        try (RawPeer peer = RawPeer.connect(server.port())) {
            String frame = RawPeer.masked(RawPeer.TEXT, "in two halves");
            peer.send(RawPeer.request("/ws") + frame.substring(0, 5));
            assertThat(peer.readHead()).startsWith("HTTP/1.1 101 ");

            peer.send(frame.substring(5));

            assertThat(peer.readFrame().text()).isEqualTo("in two halves");
        }
    }

    @Test
    void aRequestThatArrivesByteByByteIsUpgraded() throws IOException {
        try (RawPeer peer = RawPeer.connect(server.port())) {
            for (char character : RawPeer.request("/ws").toCharArray()) {
                peer.send(String.valueOf(character));
            }

            assertThat(peer.readHead()).startsWith("HTTP/1.1 101 ");
            peer.send(RawPeer.masked(RawPeer.TEXT, "late"));
            assertThat(peer.readFrame().text()).isEqualTo("late");
        }
    }

    @Test
    void aClientThatExpectsA100GetsItBeforeThe101() throws IOException {
        try (RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.request("/ws", "Expect: 100-continue"));

            assertThat(peer.readHead()).startsWith("HTTP/1.1 100 ");
            assertThat(peer.readHead()).startsWith("HTTP/1.1 101 ");
        }
    }

    @Test
    void aConnectionThatServedOrdinaryRequestsCanBeUpgraded() throws IOException {
        try (RawPeer peer = RawPeer.connect(server.port())) {
            for (int i = 0; i < 3; i++) {
                peer.send(RawPeer.get("/plain"));
                assertThat(peer.readResponse()).endsWith("hello");
            }
            peer.send(RawPeer.request("/ws"));

            assertThat(peer.readHead()).startsWith("HTTP/1.1 101 ");
            peer.send(RawPeer.masked(RawPeer.TEXT, "upgraded"));
            assertThat(peer.readFrame().text()).isEqualTo("upgraded");
        }
    }

    @Test
    void anAsynchronousDecisionMayComeBeforeTheUpgrade() throws IOException {
        WebSocketUpgrade upgrade = WebSocketUpgrade.of(ECHO);
        serveInstead(HttpServer.create()
                .route(routes -> routes.get(
                        "/ws",
                        (request, response) -> Mono.delay(Duration.ofMillis(10))
                                .then(Mono.defer(() -> Mono.fromDirect(upgrade.apply(request, response)))))));
        try (RawPeer peer = RawPeer.open(server.port(), "/ws")) {
            peer.send(RawPeer.masked(RawPeer.TEXT, "allowed"));

            assertThat(peer.readFrame().text()).isEqualTo("allowed");
        }
    }

    // ---- the end of the stream

    @Test
    void theServerEndsTheStreamFirst() throws IOException {
        try (RawPeer peer = RawPeer.open(server.port(), "/ws")) {
            peer.send(RawPeer.maskedClose(1000));

            assertThat(peer.readFrame().closeCode()).isEqualTo(1000);
            assertThat(peer.isAtEnd()).isTrue();
        }
    }

    @Test
    void aPeerThatEndsItsHalfBehindItsCloseStillGetsTheAnswer() throws IOException {
        try (RawPeer peer = RawPeer.open(server.port(), "/ws")) {
            peer.send(RawPeer.masked(RawPeer.TEXT, "bye") + RawPeer.maskedClose(1001));
            peer.socket.shutdownOutput();

            assertThat(peer.readFrame().text()).isEqualTo("bye");
            assertThat(peer.readFrame().closeCode()).isEqualTo(1001);
            assertThat(peer.isAtEnd()).isTrue();
        }
    }

    @Test
    void aPeerThatEndsItsHalfWithoutACloseIsLost() throws IOException {
        Sinks.One<CloseEvent> closed = Sinks.one();
        serveInstead(connection -> {
            connection.closed().subscribe(closed::tryEmitValue);
            return connection.receive().then();
        });
        try (RawPeer peer = RawPeer.open(server.port(), "/ws")) {
            peer.socket.shutdownOutput();

            assertThat(peer.isAtEnd()).isTrue();
            assertThat(Objects.requireNonNull(closed.asMono().block(SOON)).initiator())
                    .isEqualTo(CloseEvent.Initiator.NONE);
        }
    }

    @Test
    void aPeerThatVanishesIsLost() throws IOException {
        Sinks.One<CloseEvent> closed = Sinks.one();
        serveInstead(connection -> {
            connection.closed().subscribe(closed::tryEmitValue);
            return connection.receive().then();
        });
        try (RawPeer peer = RawPeer.open(server.port(), "/ws")) {
            peer.socket.setSoLinger(true, 0);
        }

        assertThat(Objects.requireNonNull(closed.asMono().block(SOON)).status().code())
                .isEqualTo(1006);
    }

    // ---- what remains of the HTTP exchange

    @Test
    void theHandlerSeesTheContextOfTheExchange() throws IOException {
        serveInstead(HttpServer.create()
                .mapHandle((exchange, connection) -> exchange.contextWrite(context -> context.put("user", "ada")))
                .route(routes -> routes.get(
                        "/ws",
                        WebSocketUpgrade.of(connection -> connection.send(Mono.deferContextual(
                                context -> Mono.just(WebSocketFrame.text("hello " + context.get("user")))))))));
        try (RawPeer peer = RawPeer.open(server.port(), "/ws")) {
            assertThat(peer.readFrame().text()).isEqualTo("hello ada");
        }
    }

    @Test
    void theExchangeIsOverWithTheHandshake() throws IOException {
        Sinks.Empty<Void> over = Sinks.empty();
        serveInstead(HttpServer.create()
                .mapHandle((exchange, connection) -> exchange.doOnTerminate(over::tryEmitEmpty))
                .route(routes -> routes.get("/ws", WebSocketUpgrade.of(ECHO))));
        try (RawPeer peer = RawPeer.open(server.port(), "/ws")) {
            StepVerifier.create(over.asMono()).expectComplete().verify(SOON);

            peer.send(RawPeer.masked(RawPeer.TEXT, "and goes on"));
            assertThat(peer.readFrame().text()).isEqualTo("and goes on");
        }
    }

    @Test
    void headersThatAreOnTheResponseAlreadyLeaveWithThe101() throws IOException {
        WebSocketUpgrade upgrade = WebSocketUpgrade.of(ECHO);
        serveInstead(HttpServer.create()
                .route(routes -> routes.get(
                        "/ws", (request, response) -> upgrade.apply(request, response.header("Set-Cookie", "sid=1")))));
        try (RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.request("/ws"));

            assertThat(peer.readHead()).startsWith("HTTP/1.1 101 ").contains("Set-Cookie: sid=1\r\n");
        }
    }

    @Test
    void aRequestMayBeJudgedAsItWasRewrittenAndThenUpgraded() throws IOException {
        WebSocketUpgrade upgrade = WebSocketUpgrade.of(connection -> Mono.empty());
        serveInstead(HttpServer.create()
                .route(routes -> routes.get("/ws", (request, response) -> {
                    HandshakeHeaders forwarded = NettyHeaders.copy(request.requestHeaders()).toBuilder()
                            .set("Host", "public.example")
                            .build();
                    ServerHandshake.Result result = upgrade.judge(HandshakeRequest.get(forwarded));
                    return result instanceof ServerHandshake.Accepted accepted
                            ? upgrade.handler(ECHO).accept(accepted, request, response)
                            : response.status(result.status() + 100).send();
                })));
        try (RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.request("/ws", "Origin: http://localhost"));
            assertThat(peer.readResponse()).startsWith("HTTP/1.1 503 ");

            peer.send(RawPeer.request("/ws", "Origin: http://public.example"));
            assertThat(peer.readHead()).startsWith("HTTP/1.1 101 ");
            peer.send(RawPeer.masked(RawPeer.TEXT, "judged"));
            assertThat(peer.readFrame().text()).isEqualTo("judged");
        }
    }

    @Test
    void aResponseThatHasBegunCannotBecomeAWebSocketAndTakesNoPlace() throws IOException {
        WebSocketUpgrade upgrade = WebSocketUpgrade.of(ECHO).maxConnections(1);
        serveInstead(HttpServer.create()
                .route(routes -> routes.get("/ws", upgrade)
                        .get(
                                "/late",
                                (request, response) -> response.sendHeaders()
                                        .then(Mono.fromDirect(upgrade.apply(request, response))))));
        try (RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.request("/late"));

            assertThat(peer.readHead()).startsWith("HTTP/1.1 200 ");
            assertThat(peer.isAtEnd()).isTrue();
        }
        assertThat(FaultsExtension.take()).singleElement().asString().contains("The response has begun");
        RawPeer.open(server.port(), "/ws").close();
    }

    private void serveInstead(WebSocketHandler handler) {
        server.disposeNow(Stage.PATIENCE);
        server = serve(handler);
    }

    private void serveInstead(HttpServer http) {
        server.disposeNow(Stage.PATIENCE);
        server = http.bindNow();
    }

    private static DisposableServer serve(WebSocketHandler handler) {
        return HttpServer.create()
                .route(routes -> routes.get("/plain", (request, response) -> response.sendString(Mono.just("hello")))
                        .get("/ws", WebSocketUpgrade.of(handler)))
                .bindNow();
    }
}
