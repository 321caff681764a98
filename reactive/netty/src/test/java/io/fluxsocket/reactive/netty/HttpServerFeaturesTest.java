package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketHandler;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerMetricsRecorder;
import reactor.netty.http.server.logging.AccessLog;

/** What an HttpServer does with requests ends with the handshake. */
class HttpServerFeaturesTest {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final WebSocketHandler ECHO = connection -> connection.send(connection.receive());

    private static final BlockingQueue<String> LOGGED = new LinkedTransferQueue<>();
    private static final BlockingQueue<String> MEASURED = new LinkedTransferQueue<>();

    private static final Map<String, UnaryOperator<HttpServer>> FEATURES = Map.of(
            "compression", http -> http.compress(true),
            "metrics", http -> http.metrics(true, HttpServerFeaturesTest::recorder),
            "access log", http -> http.accessLog(true, HttpServerFeaturesTest::log),
            "forwarded headers", http -> http.forwarded(true),
            "wiretap", http -> http.wiretap(true),
            "a limit of requests per connection", http -> http.maxKeepAliveRequests(1),
            "HTTP/2 on the same port", http -> http.protocol(HttpProtocol.HTTP11, HttpProtocol.H2C),
            "idle timeout", http -> http.idleTimeout(SHORT),
            "read timeout", http -> http.readTimeout(SHORT),
            "request timeout", http -> http.requestTimeout(SHORT));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "compression",
                "metrics",
                "access log",
                "forwarded headers",
                "wiretap",
                "a limit of requests per connection",
                "HTTP/2 on the same port",
                "idle timeout",
                "read timeout",
                "request timeout",
                "all"
            })
    void noFeatureChangesThe101OrDisturbsTheSession(String feature) throws IOException {
        HttpServer http = HttpServer.create().route(routes -> routes.get("/ws", WebSocketUpgrade.of(ECHO)));
        List<String> features = feature.equals("all") ? List.copyOf(FEATURES.keySet()) : List.of(feature);
        for (String each : features) {
            http = FEATURES.get(each).apply(http);
        }
        DisposableServer server = http.bindNow();
        try (RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.request("/ws", "Accept-Encoding: gzip") + RawPeer.masked(RawPeer.TEXT, "early"));

            assertThat(peer.readHead())
                    .startsWith("HTTP/1.1 101 ")
                    .containsIgnoringCase("connection: upgrade\r\n")
                    .doesNotContainIgnoringCase("content-length")
                    .doesNotContainIgnoringCase("encoding")
                    .doesNotContainIgnoringCase("close");
            assertThat(peer.readFrame().text()).isEqualTo("early");
            peer.send(RawPeer.masked(RawPeer.TEXT, "undisturbed"));
            assertThat(peer.readFrame().text()).isEqualTo("undisturbed");
            peer.send(RawPeer.maskedClose(1000));
            assertThat(peer.readFrame().closeCode()).isEqualTo(1000);
            assertThat(peer.isAtEnd()).isTrue();
        } finally {
            server.disposeNow(Stage.PATIENCE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"idle timeout", "read timeout", "request timeout"})
    void noTimeoutOfRequestsEndsTheSession(String timeout) throws IOException {
        WebSocketHandler late = connection ->
                connection.send(Mono.delay(SHORT.multipliedBy(4)).map(tick -> WebSocketFrame.text("still here")));
        DisposableServer server = FEATURES.get(timeout)
                .apply(HttpServer.create().route(routes -> routes.get("/ws", WebSocketUpgrade.of(late))))
                .bindNow();
        try (RawPeer peer = RawPeer.open(server.port(), "/ws")) {
            assertThat(peer.readFrame().text()).isEqualTo("still here");
        } finally {
            server.disposeNow(Stage.PATIENCE);
        }
    }

    @Test
    void accessLogAndMetricsRecordThe101AtTheHandshake() throws IOException, InterruptedException {
        LOGGED.clear();
        MEASURED.clear();
        DisposableServer server = HttpServer.create()
                .accessLog(true, HttpServerFeaturesTest::log)
                .metrics(true, HttpServerFeaturesTest::recorder, uri -> uri)
                .route(routes -> routes.get("/ws", WebSocketUpgrade.of(ECHO)))
                .bindNow();
        try (RawPeer peer = RawPeer.open(server.port(), "/ws")) {
            assertThat(LOGGED.take()).isEqualTo("GET /ws 101");
            assertThat(MEASURED.take()).isEqualTo("recordServerConnectionActive");
            assertThat(MEASURED.take()).isEqualTo("recordResponseTime /ws GET 101");
            assertThat(MEASURED.take()).isEqualTo("recordServerConnectionInactive");

            peer.send(RawPeer.masked(RawPeer.TEXT, "frames are no responses"));
            peer.readFrame();
            peer.send(RawPeer.maskedClose(1000));
            peer.readFrame();
            assertThat(peer.isAtEnd()).isTrue();
        } finally {
            server.disposeNow(Stage.PATIENCE);
        }
        assertThat(LOGGED).isEmpty();
        assertThat(MEASURED).isEmpty();
    }

    private static AccessLog log(reactor.netty.http.server.logging.AccessLogArgProvider request) {
        LOGGED.add(request.method() + " " + request.uri() + " " + request.status());
        return AccessLog.create("{}", request.status());
    }

    /** Records how requests begin and end. */
    private static HttpServerMetricsRecorder recorder() {
        return (HttpServerMetricsRecorder) Proxy.newProxyInstance(
                HttpServerFeaturesTest.class.getClassLoader(),
                new Class<?>[] {HttpServerMetricsRecorder.class},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "recordResponseTime" ->
                            MEASURED.add(
                                    method.getName() + " " + arguments[0] + " " + arguments[1] + " " + arguments[2]);
                        case "recordServerConnectionActive", "recordServerConnectionInactive" ->
                            MEASURED.add(method.getName());
                        default -> Arrays.hashCode(arguments);
                    }
                    return null;
                });
    }
}
