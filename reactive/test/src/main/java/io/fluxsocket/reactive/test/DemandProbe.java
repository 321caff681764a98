package io.fluxsocket.reactive.test;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongBinaryOperator;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * Shows what a source is asked for: put it between the source and {@code send}, or whatever else consumes it.
 *
 * <pre>{@code
 * DemandProbe<WebSocketFrame> probe = DemandProbe.of(Flux.range(1, 1_000).map(i -> WebSocketFrame.text("tick " + i)));
 * connection.send(probe.flux()).subscribe();
 * assertThat(probe.requested()).isEqualTo(3);
 * }</pre>
 *
 * <p>For a source that the test itself emits from, take Reactor's {@code TestPublisher}. The counts are sums over all
 * subscriptions. Safe for use by several threads.
 *
 * @param <T> what the source emits
 */
public final class DemandProbe<T> {
    private static final LongBinaryOperator ADD = Operators::addCap;

    private final Flux<T> flux;
    private final AtomicLong requested = new AtomicLong();
    private final AtomicLong emitted = new AtomicLong();
    private final AtomicInteger subscribers = new AtomicInteger();
    private final AtomicInteger cancels = new AtomicInteger();
    private final AtomicInteger ends = new AtomicInteger();

    private DemandProbe(Publisher<? extends T> source) {
        flux = Flux.<T>from(source)
                .doOnNext(item -> emitted.incrementAndGet())
                .doOnRequest(n -> requested.accumulateAndGet(n, ADD))
                .doOnSubscribe(s -> subscribers.incrementAndGet())
                .doOnCancel(cancels::incrementAndGet)
                .doOnTerminate(ends::incrementAndGet);
    }

    /**
     * A probe of a source.
     *
     * @param source subscribed to once for each subscriber of {@link #flux()}
     * @param <T> what the source emits
     * @return a new probe
     */
    public static <T> DemandProbe<T> of(Publisher<? extends T> source) {
        return new DemandProbe<>(source);
    }

    /** {@return the source, as it is to be consumed: nothing is asked for ahead, and nothing is kept} */
    public Flux<T> flux() {
        return flux;
    }

    /** {@return how much was asked for in all; {@link Long#MAX_VALUE} if without bounds} */
    public long requested() {
        return requested.get();
    }

    /** {@return how much was emitted in all} */
    public long emitted() {
        return emitted.get();
    }

    /** {@return how much was asked for and not emitted; {@link Long#MAX_VALUE} if without bounds} */
    public long outstanding() {
        long asked = requested.get();
        return asked == Long.MAX_VALUE ? asked : asked - emitted.get();
    }

    /** {@return whether it was subscribed to} */
    public boolean wasSubscribed() {
        return subscribers.get() != 0;
    }

    /** {@return whether a subscriber has cancelled} */
    public boolean wasCancelled() {
        return cancels.get() != 0;
    }

    /** {@return whether the source has completed or failed} */
    public boolean hasEnded() {
        return ends.get() != 0;
    }

    /** What was asked for and emitted. */
    @Override
    public String toString() {
        return requested() + " requested, " + emitted() + " emitted";
    }
}
