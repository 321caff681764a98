package io.fluxsocket.reactive;

import io.fluxsocket.core.Action;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One {@code send}: subscribes to the source, and is the subscription of whoever waits for the send.
 *
 * <pre>
 *   NEW ──► UNASKED ──writable, request(1)──► ASKED ──onNext──► HOLDING ──its turn──► SENDING ─┐
 *              ▲                                                                            taken
 *              └─────────────────────────────────────────────────────────────────────────────┤
 *                                                              the source has completed ──► FLUSHING ──► DONE
 * </pre>
 *
 * <p>What is relayed goes from ASKED to SENDING at once. DONE is reached from everywhere by an error, a cancel or the end of
 * the connection. The source is asked for one frame at a time, and never for another before that was taken.
 */
final class Sender implements CoreSubscriber<WebSocketFrame>, Subscription, Runnable, Scannable {
    /** Where this send stands. */
    enum State {
        NEW,
        UNASKED,
        ASKED,
        HOLDING,
        SENDING,
        FLUSHING,
        DONE
    }

    private static final int SUBSCRIBED = 1;
    private static final int NEXT = 2;
    private static final int TERMINATED = 4;
    private static final int CANCELLED = 8;
    private static final int OVERFLOW = 16;

    private static final AtomicIntegerFieldUpdater<Sender> SIGNALS =
            AtomicIntegerFieldUpdater.newUpdater(Sender.class, "signals");
    private static final AtomicReferenceFieldUpdater<Sender, @Nullable WebSocketFrame> ARRIVED =
            AtomicReferenceFieldUpdater.newUpdater(Sender.class, WebSocketFrame.class, "arrived");

    private final Outbound outbound;
    private final EngineDriver driver;
    private final CoreSubscriber<? super Void> actual;
    private Subscription upstream = Operators.emptySubscription();

    /** What has happened on other threads and is not known on the loop. */
    private volatile int signals;

    private volatile @Nullable WebSocketFrame arrived;
    private @Nullable Throwable error;

    // the rest is the loop's
    State state = State.NEW;
    /** Arrived and not taken. */
    @Nullable
    WebSocketFrame held;

    boolean sourceEnded;
    /** The number of the flush that completes this. */
    long report;

    @Nullable
    Sender before;

    @Nullable
    Sender after;

    /** The row in which this waits, and its neighbours there. */
    @Nullable
    SenderRow row;

    @Nullable
    Sender previous;

    @Nullable
    Sender next;

    Sender(Outbound outbound, CoreSubscriber<? super Void> actual) {
        this.outbound = outbound;
        this.driver = outbound.driver();
        this.actual = actual;
    }

    // ---- from the source and from whoever waits, on any thread

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.validate(upstream == Operators.emptySubscription() ? null : upstream, subscription)) {
            upstream = subscription;
            actual.onSubscribe(this);
            signal(SUBSCRIBED);
        }
    }

    @Override
    public void onNext(WebSocketFrame frame) {
        Objects.requireNonNull(frame, "a source must not emit null (Reactive Streams §2.13)");
        if (driver.inEventLoop()) {
            boolean outermost = driver.loop().enter();
            try {
                accept(frame);
            } finally {
                driver.loop().leave(outermost);
            }
        } else if (ARRIVED.compareAndSet(this, null, frame)) {
            signal(NEXT);
        } else {
            Operators.onNextDropped(frame, currentContext());
            signal(OVERFLOW);
        }
    }

    /** Whether {@link #relay} may be called with a chunk of this length instead of {@link #onNext}. */
    boolean mayRelay(int length) {
        return state == State.ASKED && driver.inEventLoop() && outbound.mayRelay(this, length);
    }

    /** Sends a chunk that a session receives, this one or another of the same event loop, and has the session complete it. */
    void relay(Action chunk, EngineDriver receiving) {
        boolean outermost = driver.loop().enter();
        receiving.beginRelay(chunk);
        try {
            try {
                outbound.relay(this, chunk);
            } finally {
                receiving.endRelay();
            }
        } catch (Throwable t) {
            Exceptions.throwIfJvmFatal(t);
            driver.crash(t); // a fault of the session that sends, not of that which receives
        } finally {
            driver.loop().leave(outermost);
        }
    }

    @Override
    public void onError(Throwable t) {
        error = Objects.requireNonNull(t, "an error must not be null (Reactive Streams §2.13)");
        signal(TERMINATED);
    }

    @Override
    public void onComplete() {
        signal(TERMINATED);
    }

    /** A Mono of Void has nothing to be asked for. */
    @Override
    public void request(long n) {
        Operators.validate(n);
    }

    @Override
    public void cancel() {
        upstream.cancel();
        signal(CANCELLED);
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }

    private void signal(int signal) {
        if (driver.inEventLoop()) {
            boolean outermost = driver.loop().enter();
            try {
                catchUp();
                apply(signal);
            } finally {
                driver.loop().leave(outermost);
            }
        } else if (SIGNALS.getAndAccumulate(this, signal, (a, b) -> a | b) == 0) {
            driver.loop().later(this);
        }
    }

    // ---- on the loop

    /** What other threads have signalled. */
    @Override
    public void run() {
        apply(SIGNALS.getAndSet(this, 0));
    }

    /** A signal on the loop does not overtake those of other threads. */
    private void catchUp() {
        if (signals != 0) {
            run();
        }
    }

    private void apply(int what) {
        if ((what & SUBSCRIBED) != 0) {
            outbound.started(this);
        }
        if ((what & NEXT) != 0) {
            WebSocketFrame frame = arrived;
            if (frame != null) {
                arrived = null;
                accept(frame);
            }
        }
        if ((what & OVERFLOW) != 0) {
            overflow();
        }
        if ((what & TERMINATED) != 0) {
            sourceTerminated();
        }
        if ((what & CANCELLED) != 0) {
            outbound.cancelled(this);
        }
    }

    private void accept(WebSocketFrame frame) {
        if (state == State.ASKED) {
            held = frame;
            state = State.HOLDING;
            outbound.arrived(this, frame);
        } else if (state == State.DONE) {
            Operators.onDiscard(frame, currentContext());
        } else {
            Operators.onNextDropped(frame, currentContext());
            overflow();
        }
    }

    /** Reactive Streams §1.1. */
    private void overflow() {
        outbound.failed(this, Exceptions.failWithOverflow("a source emitted more frames than were requested"));
    }

    private void sourceTerminated() {
        Throwable t = error;
        if (state == State.DONE || sourceEnded) {
            if (t != null) {
                Operators.onErrorDropped(t, currentContext());
            }
            return;
        }
        sourceEnded = true;
        if (t != null) {
            outbound.failed(this, t);
        } else if (state != State.HOLDING && state != State.SENDING) {
            outbound.sourceCompleted(this);
        }
    }

    boolean isDone() {
        return state == State.DONE;
    }

    /** Asks for one frame. */
    void ask() {
        state = State.ASKED;
        upstream.request(1);
    }

    /** A source that has ended is left alone (Reactive Streams §2.3). */
    void cancelSource() {
        if (!sourceEnded) {
            upstream.cancel();
        }
    }

    void complete() {
        state = State.DONE;
        actual.onComplete();
    }

    void fail(Throwable t) {
        state = State.DONE;
        actual.onError(t);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return upstream;
        }
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.TERMINATED) {
            return state == State.DONE;
        }
        if (key == Attr.BUFFERED) {
            return held == null ? 0 : 1;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }
}
