package io.fluxsocket.reactive.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

class LoopTest {
    private final Loop loop = new Loop();
    private final List<String> log = new ArrayList<>();

    @Test
    void tasksRunOneAfterTheOtherBeforeTheCallReturns() {
        loop.execute(() -> {
            loop.execute(() -> log.add("second"));
            log.add("first");
        });

        assertThat(log).containsExactly("first", "second");
    }

    @Test
    void aCallIsAnsweredAndThenWhatFollowsIsDone() {
        assertThat(loop.<Integer>call(() -> {
                    loop.execute(() -> log.add("second"));
                    loop.run(() -> log.add("first"));
                    return 7;
                }))
                .isEqualTo(7);
        assertThat(log).containsExactly("first", "second");
    }

    @Test
    void theThreadThatRunsItIsTheLoopAndMayNotBlock() {
        assertThat(loop.isCurrent()).isFalse();
        loop.run(() -> {
            assertThat(loop.isCurrent()).isTrue();
            assertThat(Schedulers.isInNonBlockingThread()).isTrue();
        });
        assertThat(Schedulers.isInNonBlockingThread()).isFalse();
    }

    @Test
    void aTaskThatThrowsKeepsNoOtherFromRunning() {
        assertThatThrownBy(() -> loop.run(() -> {
                    loop.execute(() -> {
                        throw new IllegalStateException("first");
                    });
                    loop.execute(() -> {
                        throw new AssertionError("second");
                    });
                    loop.execute(() -> log.add("third"));
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasSuppressedException(new AssertionError("second"));
        assertThat(log).containsExactly("third");
        assertThat(loop.isCurrent()).isFalse();
        assertThat(Schedulers.isInNonBlockingThread()).isFalse();
    }

    @Test
    void aThreadThatRunsItTakesTheTasksOfOthers() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch handedOver = new CountDownLatch(1);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<?> run = other.submit(() -> loop.run(() -> {
                running.countDown();
                try {
                    handedOver.await(30, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
            running.await();
            Thread[] by = new Thread[1];
            loop.execute(() -> by[0] = Thread.currentThread());
            assertThat(by[0]).isNull();

            handedOver.countDown();
            run.get();

            assertThat(by[0]).isNotNull().isNotSameAs(Thread.currentThread());
        } finally {
            other.shutdownNow();
        }
    }
}
