package io.fluxsocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientHandshakeTest {

    /** Key of sixteen zero bytes, and what belongs to it. */
    private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAA==";

    private static final String ACCEPT = "ICX+Yqv66kxgM0FcWaLWlFLwTAI=";

    private static final Extension FOO = Extension.of("foo");
    private static final Extension BAR = Extension.of("bar");

    private final ClientHandshake handshake =
            begin(List.of("chat", "superchat"), List.of(FOO, BAR.with("a", "1"), BAR), HandshakeHeaders.of());

    @Test
    void theRequestHasAllHeadersOfTheHandshake() {
        assertThat(handshake.requestHeaders())
                .isEqualTo(HandshakeHeaders.of(
                        "Upgrade", "websocket",
                        "Connection", "Upgrade",
                        "Sec-WebSocket-Key", KEY,
                        "Sec-WebSocket-Version", "13",
                        "Sec-WebSocket-Protocol", "chat, superchat",
                        "Sec-WebSocket-Extensions", "foo, bar; a=1, bar"));
    }

    @Test
    void withoutOffersTheirHeadersAreLeftOut() {
        assertThat(begin(List.of(), List.of(), HandshakeHeaders.of())
                        .requestHeaders()
                        .names())
                .containsExactly("Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version");
    }

    @Test
    void theHeadersOfTheHandshakeReplaceSameNamedOnesOfTheApplication() {
        HandshakeHeaders application = HandshakeHeaders.of(
                "Host", "example.com",
                "connection", "keep-alive",
                "CONNECTION", "close",
                "upgrade", "h2c",
                "Cookie", "a=b",
                "sec-websocket-key", "mine",
                "sec-websocket-version", "8",
                "sec-websocket-protocol", "mine",
                "sec-websocket-extensions", "mine");
        assertThat(begin(List.of("chat"), List.of(FOO), application).requestHeaders())
                .isEqualTo(HandshakeHeaders.of(
                        "Host", "example.com",
                        "Cookie", "a=b",
                        "Upgrade", "websocket",
                        "Connection", "Upgrade",
                        "Sec-WebSocket-Key", KEY,
                        "Sec-WebSocket-Version", "13",
                        "Sec-WebSocket-Protocol", "chat",
                        "Sec-WebSocket-Extensions", "foo"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sec-websocket-protocol", "sec-websocket-extensions"})
    void offersHiddenInApplicationHeadersAreRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> begin(List.of(), List.of(), HandshakeHeaders.of(name, "chat")))
                .withMessageContaining("argument");
    }

    @Test
    void subprotocolsMustBeDistinctTokens() {
        for (List<String> subprotocols :
                List.of(List.of(""), List.of("a b"), List.of("a,b"), List.of("ä"), List.of("a", "b", "a"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> begin(subprotocols, List.of(), HandshakeHeaders.of()));
        }
    }

    @Test
    void everyHandshakeHasItsOwnKey() {
        String first = requestKey(ClientHandshake.begin(List.of(), List.of()));
        String second = requestKey(ClientHandshake.begin(List.of(), List.of()));
        assertThat(first).satisfies(key -> assertThat(HandshakeKeys.isKey(key)).isTrue());
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void theSelectionIsReportedByValueAndByIndex() {
        HandshakeHeaders response = valid().add("Sec-WebSocket-Protocol", "superchat")
                .add("Sec-WebSocket-Extensions", "bar; b=2, foo")
                .build();
        assertThat(handshake.end(101, response))
                .isEqualTo(new ClientHandshake.Result("superchat", 1, List.of(BAR.with("b", "2"), FOO), List.of(1, 0)));
    }

    @Test
    void aServerMaySelectNothing() {
        assertThat(handshake.end(101, valid().build()))
                .isEqualTo(new ClientHandshake.Result(null, -1, List.of(), List.of()));
    }

    static Stream<HandshakeHeaders> acceptableResponses() {
        return Stream.of(
                response("Upgrade", "WebSocket", "Connection", "upgrade", "Sec-WebSocket-Accept", ACCEPT),
                response("UPGRADE", "WEBSOCKET", "connection", "UPGRADE", "sec-websocket-accept", ACCEPT),
                response("Upgrade", "websocket", "Connection", "keep-alive, Upgrade", "Sec-WebSocket-Accept", ACCEPT),
                response(
                        "Connection",
                        "keep-alive",
                        "Connection",
                        "upgrade",
                        "Upgrade",
                        "websocket", //
                        "Sec-WebSocket-Accept",
                        " " + ACCEPT + "\t",
                        "Server",
                        "x",
                        "Set-Cookie",
                        "a=b"));
    }

    @ParameterizedTest
    @MethodSource("acceptableResponses")
    void clientAcceptsTokensInAnyCaseAndInLists(HandshakeHeaders response) {
        assertThat(handshake.end(101, response).subprotocol()).isNull();
    }

    static Stream<Arguments> unacceptableResponses() {
        return Stream.of(
                malformed("no Upgrade", "Upgrade", null),
                malformed("an empty Upgrade", "Upgrade", ""),
                malformed("another protocol", "Upgrade", "h2c"),
                malformed("a longer token", "Upgrade", "websocket2"),
                malformed("a second protocol", "Upgrade", "websocket, h2c"),
                malformed("no Connection", "Connection", null),
                malformed("another Connection", "Connection", "close"),
                malformed("a longer Connection token", "Connection", "Upgraded"),
                malformed("no accept", "Sec-WebSocket-Accept", null),
                malformed("an empty accept", "Sec-WebSocket-Accept", ""),
                malformed("the accept of another key", "Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
                malformed("an accept in another case", "Sec-WebSocket-Accept", "icx+Yqv66kxgM0FcWaLWlFLwTAI="),
                malformed("the key instead of the accept", "Sec-WebSocket-Accept", KEY),
                malformed("an accept twice in one line", "Sec-WebSocket-Accept", ACCEPT + ", " + ACCEPT),
                malformed("an empty subprotocol", "Sec-WebSocket-Protocol", ""),
                malformed("two subprotocols", "Sec-WebSocket-Protocol", "chat, superchat"),
                malformed("a subprotocol that is no token", "Sec-WebSocket-Protocol", "\"chat\""),
                unacceptable(
                        "a subprotocol that was not offered",
                        HandshakeFault.SUBPROTOCOL_NOT_SUPPORTED,
                        "Sec-WebSocket-Protocol",
                        "other"),
                unacceptable(
                        "a subprotocol in another case",
                        HandshakeFault.SUBPROTOCOL_NOT_SUPPORTED,
                        "Sec-WebSocket-Protocol",
                        "Chat"),
                malformed("empty extensions", "Sec-WebSocket-Extensions", ""),
                malformed("malformed extensions", "Sec-WebSocket-Extensions", "foo;"),
                malformed("an extension twice", "Sec-WebSocket-Extensions", "bar; a=1, bar"),
                unacceptable(
                        "an extension that was not offered",
                        HandshakeFault.EXTENSIONS_NOT_SUPPORTED,
                        "Sec-WebSocket-Extensions",
                        "foo, other"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unacceptableResponses")
    void clientRefusesAResponseWith(String what, HandshakeFault fault, HandshakeHeaders response) {
        assertFails(handshake, 101, response, fault);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-WebSocket-Accept", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions", "Upgrade"})
    void clientRefusesAResponseThatHasTwice(String name) {
        HandshakeHeaders.Builder response =
                valid().add("Sec-WebSocket-Protocol", "chat").add("Sec-WebSocket-Extensions", "foo");
        assertThat(handshake.end(101, response.build()).subprotocol()).isEqualTo("chat");
        String value = response.build().all(name).get(0);
        assertFails(handshake, 101, response.add(name, value).build(), HandshakeFault.MALFORMED);
    }

    @Test
    void clientThatOffersNothingRefusesAnySelection() {
        ClientHandshake nothing = begin(List.of(), List.of(), HandshakeHeaders.of());
        assertFails(
                nothing,
                101,
                valid().add("Sec-WebSocket-Protocol", "chat").build(),
                HandshakeFault.SUBPROTOCOL_NOT_SUPPORTED);
        assertFails(
                nothing,
                101,
                valid().add("Sec-WebSocket-Extensions", "foo").build(),
                HandshakeFault.EXTENSIONS_NOT_SUPPORTED);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 200, 204, 301, 400, 401, 403, 404, 426, 500, 503})
    void clientRefusesEveryStatusBut101(int status) {
        assertThatExceptionOfType(HandshakeException.class)
                .isThrownBy(() -> handshake.end(status, valid().build()))
                .withMessageContaining(Integer.toString(status))
                .extracting(HandshakeException::fault)
                .isEqualTo(HandshakeFault.NOT_SWITCHED);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 426})
    void clientTellsWhenTheServerLacksVersion13(int status) {
        assertFails(
                handshake,
                status,
                HandshakeHeaders.of("Sec-WebSocket-Version", "8, 7", "Sec-WebSocket-Version", "25"),
                HandshakeFault.VERSION_NOT_SUPPORTED);
        assertFails(
                handshake, status, HandshakeHeaders.of("Sec-WebSocket-Version", "8, 13"), HandshakeFault.NOT_SWITCHED);
    }

    @Test
    void clientRefusesExtensionsInTwoLines() {
        // RFC 6455 section 11.3.2
        HandshakeHeaders response = valid().add("Sec-WebSocket-Extensions", "foo")
                .add("Sec-WebSocket-Extensions", "bar")
                .build();
        assertFails(handshake, 101, response, HandshakeFault.MALFORMED);
    }

    @Test
    void messagesQuoteNoControlCharactersAndAreShort() {
        String value = "\u001b[31m" + "x".repeat(10_000);
        assertThatExceptionOfType(HandshakeException.class)
                .isThrownBy(
                        () -> handshake.end(101, valid().set("Upgrade", value).build()))
                .satisfies(failure -> assertThat(failure.getMessage())
                        .doesNotContain("\u001b")
                        .hasSizeLessThan(250));
    }

    private static void assertFails(
            ClientHandshake handshake, int status, HandshakeHeaders response, HandshakeFault fault) {
        assertThatExceptionOfType(HandshakeException.class)
                .isThrownBy(() -> handshake.end(status, response))
                .extracting(HandshakeException::fault)
                .isEqualTo(fault);
    }

    private static ClientHandshake begin(
            List<String> subprotocols, List<Extension> extensions, HandshakeHeaders applicationHeaders) {
        RandomGenerator zeros = () -> 0;
        return ClientHandshake.begin(subprotocols, extensions, applicationHeaders, zeros);
    }

    private static @Nullable String requestKey(ClientHandshake handshake) {
        return handshake.requestHeaders().first("Sec-WebSocket-Key");
    }

    private static HandshakeHeaders response(String... namesAndValues) {
        return HandshakeHeaders.of(namesAndValues);
    }

    private static HandshakeHeaders.Builder valid() {
        return response("Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Accept", ACCEPT).toBuilder();
    }

    private static Arguments malformed(String what, String name, @Nullable String value) {
        return unacceptable(what, HandshakeFault.MALFORMED, name, value);
    }

    /** A valid response but for one header, which is replaced or, by null, left out. */
    private static Arguments unacceptable(String what, HandshakeFault fault, String name, @Nullable String value) {
        HandshakeHeaders.Builder response = value == null ? valid().remove(name) : valid().set(name, value);
        return Arguments.of(what, fault, response.build());
    }
}
