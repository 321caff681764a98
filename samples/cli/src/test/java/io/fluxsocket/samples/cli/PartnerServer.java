package io.fluxsocket.samples.cli;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.core.deflate.DeflateSettings;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.netty.WebSocketServer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/** Our own server, with a path for each thing that a server can do to a client. */
final class PartnerServer implements AutoCloseable {
    private final BlockingQueue<CloseEvent> closes = new LinkedBlockingQueue<>();
    private final AtomicInteger restarts = new AtomicInteger();
    private final DisposableServer server;

    PartnerServer(UnaryOperator<WebSocketServer> changes) {
        server = changes.apply(WebSocketServer.create()
                        .host("127.0.0.1")
                        .port(0)
                        .subprotocols("v2", "v1")
                        .settings(settings -> settings.deflate(DeflateSettings.DEFAULT))
                        .route("/echo", connection -> watched(connection).send(connection.receive()))
                        .route("/headers", PartnerServer::headers)
                        .route("/silent", connection -> connection.receive().then())
                        .route("/close/{status}", connection -> connection.close(status(connection)))
                        .route(
                                "/ping",
                                connection -> connection
                                        .send(Flux.just(
                                                WebSocketFrame.ping("are you there".getBytes()),
                                                WebSocketFrame.text("go")))
                                        .thenMany(connection.receive())
                                        .then())
                        .route(
                                "/escape",
                                connection -> connection.send(Mono.just(WebSocketFrame.text("\u001b[31mred"))))
                        .route("/restarts", this::restarts)
                        .httpRoutes(routes -> routes.get(
                                "/secret",
                                (request, response) -> response.status(401).sendString(Mono.just("Who are you?")))))
                .bindNow();
    }

    private WebSocketConnection watched(WebSocketConnection connection) {
        connection.closed().subscribe(closes::add);
        return connection;
    }

    private static Mono<Void> headers(WebSocketConnection connection) {
        var headers = connection.handshakeInfo().headers();
        return connection.send(Flux.just("X-One", "X-Two", "Authorization", "Origin")
                .map(name -> WebSocketFrame.text(name + "=" + headers.first(name))));
    }

    private static CloseStatus status(WebSocketConnection connection) {
        String path = connection.handshakeInfo().uri().getPath();
        return CloseStatus.of(Integer.parseInt(path.substring(path.lastIndexOf('/') + 1)), "as asked");
    }

    /** The first connection ends with 1012 in the middle, the second one with 1000. */
    private Mono<Void> restarts(WebSocketConnection connection) {
        int count = restarts.incrementAndGet();
        return connection
                .send(Mono.just(WebSocketFrame.text("connection " + count)))
                .then(connection.receiveMessages().next())
                .flatMap(message -> connection.send(Mono.just(message.toFrame())))
                .then(connection.close(count == 1 ? CloseStatus.SERVICE_RESTART : CloseStatus.NORMAL));
    }

    String url(String path) {
        return "ws://127.0.0.1:" + server.port() + path;
    }

    /** How the next connection of {@code /echo} has ended. */
    CloseEvent nextClose() throws InterruptedException {
        return closes.poll(Jar.PATIENCE, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        server.disposeNow(Duration.ofSeconds(Jar.PATIENCE));
    }
}
