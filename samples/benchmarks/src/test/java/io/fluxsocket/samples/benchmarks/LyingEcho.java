package io.fluxsocket.samples.benchmarks;

import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.netty.WebSocketServer;
import java.nio.charset.StandardCharsets;
import reactor.netty.DisposableServer;

/** Sends back what it receives, with one byte changed; with the third argument {@code type}, as binary instead. */
final class LyingEcho {
    private LyingEcho() {}

    public static void main(String[] arguments) {
        boolean binary = arguments[2].equals("type");
        DisposableServer server = WebSocketServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle(connection -> connection.send(connection
                        .receive()
                        .map(frame ->
                                binary ? WebSocketFrame.binary(frame.toByteArray(), frame.isFinal()) : changed(frame))))
                .bindNow();
        System.out.println("READY " + server.port());
        server.onDispose().block();
    }

    private static WebSocketFrame changed(WebSocketFrame frame) {
        byte[] payload = frame.toByteArray();
        payload[payload.length / 2] ^= 1;
        return frame.type() == WebSocketFrame.Type.TEXT
                ? WebSocketFrame.text(new String(payload, StandardCharsets.US_ASCII), frame.isFinal())
                : WebSocketFrame.binary(payload, frame.isFinal());
    }
}
