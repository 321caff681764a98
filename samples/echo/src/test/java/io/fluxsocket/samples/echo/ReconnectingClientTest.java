package io.fluxsocket.samples.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.core.handshake.HandshakeHeaders;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import io.fluxsocket.reactive.WebSocketHandshakeException;
import io.fluxsocket.reactive.WebSocketMessage;
import io.fluxsocket.reactive.netty.WebSocketClient;
import io.fluxsocket.reactive.test.InMemoryServer;
import io.fluxsocket.reactive.test.ScriptedPeer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class ReconnectingClientTest {
    private static final WebSocketMessage HELLO = WebSocketMessage.text("hello");

    /** A back-off is drawn from half to one and a half times its length; this is beyond each of the first ones. */
    private static final Duration A_WHILE = Duration.ofMinutes(1);

    private final InMemoryServer server = InMemoryServer.create().answerPings();

    private Flux<String> messages() {
        return ReconnectingClient.messages(server.connect(), Duration.ofSeconds(1))
                .map(WebSocketMessage::text);
    }

    private ScriptedPeer nextPeer() {
        return server.nextPeer().expectText("hello");
    }

    @Test
    void theClientConnectsAgainUntilTheServerClosesWith1000() {
        StepVerifier.withVirtualTime(this::messages)
                .then(() -> nextPeer().sendText("one").thenCloseWith(1012).verify())
                .expectNext("one")
                .thenAwait(A_WHILE)
                .then(() -> nextPeer().sendText("two").thenDrop().verify())
                .expectNext("two")
                .thenAwait(A_WHILE)
                .then(() -> nextPeer().sendText("three").thenCloseWith(1000).verify())
                .expectNext("three")
                .verifyComplete();

        assertThat(server.attempts()).hasSize(3);
    }

    @Test
    void eachFailureInARowDoublesTheBackoffUpToHalfAMinuteAndAMessageEndsTheRow() {
        server.refuse(8, new WebSocketHandshakeException("busy", 503, HandshakeHeaders.of(), "", null));

        StepVerifier.withVirtualTime(this::messages)
                .thenAwait(Duration.ofMinutes(5))
                .then(() -> nextPeer().sendText("one").thenDrop().verify())
                .expectNext("one")
                .thenAwait(Duration.ofMillis(1_500))
                .then(() -> nextPeer().thenCloseWith(1000).verify())
                .verifyComplete();

        List<Duration> attempts = server.attempts();
        assertThat(attempts).hasSize(10);
        for (int failures = 1; failures <= 8; failures++) {
            Duration backoff = Duration.ofSeconds(Math.min(30, 1 << (failures - 1)));
            assertThat(attempts.get(failures).minus(attempts.get(failures - 1)))
                    .as("after %s failures", failures)
                    .isBetween(backoff.dividedBy(2), backoff.multipliedBy(3).dividedBy(2));
        }
    }

    @Test
    void cancelClosesTheConnection() {
        StepVerifier.withVirtualTime(this::messages)
                .then(() -> nextPeer().sendText("one").expectClose(1000).verify())
                .expectNext("one")
                .thenCancel()
                .verify();

        assertThat(server.attempts()).hasSize(1);
    }

    /** The same over sockets. */
    @Test
    void theClientOutlivesTheServer() throws InterruptedException {
        TestServer first = TestServer.start();
        int port = first.port();
        WebSocketClient client = WebSocketClient.create().uri(first.uri("/watched"));
        TestServer[] second = new TestServer[1];
        StepVerifier.create(ReconnectingClient.messages(client.connect(), Duration.ofMillis(20)))
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
