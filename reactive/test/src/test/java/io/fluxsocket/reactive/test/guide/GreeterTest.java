package io.fluxsocket.reactive.test.guide;

import io.fluxsocket.core.deflate.DeflateSettings;
import io.fluxsocket.reactive.HandshakeInfo;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.test.InMemoryWebSocket;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

class GreeterTest {
    /** Under test: greets who has logged in, in the format of the subprotocol. */
    static Publisher<Void> greet(WebSocketConnection connection) {
        HandshakeInfo info = connection.handshakeInfo();
        String name = info.principal() == null ? "stranger" : info.principal().getName();
        String greeting = "json".equals(info.subprotocol()) ? "{\"hello\": \"" + name + "\"}" : "hello " + name;
        return connection.send(Mono.just(WebSocketFrame.text(greeting)));
    }

    private final InMemoryWebSocket ada = InMemoryWebSocket.create().principal(() -> "ada");

    @Test
    void whoHasLoggedInIsGreetedInTheFormatAgreedOn() {
        ada.scriptedClient(GreeterTest::greet)
                .expectText("hello ada")
                .expectClose(1000)
                .verify();
        ada.subprotocol("json")
                .scriptedClient(GreeterTest::greet)
                .expectText("{\"hello\": \"ada\"}")
                .expectClose(1000)
                .verify();
    }

    @Test
    void aGreetingIsCompressedIfBothEndsWantThat() {
        DeflateSettings eager = DeflateSettings.builder().threshold(0).build();

        ada.settings(settings -> settings.deflate(eager))
                .scriptedClient(GreeterTest::greet)
                .expectFrame(
                        "compressed", frame -> frame.rsv() == 4 && frame.text().equals("hello ada"))
                .expectClose(1000)
                .verify();
    }
}
