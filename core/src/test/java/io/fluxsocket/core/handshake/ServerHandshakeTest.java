package io.fluxsocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.fluxsocket.core.handshake.ServerHandshake.Accepted;
import io.fluxsocket.core.handshake.ServerHandshake.Rejected;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a server accepts, and what it selects; what it rejects is {@link ServerHandshakeRejectionTest}. */
class ServerHandshakeTest {

    @Test
    void serverAnswersTheExampleOfTheRfc() {
        // RFC 6455 section 1.2
        HandshakeHeaders request = HandshakeHeaders.of(
                "Host", "server.example.com",
                "Upgrade", "websocket",
                "Connection", "Upgrade",
                "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==",
                "Origin", "http://example.com",
                "Sec-WebSocket-Protocol", "chat, superchat",
                "Sec-WebSocket-Version", "13");
        ServerHandshake server = ServerHandshake.builder()
                .subprotocols(List.of("chat"))
                .origins(OriginPolicy.only("http://example.com"))
                .build();

        Accepted accepted = accept(server, request);

        assertThat(accepted.status()).isEqualTo(101);
        assertThat(accepted.headers())
                .isEqualTo(HandshakeHeaders.of(
                        "Upgrade", "websocket",
                        "Connection", "Upgrade",
                        "Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                        "Sec-WebSocket-Protocol", "chat"));
        assertThat(accepted.subprotocol()).isEqualTo("chat");
        assertThat(accepted.extensions()).isEmpty();
    }

    static Stream<Arguments> acceptableRequests() {
        return Stream.of(
                Arguments.of("tokens in any case", request("Upgrade", "WebSocket", "Connection", "UPGRADE")),
                Arguments.of("Connection as a list", request("Connection", "keep-alive, Upgrade")),
                Arguments.of("Upgrade as a list", request("Upgrade", "foo/2, websocket")),
                Arguments.of("Connection in two lines", two("Connection", "keep-alive", "upgrade")),
                Arguments.of("Upgrade in two lines", two("Upgrade", "foo", "websocket")),
                Arguments.of("a Host with a port", request("Host", "example.com:8080")),
                Arguments.of("an IPv6 Host", request("Host", "[::1]:8080")),
                Arguments.of("whitespace around the key", request("Sec-WebSocket-Key", " dGhlIHNhbXBsZSBub25jZQ==\t")),
                Arguments.of("a Content-Length of 0", request("Content-Length", "0")),
                Arguments.of("its own page as Origin", request("Origin", "https://example.com")),
                Arguments.of("headers that it does not know", request("X-Foo", "bar", "Sec-WebSocket-Foo", "bar")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("acceptableRequests")
    void serverAcceptsARequestWith(String what, HandshakeHeaders request) {
        assertThat(accept(ServerHandshake.defaults(), request).headers())
                .isEqualTo(HandshakeHeaders.of(
                        "Upgrade", "websocket",
                        "Connection", "Upgrade",
                        "Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    }

    @Test
    void serverAcceptsLaterMinorVersionsOfHttp1() {
        assertThat(ServerHandshake.defaults().answer(new HandshakeRequest("GET", 1, 2, request())))
                .isInstanceOf(Accepted.class);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            delimiter = '|',
            value = {
                "b, a | a", // the server's preference
                "b | b",
                "x, y, b, z | b",
                ", ,b,, | b",
                "A, B | none", // names are compared exactly
                "x | none",
                "none | none",
            })
    void serverSelectsTheSubprotocolThatItWantsMost(@Nullable String offers, @Nullable String selected) {
        ServerHandshake server =
                ServerHandshake.builder().subprotocols(List.of("a", "b")).build();
        Accepted accepted = accept(server, offers == null ? request() : request("Sec-WebSocket-Protocol", offers));
        assertThat(accepted.subprotocol()).isEqualTo(selected);
        assertThat(accepted.headers().first("Sec-WebSocket-Protocol")).isEqualTo(selected);
    }

    @Test
    void subprotocolsOfSeveralLinesCombine() {
        ServerHandshake server =
                ServerHandshake.builder().subprotocols(List.of("b")).build();
        assertThat(accept(server, two("Sec-WebSocket-Protocol", "x, y", "b")).subprotocol())
                .isEqualTo("b");
    }

    @Test
    void supportedSubprotocolsMustBeDistinctTokens() {
        for (List<String> subprotocols : List.of(List.of(""), List.of("a, b"), List.of("a", "a"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ServerHandshake.builder().subprotocols(subprotocols));
        }
    }

    @Test
    void theNegotiatorSeesAllOffersInOrder() {
        List<Extension> seen = new ArrayList<>();
        ServerHandshake server = ServerHandshake.builder()
                .extensions(offers -> {
                    seen.addAll(offers);
                    return List.of();
                })
                .build();
        Accepted accepted = accept(server, two("Sec-WebSocket-Extensions", "foo; a=1, bar", "foo"));
        assertThat(seen).containsExactly(Extension.of("foo").with("a", "1"), Extension.of("bar"), Extension.of("foo"));
        assertThat(accepted.extensions()).isEmpty();
        assertThat(accepted.headers().contains("Sec-WebSocket-Extensions")).isFalse();
    }

    @Test
    void whatTheNegotiatorAcceptsIsAnsweredInOneLine() {
        List<Extension> accepted =
                List.of(Extension.of("bar").with("b"), Extension.of("foo").with("c", "3"));
        Accepted answer = accept(server(accepted), two("Sec-WebSocket-Extensions", "foo; a=1", "bar"));
        assertThat(answer.extensions()).isEqualTo(accepted);
        assertThat(answer.headers().all("Sec-WebSocket-Extensions")).containsExactly("bar; b, foo; c=3");
    }

    @Test
    void theDefaultDeclinesAllExtensions() {
        Accepted accepted = accept(
                ServerHandshake.defaults(),
                request("Sec-WebSocket-Extensions", "permessage-deflate, permessage-deflate; a"));
        assertThat(accepted.extensions()).isEmpty();
    }

    @Test
    void theNegotiatorMayNotAcceptWhatWasNotOfferedOrTwice() {
        HandshakeRequest request = HandshakeRequest.get(request("Sec-WebSocket-Extensions", "foo; a, foo"));
        assertThatIllegalStateException()
                .isThrownBy(() -> server(List.of(Extension.of("bar"))).answer(request))
                .withMessageContaining("'bar'");
        assertThatIllegalStateException()
                .isThrownBy(() -> server(List.of(Extension.of("foo").with("a"), Extension.of("foo")))
                        .answer(request))
                .withMessageContaining("'foo'");
    }

    @Test
    void theNegotiatorMayRejectARequest() {
        ServerHandshake server = ServerHandshake.builder()
                .extensions(offers -> {
                    throw new HandshakeException(HandshakeFault.EXTENSIONS_NOT_SUPPORTED, "offer foo");
                })
                .build();
        assertThat(server.answer(HandshakeRequest.get(request())))
                .isEqualTo(
                        new Rejected(400, HandshakeHeaders.of(), HandshakeFault.EXTENSIONS_NOT_SUPPORTED, "offer foo"));
    }

    @Test
    void thePolicySeesOriginAndRequest() {
        HandshakeHeaders headers = request("Origin", "https://page.example", "X-Forwarded-Host", "page.example");
        ServerHandshake server = ServerHandshake.builder()
                .origins((origin, request) -> ("https://" + request.headers().first("X-Forwarded-Host")).equals(origin))
                .build();
        accept(server, headers);
    }

    @Test
    void aBuilderDoesNotChangeWhatItHasBuilt() {
        ServerHandshake.Builder builder = ServerHandshake.builder();
        ServerHandshake server = builder.build();
        builder.subprotocols(List.of("a"));
        assertThat(accept(server, request("Sec-WebSocket-Protocol", "a")).subprotocol())
                .isNull();
    }

    private static ServerHandshake server(List<Extension> accepted) {
        return ServerHandshake.builder().extensions(offers -> accepted).build();
    }

    private static Accepted accept(ServerHandshake server, HandshakeHeaders request) {
        return assertThat(server.answer(HandshakeRequest.get(request)))
                .asInstanceOf(type(Accepted.class))
                .actual();
    }

    /** A valid request, with these headers replaced or added. */
    static HandshakeHeaders request(String... namesAndValues) {
        HandshakeHeaders.Builder request = HandshakeHeaders.of(
                "Host", "example.com",
                "Upgrade", "websocket",
                "Connection", "Upgrade",
                "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version", "13")
                .toBuilder();
        HandshakeHeaders.of(namesAndValues).forEach(request::set);
        return request.build();
    }

    /** A valid request, with this header in two lines. */
    static HandshakeHeaders two(String name, String first, String second) {
        return request(name, first).toBuilder().add(name, second).build();
    }

    /** A valid request without this header. */
    static HandshakeHeaders without(String name) {
        return request().toBuilder().remove(name).build();
    }
}
