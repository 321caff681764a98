package io.fluxsocket.samples.conformance;

import io.fluxsocket.core.deflate.DeflateSettings;
import io.fluxsocket.reactive.WebSocketMessage;
import io.fluxsocket.reactive.netty.WebSocketServer;
import java.time.Duration;
import java.util.List;
import reactor.netty.DisposableServer;

/** A server of ours with small limits, over sockets. */
class HostileServerTest extends ConformanceRules {
    HostileServerTest() {
        super("hostile-server");
    }

    @Override
    Judge.Subject start() {
        DisposableServer server = WebSocketServer.create()
                .host("127.0.0.1")
                .port(0)
                .settings(settings -> settings.maxFrameSize(HostileCases.MAX_FRAME)
                        .maxMessageSize(HostileCases.MAX_MESSAGE)
                        .deflate(DeflateSettings.DEFAULT))
                .handle(connection ->
                        connection.send(connection.receiveMessages().map(WebSocketMessage::toFrame)))
                .bindNow();
        return new ServerSubject(server.port(), () -> server.disposeNow(Duration.ofSeconds(20)));
    }

    @Override
    List<Case> cases() {
        return HostileCases.of(true);
    }
}
