package io.fluxsocket.samples.conformance;

import java.util.List;

/** The bare engine as a server, in memory. */
class EngineAsServerTest extends ConformanceRules {
    EngineAsServerTest() {
        super("engine-as-server");
    }

    @Override
    Judge.Subject start() {
        return new EngineSubject(true);
    }

    @Override
    List<Case> cases() {
        return Runs.inMemory();
    }
}
