package io.fluxsocket.reactive.netty;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server that speaks in bytes. */
final class RawServer implements AutoCloseable {
    private static final Pattern KEY = Pattern.compile("(?i)\r\nsec-websocket-key: (\\S+)\r\n");

    /** What to do with each connection. */
    interface Script {
        void play(RawPeer peer) throws IOException;
    }

    private final ServerSocket socket;
    private final BlockingQueue<RawPeer> peers = new LinkedBlockingQueue<>();
    private final AtomicInteger accepted = new AtomicInteger();

    RawServer() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getByName("localhost"));
        socket.setSoTimeout(10_000);
    }

    int port() {
        return socket.getLocalPort();
    }

    String uri(String path) {
        return "ws://localhost:" + port() + path;
    }

    int accepted() {
        return accepted.get();
    }

    /** Waits for a connection. */
    RawPeer accept() throws IOException {
        Socket connection = socket.accept();
        accepted.incrementAndGet();
        return new RawPeer(connection);
    }

    /** Plays the script with every connection from now on, on a thread of its own. */
    void handle(Script script) {
        Thread thread = new Thread(() -> {
            try {
                for (; ; ) {
                    RawPeer peer = accept();
                    script.play(peer);
                    peers.add(peer);
                }
            } catch (IOException closed) {
                // The end of the test.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** Answers every request so, and then does this with the connection. */
    void answerWith(String response, Script then) {
        handle(peer -> {
            peer.readHead();
            peer.send(response);
            then.play(peer);
        });
    }

    void answerWith(String response) {
        answerWith(response, peer -> {});
    }

    /** Accepts every request, with this behind the 101 in the same packet, and then does this with the connection. */
    void answerWith101And(String frames, Script then) {
        handle(peer -> {
            peer.send(upgrade(keyOf(peer.readHead())) + frames);
            then.play(peer);
        });
    }

    void answerWith101And(String frames) {
        answerWith101And(frames, peer -> {});
    }

    /** Waits for a connection with which the script is through. */
    RawPeer lastPeer() throws InterruptedException {
        RawPeer peer = peers.poll(10, TimeUnit.SECONDS);
        if (peer == null) {
            throw new AssertionError("nobody has connected");
        }
        return peer;
    }

    static String keyOf(String requestHead) {
        Matcher key = KEY.matcher(requestHead);
        if (!key.find()) {
            throw new AssertionError(requestHead);
        }
        return key.group(1);
    }

    static String upgrade(String key) {
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + accept(key) + "\r\n\r\n";
    }

    private static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
