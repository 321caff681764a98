package io.fluxsocket.samples.cli;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Option;

/** Whether and how to connect again. */
final class ReconnectOptions {
    @Option(
            names = {"-r", "--reconnect"},
            description = "Connects again, unless the end was a close with 1000, or the server answered with 4xx.")
    private boolean reconnect;

    @Option(
            names = "--attempts",
            paramLabel = "COUNT",
            defaultValue = "2147483647",
            description = "How often in a row; a message begins a new row. Default: without end.")
    private int attempts = Integer.MAX_VALUE;

    @Option(
            names = "--backoff",
            paramLabel = "TIME",
            defaultValue = "500ms",
            description = "How long to wait first; then twice as long each time. Default: ${DEFAULT-VALUE}.")
    private Duration backoff = Duration.ofMillis(500);

    @Option(
            names = "--max-backoff",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "How long to wait at most. Default: ${DEFAULT-VALUE}.")
    private Duration maxBackoff = Duration.ofSeconds(30);

    boolean reconnect() {
        return reconnect;
    }

    int attempts() {
        return attempts;
    }

    /**
     * The wait before an attempt, shortened by chance to down to the half, so that the clients of a server that was restarted
     * do not all come at once.
     *
     * @param failures in a row, from 0
     */
    Duration delay(long failures) {
        long longest = maxBackoff.toMillis();
        long delay = Math.min(backoff.toMillis() << Math.min(failures, 20), longest);
        return Duration.ofMillis(delay - ThreadLocalRandom.current().nextLong(delay / 2 + 1));
    }
}
