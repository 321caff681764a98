package io.fluxsocket.samples.benchmarks;

import io.fluxsocket.core.deflate.DeflateSettings;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketHandler;
import io.fluxsocket.reactive.WebSocketMessage;
import io.fluxsocket.reactive.netty.WebSocketServer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.resources.LoopResources;

/**
 * Fluxsocket and Reactor Netty's own WebSocket, each in its smallest idiomatic form. Arguments: name, then {@code epoll} or {@code
 * nio}, then {@code echo}, {@code broadcast} or {@code deflate}.
 */
final class EchoServers {
    private static final int LARGE = 64 << 20;

    private EchoServers() {}

    public static void main(String[] arguments) {
        boolean epoll = arguments[1].equals("epoll");
        LoopResources loops = LoopResources.create("echo", 1, 1, true);
        boolean broadcast = arguments[2].equals("broadcast");
        boolean deflate = arguments[2].equals("deflate");
        DisposableServer server = switch (arguments[0]) {
            case "fluxsocket" ->
                fluxsocket(
                        loops,
                        epoll,
                        deflate,
                        broadcast ? fluxsocketBroadcast() : connection -> connection.send(connection.receive()));
            case "fluxsocket-map" ->
                fluxsocket(
                        loops,
                        epoll,
                        deflate,
                        connection -> connection.send(connection.receive().map(frame -> frame)));
            case "fluxsocket-messages" ->
                fluxsocket(
                        loops,
                        epoll,
                        deflate,
                        connection ->
                                connection.send(connection.receiveMessages().map(WebSocketMessage::toFrame)));
            case "reactor-netty" -> reactorNetty(loops, epoll, deflate, broadcast);
            default -> throw new IllegalArgumentException("no server is called " + arguments[0]);
        };
        System.out.println("READY " + server.port());
        server.onDispose().block();
    }

    private static DisposableServer fluxsocket(
            LoopResources loops, boolean epoll, boolean deflate, WebSocketHandler handler) {
        return WebSocketServer.create()
                .host("127.0.0.1")
                .port(0)
                .httpServer(http -> http.runOn(loops, epoll))
                .settings(settings -> settings.deflate(deflate ? DeflateSettings.DEFAULT : null))
                .handle(handler)
                .bindNow();
    }

    /** All receive what one of them sends. */
    private static WebSocketHandler fluxsocketBroadcast() {
        Sinks.Many<WebSocketFrame> all = Sinks.many().multicast().directBestEffort();
        return connection -> Mono.when(
                connection.send(all.asFlux().onBackpressureBuffer()),
                connection.receiveMessages().doOnNext(message -> all.tryEmitNext(message.toFrame())));
    }

    private static DisposableServer reactorNetty(
            LoopResources loops, boolean epoll, boolean deflate, boolean broadcast) {
        WebsocketServerSpec spec = WebsocketServerSpec.builder()
                .maxFramePayloadLength(LARGE)
                .compress(deflate)
                .build();
        Sinks.Many<String> all = Sinks.many().multicast().directBestEffort();
        return HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .runOn(loops, epoll)
                .handle((request, response) -> response.sendWebsocket(
                        (in, out) -> {
                            if (!broadcast) {
                                return out.sendObject(in.receiveFrames().map(frame -> frame.retain()));
                            }
                            Flux<String> received = in.receive().asString().doOnNext(all::tryEmitNext);
                            return Mono.when(
                                    out.sendString(all.asFlux().onBackpressureBuffer())
                                            .then(),
                                    received);
                        },
                        spec))
                .bindNow();
    }
}
