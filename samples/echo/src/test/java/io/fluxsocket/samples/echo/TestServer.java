package io.fluxsocket.samples.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.netty.WebSocketServer;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/**
 * The sample's server on a free port of the loopback interface. Beside {@code /echo} it has {@code /watched}, the same echo,
 * whose end {@link #nextClose()} tells, and {@code /close}, which closes with the code and reason that a message asks for.
 */
final class TestServer implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final LinkedTransferQueue<CloseEvent> closes = new LinkedTransferQueue<>();
    private final DisposableServer server;

    private TestServer(UnaryOperator<WebSocketServer> changes) {
        WebSocketServer echo = EchoServer.create()
                .host("127.0.0.1")
                .port(0)
                .route("/watched", connection -> watched(connection).send(connection.receive()))
                .route(
                        "/close",
                        connection -> watched(connection)
                                .receiveMessages()
                                .next()
                                .flatMap(message -> connection.close(parse(message.text()))));
        server = changes.apply(echo).bindNow();
    }

    static TestServer start() {
        return start(server -> server);
    }

    static TestServer start(UnaryOperator<WebSocketServer> changes) {
        return new TestServer(changes);
    }

    /** {@code "4001 some reason"}; without a code: no status. */
    static CloseStatus parse(String codeAndReason) {
        if (codeAndReason.isEmpty()) {
            return CloseStatus.NO_STATUS;
        }
        String[] parts = codeAndReason.split(" ", 2);
        return CloseStatus.of(Integer.parseInt(parts[0]), parts.length == 1 ? "" : parts[1]);
    }

    private WebSocketConnection watched(WebSocketConnection connection) {
        Mono<CloseEvent> closed = connection.closed();
        closed.subscribe(closes::add);
        return connection;
    }

    int port() {
        return server.port();
    }

    String uri(String path) {
        return "ws://127.0.0.1:" + port() + path;
    }

    URI page() {
        return URI.create("http://127.0.0.1:" + port() + "/");
    }

    /** How the next connection of {@code /watched} or {@code /close} ended. */
    CloseEvent nextClose() throws InterruptedException {
        CloseEvent event = closes.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(event).as("a connection has ended").isNotNull();
        return event;
    }

    /** Nobody may be left. */
    @Override
    public void close() {
        server.disposeNow(PATIENCE);
    }
}
