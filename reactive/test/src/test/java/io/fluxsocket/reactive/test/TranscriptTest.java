package io.fluxsocket.reactive.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.reactive.WebSocketFrame;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class TranscriptTest {
    @Test
    void itTellsDirectionTimeOpcodeFlagsLengthAndPayload() {
        WebSocketPair pair = WebSocketPair.open();
        pair.client().send(Mono.just(WebSocketFrame.text("Hello"))).subscribe();
        pair.advanceTimeBy(Duration.ofMillis(1500));
        pair.server()
                .send(Flux.just(WebSocketFrame.binary(new byte[] {1, 2}, false), WebSocketFrame.binary(new byte[0])))
                .subscribe();
        pair.toClient().stallReads();
        pair.reset();

        assertThat(pair.transcript()).hasToString("""
                            0.000 s  client → server  TEXT          fin masked       5 bytes  "Hello"
                            1.500 s  server → client  BINARY        …                2 bytes  01 02
                            1.500 s  server → client  CONTINUATION  fin              0 bytes
                            1.500 s  server → client  (reads stall)
                            1.500 s  network  (connection lost)
                        """);
        assertThat(pair).hasToString(pair.transcript().toString());
    }

    @Test
    void nothingIsToldOfNothing() {
        assertThat(WebSocketPair.open().transcript()).hasToString("  (nothing was sent)\n");
    }

    @Test
    void theNewestLinesAreKept() {
        WebSocketPair pair = WebSocketPair.open();
        pair.server().discardInbound();
        pair.client()
                .send(Flux.range(1, 1500).map(i -> WebSocketFrame.text("frame " + i)))
                .subscribe();

        assertThat(pair.transcript().lines()).hasSize(1000);
        assertThat(pair.transcript().toString())
                .startsWith("  … 500 lines before\n")
                .contains("\"frame 501\"");
    }
}
