package io.fluxsocket.reactive.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

/**
 * Pings of the application's own. Spring's clients on Tomcat and Jetty are not among them: a session of theirs that begins with
 * a ping ends with it, with Spring's own servers, too.
 */
class SpringPingTest {
    @ParameterizedTest
    @CsvSource({
        "FLUXSOCKET, FLUXSOCKET",
        "FLUXSOCKET, REACTOR_NETTY",
        "REACTOR_NETTY, FLUXSOCKET",
        "TOMCAT, FLUXSOCKET",
        "JETTY, FLUXSOCKET"
    })
    void aPingIsAnsweredAndItsPongIsReceived(ServerKind serverKind, ClientKind clientKind) throws Exception {
        ServerKind.Running server =
                serverKind.serve(Map.of("/ws", session -> session.receive().then()));
        List<String> got = new ArrayList<>();
        try {
            clientKind
                    .create()
                    .execute(
                            URI.create("ws://localhost:" + server.port() + "/ws"),
                            session -> session.send(Mono.just(session.pingMessage(
                                            buffers -> buffers.wrap(new byte[] {'p', 'i', 'n', 'g'}))))
                                    .thenMany(session.receive().take(1))
                                    .doOnNext(message -> got.add(message.getType() + " " + message.getPayloadAsText()))
                                    .then(session.close()))
                    .block(Duration.ofSeconds(30));
        } finally {
            server.close();
        }

        assertThat(got).containsExactly("PONG ping");
    }
}
