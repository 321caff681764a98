package io.fluxsocket.core.handshake;

import static io.fluxsocket.core.handshake.ServerHandshakeTest.request;
import static io.fluxsocket.core.handshake.ServerHandshakeTest.two;
import static io.fluxsocket.core.handshake.ServerHandshakeTest.without;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.fluxsocket.core.handshake.ServerHandshake.Accepted;
import io.fluxsocket.core.handshake.ServerHandshake.Rejected;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each request that opens no WebSocket, with the status that it gets. */
class ServerHandshakeRejectionTest {

    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private final ServerHandshake server =
            ServerHandshake.builder().subprotocols(List.of("chat")).build();

    @ParameterizedTest
    @ValueSource(strings = {"POST", "HEAD", "PUT", "OPTIONS", "CONNECT", "get", ""})
    void serverAnswers405NamingGetForAnotherMethod(String method) {
        Rejected rejected = reject(new HandshakeRequest(method, 1, 1, request()));
        assertThat(rejected.status()).isEqualTo(405);
        assertThat(rejected.headers()).isEqualTo(HandshakeHeaders.of("Allow", "GET"));
        assertThat(rejected.fault()).isEqualTo(HandshakeFault.METHOD_NOT_ALLOWED);
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "0, 9", "2, 0", "3, 0"})
    void serverAnswers400ForAnotherVersionOfHttp(int major, int minor) {
        assertMalformed(reject(new HandshakeRequest("GET", major, minor, request())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "h2c", "websocket2", "web socket", "\"websocket\""})
    void serverAnswers426NamingWebSocketWhenTheUpgradeDoesNotAskForIt(String upgrade) {
        assertUpgradeRequired(reject(HandshakeRequest.get(request("Upgrade", upgrade))));
    }

    @Test
    void serverAnswers426NamingWebSocketForAnOrdinaryGet() {
        assertUpgradeRequired(reject(HandshakeRequest.get(HandshakeHeaders.of("Host", "example.com"))));
        assertUpgradeRequired(reject(HandshakeRequest.get(without("Upgrade"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "7", "8", "12", "14", "99", "100", "199", "255"})
    void serverAnswers426NamingVersion13ForAnotherVersion(String version) {
        Rejected rejected = reject(HandshakeRequest.get(request("Sec-WebSocket-Version", version)));
        assertThat(rejected.status()).isEqualTo(426);
        assertThat(rejected.headers())
                .isEqualTo(HandshakeHeaders.of(
                        "Sec-WebSocket-Version", "13", "Upgrade", "websocket", "Connection", "Upgrade"));
        assertThat(rejected.fault()).isEqualTo(HandshakeFault.VERSION_NOT_SUPPORTED);
    }

    @Test
    void anotherVersionIsAnsweredBeforeWhatItMayDefineAnew() {
        HandshakeHeaders headers = without("Sec-WebSocket-Key").toBuilder()
                .set("Sec-WebSocket-Version", "14")
                .build();
        assertThat(reject(HandshakeRequest.get(headers)).status()).isEqualTo(426);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "https://example.com/", "", "garbage"})
    void serverAnswers403ForARefusedOrigin(String origin) {
        Rejected rejected = reject(HandshakeRequest.get(request("Origin", origin)));
        assertThat(rejected.status()).isEqualTo(403);
        assertThat(rejected.headers().isEmpty()).isTrue();
        assertThat(rejected.fault()).isEqualTo(HandshakeFault.ORIGIN_REFUSED);
        assertThat(rejected.message()).contains("'" + origin + "'");
    }

    @Test
    void serverAnswers403WhenThePolicyWantsAnOriginAndThereIsNone() {
        ServerHandshake browsersOnly = ServerHandshake.builder()
                .origins((origin, request) -> origin != null)
                .build();
        assertThat(browsersOnly.answer(HandshakeRequest.get(request())))
                .isEqualTo(new Rejected(
                        403,
                        HandshakeHeaders.of(),
                        HandshakeFault.ORIGIN_REFUSED,
                        "Requests without Origin may not open this WebSocket"));
    }

    static Stream<Arguments> malformedRequests() {
        return Stream.of(
                Arguments.of("no Host", without("Host")),
                Arguments.of("two Hosts", two("Host", "example.com", "example.com")),
                Arguments.of("an empty Host", request("Host", "")),
                Arguments.of("two Hosts in one line", request("Host", "a.example, b.example")),
                Arguments.of("a Host with a path", request("Host", "example.com/")),
                Arguments.of("a Host with a bad port", request("Host", "example.com:http")),
                Arguments.of("no Connection", without("Connection")),
                Arguments.of("an empty Connection", request("Connection", "")),
                Arguments.of("another Connection", request("Connection", "keep-alive")),
                Arguments.of("a longer Connection token", request("Connection", "Upgraded, not-upgrade")),
                Arguments.of("a body by length", request("Content-Length", "1")),
                Arguments.of("a body by chunks", request("Transfer-Encoding", "chunked")),
                Arguments.of("an empty Transfer-Encoding", request("Transfer-Encoding", "")),
                Arguments.of("a malformed length", request("Content-Length", "-0")),
                Arguments.of("an empty length", request("Content-Length", "")),
                Arguments.of("two lengths", two("Content-Length", "0", "0")),
                Arguments.of("no version", without("Sec-WebSocket-Version")),
                Arguments.of("an empty version", request("Sec-WebSocket-Version", "")),
                Arguments.of("two versions", two("Sec-WebSocket-Version", "13", "13")),
                Arguments.of("a list of versions", request("Sec-WebSocket-Version", "13, 8")),
                Arguments.of("a version with a leading zero", request("Sec-WebSocket-Version", "013")),
                Arguments.of("a version above 255", request("Sec-WebSocket-Version", "256")),
                Arguments.of("a version that is no number", request("Sec-WebSocket-Version", "thirteen")),
                Arguments.of("a signed version", request("Sec-WebSocket-Version", "+13")),
                Arguments.of("no key", without("Sec-WebSocket-Key")),
                Arguments.of("an empty key", request("Sec-WebSocket-Key", "")),
                Arguments.of("two keys", two("Sec-WebSocket-Key", KEY, KEY)),
                Arguments.of("two keys in one line", request("Sec-WebSocket-Key", KEY + ", " + KEY)),
                Arguments.of("a key of 15 bytes", request("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j")),
                Arguments.of("a key of 17 bytes", request("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZWE=")),
                Arguments.of("a key that is no base64", request("Sec-WebSocket-Key", "dGhl!HNhbXBsZSBub25jZQ==")),
                Arguments.of("a key without padding", request("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ")),
                Arguments.of("two Origins", two("Origin", "https://example.com", "https://example.com")),
                Arguments.of("empty subprotocols", request("Sec-WebSocket-Protocol", "")),
                Arguments.of("a subprotocol twice", request("Sec-WebSocket-Protocol", "chat, x, chat")),
                Arguments.of("a subprotocol in two lines", two("Sec-WebSocket-Protocol", "chat", "chat")),
                Arguments.of("a subprotocol with a space", request("Sec-WebSocket-Protocol", "chat, super chat")),
                Arguments.of("a quoted subprotocol", request("Sec-WebSocket-Protocol", "\"chat\"")),
                Arguments.of("empty extensions", request("Sec-WebSocket-Extensions", "")),
                Arguments.of("malformed extensions", request("Sec-WebSocket-Extensions", "foo; =1")),
                Arguments.of("an unclosed quote", request("Sec-WebSocket-Extensions", "foo; a=\"1")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformedRequests")
    void serverAnswers400ForARequestWith(String what, HandshakeHeaders request) {
        assertMalformed(reject(HandshakeRequest.get(request)));
    }

    @Test
    void messagesAreSafeToShow() {
        String value = "\u001b[31m<script>" + "x".repeat(10_000);
        for (String name : List.of("Host", "Origin", "Sec-WebSocket-Version", "Sec-WebSocket-Protocol")) {
            assertThat(reject(HandshakeRequest.get(request(name, value))).message())
                    .doesNotContain("\u001b")
                    .hasSizeLessThan(250);
        }
    }

    @Test
    void anyHeadersGetAnAnswerAndNoException() {
        Random random = new Random(6455);
        List<String> names = List.of(
                "Host",
                "Upgrade",
                "Connection",
                "Sec-WebSocket-Key",
                "Sec-WebSocket-Version",
                "Origin",
                "Sec-WebSocket-Protocol",
                "Sec-WebSocket-Extensions",
                "Content-Length");
        String alphabet = "abwsoc13:/[].,;=\"\\ \t\u0001é-";
        for (int i = 0; i < 20_000; i++) {
            HandshakeHeaders.Builder headers = request().toBuilder();
            for (int j = random.nextInt(3); j >= 0; j--) {
                StringBuilder value = new StringBuilder();
                for (int k = random.nextInt(12); k > 0; k--) {
                    value.append(alphabet.charAt(random.nextInt(alphabet.length())));
                }
                headers.set(names.get(random.nextInt(names.size())), value.toString());
            }
            assertThat(server.answer(HandshakeRequest.get(headers.build())).status())
                    .isIn(101, 400, 403, 426);
        }
    }

    private Rejected reject(HandshakeRequest request) {
        // Each rejection is due to the one fault that the test names: without it the request is accepted.
        assertThat(server.answer(HandshakeRequest.get(request()))).isInstanceOf(Accepted.class);
        return assertThat(server.answer(request))
                .asInstanceOf(type(Rejected.class))
                .actual();
    }

    private static void assertMalformed(Rejected rejected) {
        assertThat(rejected.status()).isEqualTo(400);
        assertThat(rejected.headers().isEmpty()).isTrue();
        assertThat(rejected.fault()).isEqualTo(HandshakeFault.MALFORMED);
        assertThat(rejected.message()).isNotBlank();
    }

    private static void assertUpgradeRequired(Rejected rejected) {
        assertThat(rejected.status()).isEqualTo(426);
        assertThat(rejected.headers()).isEqualTo(HandshakeHeaders.of("Upgrade", "websocket", "Connection", "Upgrade"));
        assertThat(rejected.fault()).isEqualTo(HandshakeFault.UPGRADE_REQUIRED);
    }
}
