package io.fluxsocket.reactive.test;

import static io.fluxsocket.reactive.test.WebSocketAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.subscriber.TestSubscriber;

/** What the session promises when both ends of a connection are sessions. */
class SessionPairTest {
    private static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static List<WebSocketMessage> collect(WebSocketConnection connection) {
        List<WebSocketMessage> messages = new ArrayList<>();
        connection.receiveMessages().subscribe(messages::add);
        return messages;
    }

    @Test
    void bothEndsMayCloseAtOnce() {
        WebSocketPair pair = WebSocketPair.open();
        pair.toClient().stallReads();
        pair.toServer().stallReads();
        pair.client().close(CloseStatus.of(4001)).subscribe();
        pair.server().close(CloseStatus.of(4002)).subscribe();

        pair.toClient().resumeReads();
        pair.toServer().resumeReads();

        assertThat(pair.client()).isClosedWith(4001).isLocal().isClean();
        assertThat(pair.server()).isClosedWith(4002).isLocal().isClean();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100, 4096, 65536})
    void largeMessagesCrossInBothDirectionsThroughSmallBuffers(int bufferSize) {
        WebSocketPair pair = InMemoryWebSocket.create()
                .bufferSize(bufferSize)
                .settings(s -> s.maxChunkSize(1024).receiveWindow(0))
                .pair();
        WebSocketMessage up = WebSocketMessage.binary(bytes(100_000, 1));
        WebSocketMessage down = WebSocketMessage.binary(bytes(100_001, 2));
        CompletableFuture<Void> sentUp =
                pair.client().send(Mono.just(up.toFrame())).toFuture();
        CompletableFuture<Void> sentDown =
                pair.server().send(Mono.just(down.toFrame())).toFuture();
        assertThat(sentUp).isNotDone();
        assertThat(sentDown).isNotDone();

        assertThat(collect(pair.server())).containsExactly(up);
        assertThat(collect(pair.client())).containsExactly(down);
        assertThat(sentUp).isCompleted();
        assertThat(sentDown).isCompleted();
    }

    @Test
    void aConversationSurvivesEverySplitOfItsBytes() {
        for (int split = 1; split < 60; split++) {
            WebSocketPair pair = WebSocketPair.open(connection -> connection.send(connection.receive()));
            pair.toServer().chunks(split, 1, 60);
            pair.toClient().chunks(split, 2, 60);
            List<WebSocketMessage> echoes = collect(pair.client());
            Flux<WebSocketFrame> message = Flux.just(
                    WebSocketFrame.text("héllo "),
                    WebSocketFrame.text("wörld, ", false),
                    WebSocketFrame.ping(new byte[5]),
                    WebSocketFrame.text("€uro 🎉", true));

            pair.client().send(message).then(pair.client().close()).subscribe();

            assertThat(echoes)
                    .as("split at %d", split)
                    .containsExactly(WebSocketMessage.text("héllo "), WebSocketMessage.text("wörld, €uro 🎉"));
            assertThat(pair.client()).isClosedWith(1000).isClean();
            assertThat(pair.server()).isClosedWith(1000).isClean();
        }
    }

    @Test
    void pingsAreAnsweredThoughNobodyReceives() {
        WebSocketPair pair = WebSocketPair.open();

        assertThat(pair.client().ping().block()).isEqualTo(Duration.ZERO);
        assertThat(pair.server().ping().block()).isEqualTo(Duration.ZERO);
    }

    @Test
    void withoutAWindowAPingWaitsForDemand() {
        WebSocketPair pair = InMemoryWebSocket.create()
                .serverSettings(s -> s.receiveWindow(0))
                .pair();
        CompletableFuture<Duration> ping = pair.client().ping().toFuture();
        assertThat(ping).isNotDone();

        pair.server().receive().subscribe();

        assertThat(ping).isCompleted();
    }

    @Test
    void concurrentSendsTakeTurnsMessageByMessage() {
        WebSocketPair pair = WebSocketPair.open();
        List<WebSocketMessage> received = collect(pair.server());
        pair.toServer().stallWrites().writable(false);
        List<CompletableFuture<Void>> sends = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            sends.add(pair.client()
                    .send(Flux.range(1, 3).map(i -> WebSocketFrame.text(name + i, i == 3)))
                    .toFuture());
        }

        pair.toServer().resumeWrites().writable(true);

        assertThat(sends).allMatch(CompletableFuture::isDone);
        assertThat(received).extracting(WebSocketMessage::text).containsExactlyInAnyOrder("a1a2a3", "b1b2b3", "c1c2c3");
    }

    @Test
    void aServerThatGoesAwayFinishesItsMessageAndSays1001() {
        WebSocketPair pair = WebSocketPair.open();
        List<WebSocketMessage> received = collect(pair.client());
        pair.server()
                .send(Flux.just(WebSocketFrame.text("begun ", false))
                        .concatWith(Mono.just(WebSocketFrame.text("and ended"))
                                .delayElement(Duration.ofSeconds(1), pair.time())))
                .onErrorComplete()
                .subscribe();

        pair.shutdownServer();
        assertThat(pair.client()).isOpen();
        pair.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(received).containsExactly(WebSocketMessage.text("begun and ended"));
        assertThat(pair.client()).isClosedWith(1001).isRemote().isClean();
        assertThat(pair.server()).isClosedWith(1001).isLocal().isClean();
    }

    @Test
    void theServerEndsTheStreamFirst() {
        WebSocketPair pair = WebSocketPair.open();

        pair.client().close().subscribe();

        assertThat(pair.transcript().lines())
                .extracting(line -> line.substring(13).replaceAll(" +", " "))
                .containsExactly(
                        "client → server CLOSE fin masked 2 bytes 1000",
                        "server → client CLOSE fin 2 bytes 1000",
                        "server → client (end of stream)",
                        "client → server (end of stream)");
    }

    /** A reset by either end may destroy what is under way, so neither end may leave bytes unread. */
    @Test
    void aCloseArrivesThoughTheOtherEndWasSending() {
        WebSocketPair pair = InMemoryWebSocket.create().bufferSize(1000).pair();
        pair.server()
                .send(Flux.<WebSocketFrame>generate(s -> s.next(WebSocketFrame.binary(new byte[100]))))
                .subscribe(v -> {}, e -> {});
        assertThat(pair.toClient().isWritable()).as("the flood is stopped").isFalse();

        pair.client().close(CloseStatus.of(4000, "enough")).subscribe();

        assertThat(pair.server()).isClosedWith(4000).isRemote().isClean();
        assertThat(pair.client()).isClosedWith(4000).isLocal().isClean();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomConversationsArriveInOrderOverABadNetwork(long seed) {
        Random random = new Random(seed);
        WebSocketPair pair = InMemoryWebSocket.create()
                .bufferSize(1 + random.nextInt(500))
                .settings(s -> s.receiveWindow(random.nextInt(300)).maxChunkSize(256 + random.nextInt(1000)))
                .pair();
        List<WebSocketMessage> sent = new ArrayList<>();
        TestSubscriber<WebSocketMessage> received =
                TestSubscriber.builder().initialRequest(0).build();
        pair.server().receiveMessages().subscribe(received);
        for (int i = 0; i < 300; i++) {
            switch (random.nextInt(8)) {
                case 0 -> pair.toServer().stallReads();
                case 1 -> pair.toServer().stallWrites();
                case 2 -> pair.toServer().chunks(1 + random.nextInt(9));
                case 3 -> pair.toServer().resumeReads().resumeWrites();
                case 4 -> pair.advanceTimeBy(Duration.ofMillis(random.nextInt(100)));
                case 5 -> received.request(1 + random.nextInt(3));
                default -> {
                    WebSocketMessage message = WebSocketMessage.binary(bytes(random.nextInt(400), i));
                    sent.add(message);
                    pair.client().send(Mono.just(message.toFrame())).subscribe();
                }
            }
            assertThat(pair.toServer().outstandingReceives()).isLessThanOrEqualTo(1);
        }
        pair.toServer().resumeReads().resumeWrites();
        received.request(Long.MAX_VALUE);

        assertThat(received.getReceivedOnNext()).isEqualTo(sent);
        pair.client().close().subscribe();
        assertThat(pair.server().closed().block()).returns(Initiator.REMOTE, e -> e.initiator());
    }
}
