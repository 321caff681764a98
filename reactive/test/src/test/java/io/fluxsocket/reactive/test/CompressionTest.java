package io.fluxsocket.reactive.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxsocket.core.deflate.DeflateSettings;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketHandler;
import io.fluxsocket.reactive.WebSocketMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** permessage-deflate in memory: agreed on as in production, and as readable as any other frame. */
class CompressionTest {
    private static final WebSocketHandler ECHO = connection -> connection.send(connection.receive());
    private static final DeflateSettings EAGER =
            DeflateSettings.builder().threshold(0).build();

    private static InMemoryWebSocket compressed(DeflateSettings client, DeflateSettings server) {
        return InMemoryWebSocket.create().clientSettings(s -> s.deflate(client)).serverSettings(s -> s.deflate(server));
    }

    @Test
    void twoSessionsCompressAndTheHandshakeTells() {
        WebSocketPair pair = compressed(EAGER, EAGER).pair(ECHO);
        assertThat(pair.client().handshakeInfo().extensions()).containsExactly("permessage-deflate");
        assertThat(pair.server().handshakeInfo().extensions()).containsExactly("permessage-deflate");

        StepVerifier.create(pair.client().receiveMessages())
                .then(() -> pair.client()
                        .send(Mono.just(WebSocketFrame.text("la ".repeat(1000))))
                        .subscribe())
                .expectNext(WebSocketMessage.text("la ".repeat(1000)))
                .thenCancel()
                .verify();
        assertThat(pair.toServer().sentBytes()).isLessThan(100);
    }

    @Test
    void theTranscriptShowsWhatWasCompressed() {
        WebSocketPair pair = compressed(EAGER, EAGER).pair();
        pair.client().send(Mono.just(WebSocketFrame.text("Hello"))).subscribe();

        assertThat(pair.transcript().lines()).singleElement().asString().contains("fin rsv1 masked", "\"Hello\"");
    }

    @ParameterizedTest
    @CsvSource({"false, 15", "true, 15", "false, 9", "true, 9"})
    void aScriptedPeerSpeaksItInBothRoles(boolean noContextTakeover, int windowBits) {
        DeflateSettings settings = DeflateSettings.builder()
                .threshold(0)
                .clientNoContextTakeover(noContextTakeover)
                .serverNoContextTakeover(noContextTakeover)
                .clientMaxWindowBits(windowBits)
                .serverMaxWindowBits(windowBits)
                .build();
        String text = "Hello, hello, hello! ".repeat(100);
        for (ScriptedPeer peer : new ScriptedPeer[] {
            compressed(settings, settings).scriptedClient(ECHO),
            compressed(settings, settings).scriptedServer(ECHO)
        }) {
            peer.sendCompressedText(text)
                    .expectFrame(
                            "a compressed frame", f -> f.rsv() == 4 && f.text().equals(text))
                    .sendCompressedText(text)
                    .expectText(text)
                    .sendText(text)
                    .expectText(text)
                    .sendCompressedBinary((byte) 1, (byte) 2)
                    .expectBinary((byte) 1, (byte) 2)
                    .sendFragment("a")
                    .sendLastFragment("b")
                    .expectText("ab")
                    .thenCloseWith(1000)
                    .verify();
        }
    }

    @Test
    void withoutAnAgreementNothingCanBeSentCompressed() {
        ScriptedPeer peer = InMemoryWebSocket.create()
                .serverSettings(s -> s.deflate(EAGER))
                .scriptedClient(ECHO)
                .sendCompressedText("Hello");

        assertThatThrownBy(peer::verify)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Give both ends settings with deflate");
        assertThat(peer.connection().handshakeInfo().extensions()).isEmpty();
    }

    @Test
    void whatIsShownInflatedIsOnTheWireAsItWasSent() {
        ScriptedPeer peer = compressed(EAGER, EAGER).scriptedClient(ECHO);
        peer.sendCompressedText("Hello")
                .expectFrame(
                        "the example of RFC 7692 §7.2.3.1",
                        f -> f.length() == 7 && f.payload()[0] == (byte) 0xF2 && f.inflated().length == 5)
                .thenCloseWith(1000)
                .verify();
    }

    @Test
    void aFrameThatDoesNotInflateIsShownAsItIs() {
        ScriptedPeer peer = compressed(EAGER, EAGER).scriptedClient(ECHO);
        peer.sendFrame(WireFrame.text("no deflate stream").rsv(4))
                .expectClose(1007)
                .verify();

        assertThat(peer.transcript().toString()).contains("no deflate stream");
    }
}
