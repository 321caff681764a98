package io.fluxsocket.samples.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import io.fluxsocket.reactive.WebSocketClosedException;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketMessage;
import io.fluxsocket.reactive.netty.WebSocketClient;
import io.fluxsocket.samples.peers.PeerProcess;
import io.fluxsocket.samples.peers.Peers;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** npm's {@code ws}, in both roles. */
class WsPeerTest {
    @Test
    void wsTalksToOurServer() throws Exception {
        String sizes = IntStream.of(Payloads.SIZES).mapToObj(Integer::toString).collect(Collectors.joining(","));
        try (TestServer server = TestServer.start();
                PeerProcess ws = Peers.node("ws-client.mjs", server.uri(""), sizes)) {
            List<String> expected = Arrays.stream(Payloads.SIZES)
                    .mapToObj(size -> "{'size':" + size + ",'text':true,'binary':true}")
                    .collect(Collectors.toList());
            expected.add(0, "{'extensions':''}");
            expected.addAll(List.of(
                    "{'pong':'between','message':'Hello'}",
                    "{'burst':1000,'inOrder':true}",
                    "{'sent':4001,'code':4001,'reason':'bye'}",
                    "{'wanted':'1000','code':1000,'reason':''}",
                    "{'wanted':'4002 enough','code':4002,'reason':'enough'}",
                    "{'wanted':'','code':1005,'reason':''}",
                    "{'terminated':true}"));
            assertThat(ws.linesToEnd())
                    .isEqualTo(expected.stream()
                            .map(line -> line.replace('\'', '"'))
                            .toList());

            assertThat(server.nextClose())
                    .isEqualTo(new CloseEvent(CloseStatus.of(4001, "bye"), Initiator.REMOTE, true));
            assertThat(server.nextClose()).isEqualTo(new CloseEvent(CloseStatus.NORMAL, Initiator.LOCAL, true));
            assertThat(server.nextClose())
                    .isEqualTo(new CloseEvent(CloseStatus.of(4002, "enough"), Initiator.LOCAL, true));
            assertThat(server.nextClose()).isEqualTo(new CloseEvent(CloseStatus.NO_STATUS, Initiator.LOCAL, true));
            assertThat(server.nextClose()).isEqualTo(new CloseEvent(CloseStatus.ABNORMAL, Initiator.NONE, false));
        }
    }

    @Nested
    class AsServer {
        private final PeerProcess ws = Peers.node("ws-server.mjs");
        private final String uri =
                "ws://127.0.0.1:" + ws.nextMatch("\\{\"port\":(\\d+)}").group(1);

        AsServer() throws IOException, InterruptedException {}

        @AfterEach
        void end() {
            ws.close();
        }

        private WebSocketClient client(String path) {
            return WebSocketClient.create().uri(uri + path).settings(settings -> settings.maxMessageSize(16 << 20));
        }

        @Test
        void echoesTheSameContentAtEveryLength() throws InterruptedException {
            OwnClientTest.echoEveryLength(client("/echo"), Payloads.SIZES);
            assertThat(ws.nextLine()).isEqualTo("{\"code\":1000,\"reason\":\"\"}");
        }

        @Test
        void fragmentsAreOneMessageAndThePingBetweenIsAnswered() throws InterruptedException {
            client("/fragments")
                    .handle(connection -> connection
                            .send(Mono.just(WebSocketFrame.text("go")))
                            .thenMany(connection.receiveMessages().take(1))
                            .doOnNext(message -> assertThat(message).isEqualTo(WebSocketMessage.text("one two three")))
                            .then(connection.close(CloseStatus.of(4001, "bye"))))
                    .block(TestServer.PATIENCE);
            assertThat(ws.nextLine()).isEqualTo("{\"pong\":\"between\"}");
            assertThat(ws.nextLine()).isEqualTo("{\"code\":4001,\"reason\":\"bye\"}");
        }

        @Test
        void closeOfTheServerIsTold() throws InterruptedException {
            for (String wanted : List.of("1000", "4002 enough", "")) {
                CloseStatus status = TestServer.parse(wanted);
                StepVerifier.create(client("/close")
                                .connect()
                                .flatMap(connection -> connection
                                        .send(Mono.just(WebSocketFrame.text(wanted)))
                                        .then(connection.closed())))
                        .expectNext(new CloseEvent(status, Initiator.REMOTE, true))
                        .expectComplete()
                        .verify(TestServer.PATIENCE);
                assertThat(ws.nextLine())
                        .isEqualTo("{\"code\":" + status.code() + ",\"reason\":\"" + status.reason() + "\"}");
            }
        }

        @Test
        void brokenConnectionIsAnError() {
            StepVerifier.create(client("/drop")
                            .connect()
                            .flatMapMany(connection -> connection
                                    .send(Mono.just(WebSocketFrame.text("now")))
                                    .thenMany(connection.receive())))
                    .expectErrorSatisfies(error -> assertThat(error)
                            .isInstanceOfSatisfying(
                                    WebSocketClosedException.class,
                                    closed -> assertThat(closed.event())
                                            .isEqualTo(new CloseEvent(CloseStatus.ABNORMAL, Initiator.NONE, false))))
                    .verify(TestServer.PATIENCE);
        }

        @Test
        void burstComesBackInOrder() {
            Flux<WebSocketFrame> burst = Flux.range(0, 1000).map(i -> WebSocketFrame.text(i.toString()));
            client("/echo")
                    .handle(connection -> Mono.when(
                            connection.send(burst),
                            connection
                                    .receiveMessages()
                                    .take(1000)
                                    .map(WebSocketMessage::text)
                                    .map(Integer::valueOf)
                                    .collectList()
                                    .doOnNext(
                                            all -> assertThat(all).hasSize(1000).isSorted())))
                    .block(TestServer.PATIENCE);
        }
    }
}
