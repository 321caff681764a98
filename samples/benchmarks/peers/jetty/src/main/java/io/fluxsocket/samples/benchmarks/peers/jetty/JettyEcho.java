package io.fluxsocket.samples.benchmarks.peers.jetty;

import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** Sends back what it receives, with one selector. Jetty has NIO alone. */
public final class JettyEcho extends Session.Listener.AbstractAutoDemanding {
    private static final int LARGE = 64 << 20;

    private JettyEcho() {}

    public static void main(String[] arguments) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(WebSocketUpgradeHandler.from(server, container -> {
            container.setMaxFrameSize(LARGE);
            container.setMaxTextMessageSize(LARGE);
            container.setMaxBinaryMessageSize(LARGE);
            container.addMapping("/", (request, response, callback) -> new JettyEcho());
        }));
        server.start();
        System.out.println("READY " + connector.getLocalPort());
        server.join();
    }

    @Override
    public void onWebSocketText(String message) {
        getSession().sendText(message, Callback.NOOP);
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        getSession().sendBinary(payload, callback);
    }
}
