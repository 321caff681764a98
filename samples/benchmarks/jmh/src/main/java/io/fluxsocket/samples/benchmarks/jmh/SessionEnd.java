package io.fluxsocket.samples.benchmarks.jmh;

import io.fluxsocket.core.WebSocketEngine;
import io.fluxsocket.reactive.ByteTransport;
import io.fluxsocket.reactive.HandshakeInfo;
import io.fluxsocket.reactive.SessionSettings;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketConnections;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection: the session of a server, whose transport is memory that is allocated once and whose event loop is
 * the thread that made it.
 */
final class SessionEnd implements ByteTransport {
    /** Timers would bring a thread of their own. */
    private static final SessionSettings SETTINGS =
            SessionSettings.builder().noKeepAlive().build();

    private final Thread loop = Thread.currentThread();
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final Consumer<ByteBuffer> network;
    private final ByteBuffer out = ByteBuffer.allocateDirect(Wire.READ + 14);
    private final ByteBuffer in = ByteBuffer.allocateDirect(Wire.READ);
    private @Nullable Listener session;
    private boolean reading;

    /** The application's side. */
    final WebSocketConnection connection;

    /** @param network is given what is flushed, from 0 to the limit; its own during the call */
    SessionEnd(Consumer<ByteBuffer> network) {
        this.network = network;
        HandshakeInfo handshake = HandshakeInfo.builder(URI.create("/")).build();
        connection =
                WebSocketConnections.open(this, WebSocketEngine.server(SETTINGS.engineSettings()), SETTINGS, handshake);
    }

    // ---- the network's side

    /** Copies what has arrived, and has the session do all that it does about it. */
    void read(ByteBuffer bytes) {
        Listener listener = session;
        if (listener == null || !reading) {
            throw new IllegalStateException("the session does not read");
        }
        reading = false;
        int n = bytes.remaining();
        listener.onRead(in.clear().put(0, bytes, bytes.position(), n).limit(n));
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    // ---- the session's side

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public boolean inEventLoop() {
        return Thread.currentThread() == loop;
    }

    @Override
    public void start(Listener listener) {
        session = listener;
    }

    @Override
    public void read() {
        reading = true;
    }

    @Override
    public ByteBuffer output(int minimum) {
        if (out.remaining() < minimum) {
            flushOutput();
        }
        return out;
    }

    private void flushOutput() {
        network.accept(out.flip());
        out.clear();
    }

    @Override
    public void flush(long report) {
        flushOutput();
        if (report != NO_REPORT && session != null) {
            session.onFlushed(report);
        }
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public long pendingBytes() {
        return out.position();
    }

    @Override
    public void shutdownOutput() {
        flushOutput();
    }

    @Override
    public void abort() {
        throw new IllegalStateException("the session has failed");
    }
}
