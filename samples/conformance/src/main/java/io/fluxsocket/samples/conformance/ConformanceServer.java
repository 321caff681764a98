package io.fluxsocket.samples.conformance;

import io.fluxsocket.core.deflate.DeflateSettings;
import io.fluxsocket.reactive.netty.WebSocketServer;
import java.time.Duration;
import reactor.netty.DisposableServer;

/**
 * An echo that the fuzzing client of the Autobahn suite can be pointed at: it accepts permessage-deflate in every parameter
 * set, and compresses whatever its length.
 *
 * <p>The limits of section 9 need no settings. A message of 16 MiB is echoed in the chunks in which {@code receive()} emits
 * it, so that no limit of a message applies; a frame may have 16 MiB by default; and the number of fragments is not limited.
 */
public final class ConformanceServer {
    private ConformanceServer() {}

    /**
     * Runs the server until it is interrupted.
     *
     * @param arguments the port; 9001 if there is none, a free one if it is 0
     */
    public static void main(String[] arguments) {
        int port = arguments.length == 0 ? 9001 : Integer.parseInt(arguments[0]);
        DisposableServer server = create().host("0.0.0.0").port(port).bindNow();
        System.out.println("Echoing at ws://localhost:" + server.port() + " until Ctrl-C");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.disposeNow(Duration.ofSeconds(15))));
        server.onDispose().block();
    }

    /** The server, which has still to be bound. */
    static WebSocketServer create() {
        DeflateSettings everyMessage = DeflateSettings.builder().threshold(0).build();
        return WebSocketServer.create()
                .settings(settings -> settings.deflate(everyMessage))
                .handle(connection -> connection.send(connection.receive()));
    }
}
