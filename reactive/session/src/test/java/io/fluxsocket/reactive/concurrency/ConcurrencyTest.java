package io.fluxsocket.reactive.concurrency;

import org.junit.jupiter.api.Test;
import org.openjdk.jcstress.Main;

/** Runs all {@link SessionRaces} in JVMs of their own, in the profile {@code concurrency} only. */
class ConcurrencyTest {
    /** Main throws if a race had a forbidden result, and prints it. */
    @Test
    void noRaceBreaksTheRules() throws Exception {
        Main.main(new String[] {
            "-t",
            "SessionRaces",
            "-r",
            "jcstress",
            "-af",
            "NONE",
            "-sc",
            "false",
            "-v",
            "-f",
            "1",
            "-fsm",
            "1",
            "-iters",
            "10",
            "-time",
            System.getProperty("concurrency.millis"),
            "-jvmArgs",
            "-Xmx512m"
        });
    }
}
