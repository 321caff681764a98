package io.fluxsocket.core;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** A client reads anything, split anyhow, while anything else goes on. */
class ClientEngineFuzzTest {
    @FuzzTest
    void whateverArrivesIsReadByTheRules(byte[] data) {
        EngineFuzz.run(true, data);
    }
}
