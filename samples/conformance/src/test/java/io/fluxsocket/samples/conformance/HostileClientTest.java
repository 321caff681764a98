package io.fluxsocket.samples.conformance;

import io.fluxsocket.core.deflate.DeflateSettings;
import io.fluxsocket.reactive.WebSocketMessage;
import io.fluxsocket.reactive.netty.WebSocketClient;
import java.util.List;

/** A client of ours with small limits, over sockets. */
class HostileClientTest extends ConformanceRules {
    private final List<Case> cases = HostileCases.of(false);

    HostileClientTest() {
        super("hostile-client");
    }

    @Override
    Judge.Subject start() {
        WebSocketClient client = WebSocketClient.create()
                .settings(settings -> settings.maxFrameSize(HostileCases.MAX_FRAME)
                        .maxMessageSize(HostileCases.MAX_MESSAGE)
                        .deflate(DeflateSettings.DEFAULT));
        return new ClientSubject(
                cases,
                url -> RunningClient.start(new ConformanceClient(
                        client,
                        connection ->
                                connection.send(connection.receiveMessages().map(WebSocketMessage::toFrame)),
                        url,
                        "our client")));
    }

    @Override
    List<Case> cases() {
        return cases;
    }
}
