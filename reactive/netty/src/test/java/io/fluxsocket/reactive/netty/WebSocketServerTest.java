package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.fluxsocket.core.handshake.OriginPolicy;
import io.fluxsocket.reactive.HandshakeInfo;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketHandler;
import io.fluxsocket.reactive.watch.FaultsExtension;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.test.StepVerifier;

class WebSocketServerTest {
    private static final WebSocketHandler ECHO = connection -> connection.send(connection.receive());

    private DisposableServer server = serve(configured -> configured);

    @AfterEach
    void stop() {
        server.disposeNow(Stage.PATIENCE);
    }

    // ---- routes

    @Test
    void eachPathHasItsHandlerAndAnyOtherTheOneForEverywhereElse() throws IOException {
        serveInstead(configured -> configured
                .route("/one", saying("first"))
                .route("/two/{number}", saying("second"))
                .handle(saying("elsewhere")));

        assertThat(firstWordAt("/one")).isEqualTo("first");
        assertThat(firstWordAt("/two/2?three")).isEqualTo("second");
        assertThat(firstWordAt("/two")).isEqualTo("elsewhere");
    }

    @Test
    void ordinaryRoutesStandBesideWebSockets() throws IOException {
        serveInstead(configured -> configured.httpRoutes(
                routes -> routes.get("/page", (request, response) -> response.sendString(Mono.just("a page")))));
        try (RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.get("/page"));
            assertThat(peer.readResponse()).startsWith("HTTP/1.1 200 ").endsWith("a page");

            peer.send(RawPeer.get("/nowhere"));
            assertThat(peer.readResponse()).startsWith("HTTP/1.1 404 ");

            peer.send(RawPeer.request("/ws"));
            assertThat(peer.readHead()).startsWith("HTTP/1.1 101 ");
        }
    }

    @Test
    void aServerWithoutAHandlerCannotBeBound() {
        assertThatIllegalStateException()
                .isThrownBy(() -> WebSocketServer.create().bindNow());
        StepVerifier.create(WebSocketServer.create().bind()).verifyError(IllegalStateException.class);
    }

    @Test
    void aChangeMakesACopyAndLeavesTheOriginal() throws IOException {
        WebSocketServer original = WebSocketServer.create().port(0).handle(saying("original"));
        original.route("/", saying("changed"));
        server.disposeNow(Stage.PATIENCE);
        server = original.bindNow();

        assertThat(firstWordAt("/")).isEqualTo("original");
    }

    // ---- refusals

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Upgrade: websocket           | Upgrade: h2c                       | 426 | upgrade: websocket
            Sec-WebSocket-Version: 13    | Sec-WebSocket-Version: 8           | 426 | sec-websocket-version: 13
            GET                          | POST                               | 405 | allow: get
            HTTP/1.1                     | HTTP/1.0                           | 400 | content-type: text/plain
            Connection: Upgrade          | Connection: keep-alive             | 400 | content-type: text/plain
            Sec-WebSocket-Key: d         | Sec-WebSocket-Key: !               | 400 | content-type: text/plain
            /ws                          | /ws?%zz                            | 400 | content-type: text/plain
            Host: localhost              | Host: localhost~Origin: http://x.y | 403 | content-type: text/plain
            /ws                          | /elsewhere                         | 404 | content-length: 0
            """)
    void aRequestThatOpensNoWebSocketIsToldWhy(String correct, String wrong, int status, String header)
            throws IOException {
        try (RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.request("/ws").replaceFirst(correct, wrong.replace("~", "\r\n")));

            assertThat(peer.readResponse())
                    .matches("(?s)HTTP/1\\.[01] " + status + " .*")
                    .containsIgnoringCase(header);
        }
    }

    @Test
    void aConnectionWhoseRequestWasRefusedIsStillOfUse() throws IOException {
        try (RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.request("/ws", "Origin: https://evil.example"));
            assertThat(peer.readResponse()).startsWith("HTTP/1.1 403 ").contains("https://evil.example");

            peer.send(RawPeer.request("/ws"));
            assertThat(peer.readHead()).startsWith("HTTP/1.1 101 ");
        }
    }

    @Test
    void aRequestWithABodyIsRefusedAndItsConnectionClosed() throws IOException {
        try (RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.request("/ws", "Content-Length: 5") + "bytes");

            assertThat(peer.readResponse()).startsWith("HTTP/1.1 400 ").containsIgnoringCase("connection: close");
            assertThat(peer.isAtEnd()).isTrue();
        }
    }

    @Test
    void aFrameBehindARefusedRequestClosesTheConnection() throws IOException {
        try (RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.request("/ws", "Origin: https://evil.example")
                    + RawPeer.masked(RawPeer.TEXT, "early\r\n\r\n"));

            assertThat(peer.readResponse()).startsWith("HTTP/1.1 403 ");
            assertThat(peer.readResponse()).startsWith("HTTP/1.1 400 ");
            assertThat(peer.isAtEnd()).isTrue();
        }
    }

    @Test
    void aHeadRequestIsRefusedWithoutABody() throws IOException {
        try (RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.request("/ws").replaceFirst("GET", "HEAD") + RawPeer.request("/ws"));

            assertThat(peer.readHead()).startsWith("HTTP/1.1 405 ");
            assertThat(peer.readHead()).startsWith("HTTP/1.1 101 ");
        }
    }

    // ---- policies

    @Test
    void theFirstSubprotocolThatTheClientOffersIsAgreedOn() throws IOException {
        serveInstead(configured -> configured
                .subprotocols("v2", "v1")
                .route(
                        "/ws",
                        connection -> connection.send(Mono.just(WebSocketFrame.text(
                                String.valueOf(connection.handshakeInfo().subprotocol()))))));
        try (RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.request("/ws", "Sec-WebSocket-Protocol: v1, v2"));

            assertThat(peer.readHead()).contains("Sec-WebSocket-Protocol: v2\r\n");
            assertThat(peer.readFrame().text()).isEqualTo("v2");
        }
        assertThat(firstWordAt("/ws")).isEqualTo("null");
    }

    @Test
    void anOriginPolicyMayLetOtherPagesIn() throws IOException {
        serveInstead(configured -> configured.originPolicy(OriginPolicy.any()));
        try (RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.request("/ws", "Origin: https://friend.example"));

            assertThat(peer.readHead()).startsWith("HTTP/1.1 101 ");
        }
    }

    @Test
    void theHandlerLearnsWhatTheApplicationFoundInTheRequest() throws IOException {
        serveInstead(configured -> configured
                .handshakeInfo((request, info) -> info.principal(
                                () -> request.requestHeaders().get("X-User"))
                        .attributes(Map.of("room", Objects.requireNonNull(request.param("room")))))
                .route("/rooms/{room}", connection -> {
                    HandshakeInfo info = connection.handshakeInfo();
                    String text = Objects.requireNonNull(info.principal()).getName() + " in " + info.attributes();
                    return connection.send(Mono.just(WebSocketFrame.text(text)));
                }));
        try (RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.request("/rooms/blue", "X-User: ada"));

            peer.readHead();
            assertThat(peer.readFrame().text()).isEqualTo("ada in {room=blue}");
        }
    }

    @Test
    void anErrorOfTheApplicationInTheHandshakeIsA500() throws IOException {
        serveInstead(configured -> configured.handshakeInfo((request, info) -> {
            throw new IllegalStateException("no database");
        }));
        try (RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.request("/ws"));

            assertThat(peer.readResponse()).startsWith("HTTP/1.1 500 ").doesNotContain("database");
        }
        assertThat(FaultsExtension.take()).singleElement().asString().contains("no database");
    }

    @Test
    void beyondTheMostConnectionsARequestIsAnsweredWith503UntilOneHasClosed() throws IOException {
        serveInstead(configured -> configured.maxConnections(2));
        try (RawPeer first = RawPeer.open(server.port(), "/ws");
                RawPeer second = RawPeer.open(server.port(), "/ws");
                RawPeer third = RawPeer.connect(server.port())) {
            third.send(RawPeer.request("/ws"));
            assertThat(third.readResponse()).startsWith("HTTP/1.1 503 ");

            first.send(RawPeer.maskedClose(1000));
            first.readFrame();
            first.socket.shutdownOutput();
            String answer;
            do {
                third.send(RawPeer.request("/ws"));
                answer = third.readResponse();
            } while (answer.startsWith("HTTP/1.1 503 "));
            assertThat(answer).startsWith("HTTP/1.1 101 ");
            second.send(RawPeer.masked(RawPeer.TEXT, "still here"));
            assertThat(second.readFrame().text()).isEqualTo("still here");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void theMostConnectionsAreAtLeastOne(int connections) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WebSocketServer.create().maxConnections(connections));
    }

    // ---- the deadline of a request

    @Test
    void aConnectionThatAsksForNothingIsClosed() throws IOException {
        serveInstead(configured -> configured.handshakeTimeout(Duration.ofMillis(100)));
        try (RawPeer peer = RawPeer.connect(server.port())) {
            assertThat(peer.isAtEnd()).isTrue();
        }
    }

    @Test
    void aRequestThatTricklesInGainsNoTime() throws IOException {
        serveInstead(configured -> configured.handshakeTimeout(Duration.ofMillis(200)));
        try (RawPeer peer = RawPeer.connect(server.port())) {
            peer.send("GET /ws HTTP/1.1\r\nX-Slow: ");

            assertThat(peer.sendsUntilClosed("a", Duration.ofMillis(20))).isLessThan(100);
        }
    }

    @Test
    void aConnectionThatAsksForNothingMoreIsClosed() throws IOException {
        serveInstead(configured -> configured.handshakeTimeout(Duration.ofMillis(200)));
        try (RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.get("/ws"));
            assertThat(peer.readResponse()).startsWith("HTTP/1.1 426 ");

            assertThat(peer.isAtEnd()).isTrue();
        }
    }

    @Test
    void aClientThatDoesNotBeginItsTlsHandshakeIsClosed() throws IOException {
        server.disposeNow(Stage.PATIENCE);
        server = Network.NIO_TLS
                .server()
                .route("/ws", ECHO)
                .handshakeTimeout(Duration.ofMillis(100))
                .bindNow();
        try (RawPeer peer = RawPeer.connect(server.port())) {
            assertThat(peer.isAtEnd()).isTrue();
        }
    }

    @Test
    void aDeadlineIsAboveZeroAndACenturyAtMost() {
        for (Duration impossible : new Duration[] {Duration.ZERO, Duration.ofMillis(-1), Duration.ofDays(36_501)}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> WebSocketServer.create().handshakeTimeout(impossible));
        }
        WebSocketServer.create().handshakeTimeout(Duration.ofDays(36_500));
    }

    @Test
    void anOpenWebSocketHasNoDeadline() throws IOException {
        serveInstead(configured -> configured
                .handshakeTimeout(Duration.ofMillis(100))
                .route(
                        "/late",
                        connection -> connection.send(
                                Mono.delay(Duration.ofMillis(400)).map(tick -> WebSocketFrame.text("late")))));

        assertThat(firstWordAt("/late")).isEqualTo("late");
    }

    private String firstWordAt(String path) throws IOException {
        try (RawPeer peer = RawPeer.open(server.port(), path)) {
            return peer.readFrame().text();
        }
    }

    private static WebSocketHandler saying(String text) {
        return connection -> connection.send(Mono.just(WebSocketFrame.text(text)));
    }

    private void serveInstead(UnaryOperator<WebSocketServer> changes) {
        server.disposeNow(Stage.PATIENCE);
        server = serve(changes);
    }

    private static DisposableServer serve(UnaryOperator<WebSocketServer> changes) {
        return changes.apply(WebSocketServer.create().port(0).route("/ws", ECHO))
                .bindNow();
    }
}
