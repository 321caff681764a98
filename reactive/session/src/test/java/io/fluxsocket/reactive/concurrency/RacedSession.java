package io.fluxsocket.reactive.concurrency;

import io.fluxsocket.core.WebSocketEngine;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.HandshakeInfo;
import io.fluxsocket.reactive.SessionSettings;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketConnections;
import io.fluxsocket.reactive.WebSocketFrame;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A real server's session for one race, and the judge of how it went.
 *
 * <p>The actors of a race are threads of jcstress, two of them, while the {@link Loop} runs. When both are done {@link #judge}
 * has the loop do what is left, ends the stream and looks.
 */
final class RacedSession {
    private static final HandshakeInfo HANDSHAKE =
            HandshakeInfo.builder(URI.create("/")).build();
    /** A masked text frame, "a". */
    private static final byte[] FRAME = {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'a'};
    /** Dropped by whichever race runs: some race then fails. */
    private static final AtomicInteger DROPPED = new AtomicInteger();

    static {
        Hooks.onErrorDropped(t -> DROPPED.incrementAndGet());
    }

    final Faults faults = new Faults();
    final WebSocketConnection connection;
    private final RacedTransport transport = new RacedTransport(faults);
    private final AtomicInteger timers = new AtomicInteger();
    private final AtomicInteger discarded = new AtomicInteger();
    private final List<RacedSubscriber<?>> subscribers = new ArrayList<>();
    private final List<RacedSource> sources = new ArrayList<>();
    private final RacedSubscriber<CloseEvent> closed = subscriber();

    /**
     * @param window of the receiving side, in bytes
     */
    RacedSession(int window) {
        SessionSettings settings = SessionSettings.builder()
                .receiveWindow(window)
                .scheduler(new CountingScheduler())
                .build();
        CompletableFuture<WebSocketConnection> opened = new CompletableFuture<>();
        Loop.await(() -> opened.complete(WebSocketConnections.open(
                transport, WebSocketEngine.server(settings.engineSettings()), settings, HANDSHAKE)));
        connection = opened.join();
        connection.closed().subscribe(closed);
        closed.request(1);
    }

    // ---- before the race

    /** So many frames arrive. */
    void arrive(int frames) {
        Loop.await(() -> {
            for (int i = 0; i < frames; i++) {
                transport.arrive(FRAME.clone());
            }
        });
    }

    /** A subscriber that is judged: what it subscribes to has to end. */
    <T> RacedSubscriber<T> subscriber() {
        RacedSubscriber<T> subscriber = new RacedSubscriber<>(faults);
        subscribers.add(subscriber);
        return subscriber;
    }

    /** What it emits has to be sent or discarded. */
    RacedSource source() {
        RacedSource source = new RacedSource(faults);
        sources.add(source);
        return source;
    }

    // ---- the race

    Mono<Void> send(RacedSource source) {
        return connection.send(source).doOnDiscard(WebSocketFrame.class, frame -> discarded.incrementAndGet());
    }

    void actor(Runnable what) {
        try {
            what.run();
        } catch (Throwable t) {
            faults.add(Faults.THROWN);
        }
    }

    // ---- after the race

    /** Waits until the loop has done all that the actors have left, and what that has led to. */
    void settle() {
        for (int i = 0; i < 3; i++) {
            Loop.await(() -> {});
        }
    }

    /**
     * Ends the stream. All must have ended but what was cancelled.
     *
     * @return the faults
     */
    int judge(RacedSubscriber<?>... cancelled) {
        settle();
        Loop.await(transport::end);
        settle();
        Loop.await(() -> look(List.of(cancelled)));
        return faults.bits();
    }

    private void look(List<RacedSubscriber<?>> cancelled) {
        for (RacedSubscriber<?> subscriber : subscribers) {
            if (subscriber.ends() == 0 && !cancelled.contains(subscriber)) {
                faults.add(Faults.ENDLESS);
            }
        }
        int emitted = 0;
        for (RacedSource source : sources) {
            emitted += source.emitted();
        }
        if (emitted != transport.dataFrames + discarded.get()) {
            faults.add(Faults.FRAMES);
        }
        if (timers.get() != 0) {
            faults.add(Faults.TIMER);
        }
        if (DROPPED.getAndSet(0) != 0) {
            faults.add(Faults.THROWN);
        }
    }

    int sent() {
        return transport.dataFrames;
    }

    /** No time passes here; timers are counted. */
    private final class CountingScheduler implements Scheduler {
        @Override
        public Disposable schedule(Runnable task) {
            return schedule(task, 0, TimeUnit.NANOSECONDS);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            timers.incrementAndGet();
            return Disposables.composite(timers::decrementAndGet);
        }

        @Override
        public Worker createWorker() {
            return Schedulers.immediate().createWorker();
        }
    }
}
