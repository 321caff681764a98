package io.fluxsocket.samples.echo;

import io.fluxsocket.reactive.netty.WebSocketUpgrade;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServer;

/** An HTTP server that has routes of its own gets a WebSocket beside them, on the same port. */
public final class ExistingHttpServer {
    private ExistingHttpServer() {}

    /**
     * Runs the server.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        create().port(8080).bindNow().onDispose().block();
    }

    /** The server, which has still to be bound. */
    static HttpServer create() {
        return HttpServer.create()
                .route(routes -> routes.get("/", (request, response) -> response.sendString(Mono.just("hello")))
                        .get("/echo", WebSocketUpgrade.of(connection -> connection.send(connection.receive()))));
    }
}
