package io.fluxsocket.samples.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.netty.WebSocketClient;
import io.fluxsocket.samples.peers.PeerProcess;
import io.fluxsocket.samples.peers.Peers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** The two programs, as a user starts them. */
class EchoServerTest {
    private static final int SIGINT = 2;

    @Test
    void serverTellsHowToTryItAndTheSampleClientTalksToIt() throws Exception {
        try (PeerProcess server = Peers.java(EchoServer.class, "0")) {
            String url = server.nextMatch("Echoing at (\\S+) until Ctrl-C").group(1);
            assertThat(server.nextLine()).contains("in a browser", url.replaceFirst("ws(.*)/echo", "http$1/"));
            assertThat(server.nextLine()).contains("npx wscat -c " + url);
            String command = server.nextLine();
            assertThat(command).contains(EchoClient.class.getName() + " " + url + " hello");

            try (PeerProcess client = Peers.java(EchoClient.class, url, "hello", "world")) {
                assertThat(client.linesToEnd()).containsExactly("hello", "world", "closed: 1000");
            }
        }
    }

    @Test
    void clientSendsTheLinesOfItsInput() throws Exception {
        try (TestServer server = TestServer.start();
                PeerProcess client = Peers.java(EchoClient.class, server.uri("/echo"))) {
            client.writeLine("one");
            assertThat(client.nextLine()).isEqualTo("one");
            client.writeLine("two");
            assertThat(client.nextLine()).isEqualTo("two");
            client.endInput();
            assertThat(client.linesToEnd()).containsExactly("closed: 1000");
        }
    }

    @Test
    void clientEndsWhenTheServerCloses() throws Exception {
        try (TestServer server = TestServer.start();
                PeerProcess client = Peers.java(EchoClient.class, server.uri("/close"))) {
            client.writeLine("4002 enough");
            assertThat(client.linesToEnd()).containsExactly("closed: 4002 enough");
        }
    }

    @Test
    void clientTellsWhyItCouldNotConnect() throws Exception {
        try (TestServer server = TestServer.start();
                PeerProcess client = Peers.java(EchoClient.class, server.uri("/nowhere"), "hello")) {
            assertThat(client.nextLine()).isEqualTo("The server answered with status 404 instead of 101");
            assertThat(client.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void ctrlCTellsEveryoneThatTheServerGoesAway() throws Exception {
        try (PeerProcess server = Peers.java(EchoServer.class, "0")) {
            String url = server.nextMatch("Echoing at (\\S+) until Ctrl-C").group(1);
            CompletableFuture<CloseEvent> end = WebSocketClient.create()
                    .uri(url)
                    .connect()
                    .flatMap(connection -> connection
                            .send(Mono.just(WebSocketFrame.text("there")))
                            .then(connection.receiveMessages().next())
                            .doOnNext(echo -> interrupt(server))
                            .then(connection.closed()))
                    .toFuture();
            assertThat(end.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(new CloseEvent(CloseStatus.GOING_AWAY, Initiator.REMOTE, true));
            assertThat(server.exitCode()).isEqualTo(128 + SIGINT);
        }
    }

    @Test
    void pageIsServedAsUtf8() throws Exception {
        try (TestServer server = TestServer.start()) {
            HttpResponse<String> page = get(server.page());
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
            assertThat(page.body()).startsWith("<!DOCTYPE html>").contains("<title>Fluxsocket echo</title>");
            assertThat(get(URI.create(server.page() + "nowhere")).statusCode()).isEqualTo(404);
        }
    }

    private static HttpResponse<String> get(URI uri) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void interrupt(PeerProcess process) {
        CompletableFuture.runAsync(() -> {
            try {
                new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
