package io.fluxsocket.samples.conformance;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The sample's client, over sockets, driven from its first request to its last. */
class OurClientTest extends ConformanceRules {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<Case> cases = Runs.overSockets();

    OurClientTest() {
        super("client");
    }

    @Override
    Judge.Subject start() {
        return new ClientSubject(cases, url -> {
            CountDownLatch ended = new CountDownLatch(1);
            var running = new ConformanceClient(url, "our client", ConformanceClient.offerForEveryCase())
                    .run()
                    .doFinally(end -> ended.countDown())
                    .subscribe();
            return () -> {
                try {
                    if (!ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                        throw new AssertionError("the client has not ended");
                    }
                } finally {
                    running.dispose();
                }
            };
        });
    }

    @Override
    List<Case> cases() {
        return cases;
    }
}
