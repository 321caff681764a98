package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxsocket.core.deflate.DeflateSettings;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketHandler;
import io.fluxsocket.reactive.WebSocketHandshakeException;
import io.fluxsocket.reactive.WebSocketMessage;
import io.fluxsocket.reactive.test.WireFrame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/** permessage-deflate (RFC 7692) from the settings to the wire. */
class CompressionTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final WebSocketHandler ECHO = connection -> connection.send(connection.receive());

    /** The example of RFC 7692 section 7.2.3.1: "Hello" in one block. */
    private static final String DEFLATED_HELLO = "\u00f2\u0048\u00cd\u00c9\u00c9\u0007\u0000";

    @ParameterizedTest
    @EnumSource
    void messagesOfAnySizeAndKindComeBackAsTheyWere(Network network) {
        DisposableServer server = network.server()
                .settings(settings -> settings.deflate(DeflateSettings.DEFAULT))
                .route("/", ECHO)
                .bindNow();
        try {
            WebSocketConnection connection = Objects.requireNonNull(network.client(server, "/")
                    .settings(settings -> settings.deflate(DeflateSettings.DEFAULT))
                    .connect()
                    .block(SOON));
            assertThat(connection.handshakeInfo().extensions()).containsExactly("permessage-deflate");

            List<WebSocketFrame> frames = Flux.just(0, 1, 125, 1024, 4096, 65_535, 65_536, 1 << 20)
                    .concatMap(size -> Flux.just(
                            WebSocketFrame.text("abcdefg ".repeat(size).substring(0, size)),
                            WebSocketFrame.binary(randomBytes(size))))
                    .collectList()
                    .block();
            Mono<List<WebSocketMessage>> echoes =
                    connection.receiveMessages().take(frames.size()).collectList();
            List<WebSocketMessage> received = Objects.requireNonNull(Mono.zip(
                                    echoes,
                                    connection.send(Flux.fromIterable(frames)).thenReturn(true))
                            .block(SOON))
                    .getT1();

            assertThat(received)
                    .map(WebSocketMessage::payload)
                    .isEqualTo(frames.stream().map(WebSocketFrame::payload).toList());
            connection.close().block(SOON);
        } finally {
            server.disposeNow(SOON);
        }
    }

    private static byte[] randomBytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, true", "false, false"})
    void unlessBothEndsWantItNothingIsCompressed(boolean serverWants, boolean clientWants) {
        DisposableServer server = WebSocketServer.create()
                .port(0)
                .settings(settings -> settings.deflate(serverWants ? DeflateSettings.DEFAULT : null))
                .route("/", ECHO)
                .bindNow();
        try {
            WebSocketConnection connection = Objects.requireNonNull(WebSocketClient.create()
                    .uri("ws://localhost:" + server.port() + "/")
                    .settings(settings -> settings.deflate(clientWants ? DeflateSettings.DEFAULT : null))
                    .connect()
                    .block(SOON));

            assertThat(connection.handshakeInfo().extensions()).isEmpty();
            Mono<String> echo = connection.receive().next().map(WebSocketFrame::text);
            connection.send(Mono.just(WebSocketFrame.text("x".repeat(5000)))).block(SOON);
            assertThat(echo.block(SOON)).hasSize(5000);
            connection.close().block(SOON);
        } finally {
            server.disposeNow(SOON);
        }
    }

    /** The offer's answer, and a frame with RSV1 in each direction. */
    @Test
    void theServerAnswersTheOfferAndCompressesOnTheWire() throws IOException {
        DisposableServer server = WebSocketServer.create()
                .port(0)
                .settings(settings ->
                        settings.deflate(DeflateSettings.builder().threshold(0).build()))
                .route("/", ECHO)
                .bindNow();
        try (RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(
                    RawPeer.request(
                            "/",
                            "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_max_window_bits"));
            assertThat(peer.readHead())
                    .containsIgnoringCase(
                            "\r\nsec-websocket-extensions: permessage-deflate; server_no_context_takeover\r\n");

            peer.send(RawPeer.masked(
                    WireFrame.of(WireFrame.TEXT, latin1(DEFLATED_HELLO)).rsv(4)));

            byte[] frame = peer.socket.getInputStream().readNBytes(2 + DEFLATED_HELLO.length());
            assertThat(frame).startsWith(0xC1, DEFLATED_HELLO.length()).endsWith(latin1(DEFLATED_HELLO));
        } finally {
            server.disposeNow(SOON);
        }
    }

    /** A client that gets what it has not offered must fail the connection (RFC 7692 §7.1). */
    @ParameterizedTest
    @CsvSource({
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; client_no_context_takeover=1",
        "permessage-deflate; unheard_of",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "permessage-bzip2"
    })
    void theClientFailsAnAnswerThatIsNoneToItsOffer(String answer) throws IOException {
        try (RawServer server = new RawServer()) {
            server.handle(peer -> peer.send(RawServer.upgrade(RawServer.keyOf(peer.readHead()))
                    .replaceFirst("\r\n\r\n", "\r\nSec-WebSocket-Extensions: " + answer + "\r\n\r\n")));
            Mono<?> connect = client(server, DeflateSettings.DEFAULT).connect();

            assertThatThrownBy(() -> connect.block(SOON))
                    .isInstanceOfSatisfying(
                            WebSocketHandshakeException.class,
                            refused -> assertThat(refused.statusCode()).isEqualTo(101));
        }
    }

    @Test
    void theClientOffersWhatItsSettingsSay() throws IOException {
        DeflateSettings settings = DeflateSettings.builder()
                .serverNoContextTakeover(true)
                .clientMaxWindowBits(10)
                .build();
        try (RawServer server = new RawServer()) {
            var connecting = client(server, settings).connect().subscribe();
            assertThat(server.accept().readHead())
                    .containsIgnoringCase(
                            "\r\nsec-websocket-extensions: permessage-deflate; server_no_context_takeover;"
                                    + " client_max_window_bits=10\r\n");
            connecting.dispose();
        }
    }

    private static WebSocketClient client(RawServer server, @Nullable DeflateSettings deflate) {
        return WebSocketClient.create().uri(server.uri("/")).settings(settings -> settings.deflate(deflate));
    }

    private static byte[] latin1(String bytes) {
        return bytes.getBytes(StandardCharsets.ISO_8859_1);
    }
}
