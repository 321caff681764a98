package io.fluxsocket.samples.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A client that costs as little as possible, so that it is the server that is measured: one thread, masked frames that were
 * encoded once, replies that are parsed and compared where they were read. It knows nothing of Fluxsocket.
 */
final class LoadGenerator implements AutoCloseable {
    private static final int READ_BUFFER = 512 << 10;

    private final Workload workload;
    private final Selector selector = Selector.open();
    private final List<Peer> peers = new ArrayList<>();
    private final byte[] expected;
    private final ByteBuffer frames;
    private final int frameSize;
    private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BUFFER);
    private final byte[] bytes = new byte[READ_BUFFER];
    private long messages;

    LoadGenerator(Workload workload, int port) throws IOException {
        this.workload = workload;
        expected = new byte[workload.size];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (byte) ('a' + i % 26);
        }
        byte[] frame = maskedFrame(workload.text, expected);
        frameSize = frame.length;
        frames = ByteBuffer.allocateDirect(frameSize * workload.inFlight);
        for (int i = 0; i < workload.inFlight; i++) {
            frames.put(frame);
        }
        for (int i = 0; i < workload.connections; i++) {
            peers.add(connect(port));
        }
    }

    private Peer connect(int port) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.socket().setTcpNoDelay(true);
        channel.write(StandardCharsets.US_ASCII.encode("GET / HTTP/1.1\r\nHost: 127.0.0.1:" + port
                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        readHead(channel);
        channel.configureBlocking(false);
        Peer peer = new Peer(channel);
        peer.key = channel.register(selector, SelectionKey.OP_READ, peer);
        return peer;
    }

    private static void readHead(SocketChannel channel) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            if (channel.read(one.clear()) < 0) {
                throw new IOException("the server closed during the handshake: " + head);
            }
            head.append((char) one.get(0));
        }
        if (!head.toString().startsWith("HTTP/1.1 101")) {
            throw new IOException("no upgrade: " + head);
        }
    }

    private static byte[] maskedFrame(boolean text, byte[] payload) {
        byte[] key = {0x12, 0x34, 0x56, 0x78};
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length);
        frame.put((byte) (text ? 0x81 : 0x82));
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < 65536) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        frame.put(key);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ key[i & 3]));
        }
        return Arrays.copyOf(frame.array(), frame.position());
    }

    /** Fills every connection's window and keeps it full for this long. Returns how many messages came back. */
    long run(long millis) throws IOException {
        long before = messages;
        long end = System.nanoTime() + millis * 1_000_000;
        for (Peer peer : peers) {
            if (!peer.started) {
                peer.started = true;
                peer.owed = workload.inFlight;
                peer.write();
            }
        }
        while (System.nanoTime() < end) {
            selector.select(100);
            for (SelectionKey key : selector.selectedKeys()) {
                Peer peer = (Peer) key.attachment();
                if (key.isReadable()) {
                    peer.read();
                }
                peer.write();
            }
            selector.selectedKeys().clear();
        }
        return messages - before;
    }

    @Override
    public void close() throws IOException {
        for (Peer peer : peers) {
            peer.channel.close();
        }
        selector.close();
    }

    /** One connection: a parser of unmasked frames, and the messages that it owes the server. */
    private final class Peer {
        final SocketChannel channel;
        SelectionKey key;
        boolean started;
        int owed;
        private int written;
        private final byte[] header = new byte[10];
        private int headerHave;
        private long frameRemaining;
        private boolean fin;
        private int at;

        Peer(SocketChannel channel) {
            this.channel = channel;
        }

        void write() throws IOException {
            while (owed > 0) {
                int from = (workload.inFlight - owed) * frameSize + written;
                ByteBuffer out = frames.clear().position(from);
                int n = channel.write(out) + written;
                owed -= n / frameSize;
                written = n % frameSize;
                if (out.hasRemaining()) {
                    key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                    return;
                }
            }
            key.interestOps(SelectionKey.OP_READ);
        }

        void read() throws IOException {
            int n = channel.read(in.clear());
            if (n < 0) {
                throw new IOException("the server closed the connection");
            }
            in.flip().get(bytes, 0, n);
            parse(n);
        }

        private void parse(int n) throws IOException {
            int i = 0;
            while (i < n || (frameRemaining == 0 && headerHave == headerSize())) {
                if (headerHave < headerSize()) {
                    header[headerHave++] = bytes[i++];
                    if (headerHave == headerSize()) {
                        frameRemaining = length();
                        fin = header[0] < 0;
                    }
                    if (headerHave < headerSize() || frameRemaining != 0) {
                        continue;
                    }
                }
                int k = (int) Math.min(frameRemaining, n - i);
                if (!Arrays.equals(bytes, i, i + k, expected, at, at + k)) {
                    throw new IOException("the echo differs at byte " + at);
                }
                at += k;
                i += k;
                frameRemaining -= k;
                if (frameRemaining == 0) {
                    headerHave = 0;
                    if (fin) {
                        if (at != expected.length) {
                            throw new IOException("an echo of " + at + " bytes");
                        }
                        at = 0;
                        messages++;
                        owed++;
                    }
                }
            }
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
    }
}
