package io.fluxsocket.reactive.test;

import io.fluxsocket.core.WebSocketEngine;
import io.fluxsocket.reactive.ByteTransport;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A session's end of two wires. */
final class MemoryTransport implements ByteTransport, End {
    private static final int OUTPUT_SIZE = 4 << 10;

    /** {@link ByteTransport.Listener#onFlushed} is owed when the wire has taken this much. */
    private record Report(long number, long position) {}

    private final Loop loop;
    private final WebSocketEngine engine;
    private final Pipe in;
    private final Pipe out;
    private final ArrayDeque<Report> reports = new ArrayDeque<>();
    private @Nullable Listener listener;
    private ByteBuffer output = ByteBuffer.allocate(OUTPUT_SIZE);
    /** All that was ever handed to the wire. */
    private long handed;
    /** What {@link #isWritable()} has last said. */
    private boolean toldWritable = true;

    private boolean ended;

    MemoryTransport(Loop loop, WebSocketEngine engine, Pipe in, Pipe out) {
        this.loop = loop;
        this.engine = engine;
        this.in = in;
        this.out = out;
    }

    // ---- the session's side

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public boolean inEventLoop() {
        return loop.isCurrent();
    }

    @Override
    public void start(Listener newListener) {
        listener = newListener;
    }

    @Override
    public void read() {
        if (!ended) {
            in.read();
        }
    }

    @Override
    public ByteBuffer output(int minimum) {
        if (output.remaining() < minimum) {
            hand();
        }
        if (output.remaining() < minimum) {
            output = ByteBuffer.allocate(minimum);
        }
        return output;
    }

    @Override
    public void flush(long report) {
        if (report != NO_REPORT) {
            reports.add(new Report(report, handed + output.position()));
        }
        hand();
        report();
    }

    private void hand() {
        if (output.position() != 0) {
            byte[] bytes = new byte[output.position()];
            output.flip().get(bytes);
            output.clear();
            handed += bytes.length;
            if (!ended) {
                out.write(bytes);
            }
        }
    }

    @Override
    public boolean isWritable() {
        toldWritable = out.isWritable(pendingBytes());
        return toldWritable;
    }

    @Override
    public long pendingBytes() {
        return ended ? 0 : output.position() + out.unsentBytes();
    }

    @Override
    public void shutdownOutput() {
        if (!ended) {
            hand();
            out.end();
        }
    }

    @Override
    public void abort() {
        loop.execute(() -> close(null));
    }

    void shutdown() {
        if (!ended) {
            listener().onShutdown();
        }
    }

    // ---- the wires' side

    @Override
    public void received(byte[] bytes) {
        if (!ended) {
            listener().onRead(ByteBuffer.wrap(bytes));
        }
    }

    /** As on most transports, the end of the input is the end of both halves; what was written still leaves. */
    @Override
    public void peerEnded() {
        if (!ended) {
            hand();
            close(null);
        }
    }

    @Override
    public void moved() {
        report();
        if (!ended && toldWritable != out.isWritable(pendingBytes())) {
            listener().onWritabilityChanged();
        }
    }

    private void report() {
        long taken = handed - out.unsentBytes();
        for (Report next = reports.peek(); next != null && next.position <= taken && !ended; next = reports.peek()) {
            reports.remove();
            listener().onFlushed(next.number);
        }
    }

    @Override
    public void lost(Throwable cause) {
        close(cause);
    }

    private void close(@Nullable Throwable cause) {
        if (!ended) {
            ended = true;
            if (cause == null) {
                out.writerGone();
            } else {
                out.writerLost();
            }
            in.readerGone();
            listener().onClosed(cause);
        }
    }

    @Override
    public int outstandingReceives() {
        return engine.pendingReceives();
    }

    private Listener listener() {
        Listener l = listener;
        if (l == null) {
            throw new IllegalStateException("the transport was not started");
        }
        return l;
    }
}
