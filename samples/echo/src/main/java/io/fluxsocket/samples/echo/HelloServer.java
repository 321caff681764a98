package io.fluxsocket.samples.echo;

import io.fluxsocket.reactive.netty.WebSocketServer;

/** Sends back what it receives. */
public final class HelloServer {
    public static void main(String[] arguments) {
        WebSocketServer.create()
                .port(8080)
                .route("/echo", connection -> connection.send(connection.receive()))
                .bindNow()
                .onDispose()
                .block();
    }
}
