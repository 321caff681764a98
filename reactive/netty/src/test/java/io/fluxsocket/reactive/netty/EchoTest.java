package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import io.fluxsocket.reactive.HandshakeInfo;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketHandler;
import io.fluxsocket.reactive.WebSocketMessage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.test.StepVerifier;

/** Our client and our server, over every network. */
class EchoTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final WebSocketHandler ECHO = connection -> connection.send(connection.receive());

    @ParameterizedTest
    @EnumSource
    void aMessageOfAnySizeComesBackAsItWas(Network network) {
        with(network, ECHO, connection -> {
            List<ByteBuffer> payloads = IntStream.of(0, 1, 125, 126, 4096, 65_535, 65_536, 1 << 20)
                    .mapToObj(size -> ByteBuffer.wrap(randomBytes(size)))
                    .toList();
            Mono<List<ByteBuffer>> echoes = connection
                    .receiveMessages()
                    .take(payloads.size())
                    .map(WebSocketMessage::payload)
                    .collectList();
            Mono<Void> sent = connection.send(Flux.fromIterable(payloads).map(WebSocketFrame::binary));

            assertThat(bothOf(echoes, sent).equals(payloads)).isTrue();
        });
    }

    @ParameterizedTest
    @EnumSource
    void sixteenMebibytesComeBackAsChunks(Network network) {
        byte[] part = randomBytes(1 << 18);
        int parts = 64;
        with(network, ECHO, connection -> {
            Flux<WebSocketFrame> message = Flux.range(1, parts).map(i -> WebSocketFrame.binary(part, i == parts));
            Mono<Long> length = connection
                    .receive()
                    .takeUntil(WebSocketFrame::isFinal)
                    .map(frame -> (long) frame.length())
                    .reduce(0L, Long::sum);

            assertThat(bothOf(length, connection.send(message))).isEqualTo((long) parts * part.length);
        });
    }

    @ParameterizedTest
    @EnumSource
    void thousandsOfSmallMessagesComeBackInOrder(Network network) {
        int count = 5_000;
        List<String> texts =
                IntStream.range(0, count).mapToObj(i -> "message " + i).toList();
        with(network, ECHO, connection -> {
            Mono<List<String>> echoes =
                    connection.receive().map(WebSocketFrame::text).take(count).collectList();
            Mono<Void> sent = connection.send(Flux.fromIterable(texts).map(WebSocketFrame::text));

            assertThat(bothOf(echoes, sent).equals(texts)).isTrue();
        });
    }

    @ParameterizedTest
    @EnumSource
    void aCloseCarriesItsStatusToTheOtherEndAndIsClean(Network network) {
        Sinks.One<CloseEvent> atServer = Sinks.one();
        WebSocketHandler handler = connection -> {
            connection.closed().subscribe(atServer::tryEmitValue);
            return connection.receive().then();
        };
        with(network, handler, connection -> {
            CloseStatus status = CloseStatus.of(4711, "enough");

            StepVerifier.create(connection.close(status)).expectComplete().verify(SOON);

            StepVerifier.create(atServer.asMono())
                    .expectNext(new CloseEvent(status, Initiator.REMOTE, true))
                    .expectComplete()
                    .verify(SOON);
            StepVerifier.create(connection.closed())
                    .expectNext(new CloseEvent(status, Initiator.LOCAL, true))
                    .expectComplete()
                    .verify(SOON);
        });
    }

    @ParameterizedTest
    @EnumSource
    void theServersCloseReachesTheClientBehindWhatWasSent(Network network) {
        WebSocketHandler handler = connection -> connection.send(Mono.just(WebSocketFrame.text("last words")));
        with(network, handler, connection -> {
            StepVerifier.create(connection.receive().map(WebSocketFrame::text))
                    .expectNext("last words")
                    .expectComplete()
                    .verify(SOON);
            StepVerifier.create(connection.closed())
                    .expectNext(new CloseEvent(CloseStatus.NORMAL, Initiator.REMOTE, true))
                    .expectComplete()
                    .verify(SOON);
        });
    }

    @ParameterizedTest
    @EnumSource
    void aPingMeasuresTheRoundTrip(Network network) {
        with(
                network,
                ECHO,
                connection -> StepVerifier.create(connection.ping())
                        .assertNext(roundTrip -> assertThat(roundTrip).isPositive())
                        .expectComplete()
                        .verify(SOON));
    }

    @ParameterizedTest
    @EnumSource
    void theHandshakeTellsWhoIsTalking(Network network) {
        Sinks.One<HandshakeInfo> atServer = Sinks.one();
        WebSocketHandler handler = connection -> {
            atServer.tryEmitValue(connection.handshakeInfo());
            return connection.receive().then();
        };
        with(network, handler, connection -> {
            HandshakeInfo ofServer = Objects.requireNonNull(atServer.asMono().block(SOON));
            HandshakeInfo ofClient = connection.handshakeInfo();

            assertThat(ofServer.uri()).hasPath("/test");
            assertThat(ofServer.headers().names()).contains("host").doesNotContain("sec-websocket-key");
            assertThat(ofClient.uri()).hasPath("/test");
            assertThat(ofClient.headers().contains("sec-websocket-accept")).isTrue();
            assertThat(ofServer.sslSession() != null).isEqualTo(network.tls);
            assertThat(ofClient.sslSession() != null).isEqualTo(network.tls);
            assertThat(ofServer.localAddress()).isEqualTo(ofClient.remoteAddress());
            if (network != Network.UNIX) {
                assertThat(ofServer.remoteAddress()).isEqualTo(ofClient.localAddress());
            }
        });
    }

    private static void with(Network network, WebSocketHandler handler, Consumer<WebSocketConnection> test) {
        DisposableServer server = network.server().route("/test", handler).bindNow();
        WebSocketConnection connection =
                Objects.requireNonNull(network.client(server, "/test").connect().block(SOON));
        try {
            test.accept(connection);
        } finally {
            connection.close().block(SOON);
            server.disposeNow(SOON);
        }
    }

    private static <T> T bothOf(Mono<T> received, Mono<Void> sent) {
        return Objects.requireNonNull(Mono.zip(received, sent.thenReturn(true)).block(SOON))
                .getT1();
    }

    private static byte[] randomBytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
