package io.fluxsocket.reactive.test;

import static io.fluxsocket.reactive.test.WebSocketAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketHandshakeException;
import io.fluxsocket.reactive.WebSocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;

/** Every time of a session passes at once: under StepVerifier.withVirtualTime, in a script, and by hand. */
class VirtualTimeTest {
    private static final Duration LONG = Duration.ofHours(1);

    @Test
    void keepAliveKeepsTwoLivingEndsTogether() {
        WebSocketPair pair = WebSocketPair.open();

        pair.advanceTimeBy(LONG);

        assertThat(pair.client()).isOpen();
        assertThat(pair.transcript().lines()).anyMatch(line -> line.contains("PING"));
    }

    @Test
    void aPongThatDoesNotComeFailsThePing() {
        StepVerifier.withVirtualTime(() -> {
                    WebSocketPair pair = InMemoryWebSocket.create()
                            .settings(s -> s.noKeepAlive().pongTimeout(LONG))
                            .pair();
                    pair.toClient().stallReads();
                    return pair.client().ping();
                })
                .expectSubscription()
                .expectNoEvent(LONG.minusNanos(1))
                .thenAwait(Duration.ofNanos(1))
                .verifyError(WebSocketTimeoutException.class);
    }

    @Test
    void anIdleConnectionIsClosed() {
        ScriptedPeer peer = InMemoryWebSocket.create()
                .serverSettings(s -> s.noKeepAlive().idleTimeout(LONG))
                .scriptedClient();

        peer.expectNoFrameFor(LONG.minusMillis(1))
                .sendText("x")
                .expectNoFrameFor(LONG.minusMillis(1))
                .thenAwait(Duration.ofMillis(1))
                .expectClose(1001, "idle")
                .verify();
    }

    @Test
    void aPeerThatDoesNotAnswerTheCloseIsCutOff() {
        StepVerifier.withVirtualTime(() -> {
                    WebSocketPair pair = InMemoryWebSocket.create()
                            .settings(s -> s.noKeepAlive().closeTimeout(LONG))
                            .pair();
                    pair.toServer().stallReads();
                    return pair.client().close();
                })
                .expectSubscription()
                .expectNoEvent(LONG.minusNanos(1))
                .thenAwait(Duration.ofNanos(1))
                .verifyComplete();
    }

    @Test
    void aStalledConsumerIsCutOff() {
        WebSocketPair pair = InMemoryWebSocket.create()
                .settings(s -> s.noKeepAlive())
                .serverSettings(s -> s.receiveWindow(100).stalledConsumerTimeout(LONG))
                .pair();
        pair.client().send(Flux.just("a", "b").map(WebSocketFrame::text)).subscribe();

        pair.advanceTimeBy(LONG.minusNanos(1));
        assertThat(pair.server()).isOpen();
        pair.advanceTimeBy(Duration.ofNanos(1));
        assertThat(pair.client()).isClosedWith(1011).isRemote();
    }

    @Test
    void timersOfTheHandlerItselfRunInInstalledVirtualTime() {
        StepVerifier.withVirtualTime(() -> WebSocketPair.open(connection -> connection.send(
                                Flux.interval(Duration.ofMinutes(1)).map(i -> WebSocketFrame.text("tick " + i))))
                        .client()
                        .receiveMessages()
                        .map(message -> message.text()))
                .thenAwait(Duration.ofMinutes(2))
                .expectNext("tick 0", "tick 1")
                .thenCancel()
                .verify();
    }

    @Test
    void attemptsToConnectAreTimed() {
        InMemoryServer server = InMemoryServer.create().refuse(3, new IllegalStateException("busy"));

        StepVerifier.withVirtualTime(() -> server.connect().retryWhen(backoff()))
                .thenAwait(Duration.ofSeconds(7))
                .assertNext(connection -> assertThat(connection).isOpen())
                .verifyComplete();

        assertThat(server.attempts()).extracting(Duration::toSeconds).containsExactly(0L, 1L, 3L, 7L);
        server.nextPeer().sendText("x").thenCloseWith(1000).verify();
    }

    private static Retry backoff() {
        return Retry.backoff(9, Duration.ofSeconds(1)).jitter(0);
    }

    @Test
    void anAttemptMayBeRefusedWithAStatus() {
        StepVerifier.create(InMemoryServer.create().refuse(1, 429).connect())
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                WebSocketHandshakeException.class,
                                refusal -> assertThat(refusal.statusCode()).isEqualTo(429))
                        .hasMessageContaining("429"));
    }

    @Test
    void anAttemptThatIsLeftUnansweredFailsWhenTheHandshakeTimeoutIsOver() {
        InMemoryServer server =
                InMemoryServer.create().leaveUnanswered(1, LONG).refuse(1, new IllegalStateException("busy"));

        StepVerifier.withVirtualTime(server::connect)
                .expectSubscription()
                .expectNoEvent(LONG.minusNanos(1))
                .thenAwait(Duration.ofNanos(1))
                .verifyError(WebSocketTimeoutException.class);
        StepVerifier.create(server.connect()).verifyErrorMessage("busy");
        StepVerifier.create(server.connect()).expectNextCount(1).verifyComplete();
        assertThatThrownBy(() -> server.leaveUnanswered(1, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("handshakeTimeout is PT0S; it must be above 0");
    }

    @Test
    void peersOfAServerAnswerPingsBeforeTheTestTurnsToThem() {
        InMemoryServer server = InMemoryServer.create().answerPings();

        StepVerifier.withVirtualTime(() -> server.connect().flatMapMany(connection -> connection.receiveMessages()))
                .thenAwait(LONG)
                .then(() -> server.nextPeer()
                        .sendText("still here")
                        .thenCloseWith(1000)
                        .verify())
                .expectNextCount(1)
                .verifyComplete();
    }

    @Test
    void aPeerThatNobodyHasConnectedToIsNotThere() {
        InMemoryServer server = InMemoryServer.create();
        assertThatThrownBy(server::nextPeer)
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("no more connection was opened");

        StepVerifier.create(server.connect().then(Mono.defer(server::connect)))
                .expectNextCount(1)
                .verifyComplete();
        assertThat(server.nextPeer().connection()).isNotSameAs(server.nextPeer().connection());
    }
}
