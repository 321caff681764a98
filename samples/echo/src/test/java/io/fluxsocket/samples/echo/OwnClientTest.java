package io.fluxsocket.samples.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketMessage;
import io.fluxsocket.reactive.netty.WebSocketClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Our own client, with our own server. */
class OwnClientTest {
    private final TestServer server = TestServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    private WebSocketClient client(String path) {
        return WebSocketClient.create().uri(server.uri(path)).settings(settings -> settings.maxMessageSize(16 << 20));
    }

    /** Sends text and binary of every length, one after the other, and closes with 1000. */
    static void echoEveryLength(WebSocketClient client, int... sizes) {
        List<WebSocketMessage> messages = IntStream.of(sizes)
                .boxed()
                .flatMap(size -> List.of(
                        WebSocketMessage.text(Payloads.text(size)), WebSocketMessage.binary(Payloads.binary(size)))
                        .stream())
                .toList();
        // Sends and receives at the same time: 32 MiB would not fit between the two.
        List<WebSocketMessage> echoes = client.connect()
                .flatMap(connection -> connection
                        .receiveMessages()
                        .take(messages.size())
                        .mergeWith(connection
                                .send(Flux.fromIterable(messages).map(WebSocketMessage::toFrame))
                                .then(Mono.empty()))
                        .collectList()
                        .delayUntil(all -> connection.close()))
                .block(TestServer.PATIENCE);
        assertThat(echoes).hasSameSizeAs(messages);
        for (int i = 0; i < messages.size(); i++) {
            // Not by AssertJ, which would describe 16 MiB.
            assertThat(messages.get(i).equals(echoes.get(i)))
                    .as("echo of %s: %s", messages.get(i), echoes.get(i))
                    .isTrue();
        }
    }

    @Test
    void everyLengthIsEchoedWithTheSameContent() throws InterruptedException {
        echoEveryLength(client("/watched"), Payloads.SIZES);
        assertThat(server.nextClose()).isEqualTo(new CloseEvent(CloseStatus.NORMAL, Initiator.REMOTE, true));
    }

    /** Four frames of 16 MiB are one message, far above the limit for whole messages, which an echo does not need. */
    @Test
    void messageLargerThanAnyLimitIsEchoedWhileItArrives() {
        byte[] part = Payloads.binary(16 << 20);
        Flux<WebSocketFrame> message = Flux.range(1, 4).map(i -> WebSocketFrame.binary(part, i == 4));
        StepVerifier.create(client("/echo")
                        .connect()
                        .flatMap(connection -> connection
                                .receive()
                                .takeUntil(WebSocketFrame::isFinal)
                                .mergeWith(connection.send(message).then(Mono.empty()))
                                .reduce(0L, (sum, chunk) -> sum + chunk.length())
                                .delayUntil(sum -> connection.close())))
                .expectNext(64L << 20)
                .expectComplete()
                .verify(TestServer.PATIENCE);
    }

    @Test
    void fragmentsAreOneMessage() {
        Flux<WebSocketFrame> fragments = Flux.just(
                WebSocketFrame.text("Hel", false),
                WebSocketFrame.ping(),
                WebSocketFrame.text("", false),
                WebSocketFrame.text("lo", true));
        StepVerifier.create(client("/echo")
                        .connect()
                        .flatMap(connection -> connection
                                .send(fragments)
                                .then(connection.receiveMessages().next())
                                .delayUntil(message -> connection.close())))
                .expectNext(WebSocketMessage.text("Hello"))
                .expectComplete()
                .verify(TestServer.PATIENCE);
    }

    @Test
    void pingTellsTheRoundTrip() {
        StepVerifier.create(client("/echo")
                        .connect()
                        .flatMap(connection -> connection.ping().delayUntil(roundTrip -> connection.close())))
                .assertNext(roundTrip -> assertThat(roundTrip).isBetween(Duration.ZERO, TestServer.PATIENCE))
                .expectComplete()
                .verify(TestServer.PATIENCE);
    }

    @Test
    void codeAndReasonOfTheClientReachTheServer() throws InterruptedException {
        for (CloseStatus status : List.of(
                CloseStatus.NORMAL,
                CloseStatus.NO_STATUS,
                CloseStatus.of(4001, "bye"),
                CloseStatus.of(3000, "à bientôt"))) {
            CloseEvent seen = client("/watched")
                    .connect()
                    .flatMap(connection -> connection.close(status).then(connection.closed()))
                    .block(TestServer.PATIENCE);
            assertThat(seen).isEqualTo(new CloseEvent(status, Initiator.LOCAL, true));
            assertThat(server.nextClose()).isEqualTo(new CloseEvent(status, Initiator.REMOTE, true));
        }
    }

    @Test
    void codeAndReasonOfTheServerReachTheClient() throws InterruptedException {
        for (String wanted : List.of("1000", "1001", "1011", "4002 enough", "")) {
            CloseStatus status = TestServer.parse(wanted);
            CloseEvent seen = client("/close")
                    .connect()
                    .flatMap(connection -> connection
                            .send(Mono.just(WebSocketFrame.text(wanted)))
                            .then(connection.closed()))
                    .block(TestServer.PATIENCE);
            assertThat(seen).isEqualTo(new CloseEvent(status, Initiator.REMOTE, true));
            assertThat(server.nextClose()).isEqualTo(new CloseEvent(status, Initiator.LOCAL, true));
        }
    }

    @Test
    void talkOfTheSampleClientEndsWithTheLastEcho() throws InterruptedException {
        List<String> messages = List.of("one", "", "thrée");
        List<String> echoes = new CopyOnWriteArrayList<>();
        CloseEvent end = client("/watched")
                .connect()
                .flatMap(connection -> EchoClient.talk(connection, Flux.fromIterable(messages), echoes::add))
                .block(TestServer.PATIENCE);
        assertThat(echoes).isEqualTo(messages);
        assertThat(end).isEqualTo(new CloseEvent(CloseStatus.NORMAL, Initiator.LOCAL, true));
        assertThat(server.nextClose()).isEqualTo(new CloseEvent(CloseStatus.NORMAL, Initiator.REMOTE, true));
    }
}
