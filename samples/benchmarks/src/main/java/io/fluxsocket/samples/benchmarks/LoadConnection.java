package io.fluxsocket.samples.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** One connection of the load generator: a parser of unmasked frames, and the messages that it owes the server. */
final class LoadConnection {
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    private final LoadGenerator load;
    private final SocketChannel channel;
    private final SelectionKey key;
    /** When each message that is under way was written, a ring. */
    private final long[] sentAt;

    private final Inflater inflater;
    private final byte[] inflated;
    /** Messages to write. */
    int owed;

    private long sent;
    private long received;
    private int written;
    private final byte[] header = new byte[10];
    private int headerHave;
    private long frameRemaining;
    private boolean deflatedMessage;
    private boolean first = true;
    private int at;
    private long now;

    LoadConnection(LoadGenerator load, int port, Selector selector) throws IOException {
        this.load = load;
        sentAt = new long[load.workload.inFlight()];
        inflater = load.workload.deflate() ? new Inflater(true) : null;
        inflated = load.workload.deflate() ? new byte[4096] : null;
        channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.socket().setTcpNoDelay(true);
        channel.write(StandardCharsets.US_ASCII.encode("GET / HTTP/1.1\r\nHost: 127.0.0.1:" + port
                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + (load.workload.deflate() ? "Sec-WebSocket-Extensions: permessage-deflate\r\n" : "")
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        String head = head();
        if (!head.startsWith("HTTP/1.1 101")) {
            throw new IOException("no upgrade: " + head);
        }
        if (load.workload.deflate() && !head.contains("permessage-deflate")) {
            throw new IOException("no permessage-deflate: " + head);
        }
        channel.configureBlocking(false);
        key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    private String head() throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            if (channel.read(one.clear()) < 0) {
                throw new IOException("the server closed during the handshake: " + head);
            }
            head.append((char) one.get(0));
        }
        return head.toString();
    }

    /** Writes so many messages more. */
    void owe(int messages) throws IOException {
        owed += messages;
        write();
    }

    void write() throws IOException {
        if (owed == 0) {
            return;
        }
        long time = System.nanoTime();
        int inFlight = load.workload.inFlight();
        while (owed > 0) {
            int n = channel.write(load.frames.clear().position((inFlight - owed) * load.frameSize + written)) + written;
            int whole = n / load.frameSize;
            for (int i = 0; i < whole; i++) {
                sentAt[(int) (sent++ % inFlight)] = time;
            }
            owed -= whole;
            written = n % load.frameSize;
            if (load.frames.hasRemaining()) {
                key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                return;
            }
        }
        key.interestOps(SelectionKey.OP_READ);
    }

    /** Returns how many bytes it read. */
    int read() throws IOException {
        int n = channel.read(load.in.clear());
        if (n < 0) {
            throw new IOException("the server closed the connection");
        }
        load.in.flip().get(load.bytes, 0, n);
        now = System.nanoTime();
        parse(n);
        return n;
    }

    private void parse(int n) throws IOException {
        int i = 0;
        while (i < n) {
            if (headerHave < headerSize()) {
                header[headerHave++] = load.bytes[i++];
                if (headerHave < headerSize()) {
                    continue;
                }
                beginFrame();
            }
            int k = (int) Math.min(frameRemaining, n - i);
            payload(i, k);
            i += k;
            frameRemaining -= k;
            if (frameRemaining == 0) {
                headerHave = 0;
                if (header[0] < 0) {
                    endOfMessage();
                }
            }
        }
    }

    /** Text comes back as text, and binary as binary, in however many frames. */
    private void beginFrame() throws IOException {
        int opcode = header[0] & 0x0f;
        if (opcode != (first ? load.workload.opcode() : 0)) {
            throw new IOException("the opcode of an echo is " + opcode);
        }
        frameRemaining = length();
        deflatedMessage = first ? (header[0] & 0x40) != 0 : deflatedMessage;
        first = false;
    }

    private void payload(int from, int length) throws IOException {
        if (deflatedMessage) {
            inflate(load.bytes, from, length);
        } else {
            compare(load.bytes, from, length);
        }
    }

    private void inflate(byte[] bytes, int from, int length) throws IOException {
        try {
            inflater.setInput(bytes, from, length);
            for (int n = inflater.inflate(inflated); n > 0; n = inflater.inflate(inflated)) {
                compare(inflated, 0, n);
            }
        } catch (DataFormatException e) {
            throw new IOException("the echo does not inflate", e);
        }
    }

    private void compare(byte[] bytes, int from, int length) throws IOException {
        if (at + length > load.expected.length
                || !Arrays.equals(bytes, from, from + length, load.expected, at, at + length)) {
            throw new IOException("the echo differs after byte " + at);
        }
        at += length;
    }

    private void endOfMessage() throws IOException {
        if (deflatedMessage) {
            inflate(TAIL, 0, TAIL.length);
        }
        if (at != load.expected.length) {
            throw new IOException("an echo of " + at + " bytes");
        }
        at = 0;
        first = true;
        load.received(this, sentAt[(int) (received++ % sentAt.length)], now);
    }

    private int headerSize() {
        return headerHave < 2 ? 2 : header[1] < 126 ? 2 : header[1] == 126 ? 4 : 10;
    }

    private long length() {
        return header[1] < 126
                ? header[1]
                : header[1] == 126
                        ? ((header[2] & 0xff) << 8) | (header[3] & 0xff)
                        : ByteBuffer.wrap(header).getLong(2);
    }

    void close() throws IOException {
        channel.close();
        if (inflater != null) {
            inflater.end();
        }
    }
}
