package io.fluxsocket.reactive.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.HandshakeInfo;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketHandler;
import io.fluxsocket.reactive.WebSocketMessage;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class WebSocketPairTest {
    private static final WebSocketHandler SHOUT = connection -> connection.send(
            connection.receiveMessages().map(m -> WebSocketFrame.text(m.text().toUpperCase(Locale.ROOT))));

    @Test
    void everythingThatFollowsFromACallHasHappenedWhenItReturns() {
        WebSocketPair pair = WebSocketPair.open(SHOUT);
        AtomicReference<String> answer = new AtomicReference<>();
        pair.client().receiveMessages().subscribe(m -> answer.set(m.text()));

        pair.client().send(Mono.just(WebSocketFrame.text("hello"))).subscribe();

        assertThat(answer).hasValue("HELLO");
    }

    @Test
    void aHandlerAnswersUnderAStepVerifier() {
        WebSocketPair pair = WebSocketPair.open(SHOUT);

        StepVerifier.create(pair.client().receiveMessages())
                .then(() -> pair.client()
                        .send(Flux.just(WebSocketFrame.text("a"), WebSocketFrame.text("b")))
                        .subscribe())
                .expectNext(WebSocketMessage.text("A"), WebSocketMessage.text("B"))
                .then(() -> pair.client().close().subscribe())
                .verifyComplete();

        CloseEvent closed = pair.server().closed().block();
        assertThat(closed).isEqualTo(new CloseEvent(CloseStatus.NORMAL, CloseEvent.Initiator.REMOTE, true));
        assertThat(pair.client().closed().block())
                .isEqualTo(new CloseEvent(CloseStatus.NORMAL, CloseEvent.Initiator.LOCAL, true));
        assertThat(pair.handlerErrors()).isEmpty();
    }

    @Test
    void bothEndsMayHaveHandlers() {
        AtomicReference<List<String>> got = new AtomicReference<>();
        WebSocketPair pair = InMemoryWebSocket.create()
                .pair(
                        SHOUT,
                        connection -> connection
                                .send(Flux.just("a", "b").map(WebSocketFrame::text))
                                .then(connection
                                        .receiveMessages()
                                        .map(WebSocketMessage::text)
                                        .take(2)
                                        .collectList()
                                        .doOnNext(got::set)
                                        .then()));

        assertThat(got.get()).containsExactly("A", "B");
        assertThat(pair.server().closed().block()).isNotNull();
    }

    @Test
    void theHandshakeIsWhatTheTestSays() {
        InMemoryWebSocket base = InMemoryWebSocket.create()
                .uri("/chat?room=1")
                .subprotocol("chat.v2")
                .requestHeader("Origin", "https://example.org")
                .responseHeader("X-Node", "7")
                .principal(() -> "ada");
        WebSocketPair pair = base.pair();

        HandshakeInfo server = pair.server().handshakeInfo();
        assertThat(server.uri()).hasToString("/chat?room=1");
        assertThat(server.subprotocol()).isEqualTo("chat.v2");
        assertThat(server.headers().first("origin")).isEqualTo("https://example.org");
        assertThat(server.principal()).isNotNull().returns("ada", p -> p.getName());
        HandshakeInfo client = pair.client().handshakeInfo();
        assertThat(client.uri()).hasToString("ws://localhost/chat?room=1");
        assertThat(client.subprotocol()).isEqualTo("chat.v2");
        assertThat(client.headers().first("x-node")).isEqualTo("7");
        assertThat(client.principal()).isNull();
        assertThat(base.pair().server().handshakeInfo()).isNotSameAs(server);
    }

    @Test
    void whateverElseTheHandshakeTellsMayBeSetForEachEnd() {
        InetSocketAddress peer = InetSocketAddress.createUnresolved("example.org", 1234);
        WebSocketPair pair = InMemoryWebSocket.create()
                .serverHandshakeInfo(info -> info.attributes(Map.of("tenant", 7)))
                .serverHandshakeInfo(info -> info.remoteAddress(peer))
                .clientHandshakeInfo(info -> info.localAddress(peer))
                .subprotocol("chat.v2")
                .pair();

        HandshakeInfo server = pair.server().handshakeInfo();
        assertThat(server.remoteAddress()).isEqualTo(peer);
        assertThat(server.attributes()).containsExactly(entry("tenant", 7));
        assertThat(server.subprotocol()).isEqualTo("chat.v2");
        HandshakeInfo client = pair.client().handshakeInfo();
        assertThat(client.localAddress()).isEqualTo(peer);
        assertThat(client.attributes()).isEmpty();
        assertThat(client.remoteAddress()).isNull();
    }

    @Test
    void eachEndHasItsOwnLimits() {
        WebSocketPair pair = InMemoryWebSocket.create()
                .serverSettings(s -> s.maxFrameSize(125))
                .pair();

        pair.client().send(Mono.just(WebSocketFrame.binary(new byte[126]))).subscribe();

        assertThat(pair.client().closed().block())
                .returns(1009, e -> e.status().code())
                .returns(CloseEvent.Initiator.REMOTE, CloseEvent::initiator);
    }

    @Test
    void theContextOfTheTestReachesTheHandler() {
        AtomicReference<String> user = new AtomicReference<>();
        InMemoryWebSocket.create()
                .contextWrite(c -> c.put("user", "ada"))
                .pair(connection -> Mono.deferContextual(c -> {
                    user.set(c.get("user"));
                    return Mono.empty();
                }));

        assertThat(user).hasValue("ada");
    }

    @Test
    void whatTheHandlerFailsWithIsKept() {
        IllegalStateException boom = new IllegalStateException("boom");
        WebSocketPair pair = WebSocketPair.open(connection -> Mono.error(boom));

        assertThat(pair.handlerErrors()).containsExactly(boom);
        assertThat(pair.toString())
                .contains("server → client  CLOSE", "the handler failed: java.lang.IllegalStateException: boom");
        assertThat(pair.client().closed().block()).returns(1011, e -> e.status().code());
    }

    @Test
    void blockingInAHandlerFailsAsInProduction() {
        WebSocketPair pair = WebSocketPair.open(connection -> {
            connection.ping().block();
            return Mono.empty();
        });

        assertThat(pair.handlerErrors()).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(pair.handlerErrors().get(0)).hasMessageContaining("blocking");
        Mono.just("the test's own thread may").block();
    }

    @Test
    void pingIsAnsweredInNoTimeAndInVirtualTime() {
        WebSocketPair pair = WebSocketPair.open();

        StepVerifier.create(pair.client().ping()).expectNext(Duration.ZERO).verifyComplete();

        pair.toServer().delay(Duration.ofMillis(20));
        pair.toClient().delay(Duration.ofMillis(30));
        StepVerifier.create(pair.client().ping())
                .then(() -> pair.advanceTimeBy(Duration.ofMillis(100)))
                .expectNext(Duration.ofMillis(50))
                .verifyComplete();
    }

    @Test
    void timeIsThatOfWithVirtualTimeIfThePairIsOpenedWithinIt() {
        StepVerifier.withVirtualTime(() -> {
                    WebSocketPair pair = InMemoryWebSocket.create()
                            .serverSettings(s -> s.noKeepAlive())
                            .pair();
                    pair.toServer().stallReads();
                    return pair.client().receive();
                })
                .thenAwait(Duration.ofSeconds(50))
                .verifyErrorMessage("no pong arrived within 10000 ms");
    }

    @Test
    void timeIsThePairsOwnOtherwise() {
        WebSocketPair one = WebSocketPair.open();
        WebSocketPair other = WebSocketPair.open();
        one.toServer().stallReads();
        other.toServer().stallReads();

        one.advanceTimeBy(Duration.ofMinutes(1));

        assertThat(one.client().closed().toFuture()).isDone();
        assertThat(other.client().closed().toFuture()).isNotDone();
        assertThat(one.time()).isNotSameAs(other.time());
    }

    @Test
    void timeMayBeShared() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        InMemoryWebSocket shared = InMemoryWebSocket.create().time(time);

        assertThat(shared.pair().time()).isSameAs(time);
        assertThat(shared.scriptedServer().time()).isSameAs(time);
    }

    @Test
    void timeOnlyGoesOn() {
        WebSocketPair pair = WebSocketPair.open();
        assertThatThrownBy(() -> pair.advanceTimeBy(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void timeDoesNotPassWithinAHandler() {
        WebSocketPair pair = WebSocketPair.open();
        AtomicReference<Throwable> error = new AtomicReference<>();
        pair.client().receive().subscribe(f -> pair.advanceTimeBy(Duration.ofSeconds(1)), error::set);

        pair.server().send(Mono.just(WebSocketFrame.text("x"))).subscribe();

        assertThat(error.get()).isInstanceOf(IllegalStateException.class).hasMessageStartingWith("time passes between");
    }

    @Test
    void otherThreadsAreHandedOver() {
        WebSocketPair pair = WebSocketPair.open(
                connection -> connection.send(connection.receive().publishOn(Schedulers.parallel())));
        Flux<WebSocketFrame> numbers = Flux.range(0, 10_000)
                .map(i -> WebSocketFrame.text(Integer.toString(i)))
                .subscribeOn(Schedulers.boundedElastic());

        StepVerifier.create(pair.client().receiveMessages().map(WebSocketMessage::text))
                .then(() -> pair.client().send(numbers).subscribe())
                .recordWith(ArrayList::new)
                .expectNextCount(10_000)
                .consumeRecordedWith(all -> assertThat(all)
                        .containsExactlyElementsOf(IntStream.range(0, 10_000)
                                .mapToObj(Integer::toString)
                                .toList()))
                .then(() -> pair.client().close().subscribe())
                .expectComplete()
                .verify(Duration.ofSeconds(30));
    }

    @Test
    void aLostConnectionIsLostAtBothEnds() {
        WebSocketPair pair = WebSocketPair.open();
        pair.reset();

        for (WebSocketConnection end : List.of(pair.client(), pair.server())) {
            assertThat(end.closed().block())
                    .isEqualTo(new CloseEvent(CloseStatus.ABNORMAL, CloseEvent.Initiator.NONE, false));
            StepVerifier.create(end.receive())
                    .verifyErrorSatisfies(e -> assertThat(e).hasRootCauseMessage("Connection reset by peer"));
        }
    }

    @Test
    void impossibleSettingsAreRefused() {
        assertThatThrownBy(() -> InMemoryWebSocket.create().bufferSize(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WebSocketPair.open().toClient().chunks(0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WebSocketPair.open().toClient().delay(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
