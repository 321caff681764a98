package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketHandshakeException;
import io.fluxsocket.reactive.WebSocketTimeoutException;
import io.fluxsocket.reactive.watch.FaultsExtension;
import io.netty.handler.codec.http.cookie.DefaultCookie;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;

/** The client, against a server that answers what it is told to. */
class WebSocketClientTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private RawServer server;
    private WebSocketClient client;

    @BeforeEach
    void serve() throws IOException {
        server = new RawServer();
        client = WebSocketClient.create().uri(server.uri("/path?query=1"));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    // ---- the request

    @Test
    void theRequestIsThatOfRfc6455() throws Exception {
        Disposable connect = client.connect().subscribe();
        String head = server.accept().readHead();

        assertThat(head)
                .startsWith("GET /path?query=1 HTTP/1.1\r\n")
                .containsIgnoringCase("\r\nhost: localhost:" + server.port() + "\r\n")
                .containsIgnoringCase("\r\nupgrade: websocket\r\n")
                .containsIgnoringCase("\r\nconnection: upgrade\r\n")
                .containsIgnoringCase("\r\nsec-websocket-version: 13\r\n")
                .doesNotContainIgnoringCase("sec-websocket-protocol")
                .doesNotContainIgnoringCase("content-length");
        assertThat(RawServer.keyOf(head)).hasSize(24);
        connect.dispose();
    }

    @Test
    void headersCookiesAndSubprotocolsAreAdded() throws Exception {
        Disposable connect = client.headers(headers -> headers.add("Authorization", "Bearer token"))
                .cookie(new DefaultCookie("sid", "7"))
                .subprotocols("v2", "v1")
                .connect()
                .subscribe();

        assertThat(server.accept().readHead())
                .containsIgnoringCase("\r\nauthorization: Bearer token\r\n")
                .containsIgnoringCase("\r\ncookie: sid=7\r\n")
                .containsIgnoringCase("\r\nsec-websocket-protocol: v2, v1\r\n");
        connect.dispose();
    }

    @Test
    void eachAttemptHasAKeyOfItsOwn() throws Exception {
        Disposable first = client.connect().subscribe();
        Disposable second = client.connect().subscribe();

        assertThat(RawServer.keyOf(server.accept().readHead()))
                .isNotEqualTo(RawServer.keyOf(server.accept().readHead()));
        first.dispose();
        second.dispose();
    }

    @Test
    void nothingHappensBeforeTheSubscription() {
        client.connect();
        client.handle(connection -> Mono.empty());

        assertThat(server.accepted()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"})
    void offersWhoseAnswerNobodyWouldCheckAreRefused(String header) {
        assertThatIllegalArgumentException().isThrownBy(() -> client.headers(headers -> headers.add(header, "mine")));
    }

    @Test
    void wrongSettingsAreRefusedAtOnce() {
        assertThatIllegalArgumentException().isThrownBy(() -> client.subprotocols("not a token"));
        assertThatIllegalArgumentException().isThrownBy(() -> client.handshakeTimeout(Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client.handshakeTimeout(Duration.ofSeconds(Long.MAX_VALUE)));
    }

    // ---- the answer

    @Test
    void framesInThePacketOfThe101AreDelivered() throws Exception {
        server.answerWith101And("\u0081\u0005early\u0081\u0004bird\u0088\u0000");

        StepVerifier.create(client.connect()
                        .flatMapMany(WebSocketConnection::receive)
                        .map(WebSocketFrame::text))
                .expectNext("early", "bird")
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void halfAFrameInThePacketOfThe101IsContinuedByTheNext() throws Exception {
        Mono<String> received = client.connect()
                .flatMap(connection -> connection.receive().next().map(WebSocketFrame::text))
                .cache();
        Disposable running = received.subscribe();
        RawPeer peer = server.accept();
        String key = RawServer.keyOf(peer.readHead());
        peer.send(RawServer.upgrade(key) + "\u0081\u0005ea");
        peer.send("rly");

        assertThat(received.block(SOON)).isEqualTo("early");
        running.dispose();
    }

    @ParameterizedTest
    @CsvSource({"200, OK", "204, No Content", "302, Found", "401, Unauthorized", "403, Forbidden", "503, Unavailable"})
    void anyOtherStatusIsAnExceptionWithStatusHeadersAndBody(int status, String phrase) throws Exception {
        String body = status == 204 ? "" : "because";
        server.answerWith("HTTP/1.1 " + status + " " + phrase + "\r\nX-Why: said so\r\n"
                + (status == 204 ? "" : "Content-Length: 7\r\n") + "\r\n" + body);

        assertThat(refusal()).satisfies(refused -> {
            assertThat(refused.statusCode()).isEqualTo(status);
            assertThat(refused.headers().first("x-why")).isEqualTo("said so");
            assertThat(refused.body()).isEqualTo(body);
        });
        assertThat(server.lastPeer().isAtEnd()).isTrue();
    }

    @Test
    void ofALongBodyTheFirst64KibibytesAreKeptAndTheRestIsNotWaitedFor() throws Exception {
        server.answerWith("HTTP/1.1 500 Error\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(100_000));

        assertThat(refusal().body()).isEqualTo("x".repeat(64 * 1024));
        assertThat(server.lastPeer().isAtEnd()).isTrue();
    }

    @Test
    void aBodyThatIsCutShortIsKeptAsFarAsItCame() throws Exception {
        server.answerWith("HTTP/1.1 500 Error\r\nContent-Length: 100\r\n\r\nhalf a sen", RawPeer::close);

        assertThat(refusal().body()).isEqualTo("half a sen");
        FaultsExtension.take();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Sec-WebSocket-Accept: .*   | Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo= | Sec-WebSocket-Accept
            Sec-WebSocket-Accept: .*   | X-Nothing: there                                   | Sec-WebSocket-Accept
            HTTP/1.1 101               | HTTP/1.0 101                                       | HTTP/1.1
            Upgrade: websocket         | Upgrade: h2c                                       | Upgrade
            Connection: Upgrade        | Connection: keep-alive                             | Connection
            Connection: Upgrade        | Connection: Upgrade~Sec-WebSocket-Protocol: chat   | subprotocol
            Connection: Upgrade        | Connection: Upgrade~Sec-WebSocket-Extensions: zip  | extension
            """)
    void a101ThatIsNotTheAnswerToTheRequestIsRefused(String correct, String wrong, String complaint) throws Exception {
        server.handle(peer -> peer.send(
                RawServer.upgrade(RawServer.keyOf(peer.readHead())).replaceFirst(correct, wrong.replace("~", "\r\n"))));

        assertThat(refusal()).satisfies(refused -> {
            assertThat(refused.statusCode()).isEqualTo(101);
            assertThat(refused).hasMessageContaining(complaint);
            assertThat(refused.headers().isEmpty()).isFalse();
        });
        assertThat(server.lastPeer().isAtEnd()).isTrue();
    }

    @Test
    void theSubprotocolThatTheServerSelectedIsTold() throws Exception {
        server.handle(peer -> peer.send(RawServer.upgrade(RawServer.keyOf(peer.readHead()))
                .replaceFirst("\r\n\r\n", "\r\nSec-WebSocket-Protocol: v1\r\n\r\n")));

        WebSocketConnection connection =
                Objects.requireNonNull(client.subprotocols("v2", "v1").connect().block(SOON));

        assertThat(connection.handshakeInfo().subprotocol()).isEqualTo("v1");
        assertThat(connection.handshakeInfo().uri()).isEqualTo(URI.create(server.uri("/path?query=1")));
        server.lastPeer().close();
    }

    @Test
    void interimResponsesAreNoAnswer() throws Exception {
        server.handle(peer -> peer.send("HTTP/1.1 100 Continue\r\n\r\n"
                + RawServer.upgrade(RawServer.keyOf(peer.readHead())) + "\u0081\u0002hi"));

        StepVerifier.create(client.connect()
                        .flatMapMany(WebSocketConnection::receive)
                        .next()
                        .map(WebSocketFrame::text))
                .expectNext("hi")
                .expectComplete()
                .verify(SOON);
    }

    @Test
    void aServerThatClosesWithoutAnAnswerIsAnError() throws Exception {
        server.handle(peer -> {
            peer.readHead();
            peer.close();
        });

        StepVerifier.create(client.connect())
                .expectErrorSatisfies(error -> assertThat(error).isInstanceOf(IOException.class))
                .verify(SOON);
        FaultsExtension.take();
    }

    @Test
    void aPortWhereNobodyListensIsAnError() throws IOException {
        server.close();

        StepVerifier.create(client.connect())
                .expectErrorSatisfies(error -> assertThat(error).isInstanceOf(ConnectException.class))
                .verify(SOON);
    }

    // ---- giving up

    @Test
    void aServerThatDoesNotAnswerInTimeIsATimeoutAndItsConnectionIsClosed() throws Exception {
        StepVerifier.create(client.handshakeTimeout(Duration.ofMillis(200)).connect())
                .expectError(WebSocketTimeoutException.class)
                .verify(SOON);

        RawPeer peer = server.accept();
        peer.readHead();
        assertThat(peer.isAtEnd()).isTrue();
    }

    @Test
    void anAttemptThatIsCancelledClosesItsConnection() throws Exception {
        Disposable connect = client.connect().subscribe();
        RawPeer peer = server.accept();
        peer.readHead();

        connect.dispose();

        assertThat(peer.isAtEnd()).isTrue();
    }

    @Test
    void aConnectionThatIsOpenWhenNobodyWantsItAnyMoreIsClosed() throws Exception {
        server.answerWith101And("\u0089\u0000");
        BaseSubscriber<WebSocketConnection> asksForNothing = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}
        };
        client.connect().subscribe(asksForNothing);
        RawPeer peer = server.lastPeer();
        assertThat(peer.readMaskedFrame().opcode()).isEqualTo(RawPeer.PONG);

        asksForNothing.cancel();

        assertThat(peer.readMaskedFrame().closeCode()).isEqualTo(1001);
    }

    // ---- more than one attempt

    @Test
    void aClientThatRetriesWithBackoffGetsThere() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        server.handle(peer -> {
            String key = RawServer.keyOf(peer.readHead());
            if (attempts.incrementAndGet() < 3) {
                peer.send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
                return;
            }
            peer.send(RawServer.upgrade(key) + "\u0081\u0002ok\u0088\u0002\u0003\u00e8");
            assertThat(peer.readMaskedFrame().closeCode()).isEqualTo(1000);
            peer.close();
        });
        BlockingQueue<String> received = new LinkedTransferQueue<>();

        StepVerifier.create(client.handle(connection -> connection
                                .receive()
                                .doOnNext(frame -> received.add(frame.text()))
                                .then())
                        .retryWhen(Retry.backoff(5, Duration.ofMillis(10))))
                .expectComplete()
                .verify(SOON);

        assertThat(attempts).hasValue(3);
        assertThat(received).containsExactly("ok");
    }

    @Test
    void cancellingHandleClosesTheConnection() throws Exception {
        server.answerWith101And("");
        Disposable running = client.handle(connection -> Mono.never()).subscribe();
        RawPeer peer = server.lastPeer();

        peer.send("\u0089\u0000");
        assertThat(peer.readMaskedFrame().opcode()).isEqualTo(RawPeer.PONG);
        running.dispose();

        assertThat(peer.readMaskedFrame().closeCode()).isEqualTo(1001);
    }

    @Test
    void theHandlerSeesTheContextOfTheSubscriber() throws Exception {
        server.answerWith101And("");
        Disposable running = client.handle(connection -> connection.send(Mono.deferContextual(
                        context -> Mono.just(WebSocketFrame.text("hello " + context.get("user"))))))
                .contextWrite(context -> context.put("user", "ada"))
                .subscribe();

        assertThat(server.lastPeer().readMaskedFrame().text()).isEqualTo("hello ada");
        running.dispose();
    }

    @Test
    void aConnectionThatIsLostIsTold() throws Exception {
        server.answerWith101And("", RawPeer::close);
        WebSocketConnection connection = Objects.requireNonNull(client.connect().block(SOON));

        StepVerifier.create(connection.closed().map(CloseEvent::status))
                .expectNext(CloseStatus.ABNORMAL)
                .expectComplete()
                .verify(SOON);
    }

    private WebSocketHandshakeException refusal() {
        try {
            client.connect().block(SOON);
        } catch (WebSocketHandshakeException refused) {
            return refused;
        }
        throw new AssertionError("opened");
    }
}
