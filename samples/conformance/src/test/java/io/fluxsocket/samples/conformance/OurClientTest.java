package io.fluxsocket.samples.conformance;

import java.util.List;

/** The sample's client, over sockets, driven from its first request to its last. */
class OurClientTest extends ConformanceRules {
    private final List<Case> cases = Runs.overSockets();

    OurClientTest() {
        super("client");
    }

    @Override
    Judge.Subject start() {
        return new ClientSubject(cases, url -> RunningClient.start(ConformanceClient.create(url, "our client")));
    }

    @Override
    List<Case> cases() {
        return cases;
    }
}
