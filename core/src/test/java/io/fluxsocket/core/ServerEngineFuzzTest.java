package io.fluxsocket.core;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** A server reads anything, split anyhow, while anything else goes on. */
class ServerEngineFuzzTest {
    @FuzzTest
    void whateverArrivesIsReadByTheRules(byte[] data) {
        EngineFuzz.run(false, data);
    }
}
