package io.fluxsocket.reactive.spring;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsContextListener;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.JettyCoreHttpHandlerAdapter;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.http.server.reactive.TomcatHttpHandlerAdapter;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.server.RequestUpgradeStrategy;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.reactive.socket.server.upgrade.JettyCoreRequestUpgradeStrategy;
import org.springframework.web.reactive.socket.server.upgrade.ReactorNettyRequestUpgradeStrategy;
import org.springframework.web.reactive.socket.server.upgrade.StandardWebSocketUpgradeStrategy;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** What WebFlux runs on, each with the strategy that belongs to it. */
enum ServerKind {
    FLUXSOCKET {
        @Override
        RequestUpgradeStrategy strategy() {
            return new FluxsocketRequestUpgradeStrategy();
        }

        @Override
        Running start(HttpHandler handler) {
            return startReactorNetty(HttpServer.create(), handler);
        }
    },
    REACTOR_NETTY {
        @Override
        RequestUpgradeStrategy strategy() {
            return new ReactorNettyRequestUpgradeStrategy();
        }

        @Override
        Running start(HttpHandler handler) {
            return startReactorNetty(HttpServer.create(), handler);
        }
    },
    TOMCAT {
        @Override
        RequestUpgradeStrategy strategy() {
            return new StandardWebSocketUpgradeStrategy();
        }

        @Override
        Running start(HttpHandler handler) throws Exception {
            Path folder = Files.createTempDirectory("tomcat");
            Tomcat tomcat = new Tomcat();
            tomcat.setBaseDir(folder.toString());
            tomcat.setPort(0);
            Context context = tomcat.addContext("", folder.toString());
            Tomcat.addServlet(context, "webflux", new TomcatHttpHandlerAdapter(handler))
                    .setAsyncSupported(true);
            context.addServletMappingDecoded("/", "webflux");
            context.addApplicationListener(WsContextListener.class.getName());
            tomcat.start();
            return new Running(tomcat.getConnector().getLocalPort(), () -> {
                tomcat.stop();
                tomcat.destroy();
            });
        }
    },
    JETTY {
        @Override
        RequestUpgradeStrategy strategy() {
            return new JettyCoreRequestUpgradeStrategy();
        }

        @Override
        Running start(HttpHandler handler) throws Exception {
            Server jetty = new Server();
            ServerConnector connector = new ServerConnector(jetty);
            jetty.addConnector(connector);
            jetty.setHandler(new JettyCoreHttpHandlerAdapter(handler));
            ServerWebSocketContainer.ensure(jetty);
            jetty.start();
            return new Running(connector.getLocalPort(), jetty::stop);
        }
    };

    abstract RequestUpgradeStrategy strategy();

    abstract Running start(HttpHandler handler) throws Exception;

    /** Serves WebSockets at paths, behind filters. */
    Running serve(Map<String, WebSocketHandler> handlers, WebFilter... filters) throws Exception {
        return start(httpHandler(strategy(), handlers, filters));
    }

    static HttpHandler httpHandler(
            RequestUpgradeStrategy strategy, Map<String, WebSocketHandler> handlers, WebFilter... filters) {
        HandshakeWebSocketService service = new HandshakeWebSocketService(strategy);
        return WebHttpHandlerBuilder.webHandler(exchange -> {
                    WebSocketHandler handler =
                            handlers.get(exchange.getRequest().getPath().value());
                    return handler == null
                            ? Mono.error(new ResponseStatusException(org.springframework.http.HttpStatus.NOT_FOUND))
                            : service.handleRequest(exchange, handler);
                })
                .codecConfigurer(
                        ServerCodecConfigurer.create()) // else the event loop makes one, and reads files for it
                .filters(all -> all.addAll(List.of(filters)))
                .exceptionHandler(new org.springframework.web.server.handler.ResponseStatusExceptionHandler())
                .build();
    }

    static Running startReactorNetty(HttpServer http, HttpHandler handler) {
        DisposableServer server =
                http.port(0).handle(new ReactorHttpHandlerAdapter(handler)).bindNow();
        return new Running(server.port(), server::disposeNow);
    }

    /** How a server is stopped. */
    @FunctionalInterface
    interface Stop {
        void run() throws Exception;
    }

    /** A server that listens. */
    record Running(int port, Stop stop) {
        public void close() throws Exception {
            stop.run();
        }
    }
}
