package io.fluxsocket.reactive.concurrency;

import io.fluxsocket.reactive.ByteTransport;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** A byte transport in memory, on the {@link Loop}. What breaks the contract that a session owes its transport is a fault. */
final class RacedTransport implements ByteTransport {
    private final Faults faults;
    private final ArrayDeque<byte[]> arrived = new ArrayDeque<>();
    private final ByteBuffer output = ByteBuffer.allocate(1024);

    private Listener listener;
    private boolean reading;
    private boolean ended;

    /** The text and binary frames that have left. */
    int dataFrames;

    private int closeFrames;

    RacedTransport(Faults faults) {
        this.faults = faults;
    }

    /** Comes from the peer. */
    void arrive(byte[] bytes) {
        arrived.add(bytes);
        serve();
    }

    /** The peer ends the stream. */
    void end() {
        if (!ended) {
            ended = true;
            listener.onClosed(null);
        }
    }

    private void serve() {
        while (reading && !ended && !arrived.isEmpty()) {
            reading = false;
            listener.onRead(ByteBuffer.wrap(arrived.remove()));
        }
    }

    // ---- the session's side

    @Override
    public void execute(Runnable task) {
        Loop.execute(() -> {
            try {
                task.run();
            } catch (Throwable t) {
                faults.add(Faults.THROWN);
            }
        });
    }

    @Override
    public boolean inEventLoop() {
        return Loop.isCurrent();
    }

    private void called() {
        if (!inEventLoop()) {
            faults.add(Faults.NOT_ON_THE_LOOP);
        }
    }

    @Override
    public void start(Listener newListener) {
        called();
        listener = newListener;
    }

    @Override
    public void read() {
        called();
        if (reading) {
            faults.add(Faults.READ_TWICE);
        }
        reading = true;
        serve();
    }

    @Override
    public ByteBuffer output(int minimum) {
        called();
        return output;
    }

    @Override
    public void flush(long report) {
        called();
        count();
        if (report != NO_REPORT) {
            listener.onFlushed(report);
        }
    }

    /** Looks at the frames that leave: short ones of a server. */
    private void count() {
        output.flip();
        while (output.hasRemaining()) {
            boolean close = (output.get() & 0xF) == 8;
            if (closeFrames != 0) {
                faults.add(Faults.FRAME_AFTER_CLOSE);
            }
            dataFrames += close ? 0 : 1;
            closeFrames += close ? 1 : 0;
            output.position(output.position() + 1 + output.get(output.position()));
        }
        output.clear();
    }

    @Override
    public boolean isWritable() {
        called();
        return true;
    }

    @Override
    public long pendingBytes() {
        called();
        return output.position();
    }

    @Override
    public void shutdownOutput() {
        called();
    }

    @Override
    public void abort() {
        called();
        execute(this::end);
    }
}
