package io.fluxsocket.reactive.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxsocket.core.WebSocketProtocolException;
import io.fluxsocket.reactive.SessionSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.client.WebSocketClient;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** How {@code execute} ends, over real sockets. */
class FluxsocketWebSocketClientTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Sinks.One<CloseStatus> told = Sinks.one();
    private ServerKind.Running server = new ServerKind.Running(0, () -> {});

    /** Goes on until the client says something or closes. */
    @BeforeEach
    void serve() throws Exception {
        server = ServerKind.FLUXSOCKET.serve(Map.of("/ws", session -> {
            session.closeStatus().subscribe(told::tryEmitValue);
            return session.receive().take(1).then();
        }));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private Mono<Void> execute(WebSocketHandler handler) {
        return new FluxsocketWebSocketClient().execute(URI.create("ws://localhost:" + server.port() + "/ws"), handler);
    }

    @Test
    void whatTheHandlerFailsWithIsTheErrorAndThePeerIsTold1011() {
        assertThatThrownBy(() -> execute(session -> Mono.error(new IllegalStateException("expected")))
                        .block(SOON))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("expected");
        assertThat(told.asMono().block(SOON)).isEqualTo(CloseStatus.SERVER_ERROR);
    }

    @Test
    void aMessageTooBigIsTheErrorAndThePeerIsTold1009() throws Exception {
        ServerKind.Running talker = ServerKind.FLUXSOCKET.serve(Map.of("/ws", session -> {
            session.closeStatus().subscribe(told::tryEmitValue);
            return session.send(Mono.just(session.textMessage("x".repeat(126))))
                    .then(session.receive().then());
        }));
        try {
            WebSocketClient client = new FluxsocketWebSocketClient(
                    SessionSettings.DEFAULT.toBuilder().maxMessageSize(125).build(), unchanged -> unchanged);
            assertThatThrownBy(() -> client.execute(
                                    URI.create("ws://localhost:" + talker.port() + "/ws"),
                                    session -> session.send(session.receive()))
                            .block(SOON))
                    .isInstanceOf(WebSocketProtocolException.class)
                    .hasMessageContaining("larger than 125");
            assertThat(told.asMono().block(SOON)).isEqualTo(CloseStatus.TOO_BIG_TO_PROCESS);
        } finally {
            talker.close();
        }
    }

    @Test
    void whatTheHandlerThrowsIsTheError() {
        assertThatThrownBy(() -> execute(session -> {
                            throw new IllegalStateException("expected");
                        })
                        .block(SOON))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("expected");
        assertThat(told.asMono().block(SOON)).isEqualTo(CloseStatus.SERVER_ERROR);
    }

    @Test
    void itEndsWhenTheHandlerHasDoneItsWorkAndNotWithTheConnection() throws Exception {
        Sinks.One<WebSocketSession> opened = Sinks.one();
        Sinks.Empty<Void> work = Sinks.empty();
        CompletableFuture<Void> execute = execute(session -> session.send(Mono.just(session.textMessage("enough")))
                        .doOnSubscribe(subscription -> opened.tryEmitValue(session))
                        .thenMany(session.receive())
                        .then(work.asMono())
                        .then(Mono.error(new IllegalStateException("the work failed"))))
                .toFuture();

        opened.asMono().flatMap(WebSocketSession::closeStatus).block(SOON);
        assertThat(execute).isNotDone();
        work.tryEmitEmpty();

        assertThatThrownBy(() -> execute.get(SOON.toSeconds(), TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("the work failed");
    }

    @Test
    void aCloseIsNoErrorWhateverItCutShort() {
        execute(session -> session.send(Mono.just(session.textMessage("enough")).concatWith(Mono.never())))
                .block(SOON);
        assertThat(told.asMono().block(SOON)).isEqualTo(CloseStatus.NORMAL);
    }

    @Test
    void itsCancelClosesTheSession() {
        Sinks.Empty<Void> opened = Sinks.empty();
        var executing = execute(session -> {
                    opened.tryEmitEmpty();
                    return Mono.never();
                })
                .subscribe();
        opened.asMono().block(SOON);
        executing.dispose();

        assertThat(told.asMono().block(SOON)).isEqualTo(CloseStatus.GOING_AWAY);
    }
}
