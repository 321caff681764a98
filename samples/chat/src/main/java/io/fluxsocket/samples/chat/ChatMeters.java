package io.fluxsocket.samples.chat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** At {@code /actuator/metrics/chat.said} and so on. */
final class ChatMeters {
    private final AtomicInteger clients = new AtomicInteger();
    private final Counter said;
    private final Counter skipped;

    ChatMeters(MeterRegistry registry) {
        Gauge.builder("chat.clients", clients, AtomicInteger::get)
                .description("Open connections of this node")
                .register(registry);
        said = Counter.builder("chat.said")
                .description("Messages that clients of this node have said and that were confirmed")
                .register(registry);
        skipped = Counter.builder("chat.skipped")
                .description("Messages that were left out for clients of this node that are too slow")
                .register(registry);
    }

    void entered() {
        clients.incrementAndGet();
    }

    void left() {
        clients.decrementAndGet();
    }

    void said() {
        said.increment();
    }

    void skipped(int count) {
        skipped.increment(count);
    }
}
