package io.fluxsocket.reactive.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import jakarta.websocket.ClientEndpointConfig;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.Session;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.apache.tomcat.websocket.WsWebSocketContainer;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientTransportDynamic;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.client.JettyWebSocketClient;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;
import org.springframework.web.reactive.socket.client.StandardWebSocketClient;
import org.springframework.web.reactive.socket.client.TomcatWebSocketClient;
import org.springframework.web.reactive.socket.client.WebSocketClient;
import org.springframework.web.reactive.socket.server.RequestUpgradeStrategy;
import org.springframework.web.reactive.socket.server.upgrade.ReactorNettyRequestUpgradeStrategy;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.WebsocketServerSpec;

/** wss, with Spring's own at the other end. */
class TlsTest {
    /** Of 128 KiB, so that it fills several TLS records. */
    private static final String TEXT = "secret! ".repeat(16 * 1024);

    @ParameterizedTest
    @CsvSource({
        "FLUXSOCKET, FLUXSOCKET",
        "FLUXSOCKET, REACTOR_NETTY",
        "FLUXSOCKET, JETTY",
        "FLUXSOCKET, STANDARD",
        "FLUXSOCKET, TOMCAT",
        "REACTOR_NETTY, FLUXSOCKET"
    })
    void whatIsSentThroughTlsIsEchoed(ServerKind serverKind, ClientKind clientKind) throws Exception {
        SslContext serverTls = SslContextBuilder.forServer(Keys.create()).build();
        WebSocketHandler echo = session -> session.send(session.receive().map(WebSocketMessage::retain));
        HttpHandler handler = ServerKind.httpHandler(strategy(serverKind), Map.of("/ws", echo));
        ServerKind.Running server =
                ServerKind.startReactorNetty(HttpServer.create().secure(tls -> tls.sslContext(serverTls)), handler);
        List<String> got = new ArrayList<>();
        WebSocketClient client = trusting(clientKind);
        try {
            client.execute(
                            URI.create("wss://localhost:" + server.port() + "/ws"),
                            session -> session.send(Mono.just(session.textMessage(TEXT)))
                                    .thenMany(session.receive())
                                    .map(WebSocketMessage::getPayloadAsText)
                                    .scan(String::concat) // Tomcat's give a large message in parts.
                                    .filter(text -> text.length() >= TEXT.length())
                                    .next()
                                    .doOnNext(got::add)
                                    .then())
                    .block(Duration.ofSeconds(30));
        } finally {
            ClientKind.stop(client);
            server.close();
        }

        assertThat(got).hasSize(1).first().isEqualTo(TEXT);
    }

    /** Takes the text in one piece. */
    private static RequestUpgradeStrategy strategy(ServerKind kind) {
        return kind == ServerKind.FLUXSOCKET
                ? kind.strategy()
                : new ReactorNettyRequestUpgradeStrategy(
                        () -> WebsocketServerSpec.builder().maxFramePayloadLength(ClientKind.LARGEST));
    }

    private static WebSocketClient trusting(ClientKind kind) throws Exception {
        SslContext tls = SslContextBuilder.forClient()
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .build();
        return switch (kind) {
            case FLUXSOCKET -> new FluxsocketWebSocketClient(client -> client.secure(spec -> spec.sslContext(tls)));
            case REACTOR_NETTY ->
                new ReactorNettyWebSocketClient(
                        reactor.netty.http.client.HttpClient.create().secure(spec -> spec.sslContext(tls)),
                        () -> WebsocketClientSpec.builder().maxFramePayloadLength(ClientKind.LARGEST));
            case JETTY -> {
                ClientConnector connector = new ClientConnector();
                connector.setSslContextFactory(new SslContextFactory.Client(true));
                var jetty = new org.eclipse.jetty.websocket.client.WebSocketClient(
                        new HttpClient(new HttpClientTransportDynamic(connector)));
                jetty.setMaxTextMessageSize(ClientKind.LARGEST);
                JettyWebSocketClient client = new JettyWebSocketClient(jetty);
                client.start();
                yield client;
            }
            case STANDARD -> new StandardWebSocketClient(new TrustingContainer());
            case TOMCAT -> new TomcatWebSocketClient(new TrustingContainer());
        };
    }

    /** Takes the context for TLS from the configuration of the endpoint, which Spring makes without one. */
    private static final class TrustingContainer extends WsWebSocketContainer {
        TrustingContainer() {
            setDefaultMaxTextMessageBufferSize(ClientKind.LARGEST);
        }

        @Override
        public Session connectToServer(Endpoint endpoint, ClientEndpointConfig config, URI path)
                throws DeploymentException {
            try {
                SSLContext tls = SSLContext.getInstance("TLS");
                tls.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
                ClientEndpointConfig trusting = ClientEndpointConfig.Builder.create()
                        .configurator(config.getConfigurator())
                        .preferredSubprotocols(config.getPreferredSubprotocols())
                        .sslContext(tls)
                        .build();
                return super.connectToServer(endpoint, trusting, path);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
