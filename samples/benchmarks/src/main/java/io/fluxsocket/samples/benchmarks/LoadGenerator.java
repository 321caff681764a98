package io.fluxsocket.samples.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A client that costs as little as possible, so that it is the server that is measured: one thread, masked frames that were
 * encoded once, replies that are parsed and compared where they were read. It knows nothing of Fluxsocket.
 */
final class LoadGenerator implements AutoCloseable {
    private static final int READ_BUFFER = 512 << 10;
    private static final long STALLED_NANOS = 20_000_000_000L;

    final Workload workload;
    final byte[] expected;
    /** {@link Workload#inFlight} copies of one frame. */
    final ByteBuffer frames;

    final int frameSize;
    final ByteBuffer in = ByteBuffer.allocateDirect(READ_BUFFER);
    final byte[] bytes = new byte[READ_BUFFER];
    final Latencies latencies = new Latencies();

    private final Selector selector = Selector.open();
    private final List<LoadConnection> connections = new ArrayList<>();
    /** With {@link Workload.Kind#ROTATE}: those that nothing is under way on, in the order in which they are to send. */
    private final Deque<LoadConnection> waiting = new ArrayDeque<>();

    private boolean started;
    private long messages;
    /** Bytes that were read, for the ratio of a compression. */
    private long bytesRead;

    LoadGenerator(Workload workload, int port) throws IOException {
        this.workload = workload;
        expected = workload.payload();
        byte[] frame = ClientFrames.masked(workload, expected);
        frameSize = frame.length;
        frames = ByteBuffer.allocateDirect(frameSize * workload.inFlight());
        for (int i = 0; i < workload.inFlight(); i++) {
            frames.put(frame);
        }
        for (int i = 0; i < workload.connections(); i++) {
            connections.add(new LoadConnection(this, port, selector));
        }
    }

    /** Keeps every window full for this long, and until something has come back. Returns how many messages did. */
    long run(long millis) throws IOException {
        long before = messages;
        latencies.clear();
        start();
        long begin = System.nanoTime();
        for (long passed = 0; passed < millis * 1_000_000 || messages == before; passed = System.nanoTime() - begin) {
            if (messages == before && passed > STALLED_NANOS) {
                throw new IOException("nothing came back within " + passed / 1_000_000 + " ms");
            }
            turn(100);
        }
        return messages - before;
    }

    /** Has every connection send one message and waits for all echoes. */
    void echoOnce() throws IOException {
        start();
        long end = System.nanoTime() + STALLED_NANOS;
        while (messages < connections.size()) {
            if (System.nanoTime() > end) {
                throw new IOException("only " + messages + " of " + connections.size() + " echoes came back");
            }
            turn(100);
        }
    }

    private void start() throws IOException {
        if (started) {
            return;
        }
        started = true;
        switch (workload.kind()) {
            case ECHO, CLIENT, IDLE -> {
                for (LoadConnection connection : connections) {
                    connection.owe(workload.inFlight());
                }
            }
            case BROADCAST -> connections.get(0).owe(workload.inFlight());
            case ROTATE -> {
                waiting.addAll(connections);
                for (int i = 0; i < workload.inFlight(); i++) {
                    waiting.remove().owe(1);
                }
            }
        }
    }

    private void turn(long timeoutMillis) throws IOException {
        selector.select(timeoutMillis);
        for (SelectionKey key : selector.selectedKeys()) {
            LoadConnection connection = (LoadConnection) key.attachment();
            if (key.isReadable()) {
                bytesRead += connection.read();
            }
            connection.write();
        }
        selector.selectedKeys().clear();
    }

    /** A message arrived whole and right. */
    void received(LoadConnection connection, long sentAt, long now) throws IOException {
        messages++;
        if (workload.kind() != Workload.Kind.BROADCAST || connection == connections.get(0)) {
            latencies.record(now - sentAt);
        }
        switch (workload.kind()) {
            case ECHO, CLIENT -> connection.owed++; // the turn writes it, with all others of this read
            case ROTATE -> {
                waiting.add(connection);
                waiting.remove().owe(1);
            }
            case BROADCAST -> {
                if (messages % connections.size() == 0) {
                    connections.get(0).owe(1);
                }
            }
            case IDLE -> {}
        }
    }

    long messages() {
        return messages;
    }

    long bytesRead() {
        return bytesRead;
    }

    @Override
    public void close() throws IOException {
        for (LoadConnection connection : connections) {
            connection.close();
        }
        selector.close();
    }
}
