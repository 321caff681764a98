package io.fluxsocket.reactive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxsocket.core.EngineSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

class SessionSettingsTest {
    @Test
    void aBuilderKeepsEverything() {
        SessionSettings settings = SessionSettings.builder()
                .receiveWindow(1)
                .maxChunkSize(300)
                .maxMessageSize(400)
                .maxFrameSize(500)
                .maxPendingSends(6)
                .closeTimeout(Duration.ofSeconds(7))
                .keepAlive(Duration.ofSeconds(8), Duration.ofSeconds(9), 10)
                .idleTimeout(Duration.ofSeconds(11))
                .stalledConsumerTimeout(Duration.ofSeconds(12))
                .maxControlFramesPerSecond(13)
                .maxMessagesPerSecond(14)
                .emitControlFrames(true)
                .scheduler(Schedulers.immediate())
                .build();
        assertThat(settings.toBuilder().build())
                .usingRecursiveComparison()
                .ignoringFields("engineSettings")
                .isEqualTo(settings);
        assertThat(settings.keepAliveInterval()).isEqualTo(Duration.ofSeconds(8));
        assertThat(settings.pongTimeout()).isEqualTo(Duration.ofSeconds(9));
        assertThat(settings.allowedMisses()).isEqualTo(10);
    }

    @Test
    void valuesOutsideOfTheirRangeAreRefused() {
        List<Consumer<SessionSettings.Builder>> wrong = List.of(
                b -> b.receiveWindow(-1),
                b -> b.maxChunkSize(255),
                b -> b.maxMessageSize(124),
                b -> b.maxFrameSize(124),
                b -> b.maxPendingSends(0),
                b -> b.closeTimeout(Duration.ZERO),
                b -> b.keepAlive(Duration.ofSeconds(-1), Duration.ofSeconds(1), 0),
                b -> b.keepAlive(Duration.ofSeconds(1), Duration.ZERO, 0),
                b -> b.keepAlive(Duration.ofSeconds(1), Duration.ofSeconds(1), -1),
                b -> b.pongTimeout(Duration.ZERO),
                b -> b.idleTimeout(Duration.ofDays(100_000)),
                b -> b.stalledConsumerTimeout(Duration.ofSeconds(-1)),
                b -> b.maxControlFramesPerSecond(-1),
                b -> b.maxMessagesPerSecond(-1));
        for (Consumer<SessionSettings.Builder> set : wrong) {
            SessionSettings.Builder builder = SessionSettings.builder();
            assertThatThrownBy(() -> set.accept(builder)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void theEnginesSettingsFollow() {
        EngineSettings engine = SessionSettings.builder()
                .maxChunkSize(1000)
                .maxFrameSize(2000)
                .maxControlFramesPerSecond(0)
                .build()
                .engineSettings();
        assertThat(engine.receiveBufferSize()).isEqualTo(1000);
        assertThat(engine.maxFrameSize()).isEqualTo(2000);
        assertThat(engine.indicatePings()).isFalse();
        assertThat(SessionSettings.DEFAULT.engineSettings().indicatePings())
                .as("they are counted")
                .isTrue();
    }

    @Test
    void virtualTimeReplacesTheDefaultScheduler() {
        VirtualTimeScheduler virtual = VirtualTimeScheduler.getOrSet();
        try {
            assertThat(SessionSettings.DEFAULT.scheduler().now(java.util.concurrent.TimeUnit.NANOSECONDS))
                    .isEqualTo(virtual.now(java.util.concurrent.TimeUnit.NANOSECONDS));
        } finally {
            VirtualTimeScheduler.reset();
        }
    }

    @Test
    void attributesOfAHandshakeAreMadeWhenAskedFor() {
        HandshakeInfo info = HandshakeInfo.builder(URI.create("ws://host/")).build();
        info.attributes().put("a", 1);
        assertThat(info.attributes()).containsEntry("a", 1);
    }
}
