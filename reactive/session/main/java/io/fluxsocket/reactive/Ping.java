package io.fluxsocket.reactive;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** One {@code ping()} that waits for its pong. */
final class Ping implements Runnable {
    private final EngineDriver driver;
    private final MonoSink<Duration> sink;

    // all of this is the loop's
    /** The number of the ping that was sent for this; 0 while none was. */
    long number;

    private boolean sent;
    private long sentAt;
    private int pauses;
    private @Nullable Disposable timer;
    private boolean done;

    private Ping(EngineDriver driver, MonoSink<Duration> sink) {
        this.driver = driver;
        this.sink = sink;
    }

    /** {@link WebSocketConnection#ping()}: a new ping for each subscription. */
    static Mono<Duration> mono(EngineDriver driver) {
        return Mono.create(sink -> {
            Outbound outbound = driver.outbound();
            if (!outbound.reserve()) {
                sink.error(Exceptions.failWithOverflow(
                        outbound.capacity() + " sends and pings are pending; wait for their completion"));
                return;
            }
            Ping ping = new Ping(driver, sink);
            sink.onDispose(() -> {
                if (driver.inEventLoop()) {
                    ping.dispose();
                } else {
                    driver.loop().later(ping::dispose);
                }
            });
            driver.loop().run(ping::start);
        });
    }

    private void start() {
        if (!done) {
            driver.pings().add(this);
        }
    }

    boolean isSent() {
        return sent;
    }

    void sent(long now) {
        sent = true;
        sentAt = now;
        startTimer();
    }

    private void startTimer() {
        pauses = driver.pauses();
        timer = driver.schedule(this, driver.settings().pongTimeout().toNanos());
    }

    /** The timer has gone off. */
    @Override
    public void run() {
        driver.loop().run(this::timeout);
    }

    /** The time is over; it did not count if the session was not reading all the time. */
    private void timeout() {
        if (done) {
            return;
        }
        if (driver.isReceiving() && pauses == driver.pauses()) {
            fail(new WebSocketTimeoutException(
                    "no pong arrived", driver.settings().pongTimeout()));
        } else {
            startTimer();
        }
    }

    void answered(long now) {
        sink.success(Duration.ofNanos(now - sentAt));
    }

    void fail(Throwable t) {
        sink.error(t);
    }

    /** Answered, failed or cancelled. */
    private void dispose() {
        if (!done) {
            done = true;
            driver.pings().remove(this);
            driver.outbound().release();
            Disposable t = timer;
            if (t != null) {
                t.dispose();
            }
        }
    }
}
