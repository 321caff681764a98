package io.fluxsocket.samples.conformance;

import java.time.Duration;
import java.util.List;
import reactor.netty.DisposableServer;

/** The sample's server, over sockets. */
class OurServerTest extends ConformanceRules {
    OurServerTest() {
        super("server");
    }

    @Override
    Judge.Subject start() {
        DisposableServer server =
                ConformanceServer.create().host("127.0.0.1").port(0).bindNow();
        return new ServerSubject(server.port(), () -> server.disposeNow(Duration.ofSeconds(20)));
    }

    @Override
    List<Case> cases() {
        return Runs.overSockets();
    }
}
