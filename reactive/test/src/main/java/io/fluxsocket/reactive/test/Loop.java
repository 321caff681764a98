package io.fluxsocket.reactive.test;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

/**
 * An event loop without a thread of its own: who brings a task runs it, and all that follow from it, unless another thread is
 * at it already, which then runs it. So a test on one thread is deterministic, and finds everything done when a call returns.
 *
 * <p>While a thread runs the loop it counts as non-blocking: {@code block()} in a handler fails as it does in production.
 */
final class Loop {
    private static final ThreadLocal<Integer> DEPTH = ThreadLocal.withInitial(() -> 0);

    static {
        Schedulers.registerNonBlockingThreadPredicate(
                thread -> thread.equals(Thread.currentThread()) && DEPTH.get() > 0);
    }

    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final ReentrantLock lock = new ReentrantLock();

    boolean isCurrent() {
        return lock.isHeldByCurrentThread();
    }

    /** Runs a task after those that wait: before this returns, unless the loop is running. From any thread. */
    void execute(Runnable task) {
        tasks.add(task);
        if (!isCurrent()) {
            drain();
        }
    }

    /** Runs a task now, and then what follows from it. Waits for another thread that is running the loop. */
    void run(Runnable task) {
        call(() -> {
            task.run();
            return true;
        });
    }

    /** Runs a task now, and then what follows from it, and gives its answer. */
    <T> T call(Supplier<T> task) {
        if (isCurrent()) {
            return task.get();
        }
        T answer;
        lock.lock();
        try {
            enter();
            answer = task.get();
        } finally {
            try {
                runTasks();
            } finally {
                leave();
            }
        }
        drain(); // what other threads brought between the last task and the unlocking
        return answer;
    }

    private void drain() {
        while (!tasks.isEmpty() && lock.tryLock()) {
            enter();
            try {
                runTasks();
            } finally {
                leave();
            }
        }
    }

    private static void enter() {
        DEPTH.set(DEPTH.get() + 1);
    }

    private void leave() {
        DEPTH.set(DEPTH.get() - 1);
        lock.unlock();
    }

    /** A task that throws does not keep the others from running. */
    private void runTasks() {
        Throwable failure = null;
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                failure = merge(failure, e);
            }
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }

    private static Throwable merge(@Nullable Throwable first, Throwable next) {
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }
}
