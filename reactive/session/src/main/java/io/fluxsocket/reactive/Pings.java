package io.fluxsocket.reactive;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The pings of this end: those of {@code ping()} and those of keep-alive.
 *
 * <p>One at a time waits in the engine; whoever wants a ping meanwhile shares the next one. A pong answers its ping and all
 * before it, for a peer need answer the most recent only (RFC 6455 §5.5.3). A pong that answers none of ours is a sign of life
 * and nothing else (RFC 6455 §5.5.3: unsolicited).
 */
final class Pings {
    private final EngineDriver driver;
    /** In the order of their numbers, those without one last. */
    private @Nullable ArrayDeque<Ping> pings;

    private boolean inEngine;
    /** A ping is wanted that was not in the engine yet. */
    private boolean wanted;
    /** The number of the last ping, which is its payload. */
    private long last;
    /** Where the last ping that was put into the output ends in the stream. */
    private long end;
    /** When the last ping was put into the output; told of only where somebody observes. */
    private long sentAt;
    /** The number of the last ping whose pong an observer was told of. */
    private long told;

    Pings(EngineDriver driver) {
        this.driver = driver;
    }

    void add(Ping ping) {
        if (!driver.closing().isOpen() || driver.isStreamEnded()) {
            ping.fail(driver.closing().exception());
            return;
        }
        ArrayDeque<Ping> p = pings;
        if (p == null) {
            pings = p = new ArrayDeque<>(2);
        }
        p.add(ping);
        send();
    }

    void remove(Ping ping) {
        if (pings != null) {
            pings.remove(ping);
        }
    }

    /** Sends a ping, now or when the one in the engine has left. */
    void send() {
        if (inEngine) {
            wanted = true;
            return;
        }
        wanted = false;
        inEngine = true;
        last++;
        ArrayDeque<Ping> p = pings;
        if (p != null) {
            for (Ping ping : p) {
                if (ping.number == 0) {
                    ping.number = last;
                }
            }
        }
        driver.ping(ByteBuffer.allocate(Long.BYTES).putLong(last).array());
    }

    /** The ping was put into the output: the round trip begins. */
    void sent() {
        end = driver.writtenBytes();
        ArrayDeque<Ping> p = pings;
        if (p == null && driver.observer() == null) {
            return;
        }
        long now = driver.now();
        sentAt = now;
        if (p == null) {
            return;
        }
        for (Ping ping : p) {
            if (ping.number == last) {
                ping.sent(now);
            }
        }
    }

    /** Whether the last ping has left this end: before, its pong cannot come. */
    boolean hasLeft() {
        return !inEngine && driver.takenBytes() >= end;
    }

    /** The engine takes another ping. */
    void taken() {
        inEngine = false;
        if (wanted && driver.closing().isOpen() && !driver.isStreamEnded()) {
            send();
        }
    }

    /**
     * A pong has come.
     *
     * @return whether it answers a ping of this end's own: one of {@code ping()} or of keep-alive
     */
    boolean pong(byte[] payload) {
        if (payload.length != Long.BYTES) {
            return false;
        }
        long number = ByteBuffer.wrap(payload).getLong();
        if (number < 1 || number > last) {
            return false;
        }
        observe(number);
        ArrayDeque<Ping> p = pings;
        if (p != null) {
            for (Ping ping = p.peek(); ping != null && ping.isSent() && ping.number <= number; ping = p.peek()) {
                p.remove();
                ping.answered(driver.now());
            }
        }
        return true;
    }

    /** A pong of the last ping, which has left the engine, ends a round trip. */
    private void observe(long number) {
        SessionObserver observer = driver.observer();
        if (observer != null && number == last && !inEngine && number != told) {
            told = number;
            observer.ponged(Duration.ofNanos(driver.now() - sentAt));
        }
    }

    /** There will be no pongs any more. */
    void close() {
        ArrayDeque<Ping> p = pings;
        pings = null;
        if (p != null) {
            p.forEach(ping -> ping.fail(driver.closing().exception()));
        }
    }
}
