package io.fluxsocket.reactive;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;

/**
 * When the driver works: on the event loop, one drain at a time, never re-entered.
 *
 * <p>What happens while a drain runs only notes that there may be more to do. Other threads leave tasks, which schedule at most
 * one drain. When the event loop has ended and takes no tasks any more, there is no thread left but those that ask for
 * something: they take its place, one after the other, and learn that the connection is lost.
 */
final class DrainLoop implements Runnable {
    private static final AtomicIntegerFieldUpdater<DrainLoop> SCHEDULED =
            AtomicIntegerFieldUpdater.newUpdater(DrainLoop.class, "scheduled");
    private static final AtomicIntegerFieldUpdater<DrainLoop> ORPHANED =
            AtomicIntegerFieldUpdater.newUpdater(DrainLoop.class, "orphaned");
    private static final AtomicReferenceFieldUpdater<DrainLoop, @Nullable Later> TASKS =
            AtomicReferenceFieldUpdater.newUpdater(DrainLoop.class, Later.class, "tasks");

    /** A task and those that came before it: a stack, so that an idle connection has no queue. */
    private record Later(Runnable task, @Nullable Later next) {}

    private final EngineDriver driver;
    private final ByteTransport transport;

    private boolean draining;
    /** Something happened that the drain, which is running, may have passed already. */
    private boolean missed;

    private volatile int scheduled;
    /** How often the event loop has refused a task, and nobody has looked after it. */
    private volatile int orphaned;

    private volatile @Nullable Later tasks;

    DrainLoop(EngineDriver driver, ByteTransport transport) {
        this.driver = driver;
        this.transport = transport;
    }

    // ---- on the event loop

    /** The transport has news, so it is a new turn of the event loop: there is a whole budget to spend. */
    void turn() {
        if (draining) {
            missed = true;
        } else {
            driver.renewBudget();
            drainAll();
        }
    }

    /**
     * Has everything done that there is to do now: here, or by the drain that is running. Spends what is left of the turn's
     * budget: whoever calls may be a source that emits in a loop of its own, for as long as it is asked.
     */
    void drain() {
        if (draining) {
            missed = true;
        } else {
            drainAll();
        }
    }

    /**
     * Called from two places, as the JIT counts calls by place. From {@link #drain} it is called seldom: a drain that runs calls
     * back into it for each frame. Counted together, the JIT of JDK 17 takes both for hot, inlines the drain into itself and has
     * no room left for what the drain calls; with 20-byte messages that cost 5 % of an echo.
     */
    private void drainAll() {
        draining = true;
        try {
            for (boolean again = true; again; ) {
                again = drainOnce();
            }
        } finally {
            draining = false;
        }
        driver.endDrain();
    }

    /** Returns whether there is more to do at once. */
    private boolean drainOnce() {
        try {
            missed = false;
            runTasks();
            boolean spent = driver.work();
            if (missed && !spent) {
                return true;
            }
            driver.flush();
            if (spent && schedule()) {
                return false;
            }
            if (spent) {
                driver.renewBudget(); // The loop has ended: there are no other connections to yield to.
            }
            return spent || missed;
        } catch (Throwable t) {
            Exceptions.throwIfJvmFatal(t);
            driver.crash(t);
            return true;
        }
    }

    /** There is more to do than what the drain has seen. */
    void again() {
        missed = true;
    }

    /**
     * Begins a change of state that may call subscribers: until {@link #leave} no drain begins, so that nothing is found half
     * changed.
     *
     * @return whether this is the outermost, to be given to leave
     */
    boolean enter() {
        boolean outermost = !draining;
        draining = true;
        return outermost;
    }

    void leave(boolean outermost) {
        if (outermost) {
            draining = false;
            drain();
        } else {
            missed = true;
        }
    }

    /** What other threads have left, in the order in which it came. */
    private void runTasks() {
        if (tasks == null) {
            return;
        }
        Later first = null;
        for (Later task = TASKS.getAndSet(this, null); task != null; task = task.next) {
            first = new Later(task.task, first);
        }
        for (; first != null; first = first.next) {
            try {
                first.task.run();
            } catch (Throwable t) {
                Exceptions.throwIfJvmFatal(t);
                driver.crash(t);
            }
        }
    }

    // ---- on any thread

    /** Has a task run on the event loop, followed by a drain: at once if this is it. */
    void run(Runnable task) {
        if (transport.inEventLoop()) {
            boolean outermost = enter();
            try {
                task.run();
            } finally {
                leave(outermost);
            }
        } else {
            later(task);
        }
    }

    /** Has a task run on the event loop, followed by a drain: later. */
    void later(Runnable task) {
        Later top;
        Later added;
        do {
            top = tasks;
            added = new Later(task, top);
        } while (!TASKS.compareAndSet(this, top, added));
        schedule();
    }

    /** Returns whether a drain will come; if the event loop takes no tasks any more, it is here already. */
    private boolean schedule() {
        if (scheduled != 0 || !SCHEDULED.compareAndSet(this, 0, 1)) {
            return true;
        }
        try {
            transport.execute(this);
            return true;
        } catch (RejectedExecutionException e) {
            orphan(e);
            return false;
        }
    }

    /** The scheduled drain. */
    @Override
    public void run() {
        scheduled = 0;
        turn();
    }

    private void orphan(RejectedExecutionException e) {
        if (ORPHANED.getAndIncrement(this) != 0) {
            return;
        }
        int seen;
        do {
            seen = orphaned;
            scheduled = 0;
            driver.onClosed(e);
        } while (!ORPHANED.compareAndSet(this, seen, 0));
    }
}
