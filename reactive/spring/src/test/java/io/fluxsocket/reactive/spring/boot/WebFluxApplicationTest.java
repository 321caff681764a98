package io.fluxsocket.reactive.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fluxsocket.reactive.WebSocketHandshakeException;
import io.fluxsocket.reactive.spring.FluxsocketWebSocketClient;
import io.fluxsocket.reactive.spring.FluxsocketWebSocketSession;
import io.fluxsocket.reactive.spring.Keys;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.client.WebSocketClient;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;

/** A Boot application as one writes it, with our dependency: filters, security, CORS, events, pages and WebSockets on one port. */
class WebFluxApplicationTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        /** The end of one application must not take the event loops from the other. */
        @Bean
        ReactorResourceFactory resources() {
            ReactorResourceFactory resources = new ReactorResourceFactory();
            resources.setUseGlobalResources(false);
            resources.setShutdownQuietPeriod(Duration.ZERO);
            return resources;
        }

        @Bean
        SimpleUrlHandlerMapping webSockets() {
            Map<String, WebSocketHandler> handlers = Map.of(
                    "/echo", session -> session.send(session.receive().map(WebSocketMessage::retain)),
                    "/kind", session -> say(session, session.getClass().getSimpleName()),
                    "/private/who",
                            session -> session.send(session.getHandshakeInfo()
                                    .getPrincipal()
                                    .map(principal -> session.textMessage(principal.getName()))),
                    "/thread",
                            session -> say(
                                    session, "from " + session.getAttributes().get("filter")),
                    "/open", session -> say(session, "welcome"),
                    "/rooms/{room}", new Chat());
            SimpleUrlHandlerMapping mapping = new SimpleUrlHandlerMapping(handlers, -1);
            CorsConfiguration cors = new CorsConfiguration();
            cors.addAllowedOrigin("https://friend.example");
            mapping.setCorsConfigurations(Map.of("/open", cors));
            return mapping;
        }

        /** A handler with subprotocols. */
        static final class Chat implements WebSocketHandler {
            @Override
            public List<String> getSubProtocols() {
                return List.of("chat.v2", "chat.v1");
            }

            @Override
            public Mono<Void> handle(WebSocketSession session) {
                return say(session, String.valueOf(session.getHandshakeInfo().getSubProtocol()));
            }
        }

        private static Mono<Void> say(WebSocketSession session, String text) {
            return session.send(Mono.just(session.textMessage(text)));
        }

        @Bean
        RouterFunction<ServerResponse> pages() {
            return RouterFunctions.route()
                    .GET("/page", request -> ServerResponse.ok().bodyValue("a page"))
                    .GET(
                            "/events",
                            request -> ServerResponse.ok()
                                    .contentType(MediaType.TEXT_EVENT_STREAM)
                                    .body(Flux.just("one", "two"), String.class))
                    .build();
        }

        /** Decides elsewhere and later, and keeps something in the session of the browser. */
        @Bean
        @Order(1)
        WebFilter asynchronous() {
            return (exchange, chain) -> exchange.getRequest().getPath().value().equals("/thread")
                    ? Mono.delay(Duration.ofMillis(10), Schedulers.boundedElastic())
                            .then(exchange.getSession())
                            .doOnNext(session -> session.getAttributes()
                                    .put(
                                            "filter",
                                            Thread.currentThread().getName().replaceAll("-.*", "")))
                            .doOnNext(session -> exchange.getResponse()
                                    .addCookie(
                                            ResponseCookie.from("crumb", "late").build()))
                            .then(Mono.defer(() -> chain.filter(exchange)))
                    : chain.filter(exchange);
        }

        @Bean
        org.springframework.web.reactive.socket.server.support.WebSocketHandlerAdapter adapter() {
            var service = new org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService();
            service.setSessionAttributePredicate(name -> true);
            return new org.springframework.web.reactive.socket.server.support.WebSocketHandlerAdapter(service);
        }

        @Bean
        SecurityWebFilterChain security(ServerHttpSecurity http) {
            return http.csrf(ServerHttpSecurity.CsrfSpec::disable)
                    .cors(ServerHttpSecurity.CorsSpec::disable)
                    .authorizeExchange(exchanges -> exchanges
                            .pathMatchers("/private/**")
                            .authenticated()
                            .anyExchange()
                            .permitAll())
                    .httpBasic(basic -> {})
                    .build();
        }

        @Bean
        MapReactiveUserDetailsService users() {
            return new MapReactiveUserDetailsService(User.withUsername("ada")
                    .password("{noop}secret")
                    .roles("USER")
                    .build());
        }
    }

    private static ConfigurableApplicationContext application;
    private static int port;

    static ConfigurableApplicationContext start(Class<?> configuration, String... properties) {
        SpringApplicationBuilder builder = new SpringApplicationBuilder(configuration)
                .web(WebApplicationType.REACTIVE)
                .properties("server.port=0", "spring.main.banner-mode=off")
                .properties(properties);
        return builder.run();
    }

    static int portOf(ConfigurableApplicationContext context) {
        return Integer.parseInt(String.valueOf(context.getEnvironment().getProperty("local.server.port")));
    }

    @BeforeAll
    static void start() {
        application = start(Application.class);
        port = portOf(application);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    private static URI uri(String path) {
        return URI.create("ws://localhost:" + port + path);
    }

    private static List<String> textsOf(URI uri, HttpHeaders headers) {
        List<String> got = new ArrayList<>();
        application
                .getBean(WebSocketClient.class)
                .execute(
                        uri,
                        headers,
                        session -> session.receive()
                                .map(WebSocketMessage::getPayloadAsText)
                                .doOnNext(got::add)
                                .then())
                .block(SOON);
        return got;
    }

    private static List<String> textsOf(String path, String... headers) {
        HttpHeaders all = new HttpHeaders();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1]);
        }
        return textsOf(uri(path), all);
    }

    private static WebSocketHandshakeException refusal(String path, String... headers) {
        WebSocketHandshakeException refusal =
                catchThrowableOfType(WebSocketHandshakeException.class, () -> textsOf(path, headers));
        assertThat(refusal).isNotNull();
        return refusal;
    }

    // ---- one port

    @Test
    void handlersOfTheApplicationRunOnFluxsocket() {
        assertThat(textsOf("/kind")).containsExactly(FluxsocketWebSocketSession.class.getSimpleName());
    }

    @Test
    void pagesEventsAndWebSocketsShareThePort() {
        HttpClient http = HttpClient.create().baseUrl("http://localhost:" + port);

        assertThat(http.get()
                        .uri("/page")
                        .responseContent()
                        .aggregate()
                        .asString()
                        .block(SOON))
                .isEqualTo("a page");
        assertThat(textsOf("/open")).containsExactly("welcome");
        assertThat(http.get()
                        .uri("/events")
                        .responseContent()
                        .aggregate()
                        .asString()
                        .block(SOON))
                .isEqualTo("data:one\n\ndata:two\n\n");
    }

    // ---- what stands before the upgrade

    @Test
    void securityStandsBeforeTheUpgrade() {
        assertThat(refusal("/private/who").statusCode()).isEqualTo(401);
        assertThat(refusal("/private/who", "Authorization", "Basic YWRhOndyb25n")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void thePrincipalReachesTheHandler() {
        assertThat(textsOf("/private/who", "Authorization", "Basic YWRhOnNlY3JldA=="))
                .containsExactly("ada");
    }

    @Test
    void anAsynchronousFilterAndAHopBetweenThreadsMayStandBeforeTheUpgrade() {
        AtomicReference<HttpHeaders> headers = new AtomicReference<>();
        List<String> got = new ArrayList<>();
        new FluxsocketWebSocketClient()
                .execute(uri("/thread"), session -> {
                    headers.set(session.getHandshakeInfo().getHeaders());
                    return session.receive()
                            .map(WebSocketMessage::getPayloadAsText)
                            .doOnNext(got::add)
                            .then();
                })
                .block(SOON);

        assertThat(got).containsExactly("from boundedElastic");
        assertThat(headers.get().get("Set-Cookie"))
                .anyMatch(cookie -> cookie.startsWith("SESSION="))
                .anyMatch(cookie -> cookie.startsWith("crumb=late"));
    }

    @Test
    void pagesOfOtherOriginsAreRefusedUnlessCorsLetsThemIn() {
        assertThat(textsOf("/kind", "Origin", "http://localhost:" + port)).hasSize(1);
        assertThat(refusal("/kind", "Origin", "https://friend.example").statusCode())
                .isEqualTo(403);
        assertThat(textsOf("/open", "Origin", "https://friend.example")).containsExactly("welcome");
        assertThat(refusal("/open", "Origin", "https://foe.example").statusCode())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({"8, 426", "13, 101", "nonsense, 400"})
    void theVersionOfTheProtocolIsChecked(String version, int status) {
        AtomicReference<String> supported = new AtomicReference<>();
        Integer answered = HttpClient.create()
                .headers(headers -> headers.set("Upgrade", "websocket")
                        .set("Connection", "Upgrade")
                        .set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
                        .set("Sec-WebSocket-Version", version))
                .get()
                .uri("http://localhost:" + port + "/echo")
                .responseConnection((response, connection) -> {
                    supported.set(response.responseHeaders().get(HttpHeaderNames.SEC_WEBSOCKET_VERSION));
                    int code = response.status().code();
                    Mono<Void> body = code == 101
                            ? Mono.empty()
                            : connection.inbound().receive().then();
                    return body.thenReturn(code)
                            .doFinally(signal -> connection.channel().close());
                })
                .blockLast(SOON);

        assertThat(answered).isEqualTo(status);
        assertThat(supported.get()).isEqualTo(status == 426 ? "13" : null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat.v1", "other, chat.v1", "other,chat.v1"})
    void aSubprotocolIsFoundInAListWithAndWithoutBlanks(String offered) {
        assertThat(textsOf("/rooms/7", "Sec-WebSocket-Protocol", offered)).containsExactly("chat.v1");
    }

    @Test
    void anOrdinaryRequestForAWebSocketIsABadRequest() {
        Integer status = HttpClient.create()
                .get()
                .uri("http://localhost:" + port + "/echo")
                .responseSingle((response, body) ->
                        body.then(Mono.just(response.status().code())))
                .block(SOON);
        assertThat(status).isEqualTo(400);
    }

    // ---- TLS, properties, shutdown

    /** The same application behind TLS. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    static class Secure extends Application {
        @Bean
        NettyServerCustomizer tls() throws SSLException {
            SslContext context = SslContextBuilder.forServer(Keys.create()).build();
            return server -> server.secure(spec -> spec.sslContext(context));
        }

        @Bean
        WebSocketClientCustomizer trusting() throws SSLException {
            SslContext context = SslContextBuilder.forClient()
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .build();
            return client -> client.secure(spec -> spec.sslContext(context));
        }
    }

    @Test
    void wssIsServedAndConnectedTo() {
        try (ConfigurableApplicationContext secure = start(Secure.class)) {
            List<String> got = new ArrayList<>();
            secure.getBean(WebSocketClient.class)
                    .execute(
                            URI.create("wss://localhost:" + portOf(secure) + "/echo"),
                            session -> session.send(Mono.just(session.textMessage("secret")))
                                    .thenMany(session.receive().take(1))
                                    .map(WebSocketMessage::getPayloadAsText)
                                    .doOnNext(got::add)
                                    .then())
                    .block(SOON);
            assertThat(got).containsExactly("secret");
        }
    }

    @Test
    void propertiesCountOnTheWire() {
        try (ConfigurableApplicationContext other = start(
                Application.class,
                "fluxsocket.max-message-size=125B",
                "fluxsocket.server.max-connections=1",
                "fluxsocket.compression.enabled=true",
                "fluxsocket.server.allowed-origins=https://friend.example")) {
            URI echo = URI.create("ws://localhost:" + portOf(other) + "/echo");
            AtomicReference<CloseStatus> status = new AtomicReference<>();
            AtomicReference<String> extensions = new AtomicReference<>();
            AtomicReference<Throwable> second = new AtomicReference<>();
            HttpHeaders friend = new HttpHeaders();
            friend.setOrigin("https://friend.example");
            WebSocketClient client = other.getBean(WebSocketClient.class);
            client.execute(echo, friend, session -> {
                        extensions.set(session.getHandshakeInfo().getHeaders().getFirst("Sec-WebSocket-Extensions"));
                        session.closeStatus().subscribe(status::set);
                        return client.execute(echo, more -> Mono.empty())
                                .onErrorResume(error -> {
                                    second.set(error);
                                    return Mono.empty();
                                })
                                .then(session.send(Mono.just(session.textMessage("x".repeat(126)))))
                                .then(session.receive().then());
                    })
                    .block(SOON);

            assertThat(extensions.get()).startsWith("permessage-deflate");
            assertThat(second.get())
                    .isInstanceOfSatisfying(
                            WebSocketHandshakeException.class,
                            refusal -> assertThat(refusal.statusCode()).isEqualTo(503));
            assertThat(status.get()).isEqualTo(CloseStatus.TOO_BIG_TO_PROCESS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"graceful", "immediate"})
    void aServerThatShutsDownSaysGoingAwayToEverySession(String shutdown) {
        ConfigurableApplicationContext other = start(Application.class, "server.shutdown=" + shutdown);
        Sinks.Empty<Void> open = Sinks.empty();
        Sinks.One<CloseStatus> status = Sinks.one();
        new FluxsocketWebSocketClient()
                .execute(URI.create("ws://localhost:" + portOf(other) + "/echo"), session -> {
                    session.closeStatus().subscribe(status::tryEmitValue);
                    open.tryEmitEmpty();
                    return session.receive().then();
                })
                .subscribe();
        open.asMono().block(SOON);

        other.close();

        assertThat(status.asMono().block(SOON)).isEqualTo(CloseStatus.GOING_AWAY);
    }

    @Test
    void aGracefulShutdownWaitsUntilThePeerHasAnsweredTheClose() throws IOException {
        ConfigurableApplicationContext other = start(Application.class, "server.shutdown=graceful");
        try (Socket socket = new Socket("localhost", portOf(other))) {
            socket.getOutputStream().write("""
                            GET /echo HTTP/1.1\r
                            Host: localhost\r
                            Upgrade: websocket\r
                            Connection: Upgrade\r
                            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                            Sec-WebSocket-Version: 13\r
                            \r
                            """.getBytes(StandardCharsets.US_ASCII));
            StringBuilder response = new StringBuilder();
            while (!response.toString().endsWith("\r\n\r\n")) {
                response.append((char) socket.getInputStream().read());
            }
            assertThat(response).startsWith("HTTP/1.1 101 ");

            CompletableFuture<Void> closing = CompletableFuture.runAsync(other::close);
            byte[] goingAway = {(byte) 0x88, 2, 1001 >> 8, (byte) 1001};
            assertThat(socket.getInputStream().readNBytes(4)).isEqualTo(goingAway);
            assertThat(closing).isNotDone();
            byte[] masked = {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 1001 >> 8, (byte) 1001};
            socket.getOutputStream().write(masked);

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            socket.shutdownOutput();
            assertThat(closing).succeedsWithin(SOON);
        }
    }
}
