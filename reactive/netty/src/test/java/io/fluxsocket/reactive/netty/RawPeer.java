package io.fluxsocket.reactive.netty;

import io.fluxsocket.reactive.test.WireFrame;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A peer that speaks in bytes: what stands in a test is what goes over the wire. */
final class RawPeer implements AutoCloseable {
    static final int CONTINUATION = 0x0;
    static final int TEXT = 0x1;
    static final int BINARY = 0x2;
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xA;

    /** The key of RFC 6455 section 1.3, and its answer. */
    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    final Socket socket;

    RawPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
    }

    static RawPeer connect(int port) throws IOException {
        return new RawPeer(new Socket("localhost", port));
    }

    /** Connects and opens a WebSocket. */
    static RawPeer open(int port, String path) throws IOException {
        RawPeer peer = connect(port);
        peer.send(request(path));
        String head = peer.readHead();
        if (!head.startsWith("HTTP/1.1 101 ")) {
            throw new AssertionError(head);
        }
        return peer;
    }

    /** An ordinary request. */
    static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    /** An opening request, with more header lines. */
    static String request(String path, String... moreLines) {
        StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\n"
                + "Host: localhost\r\n"
                + "Upgrade: websocket\r\n"
                + "Connection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: " + KEY + "\r\n");
        for (String line : moreLines) {
            request.append(line).append("\r\n");
        }
        return request.append("\r\n").toString();
    }

    /** A frame, masked, as characters below 256. */
    static String masked(WireFrame frame) {
        return new String(frame.masked(0x37FA213D).toBytes(), StandardCharsets.ISO_8859_1);
    }

    static String masked(int opcode, byte[] payload) {
        return masked(WireFrame.of(opcode, payload));
    }

    static String masked(int opcode, String text) {
        return masked(opcode, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A masked frame that is not the last of its message. */
    static String fragment(int opcode, String text) {
        return masked(
                WireFrame.of(opcode, text.getBytes(StandardCharsets.UTF_8)).notFinal());
    }

    static String maskedClose(int code) {
        return masked(WireFrame.close(code, ""));
    }

    /** Sends characters below 256 as the bytes that they number. */
    void send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads up to the empty line behind the headers. */
    String readHead() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) readByte());
        }
        return head.toString();
    }

    /** Reads a response with a Content-Length: its head and its body. */
    String readResponse() throws IOException {
        String head = readHead();
        for (String line : head.toLowerCase(Locale.ROOT).split("\r\n")) {
            if (line.startsWith("content-length:")) {
                int length = Integer.parseInt(
                        line.substring("content-length:".length()).trim());
                return head + new String(readBytes(length), StandardCharsets.UTF_8);
            }
        }
        return head;
    }

    /** Reads a frame of a server. */
    WireFrame readFrame() throws IOException {
        return readFrame(false);
    }

    /** Reads a frame of a client. */
    WireFrame readMaskedFrame() throws IOException {
        return readFrame(true);
    }

    private WireFrame readFrame(boolean masked) throws IOException {
        WireFrame frame = WireFrame.read(socket.getInputStream());
        if (frame.isMasked() != masked) {
            throw new AssertionError("of the wrong role: " + frame);
        }
        return frame;
    }

    /** Sends this again and again, until the other end closes; returns how often. */
    int sendsUntilClosed(String bytes, Duration pause) throws IOException {
        socket.setSoTimeout((int) pause.toMillis());
        for (int count = 0; ; count++) {
            try {
                send(bytes);
                if (isAtEnd()) {
                    return count;
                }
            } catch (SocketTimeoutException notYet) {
                // The pause.
            } catch (SocketException closed) {
                return count;
            }
        }
    }

    /** Sends this until the network takes no more of it for a while; returns how many bytes it took. */
    long sendUntilStalled(String bytes) throws InterruptedException {
        byte[] block = bytes.getBytes(StandardCharsets.ISO_8859_1);
        AtomicLong taken = new AtomicLong();
        Thread sender = new Thread(() -> {
            try {
                for (; ; ) {
                    socket.getOutputStream().write(block);
                    taken.addAndGet(block.length);
                }
            } catch (IOException closed) {
                // The end of the test.
            }
        });
        sender.setDaemon(true);
        sender.start();
        return untilNothingChanges(taken::get);
    }

    /** Waits until this number stays the same for a while; returns it. */
    static long untilNothingChanges(LongSupplier number) throws InterruptedException {
        long before;
        do {
            before = number.getAsLong();
            TimeUnit.MILLISECONDS.sleep(200);
        } while (number.getAsLong() > before);
        return before;
    }

    /** Drops the connection with a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Reads to the end of the stream, which may be a reset; returns how many bytes. */
    long readToEnd() throws IOException {
        long count = 0;
        byte[] block = new byte[1 << 16];
        try {
            for (int n; (n = socket.getInputStream().read(block)) >= 0; ) {
                count += n;
            }
        } catch (SocketException reset) {
            // An end as good as any.
        }
        return count;
    }

    boolean isAtEnd() throws IOException {
        return socket.getInputStream().read() < 0;
    }

    private int readByte() throws IOException {
        int value = socket.getInputStream().read();
        if (value < 0) {
            throw new AssertionError("the other end has closed");
        }
        return value;
    }

    private byte[] readBytes(int count) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new AssertionError("the other end has closed");
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
