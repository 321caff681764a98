package io.fluxsocket.samples.benchmarks;

import io.fluxsocket.reactive.WebSocketMessage;
import io.fluxsocket.reactive.netty.WebSocketServer;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.resources.LoopResources;

/** The servers that are compared, each in its smallest idiomatic form. Arguments: name, then {@code epoll} or {@code nio}. */
final class EchoServers {
    private static final int LARGE = 64 << 20;

    private EchoServers() {}

    public static void main(String[] args) {
        boolean epoll = args[1].equals("epoll");
        LoopResources loops = LoopResources.create("echo", 1, 1, true);
        HttpServer http = HttpServer.create().host("127.0.0.1").port(0).runOn(loops, epoll);
        DisposableServer server = switch (args[0]) {
            case "fluxsocket" -> fluxsocket(loops, epoll);
            case "fluxsocket-messages" -> fluxsocketMessages(loops, epoll);
            case "reactor-netty" -> reactorNetty(http);
            default -> throw new IllegalArgumentException("no server is called " + args[0]);
        };
        System.out.println("READY " + server.port());
        server.onDispose().block();
    }

    private static DisposableServer fluxsocket(LoopResources loops, boolean epoll) {
        return WebSocketServer.create()
                .host("127.0.0.1")
                .port(0)
                .httpServer(http -> http.runOn(loops, epoll))
                .handle(connection -> connection.send(connection.receive()))
                .bindNow();
    }

    private static DisposableServer fluxsocketMessages(LoopResources loops, boolean epoll) {
        return WebSocketServer.create()
                .host("127.0.0.1")
                .port(0)
                .httpServer(http -> http.runOn(loops, epoll))
                .handle(connection ->
                        connection.send(connection.receiveMessages().map(WebSocketMessage::toFrame)))
                .bindNow();
    }

    private static DisposableServer reactorNetty(HttpServer http) {
        WebsocketServerSpec spec =
                WebsocketServerSpec.builder().maxFramePayloadLength(LARGE).build();
        return http.handle((request, response) -> response.sendWebsocket(
                        (in, out) -> out.sendObject(in.receiveFrames().map(frame -> frame.retain())), spec))
                .bindNow();
    }
}
