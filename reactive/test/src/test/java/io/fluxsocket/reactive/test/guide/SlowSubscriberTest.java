package io.fluxsocket.reactive.test.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketHandler;
import io.fluxsocket.reactive.WebSocketMessage;
import io.fluxsocket.reactive.test.DemandProbe;
import io.fluxsocket.reactive.test.InMemoryWebSocket;
import io.fluxsocket.reactive.test.WebSocketPair;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class SlowSubscriberTest {
    /** Under test: sends a log, however long it is, to readers however slow they are. */
    static WebSocketHandler logServer(Publisher<String> lines) {
        return connection -> connection.send(Flux.from(lines).map(WebSocketFrame::text));
    }

    @Test
    void theLogIsReadNoFasterThanTheSubscriberAsks() {
        DemandProbe<String> lines = DemandProbe.of(Flux.range(1, 1_000_000).map(i -> "line " + i));
        WebSocketPair pair = InMemoryWebSocket.create()
                .bufferSize(100) // of the network, and again of the transport
                .clientSettings(settings -> settings.receiveWindow(0))
                .pair(logServer(lines.flux()));

        StepVerifier.create(pair.client().receiveMessages(), 0)
                .then(() -> {
                    assertThat(lines.requested()).isEqualTo(24); // and with that, both buffers are full
                    assertThat(pair.toClient().isWritable()).isFalse();
                    assertThat(pair.toClient().isReading()).isFalse();
                })
                .thenRequest(1)
                .expectNext(WebSocketMessage.text("line 1"))
                .then(() -> assertThat(pair.toClient().outstandingReceives()).isZero())
                .thenRequest(50)
                .expectNextCount(50)
                .then(() -> assertThat(lines.requested()).isLessThan(100))
                .thenCancel()
                .verify(Duration.ofSeconds(5));
    }
}
