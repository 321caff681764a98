package io.fluxsocket.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A byte transport without a network, whose event loop is the thread that made it: tasks wait until {@link #runTasks()}.
 *
 * <p>Checks the contract that the session owes a transport: calls on the loop only, one read at a time, no use of a buffer after
 * it was given back.
 */
final class MemoryTransport implements ByteTransport {
    private final Thread loop = Thread.currentThread();
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<byte[]> arrived = new ArrayDeque<>();
    private final ByteArrayOutputStream flushed = new ByteArrayOutputStream();
    private final ArrayDeque<Long> reports = new ArrayDeque<>();
    private Runnable invariants = () -> {};
    private @Nullable Listener listener;
    private @Nullable ByteBuffer lent;
    private ByteBuffer output = ByteBuffer.allocateDirect(16 << 10);
    private boolean ended;
    private boolean peerEnded;

    boolean reading;
    boolean writable = true;
    /** The socket takes nothing: flushes are not reported. */
    boolean stuck;

    private int taken;
    boolean rejects;
    boolean foreignThread;
    boolean closesOnFlush;
    boolean closesOnOutput;
    /** So many outputs throw. */
    int throwsOnOutput;
    /** So many questions whether it is writable throw. */
    int throwsOnIsWritable;
    /** After so many outputs the transport is not writable any more. */
    int outputsTaken = Integer.MAX_VALUE;

    int reads;
    int flushes;
    int scheduled;
    boolean outputShutdown;
    boolean aborted;

    /** Checked after everything that happens. */
    void invariants(Runnable check) {
        invariants = check;
    }

    // ---- the test's side

    /** Bytes come from the peer; they are read when the session asks for them. */
    void arrive(byte[] bytes) {
        if (bytes.length != 0 && !ended) {
            arrived.add(bytes);
            serve();
        }
        invariants.run();
    }

    private void serve() {
        while (reading && !ended && (!arrived.isEmpty() || peerEnded)) {
            reading = false;
            byte[] bytes = arrived.poll();
            if (bytes == null) {
                end(null);
                return;
            }
            ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length + 2);
            lent = buffer;
            buffer.position(1).put(bytes).limit(bytes.length + 1).position(1);
            listener().onRead(buffer);
        }
    }

    /** The peer ends its half of the stream: seen when everything before it was read. */
    void peerEnds() {
        peerEnded = true;
        serve();
        invariants.run();
    }

    /** The stream ends, now. */
    void end(@Nullable Throwable cause) {
        if (!ended) {
            ended = true;
            listener().onClosed(cause);
            giveBack();
        }
        invariants.run();
    }

    void setWritable(boolean now) {
        writable = now;
        listener().onWritabilityChanged();
        invariants.run();
    }

    void shutdown() {
        listener().onShutdown();
        invariants.run();
    }

    /** The socket, which is stuck, has taken what was put before the oldest flush that somebody waits for. */
    void reportOldest() {
        Long report = reports.poll();
        assertThat(report).isNotNull();
        listener().onFlushed(report);
        invariants.run();
    }

    /** The socket takes everything. */
    void unstick() {
        stuck = false;
        for (Long report = reports.poll(); report != null; report = reports.poll()) {
            listener().onFlushed(report);
        }
        invariants.run();
    }

    /** The socket, which is stuck, takes some bytes of what was flushed. */
    void drip(int bytes) {
        taken += bytes;
    }

    /** Runs the task that has waited longest, if there is one. */
    void runTask() {
        Runnable task = tasks.poll();
        if (task != null) {
            task.run();
            invariants.run();
        }
    }

    void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
            invariants.run();
        }
    }

    /** Runs a thing as a thread that is not the loop; its tasks wait. */
    void offLoop(Runnable thing) {
        foreignThread = true;
        try {
            thing.run();
        } finally {
            foreignThread = false;
        }
        invariants.run();
    }

    /** What was flushed since the last call. */
    byte[] takeFlushed() {
        byte[] bytes = flushed.toByteArray();
        flushed.reset();
        return bytes;
    }

    private Listener listener() {
        assertThat(listener).isNotNull();
        return listener;
    }

    // ---- the session's side

    @Override
    public void execute(Runnable task) {
        if (rejects) {
            throw new RejectedExecutionException("the loop has ended");
        }
        scheduled++;
        tasks.add(task);
    }

    @Override
    public boolean inEventLoop() {
        return !foreignThread && Thread.currentThread() == loop;
    }

    private void requireLoop() {
        assertThat(inEventLoop()).as("called on the loop").isTrue();
    }

    @Override
    public void start(Listener newListener) {
        requireLoop();
        assertThat(listener).as("started once").isNull();
        listener = newListener;
    }

    @Override
    public void read() {
        requireLoop();
        assertThat(reading).as("a read is outstanding").isFalse();
        giveBack();
        reading = true;
        reads++;
        serve();
    }

    /** Whoever looks at it now sees rubbish. */
    private void giveBack() {
        ByteBuffer buffer = lent;
        lent = null;
        if (buffer != null) {
            buffer.clear();
            while (buffer.hasRemaining()) {
                buffer.put((byte) 0xFF);
            }
        }
    }

    @Override
    public ByteBuffer output(int minimum) {
        requireLoop();
        if (throwsOnOutput > 0) {
            throwsOnOutput--;
            throw new IllegalStateException("no output");
        }
        if (closesOnOutput) {
            end(new java.io.IOException("broken pipe"));
        }
        if (--outputsTaken == 0) {
            writable = false;
        }
        if (output.remaining() < minimum) {
            flushOutput();
        }
        if (output.remaining() < minimum) {
            assertThat(minimum).isLessThanOrEqualTo((256 << 10) + 14);
            output = ByteBuffer.allocateDirect(minimum);
        }
        return output;
    }

    private void flushOutput() {
        byte[] bytes = new byte[output.position()];
        output.flip().get(bytes);
        output.clear();
        flushed.writeBytes(bytes);
    }

    @Override
    public void flush(long report) {
        requireLoop();
        flushes++;
        flushOutput();
        if (closesOnFlush) {
            end(new java.io.IOException("broken pipe"));
            return;
        }
        if (report != NO_REPORT) {
            reports.add(report);
            if (!stuck) {
                unstick();
            }
        }
    }

    @Override
    public boolean isWritable() {
        requireLoop();
        if (throwsOnIsWritable > 0) {
            throwsOnIsWritable--;
            throw new IllegalStateException("no answer");
        }
        return writable;
    }

    @Override
    public long pendingBytes() {
        requireLoop();
        return output.position() + (stuck ? flushed.size() - taken : 0);
    }

    @Override
    public void shutdownOutput() {
        requireLoop();
        flushOutput();
        outputShutdown = true;
    }

    @Override
    public void abort() {
        requireLoop();
        aborted = true;
        tasks.add(() -> end(null));
    }
}
