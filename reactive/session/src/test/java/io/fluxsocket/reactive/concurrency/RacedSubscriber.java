package io.fluxsocket.reactive.concurrency;

import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** Holds a publisher to Reactive Streams §1.1, §1.3 and §1.7, from whichever threads it signals. */
final class RacedSubscriber<T> implements CoreSubscriber<T> {
    private final Faults faults;
    private final AtomicInteger requested = new AtomicInteger();
    private final AtomicInteger received = new AtomicInteger();
    private final AtomicInteger signalling = new AtomicInteger();
    private final AtomicInteger ends = new AtomicInteger();
    private volatile Subscription subscription;

    RacedSubscriber(Faults faults) {
        this.faults = faults;
    }

    void request(int n) {
        requested.addAndGet(n);
        subscription.request(n);
    }

    void cancel() {
        subscription.cancel();
    }

    int received() {
        return received.get();
    }

    int ends() {
        return ends.get();
    }

    private void signal(Runnable what) {
        if (signalling.getAndIncrement() != 0) {
            faults.add(Faults.NOT_SERIAL);
        }
        if (ends.get() != 0) {
            faults.add(Faults.AFTER_THE_END);
        }
        what.run();
        Thread.yield(); // Long enough for another thread to come.
        signalling.decrementAndGet();
    }

    @Override
    public void onSubscribe(Subscription s) {
        signal(() -> subscription = s);
    }

    @Override
    public void onNext(T item) {
        signal(() -> {
            if (received.incrementAndGet() > requested.get()) {
                faults.add(Faults.DEMAND);
            }
        });
    }

    @Override
    public void onError(Throwable t) {
        signal(ends::incrementAndGet);
    }

    @Override
    public void onComplete() {
        signal(ends::incrementAndGet);
    }
}
