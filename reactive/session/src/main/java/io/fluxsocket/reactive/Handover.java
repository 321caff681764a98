package io.fluxsocket.reactive;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The way from other threads to the event loop: tasks, and at most one scheduled drain.
 *
 * <p>When the loop has ended and takes no tasks any more, there is no thread left but those that ask for something. They then
 * take the loop's place, one after the other, and learn that the connection is lost.
 */
final class Handover implements Runnable {
    private static final AtomicIntegerFieldUpdater<Handover> SCHEDULED =
            AtomicIntegerFieldUpdater.newUpdater(Handover.class, "scheduled");
    private static final AtomicIntegerFieldUpdater<Handover> ORPHANED =
            AtomicIntegerFieldUpdater.newUpdater(Handover.class, "orphaned");
    private static final AtomicReferenceFieldUpdater<Handover, @Nullable Later> TASKS =
            AtomicReferenceFieldUpdater.newUpdater(Handover.class, Later.class, "tasks");

    /** A task and those that came before it: a stack, so that an idle connection has no queue. */
    private record Later(Runnable task, @Nullable Later next) {}

    private final EngineDriver driver;
    private final ByteTransport transport;

    private volatile int scheduled;
    /** How often the loop has refused a task that was not yet looked after. */
    private volatile int orphaned;

    private volatile @Nullable Later tasks;

    Handover(EngineDriver driver, ByteTransport transport) {
        this.driver = driver;
        this.transport = transport;
    }

    /** Has a task run on the loop, before a drain. From any thread. */
    void later(Runnable task) {
        Later top;
        Later added;
        do {
            top = tasks;
            added = new Later(task, top);
        } while (!TASKS.compareAndSet(this, top, added));
        schedule();
    }

    /** Has a drain run on the loop, later. From any thread. */
    void schedule() {
        if (scheduled != 0 || !SCHEDULED.compareAndSet(this, 0, 1)) {
            return;
        }
        try {
            transport.execute(this);
        } catch (RejectedExecutionException e) {
            orphan(e);
        }
    }

    /** The scheduled drain. */
    @Override
    public void run() {
        scheduled = 0;
        driver.drain();
    }

    /** Runs the tasks that have come, in the order in which they came. On the loop. */
    void runTasks() {
        if (tasks == null) {
            return;
        }
        Later first = null;
        for (Later task = TASKS.getAndSet(this, null); task != null; task = task.next) {
            first = new Later(task.task, first);
        }
        for (; first != null; first = first.next) {
            first.task.run();
        }
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
