package io.fluxsocket.reactive.concurrency;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The event loop of all races, a thread that never rests, so that it comes between the actors as often as it can. */
final class Loop {
    private static final ConcurrentLinkedQueue<Runnable> TASKS = new ConcurrentLinkedQueue<>();
    private static final Thread THREAD = new Thread(Loop::work, "loop");

    static {
        THREAD.setDaemon(true);
        THREAD.start();
    }

    private Loop() {}

    private static void work() {
        while (true) {
            Runnable task = TASKS.poll();
            if (task != null) {
                task.run();
            } else {
                Thread.yield();
            }
        }
    }

    static void execute(Runnable task) {
        TASKS.add(task);
    }

    static boolean isCurrent() {
        return Thread.currentThread() == THREAD;
    }

    /** Runs a task behind all others, and waits for it. */
    static void await(Runnable task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        execute(() -> {
            try {
                task.run();
                done.complete(null);
            } catch (Throwable t) {
                done.completeExceptionally(t);
            }
        });
        done.join();
    }
}
