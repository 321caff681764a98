package io.fluxsocket.samples.echo;

import io.fluxsocket.reactive.netty.WebSocketServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/**
 * Sends back what it receives, and serves a page to try that with.
 *
 * <p>A message is echoed while it arrives: {@code receive()} emits it in chunks, and {@code send} asks for the next chunk when
 * the network has taken the one before. So memory stays bounded, however large the message and however slow the client.
 */
public final class EchoServer {
    private EchoServer() {}

    /**
     * Runs the server until it is interrupted.
     *
     * @param arguments the port; 8080 if there is none, a free one if it is 0
     */
    public static void main(String[] arguments) {
        int port = arguments.length == 0 ? 8080 : Integer.parseInt(arguments[0]);
        DisposableServer server = create().port(port).bindNow();
        printHowToTry(server.port());
        // Ctrl-C: everyone is told 1001 (going away) and has ten seconds, the close timeout, to answer.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.disposeNow(Duration.ofSeconds(15))));
        server.onDispose().block();
    }

    /** The server, which has still to be bound. */
    static WebSocketServer create() {
        byte[] page = page();
        return WebSocketServer.create()
                .route("/echo", connection -> connection.send(connection.receive()))
                .httpRoutes(routes -> routes.get(
                        "/",
                        (request, response) -> response.header("Content-Type", "text/html; charset=utf-8")
                                .sendByteArray(Mono.just(page))));
    }

    /** Read beforehand: an event loop must not block. */
    private static byte[] page() {
        try (InputStream page = EchoServer.class.getResourceAsStream("index.html")) {
            return Objects.requireNonNull(page, "index.html").readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void printHowToTry(int port) {
        String url = "ws://localhost:" + port + "/echo";
        System.out.println("Echoing at " + url + " until Ctrl-C. Try it");
        System.out.println("  in a browser:  http://localhost:" + port + "/");
        System.out.println("  from Node.js:  npx wscat -c " + url);
        System.out.println("  from Java:     java -cp samples/echo/target/fluxsocket-echo.jar "
                + EchoClient.class.getName() + " " + url + " hello");
    }
}
