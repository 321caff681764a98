package io.fluxsocket.samples.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketMessage;
import io.fluxsocket.reactive.netty.WebSocketClient;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.netty.DisposableServer;
import reactor.test.StepVerifier;

class ReconnectingClientTest {
    private static final Duration BACKOFF = Duration.ofMillis(20);
    private static final WebSocketMessage HELLO = WebSocketMessage.text("hello");

    private final AtomicInteger connections = new AtomicInteger();

    @Test
    void clientConnectsAgainUntilTheServerClosesWith1000() {
        DisposableServer server = EchoServer.create()
                .host("127.0.0.1")
                .port(0)
                .route("/unreliable", this::endDifferentlyEachTime)
                .bindNow();
        WebSocketClient client = WebSocketClient.create().uri("ws://127.0.0.1:" + server.port() + "/unreliable");
        StepVerifier.create(ReconnectingClient.messages(client, BACKOFF))
                .expectNext(HELLO)
                .expectComplete()
                .verify(TestServer.PATIENCE);
        assertThat(connections).hasValue(3);
        assertThat(FaultsExtension.take()).singleElement().asString().contains("a fault of the handler");
        server.disposeNow(TestServer.PATIENCE);
    }

    private Publisher<Void> endDifferentlyEachTime(WebSocketConnection connection) {
        return switch (connections.incrementAndGet()) {
            case 1 -> connection.close(CloseStatus.SERVICE_RESTART);
            case 2 -> throw new IllegalStateException("a fault of the handler");
            default -> connection.send(connection.receive().take(1));
        };
    }

    @Test
    void clientOutlivesTheServer() throws InterruptedException {
        TestServer first = TestServer.start();
        int port = first.port();
        WebSocketClient client = WebSocketClient.create().uri(first.uri("/watched"));
        TestServer[] second = new TestServer[1];
        StepVerifier.create(ReconnectingClient.messages(client, BACKOFF))
                .expectNext(HELLO)
                .then(() -> {
                    first.close();
                    second[0] = TestServer.start(server -> server.port(port));
                })
                .expectNext(HELLO)
                .thenCancel()
                .verify(TestServer.PATIENCE);
        assertThat(first.nextClose()).isEqualTo(new CloseEvent(CloseStatus.GOING_AWAY, Initiator.LOCAL, true));
        assertThat(second[0].nextClose())
                .as("the cancel closes the connection")
                .isEqualTo(new CloseEvent(CloseStatus.NORMAL, Initiator.REMOTE, true));
        second[0].close();
    }
}
