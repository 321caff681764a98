package io.fluxsocket.reactive.test.guide;

import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketHandler;
import io.fluxsocket.reactive.test.InMemoryWebSocket;
import io.fluxsocket.reactive.test.ScriptedPeer;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class ChatHandlerTest {
    /** Under test: everybody in the room hears what anybody says. */
    static final class ChatRoom implements WebSocketHandler {
        private final Sinks.Many<String> said = Sinks.many().multicast().directBestEffort();

        @Override
        public Publisher<Void> handle(WebSocketConnection connection) {
            String name = connection.handshakeInfo().uri().getQuery();
            Mono<Void> listening = connection.send(said.asFlux().map(WebSocketFrame::text));
            Mono<Void> speaking = connection
                    .receiveMessages()
                    .doOnNext(message -> said.tryEmitNext(name + ": " + message.text()))
                    .doOnComplete(() -> said.tryEmitNext(name + " has left"))
                    .then();
            return Mono.firstWithSignal(listening, speaking);
        }
    }

    private final ChatRoom room = new ChatRoom();

    private ScriptedPeer join(String name) {
        return InMemoryWebSocket.create().uri("/room?" + name).scriptedClient(room);
    }

    @Test
    void everybodyHearsWhatAnybodySays() {
        ScriptedPeer ada = join("ada");
        ScriptedPeer bob = join("bob");

        ada.sendText("Hello").expectText("ada: Hello").verify();
        bob.expectText("ada: Hello")
                .sendText("Bye")
                .expectText("bob: Bye")
                .thenCloseWith(1000)
                .verify();
        ada.expectText("bob: Bye").expectText("bob has left").verify();
    }

    @Test
    void aMessageInFragmentsIsOneMessage() {
        join("ada")
                .sendFragment("Hel")
                .sendPing()
                .expectPong()
                .sendLastFragment("lo")
                .expectText("ada: Hello")
                .verify();
    }
}
