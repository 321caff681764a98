package io.fluxsocket.reactive;

import io.fluxsocket.core.Action;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** The subscription of the one subscriber to what is received, chunk by chunk or message by message. */
final class Receiver implements Subscription, Runnable, Scannable {
    private static final AtomicLongFieldUpdater<Receiver> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(Receiver.class, "requested");

    private final Inbound inbound;
    private final EngineDriver driver;
    /** Takes what its publisher's type says: frames or messages. */
    private final CoreSubscriber<Object> actual;

    final boolean messages;

    /** What was asked for and not emitted. On the loop. */
    long demand;
    /** {@code onSubscribe} has returned, so the end may be signalled. On the loop. */
    boolean started;

    /** Demand of other threads, on its way to the loop. */
    private volatile long requested;

    @SuppressWarnings("unchecked")
    private Receiver(Inbound inbound, CoreSubscriber<?> actual, boolean messages) {
        this.inbound = inbound;
        this.driver = inbound.driver();
        this.actual = (CoreSubscriber<Object>) actual;
        this.messages = messages;
    }

    static void subscribe(Inbound inbound, CoreSubscriber<?> actual, boolean messages) {
        Receiver receiver = new Receiver(inbound, actual, messages);
        if (!inbound.add(receiver)) {
            Operators.error(
                    actual,
                    new IllegalStateException("the connection has a subscriber already; it takes the next one when that"
                            + " has ended or cancelled, or use publish() to share it"));
            return;
        }
        if (receiver.driver.inEventLoop()) {
            inbound.started(receiver);
            actual.onSubscribe(receiver);
            receiver.started = true;
            receiver.driver.loop().drain();
        } else {
            actual.onSubscribe(receiver);
            receiver.driver.loop().later(receiver::start);
        }
    }

    private void start() {
        if (!started) {
            started = true;
            inbound.started(this);
            run();
        }
    }

    Context currentContext() {
        return actual.currentContext();
    }

    void next(Object item) {
        useDemand();
        actual.onNext(item);
    }

    private void useDemand() {
        if (demand != Long.MAX_VALUE) {
            demand--;
        }
    }

    /** Whether the subscriber is a send, with no operator between, that can send a chunk of this length at once. */
    boolean mayRelay(int length) {
        Object subscriber = actual;
        return subscriber instanceof Sender sender && sender.mayRelay(length);
    }

    /**
     * Has the subscriber send a chunk, in the place of {@link #next}, and complete its indication. What was asked for has been
     * given when it is sent.
     */
    void relay(Action chunk) {
        Object subscriber = actual;
        if (subscriber instanceof Sender sender) {
            try {
                sender.relay(chunk, driver);
            } finally {
                useDemand();
            }
        }
    }

    void end(@Nullable Throwable failure) {
        if (failure == null) {
            actual.onComplete();
        } else {
            actual.onError(failure);
        }
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            invalidRequest(n);
        } else if (driver.inEventLoop()) {
            demand = Operators.addCap(demand, n);
            driver.loop().drain();
        } else if (Operators.addCap(REQUESTED, this, n) == 0) {
            driver.loop().later(this);
        }
    }

    /** Demand has come from another thread. */
    @Override
    public void run() {
        if (started) {
            demand = Operators.addCap(demand, REQUESTED.getAndSet(this, 0));
        }
    }

    /** Reactive Streams §3.9. */
    private void invalidRequest(long n) {
        driver.loop().later(() -> {
            if (!started) {
                invalidRequest(n);
            } else if (inbound.remove(this)) {
                actual.onError(Exceptions.nullOrNegativeRequestException(n));
            }
        });
    }

    @Override
    public void cancel() {
        inbound.remove(this);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
            return Operators.addCap(demand, requested);
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }
}
