package io.fluxsocket.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.BufferType;
import io.fluxsocket.core.CloseStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** What an observer is told, in the order in which it is told. */
class SessionObserverTest {
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final List<String> told = new ArrayList<>();

    private final SessionObserver observer = new SessionObserver() {
        @Override
        public void opened(WebSocketConnection connection) {
            told.add("opened, queued " + connection.queuedBytes());
        }

        @Override
        public void received(int bytes, boolean endOfMessage) {
            told.add("received " + bytes + (endOfMessage ? "" : "…"));
        }

        @Override
        public void sent(int bytes, boolean endOfMessage) {
            told.add("sent " + bytes + (endOfMessage ? "" : "…"));
        }

        @Override
        public void ponged(Duration roundTrip) {
            told.add("ponged after " + roundTrip.toMillis());
        }

        @Override
        public void closed(CloseEvent event, @Nullable Throwable cause) {
            told.add("closed " + event.status().code() + " " + event.initiator() + " " + cause);
        }
    };

    private final Conversation c =
            Conversation.observed(SessionSettings.builder().keepAlive(INTERVAL, Duration.ofSeconds(10), 1), observer);

    @Test
    void dataIsToldInBothDirectionsAndControlFramesAreNot() {
        c.textFragment("abc");
        c.ping("p");
        c.text("d");
        c.connection
                .send(Flux.just(
                        WebSocketFrame.binary(new byte[5], false),
                        WebSocketFrame.ping(),
                        WebSocketFrame.binary(new byte[6])))
                .subscribe();
        c.send(BufferType.UNSOLICITED_PONG, new byte[] {'q'});
        c.close(CloseStatus.NORMAL);
        c.transport.end(null);

        assertThat(told)
                .containsExactly(
                        "opened, queued 0",
                        "received 3…",
                        "received 1",
                        "sent 5…",
                        "sent 6",
                        "closed 1000 REMOTE null");
    }

    @Test
    void aPongOfKeepAliveOrOfAPingIsARoundTrip() {
        c.pass(INTERVAL);
        c.pass(Duration.ofMillis(7));
        c.got(); // answers pings
        c.connection.ping().subscribe();
        c.pass(Duration.ofMillis(8));
        c.got();

        assertThat(told).containsExactly("opened, queued 0", "ponged after 7", "ponged after 8");
    }

    @Test
    void aPongThatAnswersNoneOfOurPingsIsNoRoundTrip() {
        c.send(BufferType.UNSOLICITED_PONG, new byte[] {0, 0, 0, 0, 0, 0, 0, 1});
        c.connection.ping().subscribe();
        c.got();
        c.send(BufferType.UNSOLICITED_PONG, new byte[] {0, 0, 0, 0, 0, 0, 0, 1});

        assertThat(told).containsExactly("opened, queued 0", "ponged after 0");
    }

    @Test
    void aFailureOfTheTransportIsToldWithTheEnd() {
        c.transport.end(new IOException("pulled"));

        assertThat(told).containsExactly("opened, queued 0", "closed 1006 NONE java.io.IOException: pulled");
    }
}
