package io.fluxsocket.reactive.test.guide;

import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.test.ScriptedPeer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

class TickerTest {
    /** Under test: counts the seconds. */
    static Publisher<Void> ticker(WebSocketConnection connection) {
        return connection.send(Flux.interval(Duration.ofSeconds(1)).map(i -> WebSocketFrame.text("tick " + i)));
    }

    @BeforeEach
    void letOneTimePassForAll() {
        VirtualTimeScheduler.getOrSet();
    }

    @AfterEach
    void letRealTimePassAgain() {
        VirtualTimeScheduler.reset();
    }

    @Test
    void aTickComesEachSecond() {
        ScriptedPeer.client(TickerTest::ticker)
                .expectNoFrameFor(Duration.ofMillis(999))
                .thenAwait(Duration.ofMillis(1))
                .expectText("tick 0")
                .thenAwait(Duration.ofSeconds(2))
                .expectText("tick 1")
                .expectText("tick 2")
                .thenCloseWith(1000)
                .verify();
    }
}
