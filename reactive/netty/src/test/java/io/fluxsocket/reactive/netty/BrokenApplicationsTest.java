package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketHandler;
import io.fluxsocket.reactive.test.WireFrame;
import io.fluxsocket.reactive.watch.FaultsExtension;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Applications that break what a handler, a publisher or a subscriber owes: what their peer sees, and that nobody else suffers. A
 * bystander has an echo on the same event loop; closed, the {@link Stage} expects that it is still served, and that every
 * buffer was given back.
 */
@ParameterizedClass
@EnumSource(
        value = Network.class,
        names = {"NIO", "EPOLL"})
class BrokenApplicationsTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    @Parameter
    Network network;

    /** What is dropped, for nobody waits for it, is the expected answer here. */
    @BeforeEach
    void forgetFaults() {
        FaultsExtension.take();
    }

    private Stage stage(WebSocketHandler handler) throws Exception {
        return new Stage(network, server -> server.settings(settings -> settings.closeTimeout(SHORT)), handler);
    }

    private static CloseEvent local(int code) {
        return new CloseEvent(CloseStatus.of(code), Initiator.LOCAL, true);
    }

    private static void answerClose(RawPeer peer, Stage stage, int code) throws Exception {
        WireFrame close = peer.readFrame();
        assertThat(close.opcode()).as("%s", close).isEqualTo(RawPeer.CLOSE);
        assertThat(close.closeCode()).isEqualTo(code);
        assertThat(close.payload()).as("no detail").hasSize(2);
        peer.send(RawPeer.maskedClose(code));
        assertThat(peer.isAtEnd()).isTrue();
        assertThat(stage.closed()).isEqualTo(local(code));
    }

    private static void peerCloses(RawPeer peer, Stage stage) throws Exception {
        peer.send(RawPeer.maskedClose(4000));
        assertThat(peer.readFrame().closeCode()).isEqualTo(4000);
        assertThat(peer.isAtEnd()).isTrue();
        assertThat(stage.closed()).isEqualTo(new CloseEvent(CloseStatus.of(4000), Initiator.REMOTE, true));
    }

    // ---- what ends with 1011, and the application's hook learns why

    private static Arguments breaks(String how, String why, WebSocketHandler handler) {
        return Arguments.of(Named.of(how, handler), why);
    }

    @SuppressWarnings("NullAway")
    static Stream<Arguments> handlersThatBreak() {
        return Stream.of(
                breaks("throws", "secret", connection -> {
                    throw new IllegalStateException("secret");
                }),
                breaks("throws an Error", "secret", connection -> {
                    throw new AssertionError("secret");
                }),
                breaks("throws what Reactor takes for fatal", "secret", connection -> {
                    throw new NoClassDefFoundError("secret");
                }),
                breaks("fails", "secret", connection -> Mono.error(new IllegalStateException("secret"))),
                breaks("returns null", "returned null", connection -> null),
                breaks(
                        "throws while it receives",
                        "secret",
                        connection -> connection
                                .receive()
                                .doOnNext(frame -> {
                                    throw new IllegalStateException("secret");
                                })
                                .then()),
                breaks(
                        "fails between two messages that it sends",
                        "secret",
                        connection -> connection.send(Flux.just(WebSocketFrame.text("whole"))
                                .concatWith(Mono.error(new IllegalStateException("secret"))))),
                breaks(
                        "subscribes to receive() twice",
                        "subscriber",
                        connection -> Mono.when(connection.receive(), connection.receive())),
                breaks("requests nothing", "request", connection -> requesting(connection.receive(), 0)),
                breaks("requests less than nothing", "request", connection -> requesting(connection.receive(), -1)),
                breaks("blocks when it is called", "sleep", connection -> {
                    sleep();
                    return Mono.never();
                }),
                breaks(
                        "blocks when it receives",
                        "sleep",
                        connection ->
                                connection.receive().doOnNext(frame -> sleep()).then()),
                breaks("waits for another publisher", "block()", connection -> {
                    Mono.never().block();
                    return Mono.never();
                }),
                breaks("emits null", "null", connection -> connection.send(new Misbehaving(s -> s.onNext(null)))),
                breaks(
                        "throws when it is asked",
                        "secret",
                        connection -> connection.send(new Misbehaving(s -> {
                            throw new IllegalStateException("secret");
                        }))),
                breaks(
                        "emits unasked",
                        "more",
                        connection -> connection.send(new Misbehaving(s -> {
                            for (int i = 0; i < 3; i++) {
                                s.onNext(WebSocketFrame.ping());
                            }
                        }))),
                breaks(
                        "sends half a message and completes",
                        "message",
                        connection -> connection.send(Flux.just(WebSocketFrame.text("half", false)))),
                breaks(
                        "sends half a message and fails",
                        "secret",
                        connection -> connection.send(Flux.just(WebSocketFrame.text("half", false))
                                .concatWith(Mono.error(new IllegalStateException("secret"))))),
                breaks(
                        "sends half a text and goes on with bytes",
                        "BINARY_MESSAGE within",
                        connection -> connection.send(
                                Flux.just(WebSocketFrame.text("half", false), WebSocketFrame.binary(new byte[1])))));
    }

    @ParameterizedTest
    @MethodSource("handlersThatBreak")
    void aHandlerThatBreaksClosesWith1011AndTheHookLearnsWhy(WebSocketHandler handler, String why) throws Exception {
        try (Stage stage = stage(handler);
                RawPeer peer = stage.open()) {
            peer.send(RawPeer.masked(RawPeer.TEXT, "x"));
            WireFrame frame = peer.readFrame();
            while (frame.opcode() != RawPeer.CLOSE) {
                assertThat(frame.opcode()).isIn(RawPeer.PING, RawPeer.TEXT);
                frame = peer.readFrame();
            }
            assertThat(frame.closeCode()).isEqualTo(1011);
            assertThat(frame.payload()).as("no detail").hasSize(2);
            peer.send(RawPeer.maskedClose(1011));
            assertThat(peer.isAtEnd()).isTrue();
            assertThat(stage.closed()).isEqualTo(local(1011));
        }
        assertThat(FaultsExtension.take()).isNotEmpty().allMatch(fault -> fault.contains(why), why);
    }

    private static Mono<Void> requesting(Publisher<WebSocketFrame> frames, long n) {
        return Mono.create(sink -> frames.subscribe(new Subscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                subscription.request(n);
            }

            @Override
            public void onNext(WebSocketFrame frame) {}

            @Override
            public void onError(Throwable error) {
                sink.error(error);
            }

            @Override
            public void onComplete() {
                sink.success();
            }
        }));
    }

    private static void sleep() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A publisher that does something of its own when it is asked for the first time. */
    private record Misbehaving(Consumer<Subscriber<? super WebSocketFrame>> deed) implements Publisher<WebSocketFrame> {
        @Override
        public void subscribe(Subscriber<? super WebSocketFrame> s) {
            s.onSubscribe(new Subscription() {
                private boolean done;

                @Override
                public void request(long n) {
                    if (!done) {
                        done = true;
                        deed.accept(s);
                    }
                }

                @Override
                public void cancel() {
                    done = true;
                }
            });
        }
    }

    // ---- what leaves the connection as it is

    @Test
    void aHandlerThatNeverCompletesNorSubscribesAnswersPingsAndThePeersClose() throws Exception {
        try (Stage stage = stage(connection -> {
                    connection.receive();
                    connection.send(Flux.just(WebSocketFrame.text("never subscribed to")));
                    return Mono.never();
                });
                RawPeer peer = stage.open()) {
            peer.send(RawPeer.masked(RawPeer.TEXT, "not consumed") + RawPeer.masked(RawPeer.PING, "p"));
            WireFrame pong = peer.readFrame();
            assertThat(pong.opcode()).isEqualTo(RawPeer.PONG);
            assertThat(pong.text()).isEqualTo("p");
            peerCloses(peer, stage);
        }
    }

    @Test
    void aHandlerThatSubscribesToNothingAndCompletesClosesWith1000() throws Exception {
        try (Stage stage = stage(connection -> {
                    connection.send(Flux.just(WebSocketFrame.text("never subscribed to")));
                    return Mono.empty();
                });
                RawPeer peer = stage.open()) {
            answerClose(peer, stage, 1000);
        }
    }

    @Test
    void aCancelOfReceiveLosesNothing() throws Exception {
        try (Stage stage = stage(connection -> connection.send(connection
                        .receive()
                        .take(1)
                        .concatWith(connection.receive().take(1))));
                RawPeer peer = stage.open()) {
            peer.send(RawPeer.masked(RawPeer.TEXT, "a") + RawPeer.masked(RawPeer.TEXT, "b"));
            assertThat(peer.readFrame().text()).isEqualTo("a");
            assertThat(peer.readFrame().text()).isEqualTo("b");
            answerClose(peer, stage, 1000);
        }
    }

    @Test
    void aSubscriberThatRequestsLateAndFromElsewhereGetsEverythingInOrder() throws Exception {
        Queue<String> received = new ConcurrentLinkedQueue<>();
        try (Stage stage = stage(connection -> {
                    connection.receive().subscribe(new BaseSubscriber<>() {
                        @Override
                        protected void hookOnSubscribe(Subscription s) {
                            later();
                        }

                        @Override
                        protected void hookOnNext(WebSocketFrame frame) {
                            received.add(frame.text());
                            later();
                        }

                        private void later() {
                            Schedulers.parallel().schedule(() -> request(1), 5, TimeUnit.MILLISECONDS);
                        }
                    });
                    return Mono.never();
                });
                RawPeer peer = stage.open()) {
            for (int i = 0; i < 20; i++) {
                peer.send(RawPeer.masked(RawPeer.TEXT, "" + i));
            }
            Stage.until(() -> received.size() == 20, "all is received");
            assertThat(received)
                    .containsExactlyElementsOf(Stream.iterate(0, i -> i + 1)
                            .limit(20)
                            .map(String::valueOf)
                            .toList());
            peerCloses(peer, stage);
        }
    }

    @Test
    void aSendThatIsCancelledInMidMessageClosesWith1011() throws Exception {
        try (Stage stage = stage(connection -> {
                    connection
                            .send(Flux.just(WebSocketFrame.text("half", false)).concatWith(Mono.never()))
                            .takeUntilOther(connection.receive().next())
                            .subscribe();
                    return Mono.never();
                });
                RawPeer peer = stage.open()) {
            assertThat(peer.readFrame().text()).isEqualTo("half");
            peer.send(RawPeer.masked(RawPeer.TEXT, "cancel"));
            answerClose(peer, stage, 1011);
        }
    }

    /** Pings go between; who waits for the rest is told when the server closes, and no later than the close timeout. */
    @Test
    void halfAMessageThatIsNeverFinishedHoldsNobodyUp() throws Exception {
        try (Stage stage = stage(connection -> {
                    connection
                            .send(Flux.just(WebSocketFrame.text("half", false)).concatWith(Mono.never()))
                            .subscribe(v -> {}, e -> {});
                    return connection.receive().next().then();
                });
                RawPeer peer = stage.open()) {
            assertThat(peer.readFrame().text()).isEqualTo("half");
            peer.send(RawPeer.masked(RawPeer.PING, "p"));
            assertThat(peer.readFrame().opcode()).isEqualTo(RawPeer.PONG);
            peer.send(RawPeer.masked(RawPeer.TEXT, "the handler completes"));
            answerClose(peer, stage, 1000);
        }
    }

    @Test
    void aSourceThatEmitsFromManyThreadsAtOnceSendsWholeFramesOrFails() throws Exception {
        String text = "x".repeat(1000);
        try (Stage stage = stage(connection -> connection.send(new Misbehaving(s -> {
                    CountDownLatch together = new CountDownLatch(4);
                    for (int i = 0; i < 4; i++) {
                        Thread thread = new Thread(() -> {
                            together.countDown();
                            for (int k = 0; k < 100; k++) {
                                s.onNext(WebSocketFrame.text(text));
                            }
                            s.onComplete();
                        });
                        thread.setDaemon(true);
                        thread.start();
                    }
                })));
                RawPeer peer = stage.open()) {
            WireFrame frame = peer.readFrame();
            for (; frame.opcode() != RawPeer.CLOSE; frame = peer.readFrame()) {
                assertThat(frame.text()).isEqualTo(text);
            }
            assertThat(frame.closeCode()).isEqualTo(1011);
            peer.send(RawPeer.maskedClose(1011));
            assertThat(peer.isAtEnd()).isTrue();
            assertThat(stage.closed()).isEqualTo(local(1011));
        }
        FaultsExtension.take();
    }
}
