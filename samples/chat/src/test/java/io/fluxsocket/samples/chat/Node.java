package io.fluxsocket.samples.chat;

import io.fluxsocket.samples.peers.PeerProcess;
import io.fluxsocket.samples.peers.Peers;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** One node of the chat, a process of its own. */
final class Node implements AutoCloseable {
    private final PeerProcess process;
    private final int port;

    private Node(PeerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    static Node start(int port, String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.add("--server.address=127.0.0.1");
        arguments.add("--server.port=" + port);
        PeerProcess process = Peers.java(ChatApplication.class, arguments.toArray(String[]::new));
        try {
            process.nextMatch("Started ChatApplication");
        } catch (Throwable failed) {
            process.close();
            throw failed;
        }
        return new Node(process, port);
    }

    static String origin(int port) {
        return "http://127.0.0.1:" + port;
    }

    URI page(String room, String name) {
        return uri("/?room=" + room + "&name=" + name);
    }

    URI uri(String path) {
        return URI.create(origin(port) + path);
    }

    void kill() throws InterruptedException {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }
}
