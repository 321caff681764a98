package io.fluxsocket.samples.benchmarks.peers.javawebsocket;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.java_websocket.WebSocket;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;

/** Sends back what it receives, with one decoder thread. Java-WebSocket has NIO alone. */
public final class JavaWebSocketEcho extends WebSocketServer {
    private JavaWebSocketEcho() {
        super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    }

    public static void main(String[] arguments) {
        JavaWebSocketEcho server = new JavaWebSocketEcho();
        server.setTcpNoDelay(true);
        server.run();
    }

    @Override
    public void onStart() {
        System.out.println("READY " + getPort());
    }

    @Override
    public void onOpen(WebSocket connection, ClientHandshake handshake) {}

    @Override
    public void onMessage(WebSocket connection, String message) {
        connection.send(message);
    }

    @Override
    public void onMessage(WebSocket connection, ByteBuffer message) {
        connection.send(message);
    }

    @Override
    public void onClose(WebSocket connection, int code, String reason, boolean remote) {}

    @Override
    public void onError(WebSocket connection, Exception failure) {
        failure.printStackTrace();
    }
}
