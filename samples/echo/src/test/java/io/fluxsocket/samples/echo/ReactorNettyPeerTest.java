package io.fluxsocket.samples.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import io.fluxsocket.reactive.WebSocketClosedException;
import io.fluxsocket.reactive.WebSocketMessage;
import io.fluxsocket.reactive.netty.WebSocketClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.resources.ConnectionProvider;
import reactor.test.StepVerifier;

/** Reactor Netty's own WebSocket, in both roles. */
class ReactorNettyPeerTest {
    /** Without 16 MiB, at which Netty takes off the mask in a minute when every access to a buffer is recorded. */
    private static final int[] SIZES = {0, 125, 126, 65535, 65536};

    @Nested
    class AsClient {
        private final TestServer server = TestServer.start();

        @AfterEach
        void stop() {
            server.close();
        }

        private HttpClient.WebsocketSender client(String path) {
            return HttpClient.create(ConnectionProvider.newConnection())
                    .websocket(WebsocketClientSpec.builder()
                            .maxFramePayloadLength(65536)
                            .build())
                    .uri(server.uri(path));
        }

        @Test
        void everyLengthIsEchoedWithTheSameContent() {
            for (int size : SIZES) {
                byte[] text = Payloads.text(size).getBytes(StandardCharsets.UTF_8);
                byte[] binary = Payloads.binary(size);
                List<Message> echoes = client("/echo")
                        .handle((in, out) -> messages(in.receiveFrames())
                                .take(2)
                                .mergeWith(out.sendObject(Flux.<Object>just(
                                                new TextWebSocketFrame(Unpooled.wrappedBuffer(text)),
                                                new BinaryWebSocketFrame(Unpooled.wrappedBuffer(binary))))
                                        .then()
                                        .then(Mono.empty())))
                        .collectList()
                        .block(TestServer.PATIENCE);
                assertThat(echoes).extracting(Message::isText).containsExactly(true, false);
                assertThat(Arrays.equals(echoes.get(0).bytes(), text))
                        .as("text of %s bytes", size)
                        .isTrue();
                assertThat(Arrays.equals(echoes.get(1).bytes(), binary))
                        .as("%s bytes", size)
                        .isTrue();
            }
        }

        @Test
        void fragmentsWithAPingBetweenAreOneMessage() {
            List<Message> echoes = client("/echo")
                    .handle((in, out) -> messages(in.receiveFrames())
                            .take(1)
                            .mergeWith(out.sendObject(Flux.<Object>just(
                                            new TextWebSocketFrame(false, 0, "Hel"),
                                            new PingWebSocketFrame(Unpooled.copyInt(7)),
                                            new ContinuationWebSocketFrame(true, 0, "lo")))
                                    .then()
                                    .then(Mono.empty())))
                    .collectList()
                    .block(TestServer.PATIENCE);
            assertThat(echoes)
                    .singleElement()
                    .satisfies(echo -> assertThat(new String(echo.bytes(), StandardCharsets.UTF_8))
                            .isEqualTo("Hello"));
        }

        @Test
        void codeAndReasonOfTheClientReachTheServer() throws InterruptedException {
            client("/watched")
                    .handle((in, out) ->
                            out.sendClose(4001, "bye").then(in.receive().then()))
                    .blockLast(TestServer.PATIENCE);
            assertThat(server.nextClose())
                    .isEqualTo(new CloseEvent(CloseStatus.of(4001, "bye"), Initiator.REMOTE, true));
        }

        @Test
        void codeAndReasonOfTheServerReachTheClient() throws InterruptedException {
            StepVerifier.create(client("/close")
                            .handle((in, out) -> out.sendString(Mono.just("4002 enough"))
                                    .then(in.receive().then())
                                    .then()
                                    .thenReturn(0)
                                    .thenMany(in.receiveCloseStatus())))
                    .expectNext(new WebSocketCloseStatus(4002, "enough"))
                    .expectComplete()
                    .verify(TestServer.PATIENCE);
            assertThat(server.nextClose())
                    .isEqualTo(new CloseEvent(CloseStatus.of(4002, "enough"), Initiator.LOCAL, true));
        }
    }

    @Nested
    class AsServer {
        private final LinkedTransferQueue<WebSocketCloseStatus> closes = new LinkedTransferQueue<>();
        private final DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.ws(
                                "/echo",
                                (in, out) -> {
                                    in.receiveCloseStatus().subscribe(closes::add);
                                    return out.sendObject(in.receiveFrames().map(WebSocketFrame::retain));
                                },
                                WebsocketServerSpec.builder()
                                        .maxFramePayloadLength(65536)
                                        .build())
                        .ws(
                                "/close",
                                (in, out) -> in.receive().asString().take(1).flatMap(text -> {
                                    CloseStatus status = TestServer.parse(text);
                                    return out.sendClose(status.code(), status.reason());
                                }))
                        .ws(
                                "/drop",
                                (in, out) -> in.receive()
                                        .take(1)
                                        .doOnNext(first -> in.withConnection(connection ->
                                                connection.channel().unsafe().closeForcibly()))
                                        .then()))
                .bindNow();

        @AfterEach
        void stop() {
            server.disposeNow(TestServer.PATIENCE);
        }

        private WebSocketClient client(String path) {
            return WebSocketClient.create().uri("ws://127.0.0.1:" + server.port() + path);
        }

        private WebSocketCloseStatus nextClose() throws InterruptedException {
            return closes.poll(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        @Test
        void everyLengthIsEchoedWithTheSameContent() throws InterruptedException {
            OwnClientTest.echoEveryLength(client("/echo"), SIZES);
            assertThat(nextClose()).isEqualTo(WebSocketCloseStatus.NORMAL_CLOSURE);
        }

        @Test
        void codeAndReasonOfTheClientReachTheServer() throws InterruptedException {
            CloseEvent end = client("/echo")
                    .connect()
                    .flatMap(connection ->
                            connection.close(CloseStatus.of(4001, "bye")).then(connection.closed()))
                    .block(TestServer.PATIENCE);
            assertThat(end).isEqualTo(new CloseEvent(CloseStatus.of(4001, "bye"), Initiator.LOCAL, true));
            assertThat(nextClose()).isEqualTo(new WebSocketCloseStatus(4001, "bye"));
        }

        @Test
        void codeAndReasonOfTheServerReachTheClient() {
            StepVerifier.create(client("/close")
                            .connect()
                            .flatMap(connection -> connection
                                    .send(Mono.just(
                                            WebSocketMessage.text("4002 enough").toFrame()))
                                    .then(connection.closed())))
                    .expectNext(new CloseEvent(CloseStatus.of(4002, "enough"), Initiator.REMOTE, true))
                    .expectComplete()
                    .verify(TestServer.PATIENCE);
        }

        @Test
        void brokenConnectionIsAnError() {
            StepVerifier.create(client("/drop")
                            .connect()
                            .flatMapMany(connection -> connection
                                    .send(Mono.just(WebSocketMessage.text("now").toFrame()))
                                    .thenMany(connection.receive())))
                    .expectErrorSatisfies(error -> assertThat(error)
                            .isInstanceOfSatisfying(
                                    WebSocketClosedException.class,
                                    closed ->
                                            assertThat(closed.event().status()).isEqualTo(CloseStatus.ABNORMAL)))
                    .verify(TestServer.PATIENCE);
        }
    }

    private record Message(boolean isText, byte[] bytes) {}

    /** Reactor Netty shows the frames of the wire. */
    private static Flux<Message> messages(Flux<WebSocketFrame> frames) {
        return frames.filter(frame -> !(frame instanceof PongWebSocketFrame))
                .map(frame -> new Part(
                        frame instanceof TextWebSocketFrame,
                        frame.isFinalFragment(),
                        ByteBufUtil.getBytes(frame.content())))
                .bufferUntil(Part::isFinal)
                .map(parts -> new Message(
                        parts.get(0).isText(),
                        ByteBufUtil.getBytes(Unpooled.wrappedBuffer(parts.stream()
                                .map(part -> Unpooled.wrappedBuffer(part.bytes()))
                                .toArray(ByteBuf[]::new)))));
    }

    private record Part(boolean isText, boolean isFinal, byte[] bytes) {}
}
