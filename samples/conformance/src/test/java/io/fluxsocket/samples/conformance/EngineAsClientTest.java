package io.fluxsocket.samples.conformance;

import java.util.List;

/** The bare engine as a client, in memory. */
class EngineAsClientTest extends ConformanceRules {
    EngineAsClientTest() {
        super("engine-as-client");
    }

    @Override
    Judge.Subject start() {
        return new EngineSubject(false);
    }

    @Override
    List<Case> cases() {
        return Runs.inMemory();
    }
}
