package io.fluxsocket.samples.benchmarks.peers.vertx;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;

/** Sends back what it receives, on one event loop. Arguments: name, then {@code epoll} or {@code nio}. */
public final class VertxEcho {
    private static final int LARGE = 64 << 20;

    private VertxEcho() {}

    public static void main(String[] arguments) {
        boolean epoll = arguments[1].equals("epoll");
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(epoll))
                .createHttpServer(
                        new HttpServerOptions().setMaxWebSocketFrameSize(LARGE).setMaxWebSocketMessageSize(LARGE))
                .webSocketHandler(webSocket -> webSocket.frameHandler(webSocket::writeFrame))
                .listen(0, "127.0.0.1")
                .onSuccess(server -> System.out.println("READY " + server.actualPort()))
                .onFailure(Throwable::printStackTrace);
    }
}
