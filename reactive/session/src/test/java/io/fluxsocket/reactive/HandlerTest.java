package io.fluxsocket.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.publisher.PublisherProbe;
import reactor.test.subscriber.TestSubscriber;
import reactor.util.context.Context;

class HandlerTest {
    private final List<Throwable> dropped = new ArrayList<>();

    @BeforeEach
    void catchDroppedErrors() {
        Hooks.onErrorDropped(dropped::add);
    }

    @AfterEach
    void resetHooks() {
        Hooks.resetOnErrorDropped();
    }

    private static TestSubscriber<Void> run(Conversation c, WebSocketHandler handler) {
        TestSubscriber<Void> s = TestSubscriber.create();
        WebSocketConnections.handle(c.connection, handler).subscribe(s);
        return s;
    }

    private static CloseEvent local(CloseStatus status) {
        return new CloseEvent(status, Initiator.LOCAL, true);
    }

    @Test
    void aHandlerThatCompletesClosesWith1000() {
        Conversation c = Conversation.asServer();
        TestSubscriber<Void> run = run(c, connection -> connection.send(Mono.just(WebSocketFrame.text("a"))));
        assertThat(run.isTerminated()).isFalse();
        assertThat(c.got()).containsExactly("text a", "close 1000");
        c.transport.peerEnds();
        assertThat(c.closed()).isEqualTo(local(CloseStatus.NORMAL));
        assertThat(run.isTerminatedComplete()).isTrue();
    }

    @Test
    void aHandlerThatFailsClosesWith1011WithoutDetailAndTheHookLearnsWhy() {
        Conversation c = Conversation.asServer();
        TestSubscriber<Void> run = run(c, connection -> Mono.error(new IllegalStateException("secret")));
        assertThat(c.got()).containsExactly("close 1011");
        c.transport.peerEnds();
        assertThat(c.closed()).isEqualTo(local(CloseStatus.INTERNAL_ERROR));
        assertThat(run.isTerminatedComplete()).isTrue();
        assertThat(dropped).singleElement().extracting(Throwable::getMessage).isEqualTo("secret");
    }

    @Test
    void aHandlerThatThrowsClosesWith1011() {
        Conversation c = Conversation.asServer();
        run(c, connection -> {
            throw new IllegalStateException("secret");
        });
        assertThat(c.got()).containsExactly("close 1011");
        assertThat(dropped).hasSize(1);
    }

    @Test
    @SuppressWarnings("NullAway")
    void aHandlerThatReturnsNullClosesWith1011() {
        Conversation c = Conversation.asServer();
        run(c, connection -> null);
        assertThat(c.got()).containsExactly("close 1011");
        assertThat(dropped).singleElement().isInstanceOf(NullPointerException.class);
    }

    @Test
    void anErrorThatTheClosingCausedDoesNotOverrideItsStatus() {
        Conversation c = Conversation.asServer();
        run(c, connection -> connection.send(Flux.never()));
        c.close(CloseStatus.of(4000));
        assertThat(c.got()).containsExactly("close 4000");
        c.transport.peerEnds();
        assertThat(c.closed()).isEqualTo(new CloseEvent(CloseStatus.of(4000), Initiator.REMOTE, true));
        assertThat(dropped).isEmpty();
    }

    @Test
    void aHandlerThatClosesWithItsOwnStatusIsObeyed() {
        Conversation c = Conversation.asServer();
        run(
                c,
                connection -> Mono.<Void>error(new IllegalStateException())
                        .onErrorResume(e -> connection.close(CloseStatus.of(4002, "because"))));
        assertThat(c.got()).containsExactly("close 4002 because");
        c.transport.peerEnds();
        assertThat(c.closed()).isEqualTo(local(CloseStatus.of(4002, "because")));
    }

    @Test
    void anEchoHandlerEndsWithThePeersClose() {
        Conversation c = Conversation.asServer();
        PublisherProbe<Void> probe = PublisherProbe.empty();
        TestSubscriber<Void> run =
                run(c, connection -> connection.send(connection.receive()).then(probe.mono()));
        c.text("a");
        c.close(CloseStatus.NORMAL);
        probe.assertWasSubscribed();
        assertThat(c.got()).containsExactly("text a", "close 1000");
        c.transport.peerEnds();
        assertThat(run.isTerminatedComplete()).isTrue();
    }

    @Test
    void theContextReachesTheHandler() {
        Conversation c = Conversation.asServer();
        AtomicReference<String> seen = new AtomicReference<>();
        WebSocketConnections.handle(
                        c.connection,
                        connection -> Mono.deferContextual(view -> {
                            seen.set(view.get("key"));
                            return Mono.empty();
                        }))
                .contextWrite(Context.of("key", "value"))
                .subscribe();
        assertThat(seen).hasValue("value");
    }

    @Test
    void cancellingTheRunClosesWith1001AndCancelsTheHandler() {
        Conversation c = Conversation.asServer();
        PublisherProbe<Void> probe = PublisherProbe.of(Mono.never());
        WebSocketConnections.handle(c.connection, connection -> probe.mono())
                .subscribe()
                .dispose();
        probe.assertWasCancelled();
        assertThat(c.got()).containsExactly("close 1001");
    }

    @Test
    void aHandlerThatWaitsForNothingIsCancelledWhenTheConnectionHasClosed() {
        Conversation c = Conversation.asServer();
        PublisherProbe<Void> probe = PublisherProbe.of(Mono.never());
        TestSubscriber<Void> run = run(c, connection -> probe.mono());
        c.close(CloseStatus.NORMAL);
        c.got();
        probe.assertWasNotCancelled();
        c.transport.peerEnds();
        probe.assertWasCancelled();
        assertThat(run.isTerminatedComplete()).isTrue();
    }

    @Test
    void aHandlerThatStillConsumesWhatWasReceivedIsLeftToIt() {
        Conversation c = Conversation.asServer();
        Sinks.Empty<Void> slow = Sinks.empty();
        AtomicBoolean cancelled = new AtomicBoolean();
        List<String> consumed = new ArrayList<>();
        run(
                c,
                connection -> connection
                        .receive()
                        .concatMap(frame -> slow.asMono().doOnTerminate(() -> consumed.add(frame.text())), 1)
                        .then()
                        .doOnCancel(() -> cancelled.set(true)));
        c.text("a");
        c.text("b");
        c.text("c");
        c.close(CloseStatus.NORMAL);
        c.got();
        c.transport.peerEnds();
        assertThat(c.closed()).isNotNull();
        c.pass(Duration.ofHours(1));
        assertThat(cancelled).isFalse();
        slow.tryEmitEmpty();
        assertThat(consumed).containsExactly("a", "b", "c");
    }

    @Test
    void aHandlerThatComesAfterTheEndGetsWhatWasReceived() {
        Conversation c = Conversation.asServer();
        c.text("a");
        c.close(CloseStatus.NORMAL);
        c.got();
        c.transport.peerEnds();
        assertThat(c.closed()).isNotNull();
        List<String> consumed = new ArrayList<>();
        TestSubscriber<Void> run = run(
                c,
                connection -> connection
                        .receive()
                        .doOnNext(frame -> consumed.add(frame.text()))
                        .then());
        assertThat(consumed).containsExactly("a");
        assertThat(run.isTerminatedComplete()).isTrue();
    }

    @Test
    void aHandlerThatHasGotEverythingHasTheCloseTimeoutToFinish() {
        Conversation c = Conversation.asServer();
        PublisherProbe<Void> probe = PublisherProbe.of(Mono.never());
        run(c, connection -> connection.receive().then(probe.mono()));
        c.close(CloseStatus.NORMAL);
        c.got();
        c.transport.peerEnds();
        assertThat(c.closed()).isNotNull();
        c.pass(Duration.ofSeconds(9));
        probe.assertWasNotCancelled();
        c.pass(Duration.ofSeconds(1));
        probe.assertWasCancelled();
    }

    @Test
    void withAStalledConsumerTimeoutAHandlerIsLeftToConsumeAsLongAsItGoesOn() {
        Conversation c = Conversation.asServer(SessionSettings.builder().stalledConsumerTimeout(Duration.ofMinutes(1)));
        TestSubscriber<WebSocketFrame> slow =
                TestSubscriber.builder().initialRequest(0).build();
        AtomicBoolean cancelled = new AtomicBoolean();
        run(c, connection -> {
            connection.receive().subscribe(slow);
            return Mono.<Void>never().doOnCancel(() -> cancelled.set(true));
        });
        for (int i = 0; i < 9; i++) {
            c.text("x");
        }
        c.close(CloseStatus.NORMAL);
        c.got();
        c.transport.peerEnds();
        for (int i = 0; i < 5; i++) {
            c.pass(Duration.ofSeconds(59));
            slow.request(1);
        }
        assertThat(slow.getReceivedOnNext()).hasSize(5);
        assertThat(cancelled).isFalse();

        c.pass(Duration.ofMinutes(2));

        assertThat(cancelled).isTrue();
    }
}
