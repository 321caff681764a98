package io.fluxsocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Client and server against each other. */
class HandshakePairTest {

    private static final HandshakeHeaders HOST = HandshakeHeaders.of("Host", "example.com");

    static Stream<Arguments> subprotocols() {
        return Stream.of(
                Arguments.of(List.of(), List.of(), null),
                Arguments.of(List.of("a"), List.of(), null),
                Arguments.of(List.of(), List.of("a"), null),
                Arguments.of(List.of("a", "b"), List.of("b", "a"), "b"),
                Arguments.of(List.of("a", "b", "c"), List.of("x", "c"), "c"),
                Arguments.of(List.of("a"), List.of("b"), null));
    }

    @ParameterizedTest
    @MethodSource("subprotocols")
    void bothSidesAgreeOnTheSubprotocol(List<String> offered, List<String> supported, @Nullable String expected) {
        ClientHandshake client = ClientHandshake.begin(offered, List.of(), HOST);
        ServerHandshake.Accepted accepted =
                accept(ServerHandshake.builder().subprotocols(supported).build(), client);

        ClientHandshake.Result result = client.end(accepted.status(), accepted.headers());

        assertThat(accepted.subprotocol()).isEqualTo(expected);
        assertThat(result.subprotocol()).isEqualTo(expected);
        assertThat(result.subprotocolIndex()).isEqualTo(expected == null ? -1 : offered.indexOf(expected));
    }

    @Test
    void bothSidesAgreeOnTheExtensions() {
        Extension deflate = Extension.of("permessage-deflate").with("client_max_window_bits");
        Extension answer = Extension.of("permessage-deflate").with("client_max_window_bits", "10");
        ClientHandshake client = ClientHandshake.begin(List.of(), List.of(Extension.of("foo"), deflate), HOST);
        ServerHandshake.Accepted accepted = accept(
                ServerHandshake.builder()
                        .extensions(offers -> offers.contains(deflate) ? List.of(answer) : List.of())
                        .build(),
                client);

        ClientHandshake.Result result = client.end(accepted.status(), accepted.headers());

        assertThat(accepted.extensions()).containsExactly(answer);
        assertThat(result.extensions()).containsExactly(answer);
        assertThat(result.extensionIndices()).containsExactly(1);
    }

    @Test
    void bothSidesAgreeForAnyKey() {
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            ClientHandshake client = ClientHandshake.begin(List.of(), List.of(), HOST, random);
            ServerHandshake.Accepted accepted = accept(ServerHandshake.defaults(), client);
            assertThat(client.end(101, accepted.headers()).subprotocol()).isNull();
        }
    }

    @Test
    void theAnswerToOneRequestIsRefusedByAnother() {
        ClientHandshake first = ClientHandshake.begin(List.of(), List.of(), HOST);
        ClientHandshake second = ClientHandshake.begin(List.of(), List.of(), HOST);
        HandshakeHeaders answer = accept(ServerHandshake.defaults(), first).headers();
        assertThatExceptionOfType(HandshakeException.class)
                .isThrownBy(() -> second.end(101, answer))
                .withMessageContaining("Sec-WebSocket-Accept");
    }

    @Test
    void aRejectionReachesTheClientAsItsStatus() {
        HandshakeHeaders foreign =
                HOST.toBuilder().add("Origin", "https://evil.example").build();
        ClientHandshake client = ClientHandshake.begin(List.of(), List.of(), foreign);
        ServerHandshake.Result answer =
                ServerHandshake.defaults().answer(HandshakeRequest.get(client.requestHeaders()));
        assertThatExceptionOfType(HandshakeException.class)
                .isThrownBy(() -> client.end(answer.status(), answer.headers()))
                .withMessageContaining("403");
    }

    private static ServerHandshake.Accepted accept(ServerHandshake server, ClientHandshake client) {
        ServerHandshake.Result answer = server.answer(HandshakeRequest.get(client.requestHeaders()));
        assertThat(answer).isInstanceOf(ServerHandshake.Accepted.class);
        return (ServerHandshake.Accepted) answer;
    }
}
