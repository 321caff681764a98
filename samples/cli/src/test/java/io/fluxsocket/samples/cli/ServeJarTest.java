package io.fluxsocket.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketMessage;
import io.fluxsocket.reactive.netty.WebSocketClient;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** {@code serve}, as the jar that is delivered. */
class ServeJarTest {
    private static final Duration PATIENCE = Duration.ofSeconds(Jar.PATIENCE);

    @TempDir
    private Path folder;

    private static String url(Jar server) throws InterruptedException {
        return server.awaitLine("fluxsocket connect").replaceAll(".*(wss?://\\S+).*", "$1");
    }

    private static WebSocketConnection connect(String url) {
        return WebSocketClient.create().uri(url).connect().block(PATIENCE);
    }

    private static void send(WebSocketConnection connection, String text) {
        connection.send(Mono.just(WebSocketFrame.text(text))).block(PATIENCE);
    }

    private static String receive(WebSocketConnection connection) {
        return connection.receiveMessages().next().map(WebSocketMessage::text).block(PATIENCE);
    }

    @Test
    void echoesTellsWhoComesAndGoesAndSaysGoodbyeAtItsEnd() throws Exception {
        try (Jar server = Jar.start("serve", "--port=0")) {
            String url = url(server);
            WebSocketConnection first = connect(url + "any/path");
            send(first, "hello");
            assertThat(receive(first)).isEqualTo("hello");
            server.awaitLine("+ 127.0.0.1:");
            first.close(CloseStatus.of(4001, "bye")).block(PATIENCE);
            assertThat(server.awaitLine("- 127.0.0.1:")).endsWith("4001 bye");

            WebSocketConnection second = connect(url);
            second.discardInbound();
            server.interrupt();
            assertThat(second.closed().block(PATIENCE))
                    .isEqualTo(new CloseEvent(CloseStatus.GOING_AWAY, Initiator.REMOTE, true));
            assertThat(server.result().status()).isEqualTo(130);
        }
    }

    @Test
    void servesAPageThatMayConnectWhileOthersMayNot() throws Exception {
        try (Jar server = Jar.start("serve", "--port=0")) {
            String url = url(server);
            HttpResponse<String> page = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(url.replace("ws", "http")))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).contains("new WebSocket(");

            Jar.Result refused = Jar.run("connect", "-m=hi", "--origin=https://elsewhere.example", url);
            assertThat(refused.status()).isEqualTo(4);
            assertThat(refused.err()).contains("status 403", "it may want another --origin");
        }
        try (Jar server = Jar.start("serve", "--port=0", "--allow-origin=https://elsewhere.example")) {
            Jar.Result allowed = Jar.run("connect", "-q", "-m=hi", "--origin=https://elsewhere.example", url(server));
            assertThat(allowed).isEqualTo(new Jar.Result(0, List.of("hi"), ""));
        }
    }

    @Test
    void broadcastReachesEverybody() throws Exception {
        try (Jar server = Jar.start("serve", "--broadcast", "--port=0")) {
            String url = url(server);
            WebSocketConnection a = connect(url);
            WebSocketConnection b = connect(url);
            server.awaitLine("+ ");
            server.awaitLine("+ ");
            send(a, "to all");
            assertThat(receive(a)).isEqualTo("to all");
            assertThat(receive(b)).isEqualTo("to all");
        }
    }

    @Test
    void linesOfAFileAreSentThenItCloses() throws Exception {
        Path file = Files.write(folder.resolve("lines.txt"), List.of("one", "", "Grüße"));
        try (Jar server = Jar.start("serve", "--port=0", "--interval=1ms", "--file=" + file)) {
            Jar.Result result = Jar.run("connect", "--stay", url(server));
            assertThat(result.out()).containsExactly("one", "", "Grüße");
            assertThat(result.err()).contains("closed by the server with 1000");
        }
    }

    @Test
    void certificateMadeOnTheFlyIsTrustedByNobodyUnlessTold() throws Exception {
        try (Jar server = Jar.start("serve", "--tls", "--port=0")) {
            String url = url(server);
            assertThat(url).startsWith("wss://localhost:");
            server.awaitLine("SHA-256");
            assertThat(server.awaitLine(":")).matches("  (\\p{XDigit}{2}:){31}\\p{XDigit}{2}");
            Jar.Result refused = Jar.run("connect", "-m=hi", url);
            assertThat(refused.status()).isEqualTo(3);
            assertThat(refused.err()).contains("TLS failed", "--cacert=FILE, any with --insecure");
            assertThat(Jar.run("connect", "-q", "-k", "-m=hi", url)).isEqualTo(new Jar.Result(0, List.of("hi"), ""));
        }
    }

    @Test
    void givenCertificatesServeThemselves() throws Exception {
        X509Bundle made = new CertificateBuilder()
                .subject("CN=localhost")
                .setIsCertificateAuthority(true)
                .addSanDnsName("localhost")
                .buildSelfSigned();
        Path certificate = Files.writeString(folder.resolve("cert.pem"), made.getCertificatePEM());
        Path key = Files.writeString(folder.resolve("key.pem"), made.getPrivateKeyPEM());
        try (Jar server = Jar.start("serve", "--port=0", "--cert=" + certificate, "--key=" + key)) {
            String url = url(server);
            assertThat(Jar.run("connect", "-q", "--cacert=" + certificate, "-m=hi", url))
                    .isEqualTo(new Jar.Result(0, List.of("hi"), ""));
        }
    }

    @Test
    void takenPortIsSaidWithAdvice() throws Exception {
        try (Jar server = Jar.start("serve", "--port=0")) {
            String port = url(server).replaceAll(".*:(\\d+)/", "$1");
            Jar.Result second = Jar.run("serve", "--port=" + port);
            assertThat(second.status()).isEqualTo(2);
            assertThat(second.err()).contains("cannot listen on", "--port=0 takes a free port");
        }
    }
}
