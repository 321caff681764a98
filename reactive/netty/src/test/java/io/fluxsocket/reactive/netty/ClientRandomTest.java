package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class ClientRandomTest {
    @Test
    void keysAreDrawnWithoutBlocking() {
        ClientRandom.prepare();
        Mono<Set<Integer>> drawing = Mono.fromCallable(() -> {
            IntSupplier keys = ClientRandom.maskKeys();
            Set<Integer> drawn = new HashSet<>();
            for (int i = 0; i < 1000; i++) {
                drawn.add(keys.getAsInt());
            }
            ClientRandom.generator().nextBytes(new byte[16]);
            return drawn;
        });

        // BlockHound watches the threads of this scheduler.
        Set<Integer> drawn = drawing.subscribeOn(Schedulers.parallel()).block(Duration.ofSeconds(10));

        assertThat(Objects.requireNonNull(drawn)).hasSizeGreaterThan(990);
    }

    @Test
    void connectionsHaveKeysOfTheirOwn() {
        assertThat(ClientRandom.maskKeys().getAsInt())
                .isNotEqualTo(ClientRandom.maskKeys().getAsInt());
    }
}
