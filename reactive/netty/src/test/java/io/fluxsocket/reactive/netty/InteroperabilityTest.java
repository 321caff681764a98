package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketHandler;
import io.fluxsocket.reactive.WebSocketMessage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.test.StepVerifier;

/** The JDK's client and Reactor Netty's own WebSocket, in whichever role they have. */
class InteroperabilityTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int[] SIZES = {0, 1, 125, 126, 65_535, 65_536, 1 << 20};
    private static final WebSocketHandler ECHO = connection -> connection.send(connection.receive());

    // ---- the JDK's client, our server

    @Test
    void messagesOfTheJdksClientComeBack() throws Exception {
        DisposableServer server = WebSocketServer.create()
                .port(0)
                .subprotocols("echo")
                .handle(ECHO)
                .bindNow();
        JdkListener listener = new JdkListener();
        WebSocket client = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("echo")
                .buildAsync(URI.create("ws://localhost:" + server.port() + "/"), listener)
                .get(20, TimeUnit.SECONDS);

        assertThat(client.getSubprotocol()).isEqualTo("echo");
        for (int size : SIZES) {
            CompletableFuture<ByteBuffer> echo = listener.expectBinary();
            ByteBuffer payload = payload(size);
            client.sendBinary(payload.duplicate(), true);
            assertThat(echo.get(20, TimeUnit.SECONDS).equals(payload)).isTrue();
        }
        CompletableFuture<String> text = listener.expectText();
        client.sendText("in ", false).thenCompose(webSocket -> webSocket.sendText("two parts: ✓", true));
        assertThat(text.get(20, TimeUnit.SECONDS)).isEqualTo("in two parts: ✓");
        client.sendPing(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(listener.pong.get(20, TimeUnit.SECONDS)).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));

        client.sendClose(4000, "done");
        assertThat(listener.closed.get(20, TimeUnit.SECONDS)).isEqualTo(4000);
        server.disposeNow(Stage.PATIENCE);
    }

    @Test
    void theJdksClientIsToldOurCloseStatus() throws Exception {
        DisposableServer server = WebSocketServer.create()
                .port(0)
                .handle(connection -> connection.close(CloseStatus.of(4321, "our turn")))
                .bindNow();
        JdkListener listener = new JdkListener();
        HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://localhost:" + server.port() + "/"), listener)
                .get(20, TimeUnit.SECONDS);

        assertThat(listener.closed.get(20, TimeUnit.SECONDS)).isEqualTo(4321);
        server.disposeNow(Stage.PATIENCE);
    }

    // ---- Reactor Netty's client, our server

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void messagesOfReactorNettysClientComeBack(boolean compress) {
        DisposableServer server = WebSocketServer.create()
                .port(0)
                .settings(settings -> settings.maxChunkSize(1 << 20))
                .handle(ECHO)
                .bindNow();
        Flux<ByteBuffer> echoes = reactor.netty.http.client.HttpClient.create()
                .websocket(WebsocketClientSpec.builder()
                        .maxFramePayloadLength(1 << 20)
                        .compress(compress)
                        .build())
                .uri("ws://localhost:" + server.port() + "/")
                .handle((in, out) -> {
                    Flux<ByteBuffer> received = in.aggregateFrames(1 << 20)
                            .receive()
                            .asByteArray()
                            .map(ByteBuffer::wrap)
                            .take(SIZES.length);
                    Mono<Void> sent = out.sendByteArray(Flux.fromStream(IntStream.of(SIZES)
                                    .mapToObj(size -> payload(size).array())))
                            .then();
                    return received.mergeWith(sent.cast(ByteBuffer.class));
                });

        StepVerifier.create(echoes.collectList())
                .assertNext(received -> assertThat(received.equals(payloads())).isTrue())
                .expectComplete()
                .verify(SOON);
        server.disposeNow(Stage.PATIENCE);
    }

    @Test
    void reactorNettysClientIsToldOurCloseStatus() {
        DisposableServer server = WebSocketServer.create()
                .port(0)
                .handle(connection -> connection.close(CloseStatus.of(4321, "our turn")))
                .bindNow();

        StepVerifier.create(reactor.netty.http.client.HttpClient.create()
                        .websocket()
                        .uri("ws://localhost:" + server.port() + "/")
                        .handle((in, out) -> in.receive().thenMany(in.receiveCloseStatus())))
                .assertNext(status -> assertThat(status.code()).isEqualTo(4321))
                .expectComplete()
                .verify(SOON);
        server.disposeNow(Stage.PATIENCE);
    }

    // ---- our client, Reactor Netty's server

    @Test
    void ourMessagesComeBackFromReactorNettysServer() {
        DisposableServer server = HttpServer.create()
                .route(routes -> routes.ws(
                        "/echo",
                        (in, out) -> out.sendObject(in.receiveFrames().map(frame -> frame.retain())),
                        WebsocketServerSpec.builder()
                                .maxFramePayloadLength(1 << 20)
                                .build()))
                .bindNow();
        WebSocketConnection connection = connect(server, "/echo");

        Mono<List<ByteBuffer>> echoes = connection
                .receiveMessages()
                .map(WebSocketMessage::payload)
                .take(SIZES.length)
                .collectList();
        Mono<Void> sent = connection.send(Flux.fromIterable(payloads()).map(WebSocketFrame::binary));
        StepVerifier.create(Mono.zip(echoes, sent.thenReturn(true)))
                .assertNext(both -> assertThat(both.getT1().equals(payloads())).isTrue())
                .expectComplete()
                .verify(SOON);

        connection.close(CloseStatus.of(4000, "done")).block(SOON);
        assertThat(Objects.requireNonNull(connection.closed().block(SOON)).clean())
                .isTrue();
        server.disposeNow(Stage.PATIENCE);
    }

    @Test
    void weAreToldReactorNettysCloseStatus() {
        DisposableServer server = HttpServer.create()
                .route(routes -> routes.ws("/", (in, out) -> out.sendClose(4321, "their turn")))
                .bindNow();
        WebSocketConnection connection = connect(server, "/");

        StepVerifier.create(connection.receive()).expectComplete().verify(SOON);
        StepVerifier.create(connection.closed())
                .expectNext(new CloseEvent(CloseStatus.of(4321, "their turn"), Initiator.REMOTE, true))
                .expectComplete()
                .verify(SOON);
        server.disposeNow(Stage.PATIENCE);
    }

    private static WebSocketConnection connect(DisposableServer server, String path) {
        return Objects.requireNonNull(WebSocketClient.create()
                .uri("ws://localhost:" + server.port() + path)
                .connect()
                .block(SOON));
    }

    private static List<ByteBuffer> payloads() {
        return IntStream.of(SIZES).mapToObj(InteroperabilityTest::payload).toList();
    }

    private static ByteBuffer payload(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31);
        }
        return ByteBuffer.wrap(bytes);
    }

    /** Collects whole messages. */
    private static final class JdkListener implements WebSocket.Listener {
        final CompletableFuture<ByteBuffer> pong = new CompletableFuture<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final List<ByteBuffer> parts = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();
        private volatile CompletableFuture<ByteBuffer> binaryMessage = new CompletableFuture<>();
        private volatile CompletableFuture<String> textMessage = new CompletableFuture<>();

        CompletableFuture<ByteBuffer> expectBinary() {
            binaryMessage = new CompletableFuture<>();
            return binaryMessage;
        }

        CompletableFuture<String> expectText() {
            textMessage = new CompletableFuture<>();
            return textMessage;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
            parts.add(data);
            if (last) {
                ByteBuffer whole = ByteBuffer.allocate(
                        parts.stream().mapToInt(ByteBuffer::remaining).sum());
                parts.forEach(whole::put);
                parts.clear();
                binaryMessage.complete(whole.flip());
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                textMessage.complete(text.toString());
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
            ByteBuffer copy = ByteBuffer.allocate(message.remaining());
            pong.complete(copy.put(message).flip());
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            closed.complete(statusCode);
            return null;
        }
    }
}
