package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.netty.DisposableServer;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Between real sockets too, all times are measured by the settings' scheduler: an hour of silence passes at once. */
class VirtualTimeTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration ALMOST_LONG = LONG.minusNanos(1);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

    @Test
    void aServerThatStaysSilentFailsTheClientsHandshake() throws Exception {
        try (RawServer server = new RawServer()) {
            CompletableFuture<WebSocketConnection> connection = WebSocketClient.create()
                    .uri(server.uri("/"))
                    .settings(settings -> settings.scheduler(time))
                    .handshakeTimeout(LONG)
                    .connect()
                    .toFuture();
            try (RawPeer silent = server.accept()) {
                silent.readHead();

                time.advanceTimeBy(ALMOST_LONG);
                assertThat(connection).isNotDone();
                time.advanceTimeBy(Duration.ofNanos(1));
                assertThat(connection)
                        .isCompletedExceptionally()
                        .failsWithin(Duration.ZERO)
                        .withThrowableThat()
                        .withCauseInstanceOf(WebSocketTimeoutException.class);
                assertThat(silent.isAtEnd()).isTrue();
            }
        }
    }

    @Test
    void aClientThatStaysSilentIsClosedWhenTheHandshakeTimeoutIsOver() throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        DisposableServer server = server(connected);
        try (RawPeer silent = RawPeer.connect(server.port())) {
            await(connected);
            time.advanceTimeBy(LONG);

            assertThat(silent.isAtEnd()).isTrue();
        } finally {
            server.disposeNow(Stage.PATIENCE);
        }
    }

    @Test
    void aClientThatWakesUpInTimeIsServed() throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        DisposableServer server = server(connected);
        try (RawPeer slow = RawPeer.connect(server.port())) {
            await(connected);
            time.advanceTimeBy(ALMOST_LONG);
            slow.send(RawPeer.request("/"));

            assertThat(slow.readHead()).startsWith("HTTP/1.1 101 ");
        } finally {
            server.disposeNow(Stage.PATIENCE);
        }
    }

    @Test
    void aPeerThatAnswersNoPingIsClosed() throws Exception {
        try (RawServer server = new RawServer()) {
            CountDownLatch pinged = new CountDownLatch(1);
            server.answerWith101And("", peer -> {
                if (peer.readMaskedFrame().opcode() == 9) {
                    pinged.countDown();
                }
            });
            WebSocketConnection connection = WebSocketClient.create()
                    .uri(server.uri("/"))
                    .settings(settings -> settings.scheduler(time).keepAlive(LONG, LONG, 0))
                    .connect()
                    .block();
            CompletableFuture<Void> received = connection.receive().then().toFuture();

            time.advanceTimeBy(LONG);
            await(pinged);
            // The ping has left before its deadline is set: time goes on until that has passed.
            Stage.until(
                    () -> {
                        time.advanceTimeBy(LONG);
                        return received.isDone();
                    },
                    "the peer is given up");

            assertThat(received)
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .withCauseInstanceOf(WebSocketTimeoutException.class);
        }
    }

    /** The deadline is in place when the channel's initialization is over. */
    private DisposableServer server(CountDownLatch connected) {
        return WebSocketServer.create()
                .host("localhost")
                .port(0)
                .httpServer(http -> http.doOnChannelInit(
                        (observer, channel, remote) -> channel.eventLoop().execute(connected::countDown)))
                .settings(settings -> settings.scheduler(time))
                .handshakeTimeout(LONG)
                .handle(connection -> connection.receive().then())
                .bindNow();
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
