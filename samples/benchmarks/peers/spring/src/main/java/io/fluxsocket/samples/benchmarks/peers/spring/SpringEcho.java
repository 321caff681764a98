package io.fluxsocket.samples.benchmarks.peers.spring;

import io.fluxsocket.reactive.spring.FluxsocketRequestUpgradeStrategy;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.server.RequestUpgradeStrategy;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.reactive.socket.server.upgrade.ReactorNettyRequestUpgradeStrategy;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.resources.LoopResources;

/**
 * Spring's handler sends back what it receives, upgraded by Fluxsocket or by Spring's default. Arguments: {@code
 * spring-fluxsocket} or {@code spring-reactor-netty}, then {@code epoll} or {@code nio}.
 */
public final class SpringEcho {
    private static final int LARGE = 64 << 20;

    private SpringEcho() {}

    public static void main(String[] arguments) {
        WebSocketHandler echo = session -> session.send(session.receive().doOnNext(WebSocketMessage::retain));
        HandshakeWebSocketService service = new HandshakeWebSocketService(strategy(arguments[0]));
        HttpHandler handler = WebHttpHandlerBuilder.webHandler(exchange -> service.handleRequest(exchange, echo))
                .codecConfigurer(ServerCodecConfigurer.create())
                .build();
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .runOn(LoopResources.create("echo", 1, 1, true), arguments[1].equals("epoll"))
                .handle(new ReactorHttpHandlerAdapter(handler))
                .bindNow();
        System.out.println("READY " + server.port());
        server.onDispose().block();
    }

    private static RequestUpgradeStrategy strategy(String name) {
        return name.equals("spring-fluxsocket")
                ? new FluxsocketRequestUpgradeStrategy()
                : new ReactorNettyRequestUpgradeStrategy(
                        () -> WebsocketServerSpec.builder().maxFramePayloadLength(LARGE));
    }
}
