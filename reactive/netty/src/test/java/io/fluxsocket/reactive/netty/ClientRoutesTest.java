package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketHandler;
import io.fluxsocket.reactive.WebSocketHandshakeException;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.transport.ProxyProvider.Proxy;
import reactor.test.StepVerifier;

/** How a client gets to its server: redirects, proxies, and connections that are no pool's. */
class ClientRoutesTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final WebSocketHandler ECHO = connection -> connection.send(connection.receive());

    private final Queue<HttpHeaders> requests = new ConcurrentLinkedQueue<>();
    private final DisposableServer server = HttpServer.create()
            .host("localhost")
            .route(routes -> routes.get("/plain", (request, response) -> response.sendString(Mono.just("hello")))
                    .get(
                            "/echo",
                            WebSocketUpgrade.of(ECHO)
                                    .handshakeInfo((request, info) -> requests.add(
                                            request.requestHeaders().copy())))
                    .get("/relative", (request, response) -> {
                        requests.add(request.requestHeaders().copy());
                        return response.sendRedirect("/echo");
                    })
                    .get("/absolute", (request, response) -> response.sendRedirect(uri("/echo")))
                    .get(
                            "/elsewhere",
                            (request, response) -> response.sendRedirect("ws://127.0.0.1:"
                                    + Objects.requireNonNull(request.hostAddress())
                                            .getPort() + "/echo")))
            .bindNow();

    @AfterEach
    void stop() {
        server.disposeNow(Stage.PATIENCE);
    }

    // ---- redirects

    @ParameterizedTest
    @ValueSource(strings = {"/relative", "/absolute", "/elsewhere"})
    void aRedirectIsFollowedIfThatIsWanted(String path) {
        echoThrough(WebSocketClient.create().uri(uri(path)).followRedirect(true));
    }

    @Test
    void aRedirectIsNotFollowedOtherwise() {
        StepVerifier.create(WebSocketClient.create().uri(uri("/relative")).connect())
                .expectErrorSatisfies(error -> {
                    WebSocketHandshakeException refused = (WebSocketHandshakeException) error;
                    assertThat(refused.statusCode()).isEqualTo(302);
                    assertThat(refused.headers().first("location")).isEqualTo("/echo");
                })
                .verify(SOON);
    }

    @Test
    void eachRequestOfARedirectHasAKeyOfItsOwn() {
        echoThrough(WebSocketClient.create().uri(uri("/relative")).followRedirect(true));

        assertThat(requests.stream()
                        .map(headers -> headers.get("sec-websocket-key"))
                        .distinct())
                .hasSize(2);
    }

    @Test
    void aRedirectToAnotherHostLosesTheCredentials() {
        echoThrough(WebSocketClient.create()
                .uri(uri("/elsewhere"))
                .headers(headers -> headers.set("Authorization", "Bearer token"))
                .followRedirect(true));

        assertThat(requests)
                .singleElement()
                .satisfies(
                        headers -> assertThat(headers.contains("authorization")).isFalse());
    }

    @Test
    void aRedirectFromWssToWsIsNotFollowed() {
        DisposableServer tls = HttpServer.create()
                .host("localhost")
                .secure(spec -> spec.sslContext(Network.serverTls()))
                .handle((request, response) -> response.sendRedirect(uri("/echo")))
                .bindNow();

        StepVerifier.create(
                        Network.NIO_TLS.client(tls, "/").followRedirect(true).connect())
                .expectErrorSatisfies(error -> assertThat(((WebSocketHandshakeException) error).statusCode())
                        .isEqualTo(302))
                .verify(SOON);
        tls.disposeNow(Stage.PATIENCE);
    }

    // ---- proxies

    @Test
    void anHttpProxyIsAskedToConnect() throws IOException {
        try (TunnelProxy proxy = new TunnelProxy()) {
            echoThrough(WebSocketClient.create()
                    .uri(uri("/echo"))
                    .proxy(spec -> spec.type(Proxy.HTTP).host("localhost").port(proxy.port())));

            assertThat(proxy.requests)
                    .singleElement()
                    .asString()
                    .startsWith("CONNECT localhost:" + server.port() + " ");
        }
    }

    @Test
    void wssGoesThroughAnHttpProxyToo() throws IOException {
        DisposableServer tls = Network.EPOLL_TLS.server().handle(ECHO).bindNow();
        try (TunnelProxy proxy = new TunnelProxy()) {
            echoThrough(Network.EPOLL_TLS
                    .client(tls, "/")
                    .proxy(spec -> spec.type(Proxy.HTTP).host("localhost").port(proxy.port())));

            assertThat(proxy.requests).hasSize(1);
        } finally {
            tls.disposeNow(Stage.PATIENCE);
        }
    }

    // ---- connections

    @Test
    void openWebSocketsDoNotStarveHttp() {
        HttpClient http = HttpClient.create(ConnectionProvider.create("small", 1));
        List<WebSocketConnection> open = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            open.add(Objects.requireNonNull(
                    WebSocketClient.create().uri(uri("/echo")).connect().block(SOON)));
        }

        StepVerifier.create(http.get()
                        .uri("http://localhost:" + server.port() + "/plain")
                        .responseContent()
                        .aggregate()
                        .asString())
                .expectNext("hello")
                .expectComplete()
                .verify(SOON);

        open.forEach(connection -> connection.close().block(SOON));
    }

    @Test
    void theSlotOfAPoolIsGivenBackWhenTheWebSocketCloses() {
        ConnectionProvider pool = ConnectionProvider.create("one", 1);
        HttpClient http = HttpClient.create(pool);
        WebSocketClient client =
                WebSocketClient.create().httpClient(own -> http).uri(uri("/echo"));
        for (int i = 0; i < 3; i++) {
            echoThrough(client);
            StepVerifier.create(http.get()
                            .uri("http://localhost:" + server.port() + "/plain")
                            .responseContent()
                            .aggregate()
                            .asString())
                    .expectNext("hello")
                    .expectComplete()
                    .verify(SOON);
        }
        pool.disposeLater().block(SOON);
    }

    @Test
    void compressionAndTimeoutsOfTheHttpClientEndWithTheHandshake() {
        WebSocketClient client = WebSocketClient.create()
                .uri(uri("/echo"))
                .httpClient(http -> http.compress(true).responseTimeout(Duration.ofMillis(300)));
        WebSocketConnection connection = Objects.requireNonNull(client.connect().block(SOON));

        StepVerifier.create(connection
                        .send(Mono.delay(Duration.ofMillis(700)).map(tick -> WebSocketFrame.text("late")))
                        .thenMany(connection.receive().next().map(WebSocketFrame::text)))
                .expectNext("late")
                .expectComplete()
                .verify(SOON);

        connection.close().block(SOON);
    }

    private void echoThrough(WebSocketClient client) {
        WebSocketConnection connection = Objects.requireNonNull(client.connect().block(SOON));
        StepVerifier.create(connection
                        .send(Mono.just(WebSocketFrame.text("there and back")))
                        .thenMany(connection.receive().next().map(WebSocketFrame::text)))
                .expectNext("there and back")
                .expectComplete()
                .verify(SOON);
        connection.close().block(SOON);
    }

    private String uri(String path) {
        return "ws://localhost:" + server.port() + path;
    }

    /** An HTTP proxy that knows CONNECT alone. */
    private static final class TunnelProxy implements AutoCloseable {
        final Queue<String> requests = new ConcurrentLinkedQueue<>();
        private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getByName("localhost"));

        TunnelProxy() throws IOException {
            start(() -> {
                for (; ; ) {
                    RawPeer client = new RawPeer(socket.accept());
                    String request = client.readHead();
                    requests.add(request);
                    String[] target = request.split(" ")[1].split(":");
                    Socket server = new Socket(target[0], Integer.parseInt(target[1]));
                    client.send("HTTP/1.1 200 Connected\r\n\r\n");
                    start(() -> copy(client.socket, server));
                    start(() -> copy(server, client.socket));
                }
            });
        }

        int port() {
            return socket.getLocalPort();
        }

        private static void copy(Socket from, Socket to) throws IOException {
            InputStream in = from.getInputStream();
            from.setSoTimeout(0);
            in.transferTo(to.getOutputStream());
            to.shutdownOutput();
        }

        private interface Work {
            void run() throws IOException;
        }

        private static void start(Work work) {
            Thread thread = new Thread(() -> {
                try {
                    work.run();
                } catch (IOException closed) {
                    // The end of the test.
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
