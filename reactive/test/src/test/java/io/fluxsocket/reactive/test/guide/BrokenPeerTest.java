package io.fluxsocket.reactive.test.guide;

import static io.fluxsocket.reactive.test.WebSocketAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketHandler;
import io.fluxsocket.reactive.test.InMemoryWebSocket;
import io.fluxsocket.reactive.test.ScriptedPeer;
import io.fluxsocket.reactive.test.WireFrame;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;

class BrokenPeerTest {
    /** Under test: knows who is there, however a conversation ends. */
    static final class Presence implements WebSocketHandler {
        final Set<String> present = ConcurrentHashMap.newKeySet();

        @Override
        public Publisher<Void> handle(WebSocketConnection connection) {
            String name = connection.handshakeInfo().uri().getQuery();
            present.add(name);
            return connection.receive().then().doFinally(signal -> present.remove(name));
        }
    }

    private final Presence presence = new Presence();
    private final ScriptedPeer mallory =
            InMemoryWebSocket.create().uri("/?mallory").scriptedClient(presence);

    @BeforeEach
    void malloryIsPresent() {
        assertThat(presence.present).containsExactly("mallory");
    }

    @Test
    void whoSendsAnUnmaskedFrameIsGone() {
        mallory.sendRaw("81 05 'Hello'").expectClose(1002).expectEnd().verify();

        assertThat(presence.present).isEmpty();
        assertThat(mallory.connection()).isClosedWith(1002).isLocal();
    }

    @Test
    void whoseTextIsNotUtf8IsGone() {
        mallory.sendFrame(WireFrame.of(WireFrame.TEXT, (byte) 0xC3, (byte) 0x28))
                .expectClose(1007)
                .verify();

        assertThat(presence.present).isEmpty();
    }

    @Test
    void whoSaysGoodbyeIsGone() {
        mallory.thenCloseWith(1000).verify();

        assertThat(presence.present).isEmpty();
    }

    @Test
    void whoseFramesAreDamagedOnTheWayIsGone() {
        mallory.toConnection().corrupt(0, 0x70); // the reserved bits of the first frame
        mallory.sendText("Hello").expectClose(1002).verify();

        assertThat(presence.present).isEmpty();
    }

    @Test
    void whoIsCutOffWithinAFrameIsGone() {
        mallory.toConnection().truncate(8);
        mallory.sendText("Hello").expectEnd().verify();

        assertThat(presence.present).isEmpty();
        assertThat(mallory.connection()).isClosedWith(1006).isLost();
    }
}
