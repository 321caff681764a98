package io.fluxsocket.samples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;

/** A client of ours that plays all cases on event loops. */
final class RunningClient {
    private RunningClient() {}

    /** @return to be closed when it should have done; waits for that */
    static AutoCloseable start(ConformanceClient client) {
        CountDownLatch ended = new CountDownLatch(1);
        Disposable running = client.run().doFinally(end -> ended.countDown()).subscribe();
        return () -> {
            try {
                assertThat(ended.await(60, TimeUnit.SECONDS))
                        .as("the client has ended")
                        .isTrue();
            } finally {
                running.dispose();
            }
        };
    }
}
