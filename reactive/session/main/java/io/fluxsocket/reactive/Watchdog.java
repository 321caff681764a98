package io.fluxsocket.reactive;

import io.fluxsocket.core.CloseStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * Watches an open connection: keep-alive, the idle timeout, the stalled-consumer timeout.
 *
 * <p>One timer serves all three. Nothing is done for a single frame: traffic sets a flag, and the timer, when it goes off,
 * looks whether the time is really over and is set again if not. The clock is read once a drain, and only for a timeout that
 * is switched on.
 */
final class Watchdog implements Runnable {
    private static final long NEVER = Long.MAX_VALUE;

    private final EngineDriver driver;
    private final SessionSettings settings;
    private final boolean watchesIdle;
    private final boolean watchesStall;

    private @Nullable Disposable timer;
    /** When the timer goes off, in nanoseconds since the start; NEVER without one. */
    private long timerDue = NEVER;

    private boolean running;
    private long origin;

    /** Bytes have arrived since this was last reset. */
    private boolean received;
    /** Data has passed since the last drain ended. */
    private boolean data;

    // all of these in nanoseconds since the start
    private long keepAliveDue = NEVER;
    private boolean awaitsPong;
    private int pauses;
    private long takenBytes;
    private int misses;
    private long idleSince;
    private int idlePauses;
    private long idleDue = NEVER;
    private boolean stalled;
    private long stallDue = NEVER;

    Watchdog(EngineDriver driver, SessionSettings settings) {
        this.driver = driver;
        this.settings = settings;
        watchesIdle = !settings.idleTimeout().isZero();
        watchesStall = !settings.stalledConsumerTimeout().isZero();
    }

    // ---- what happens, on the loop

    void start() {
        Duration interval = settings.keepAliveInterval();
        if (!interval.isZero() || watchesIdle || watchesStall) {
            running = true;
            origin = driver.now();
            keepAliveDue = interval.isZero() ? NEVER : interval.toNanos();
            idleDue = watchesIdle ? settings.idleTimeout().toNanos() : NEVER;
            setTimer();
        }
    }

    void stop() {
        running = false;
        Disposable t = timer;
        timer = null;
        timerDue = NEVER;
        if (t != null) {
            t.dispose();
        }
    }

    void received() {
        received = true;
    }

    void data() {
        data = true;
    }

    /** A drain has ended. */
    void drained() {
        if (!running) {
            return;
        }
        if (watchesIdle && data) {
            idleSince = elapsed();
        }
        data = false;
        if (watchesStall && stalled != driver.inbound().isStalled()) {
            stalled = !stalled;
            stallDue = stalled ? elapsed() + settings.stalledConsumerTimeout().toNanos() : NEVER;
            setTimer();
        }
    }

    private long elapsed() {
        return driver.now() - origin;
    }

    // ---- the timer

    private void setTimer() {
        long due = Math.min(keepAliveDue, Math.min(idleDue, stallDue));
        if (running && due < timerDue) {
            Disposable earlier = timer;
            if (earlier != null) {
                earlier.dispose();
            }
            timerDue = due;
            timer = driver.schedule(this, Math.max(0, due - elapsed()));
        }
    }

    /** The timer has gone off. */
    @Override
    public void run() {
        driver.loop().run(this::check);
    }

    private void check() {
        long now = elapsed();
        if (!running || now < timerDue) {
            return;
        }
        timer = null;
        timerDue = NEVER;
        checkKeepAlive(now);
        checkIdle(now);
        checkStall(now);
        setTimer();
    }

    private void checkKeepAlive(long now) {
        if (now < keepAliveDue) {
            return;
        }
        if (received) {
            awaitsPong = false;
            misses = 0;
            received = false;
            keepAliveDue = now + settings.keepAliveInterval().toNanos();
        } else if (!awaitsPong) {
            ping(now);
        } else if (hasPaused() || isOnItsWay()) {
            keepAliveDue = now + settings.pongTimeout().toNanos();
        } else if (misses++ < settings.allowedMisses()) {
            ping(now);
        } else {
            fail(CloseStatus.INTERNAL_ERROR, "no pong", "no pong arrived", settings.pongTimeout());
        }
    }

    private void ping(long now) {
        awaitsPong = true;
        pauses = driver.pauses();
        takenBytes = driver.takenBytes();
        keepAliveDue = now + settings.pongTimeout().toNanos();
        driver.pings().send();
    }

    private void checkIdle(long now) {
        if (now < idleDue || !running) {
            return;
        }
        long timeout = settings.idleTimeout().toNanos();
        if (!driver.isReceiving() || idlePauses != driver.pauses()) {
            idlePauses = driver.pauses();
            idleDue = now + timeout;
        } else if (now - idleSince < timeout) {
            idleDue = idleSince + timeout;
        } else {
            fail(CloseStatus.GOING_AWAY, "idle", "no data was sent or received", settings.idleTimeout());
        }
    }

    private void checkStall(long now) {
        if (now >= stallDue && running) {
            // Nobody asks for what waits: the end must not wait behind it.
            driver.inbound().discard();
            fail(
                    CloseStatus.INTERNAL_ERROR,
                    "slow consumer",
                    "what was received was not asked for",
                    settings.stalledConsumerTimeout());
        }
    }

    /** Whether the session has not been reading all the time since it last looked. */
    private boolean hasPaused() {
        boolean paused = !driver.isReceiving() || pauses != driver.pauses();
        pauses = driver.pauses();
        return paused;
    }

    /** Whether the ping waits behind other output that is moving: a slow peer is not a dead one. */
    private boolean isOnItsWay() {
        long before = takenBytes;
        takenBytes = driver.takenBytes();
        return takenBytes != before && !driver.pings().hasLeft();
    }

    private void fail(CloseStatus status, String reason, String what, Duration timeout) {
        driver.closing().fail(status.withReason(reason), new WebSocketTimeoutException(what, timeout));
    }
}
