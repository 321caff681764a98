package io.fluxsocket.reactive.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.web.filter.reactive.ServerWebExchangeContextFilter;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.client.WebSocketClient;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * What handlers may rely on in WebFlux, wherever they run: our server with each client of Spring's, and our client with each
 * server of Spring's. Nothing here knows which of them is ours.
 */
@ParameterizedClass(name = "{0} server, {1} client")
@MethodSource("pairs")
class SpringContractTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    static Stream<Arguments> pairs() {
        List<Arguments> pairs = new ArrayList<>();
        for (ServerKind server : ServerKind.values()) {
            for (ClientKind client : ClientKind.values()) {
                if (server == ServerKind.FLUXSOCKET || client == ClientKind.FLUXSOCKET) {
                    pairs.add(Arguments.of(server, client));
                }
            }
        }
        return pairs.stream();
    }

    private final ServerKind serverKind;
    private final ClientKind clientKind;
    private final WebSocketClient client;
    private ServerKind.Running server = new ServerKind.Running(0, () -> {});

    SpringContractTest(ServerKind serverKind, ClientKind clientKind) {
        this.serverKind = serverKind;
        this.clientKind = clientKind;
        client = clientKind.start();
    }

    @AfterEach
    void stop() throws Exception {
        ClientKind.stop(client);
        server.close();
    }

    private URI serve(WebSocketHandler handler, WebFilter... filters) throws Exception {
        server = serverKind.serve(Map.of("/ws", handler), filters);
        return URI.create("ws://localhost:" + server.port() + "/ws");
    }

    /** What a session receives until it is closed. */
    private static WebSocketHandler collecting(List<String> texts) {
        return session -> session.receive()
                .map(WebSocketMessage::getPayloadAsText)
                .doOnNext(texts::add)
                .then();
    }

    private static WebSocketHandler saying(String text) {
        return session -> session.send(Mono.just(session.textMessage(text)));
    }

    /** Closes, and receives to the end: some clients read nothing, and so see no end, unless somebody receives. */
    private static Mono<Void> closing(WebSocketSession session, CloseStatus status) {
        return session.receive().then().and(session.close(status));
    }

    @Test
    void whatIsSentIsEchoedInOrder() throws Exception {
        URI uri = serve(session -> session.send(session.receive().map(WebSocketMessage::retain)));
        List<String> sent = IntStream.range(0, 100).mapToObj(i -> "text " + i).toList();
        AtomicReference<List<String>> got = new AtomicReference<>();

        client.execute(
                        uri,
                        session -> session.send(Flux.fromIterable(sent).map(session::textMessage))
                                .thenMany(session.receive().take(sent.size()).map(WebSocketMessage::getPayloadAsText))
                                .collectList()
                                .doOnNext(got::set)
                                .then())
                .block(SOON);

        assertThat(got.get()).isEqualTo(sent);
    }

    @Test
    void binaryArrivesAsItWasSent() throws Exception {
        URI uri = serve(session -> session.send(session.receive()
                .map(message -> session.binaryMessage(buffers -> buffers.wrap(message.getPayload()
                        .toString(StandardCharsets.ISO_8859_1)
                        .getBytes(StandardCharsets.ISO_8859_1))))));
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        AtomicReference<byte[]> got = new AtomicReference<>();

        client.execute(
                        uri,
                        session -> session.send(
                                        Mono.just(session.binaryMessage(buffers -> buffers.wrap(bytes.clone()))))
                                .thenMany(session.receive().take(1))
                                .doOnNext(message -> {
                                    assertThat(message.getType()).isEqualTo(WebSocketMessage.Type.BINARY);
                                    byte[] payload =
                                            new byte[message.getPayload().readableByteCount()];
                                    message.getPayload().read(payload);
                                    got.set(payload);
                                })
                                .then())
                .block(SOON);

        assertThat(got.get()).isEqualTo(bytes);
    }

    @Test
    void aSubprotocolInCommonIsAgreedOnAndToldToBothEnds() throws Exception {
        URI uri = serve(new WebSocketHandler() {
            @Override
            public List<String> getSubProtocols() {
                return List.of("one", "two");
            }

            @Override
            public Mono<Void> handle(WebSocketSession session) {
                return saying(String.valueOf(session.getHandshakeInfo().getSubProtocol()))
                        .handle(session);
            }
        });
        AtomicReference<HandshakeInfo> info = new AtomicReference<>();
        List<String> got = new ArrayList<>();

        client.execute(uri, new WebSocketHandler() {
                    @Override
                    public List<String> getSubProtocols() {
                        return List.of("two");
                    }

                    @Override
                    public Mono<Void> handle(WebSocketSession session) {
                        info.set(session.getHandshakeInfo());
                        return collecting(got).handle(session);
                    }
                })
                .block(SOON);

        assertThat(got).containsExactly("two");
        assertThat(info.get().getSubProtocol()).isEqualTo("two");
        assertThat(info.get().getHeaders().getFirst("Sec-WebSocket-Protocol")).isEqualTo("two");
        assertThat(info.get().getHeaders().getFirst("Upgrade")).isEqualToIgnoringCase("websocket");
    }

    @Test
    void headersOfTheRequestReachTheHandler() throws Exception {
        URI uri = serve(session -> saying(
                        "told " + session.getHandshakeInfo().getHeaders().getFirst("X-Told"))
                .handle(session));
        HttpHeaders headers = new HttpHeaders();
        headers.add("X-Told", "so");
        List<String> got = new ArrayList<>();

        client.execute(uri, headers, collecting(got)).block(SOON);

        assertThat(got).containsExactly("told so");
    }

    @Test
    void headersAndCookiesOfFiltersReachTheClient() throws Exception {
        URI uri = serve(saying("done"), (exchange, chain) -> {
            exchange.getResponse().addCookie(ResponseCookie.from("crumb", "1").build());
            exchange.getResponse().getHeaders().set("X-Filter", "passed");
            return chain.filter(exchange);
        });
        AtomicReference<HttpHeaders> headers = new AtomicReference<>();

        client.execute(uri, session -> {
                    headers.set(session.getHandshakeInfo().getHeaders());
                    return session.receive().then();
                })
                .block(SOON);

        assertThat(headers.get().getFirst("Set-Cookie")).isEqualTo("crumb=1");
        assertThat(headers.get().getFirst("X-Filter")).isEqualTo("passed");
    }

    @Test
    void theContextOfTheExchangeReachesTheHandler() throws Exception {
        URI uri = serve(
                session -> Mono.deferContextual(context -> saying(String.valueOf(
                                context.hasKey(ServerWebExchangeContextFilter.EXCHANGE_CONTEXT_ATTRIBUTE)))
                        .handle(session)),
                new ServerWebExchangeContextFilter());
        List<String> got = new ArrayList<>();

        client.execute(uri, collecting(got)).block(SOON);

        assertThat(got).containsExactly("true");
    }

    @Test
    void aCloseFromWithinTheSourceOfASendTellsItsStatus() throws Exception {
        URI uri = serve(session -> session.send(Flux.<WebSocketMessage>error(new IllegalStateException("expected"))
                .onErrorResume(error -> session.close(CloseStatus.GOING_AWAY).then(Mono.empty()))));
        AtomicReference<CloseStatus> status = new AtomicReference<>();

        client.execute(uri, session -> {
                    session.closeStatus().subscribe(status::set);
                    return session.receive().then();
                })
                .block(SOON);

        assertThat(status.get()).isEqualTo(CloseStatus.GOING_AWAY);
    }

    @Test
    void theServerLearnsTheStatusOfTheClient() throws Exception {
        Sinks.One<CloseStatus> status = Sinks.one();
        URI uri = serve(session -> {
            session.closeStatus().subscribe(status::tryEmitValue);
            return session.receive().then();
        });

        client.execute(uri, session -> closing(session, CloseStatus.create(4321, "enough")))
                .block(SOON);

        assertThat(status.asMono().block(SOON)).isEqualTo(CloseStatus.create(4321, "enough"));
    }

    @Test
    void aMessageOf128KiBArrivesWhole() throws Exception {
        byte[] letters = new byte[ClientKind.LARGEST];
        Arrays.fill(letters, (byte) 'x');
        String text = new String(letters, StandardCharsets.US_ASCII);
        URI uri = serve(saying(text));
        List<String> got = new ArrayList<>();

        client.execute(uri, collecting(got)).block(SOON);

        assertThat(String.join("", got)).isEqualTo(text);
        if (clientKind != ClientKind.STANDARD && clientKind != ClientKind.TOMCAT) {
            assertThat(got).hasSize(1);
        }
    }

    @Test
    void aSessionIsOpenUntilItIsClosed() throws Exception {
        Sinks.One<WebSocketSession> served = Sinks.one();
        URI uri = serve(session -> {
            served.tryEmitValue(session);
            return session.receive().then();
        });
        AtomicReference<WebSocketSession> used = new AtomicReference<>();

        client.execute(uri, session -> {
                    used.set(session);
                    assertThat(session.isOpen()).isTrue();
                    return closing(session, CloseStatus.NORMAL);
                })
                .block(SOON);

        WebSocketSession there = served.asMono().block(SOON);
        assertThat(there).isNotNull();
        there.closeStatus().block(SOON);
        assertThat(there.isOpen()).isFalse();
        used.get().closeStatus().block(SOON);
        assertThat(used.get().isOpen()).isFalse();
    }
}
