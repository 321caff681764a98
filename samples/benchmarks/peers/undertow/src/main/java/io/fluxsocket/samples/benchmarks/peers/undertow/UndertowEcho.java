package io.fluxsocket.samples.benchmarks.peers.undertow;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.xnio.Pooled;

/** Sends back what it receives, with one I/O thread. Undertow has NIO alone. */
public final class UndertowEcho extends AbstractReceiveListener {
    private UndertowEcho() {}

    public static void main(String[] arguments) {
        Undertow server = Undertow.builder()
                .setIoThreads(1)
                .addHttpListener(0, "127.0.0.1")
                .setHandler(Handlers.websocket((exchange, channel) -> {
                    channel.getReceiveSetter().set(new UndertowEcho());
                    channel.resumeReceives();
                }))
                .build();
        server.start();
        InetSocketAddress address =
                (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
        System.out.println("READY " + address.getPort());
    }

    @Override
    protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
        WebSockets.sendText(message.getData(), channel, null);
    }

    @Override
    @SuppressWarnings("deprecation") // what getData() gives
    protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
        Pooled<ByteBuffer[]> payload = message.getData();
        WebSockets.sendBinary(payload.getResource(), channel, new WebSocketCallback<Void>() {
            @Override
            public void complete(WebSocketChannel connection, Void nothing) {
                payload.free();
            }

            @Override
            public void onError(WebSocketChannel connection, Void nothing, Throwable failure) {
                payload.free();
            }
        });
    }
}
