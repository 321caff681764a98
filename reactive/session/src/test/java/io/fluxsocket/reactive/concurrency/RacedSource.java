package io.fluxsocket.reactive.concurrency;

import io.fluxsocket.reactive.WebSocketFrame;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** A source of frames that emits on whichever thread calls {@link #emit}, what was requested and not more. */
final class RacedSource implements Publisher<WebSocketFrame>, Subscription {
    private static final int PATIENCE = 50;

    private final Faults faults;
    private final AtomicInteger requested = new AtomicInteger();
    private volatile Subscriber<? super WebSocketFrame> subscriber;
    private volatile boolean cancelled;
    private volatile int emitted;

    RacedSource(Faults faults) {
        this.faults = faults;
    }

    int emitted() {
        return emitted;
    }

    /** Emits so many frames, unless it is cancelled or not asked for a while, and completes. */
    void emit(int frames) {
        for (int patience = PATIENCE; frames > 0 && patience > 0 && !cancelled; patience--) {
            if (requested.get() > emitted) {
                emitted++; // of one thread alone
                frames--;
                patience = PATIENCE;
                subscriber.onNext(WebSocketFrame.text("a"));
            } else {
                Thread.yield();
            }
        }
        if (!cancelled) {
            subscriber.onComplete();
        }
    }

    @Override
    public void subscribe(Subscriber<? super WebSocketFrame> s) {
        subscriber = s;
        s.onSubscribe(this);
    }

    @Override
    public void request(long n) {
        if (requested.addAndGet((int) n) > emitted + 1) {
            faults.add(Faults.DEMAND);
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
    }
}
