package io.fluxsocket.reactive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * One end of a connection in memory, one of whose operations meets a fault. The event loop of both ends is {@link Loop#run()};
 * what is not called from there is called by another thread, as far as the session can tell.
 */
final class FaultyTransport implements ByteTransport {
    /** What a session asks of a transport. */
    enum Operation {
        EXECUTE,
        READ,
        OUTPUT,
        IS_WRITABLE,
        PENDING_BYTES,
        FLUSH,
        SHUTDOWN_OUTPUT,
        ABORT
    }

    /** What becomes of it. */
    enum Fault {
        /** The connection is lost, and the session is told within the call. Of a task: the loop has ended. */
        FAIL,
        /** The call throws. */
        THROW,
        /** Nothing, for ever. */
        STALL,
        /** Half of the bytes; then the stream ends. */
        TRUNCATE,
        /** The same a second later. */
        DELAY
    }

    /** Which call meets which fault. */
    record Plan(Operation operation, int call, Fault fault) {}

    /** The event loop of both ends, and the time. */
    static final class Loop {
        final VirtualTimeScheduler time = VirtualTimeScheduler.create();
        /** What tasks and callbacks have thrown. */
        final List<Throwable> thrown = new ArrayList<>();

        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        private boolean running;

        void run() {
            running = true;
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    thrown.add(e);
                }
            }
            running = false;
        }

        private void later(Runnable task) {
            time.schedule(() -> tasks.add(task), 1, TimeUnit.SECONDS);
        }
    }

    private record Written(byte[] bytes, long report) {}

    private final Loop loop;
    private final @Nullable Plan plan;
    final int[] calls = new int[Operation.values().length];
    private @Nullable FaultyTransport peer;
    private @Nullable Listener listener;

    private final ArrayDeque<byte[]> arrived = new ArrayDeque<>();
    private boolean inputEnded;
    private boolean reading;
    private boolean truncating;
    private @Nullable ByteBuffer lent;

    private ByteBuffer output = ByteBuffer.allocate(1 << 10);
    private final ArrayDeque<Written> written = new ArrayDeque<>();
    private boolean blocked;
    private boolean unwritable;
    private boolean loopEnded;
    private boolean outputEnded;
    private boolean ended;

    /** What the session was given to read, and what has left. */
    final ByteArrayOutputStream received = new ByteArrayOutputStream();

    final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    FaultyTransport(Loop loop, @Nullable Plan plan) {
        this.loop = loop;
        this.plan = plan;
    }

    void connect(FaultyTransport other) {
        peer = other;
        other.peer = this;
    }

    /** Whether the session has given back everything that it was lent. */
    boolean isGivenBack() {
        return loopEnded || (ended && lent == null);
    }

    void shutdown() {
        loop.tasks.add(() -> listener().onShutdown());
    }

    private @Nullable Fault meets(Operation operation) {
        int call = ++calls[operation.ordinal()];
        Plan p = plan;
        Fault fault = p != null && p.operation == operation && p.call == call ? p.fault : null;
        if (fault == Fault.THROW) {
            throw new IllegalStateException(operation + " throws");
        }
        return fault;
    }

    private void lose(Operation operation) {
        end(new IOException(operation + " fails"));
    }

    private Listener listener() {
        Listener l = listener;
        if (l == null) {
            throw new IllegalStateException("not started");
        }
        return l;
    }

    // ---- the session's side

    @Override
    public void execute(Runnable task) {
        Fault fault = meets(Operation.EXECUTE);
        loopEnded |= fault == Fault.FAIL;
        if (loopEnded) {
            throw new RejectedExecutionException("the loop has ended");
        }
        if (fault == Fault.DELAY) {
            loop.later(task);
        } else {
            loop.tasks.add(task);
        }
    }

    @Override
    public boolean inEventLoop() {
        return loop.running;
    }

    @Override
    public void start(Listener newListener) {
        listener = newListener;
    }

    @Override
    public void read() {
        giveBack();
        Fault fault = meets(Operation.READ);
        if (fault == Fault.FAIL) {
            lose(Operation.READ);
        } else if (fault == Fault.DELAY) {
            loop.later(this::serve);
        } else if (fault != Fault.STALL) {
            truncating |= fault == Fault.TRUNCATE;
            serve();
        }
    }

    private void serve() {
        reading = true;
        loop.tasks.add(this::deliver);
    }

    private void deliver() {
        if (!reading || ended || loopEnded) {
            return;
        }
        byte[] bytes = arrived.poll();
        if (bytes != null) {
            reading = false;
            int length = truncating ? (bytes.length + 1) / 2 : bytes.length;
            if (truncating) {
                arrived.clear();
                inputEnded = true;
            }
            received.write(bytes, 0, length);
            ByteBuffer buffer =
                    ByteBuffer.allocate(length).put(bytes, 0, length).flip();
            lent = buffer;
            tell(() -> listener().onRead(buffer));
        } else if (inputEnded) {
            end(null);
        }
    }

    /** As in a pipeline of Netty's: what a callback throws is the end. */
    private void tell(Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException e) {
            loop.thrown.add(e);
            end(e);
        }
    }

    private void giveBack() {
        ByteBuffer buffer = lent;
        lent = null;
        if (buffer != null) {
            Arrays.fill(buffer.array(), (byte) 0xFF);
        }
    }

    @Override
    public ByteBuffer output(int minimum) {
        if (meets(Operation.OUTPUT) == Fault.FAIL) {
            lose(Operation.OUTPUT);
        }
        if (output.remaining() < minimum) {
            put(NO_REPORT);
            output = ByteBuffer.allocate(Math.max(minimum, 1 << 10));
        }
        return output;
    }

    private void put(long report) {
        byte[] bytes = new byte[output.position()];
        output.flip().get(bytes);
        output.clear();
        written.add(new Written(bytes, report));
    }

    @Override
    public void flush(long report) {
        Fault fault = meets(Operation.FLUSH);
        put(report);
        if (fault == Fault.FAIL) {
            lose(Operation.FLUSH);
        } else if (fault == Fault.TRUNCATE) {
            byte[] all = bytes();
            written.clear();
            written.add(new Written(Arrays.copyOf(all, all.length / 2), NO_REPORT));
            send();
            loop.tasks.add(() -> end(null));
        } else {
            blocked |= fault == Fault.STALL || fault == Fault.DELAY;
            if (fault == Fault.DELAY) {
                loop.later(() -> {
                    blocked = false;
                    send();
                });
            }
            send();
        }
    }

    private byte[] bytes() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        written.forEach(w -> all.writeBytes(w.bytes));
        return all.toByteArray();
    }

    private void send() {
        for (Written next = blocked || ended ? null : written.poll(); next != null; next = written.poll()) {
            byte[] bytes = next.bytes;
            long report = next.report;
            sent.writeBytes(bytes);
            FaultyTransport other = peer();
            loop.tasks.add(() -> other.arrive(bytes));
            if (report != NO_REPORT) {
                loop.tasks.add(() -> {
                    if (!ended) {
                        tell(() -> listener().onFlushed(report));
                    }
                });
            }
        }
        if (outputEnded && written.isEmpty()) {
            loop.tasks.add(peer()::endInput);
        }
    }

    private FaultyTransport peer() {
        FaultyTransport other = peer;
        if (other == null) {
            throw new IllegalStateException("not connected");
        }
        return other;
    }

    private void arrive(byte[] bytes) {
        if (bytes.length != 0 && !inputEnded) {
            arrived.add(bytes);
            deliver();
        }
    }

    private void endInput() {
        inputEnded = true;
        deliver();
    }

    @Override
    public boolean isWritable() {
        Fault fault = meets(Operation.IS_WRITABLE);
        if (fault == Fault.FAIL) {
            lose(Operation.IS_WRITABLE);
        } else if (fault != null) {
            unwritable = true;
        }
        if (fault == Fault.DELAY) {
            loop.later(() -> {
                unwritable = false;
                if (!ended) {
                    tell(() -> listener().onWritabilityChanged());
                }
            });
        }
        return !ended && !unwritable;
    }

    @Override
    public long pendingBytes() {
        if (meets(Operation.PENDING_BYTES) == Fault.FAIL) {
            lose(Operation.PENDING_BYTES);
        }
        return ended
                ? 0
                : output.position()
                        + written.stream().mapToLong(w -> w.bytes.length).sum();
    }

    @Override
    public void shutdownOutput() {
        Fault fault = meets(Operation.SHUTDOWN_OUTPUT);
        put(NO_REPORT);
        if (fault == Fault.FAIL) {
            lose(Operation.SHUTDOWN_OUTPUT);
        } else if (fault == Fault.DELAY) {
            loop.later(this::endOutput);
        } else if (fault != Fault.STALL) {
            endOutput();
        }
        send();
    }

    private void endOutput() {
        outputEnded = true;
        send();
    }

    @Override
    public void abort() {
        Fault fault = meets(Operation.ABORT);
        if (fault == Fault.FAIL) {
            lose(Operation.ABORT);
        } else if (fault == Fault.DELAY) {
            loop.later(() -> end(null));
        } else {
            loop.tasks.add(() -> end(null));
        }
    }

    /** Both halves: the peer is told behind what has left. */
    private void end(@Nullable Throwable cause) {
        if (ended) {
            return;
        }
        ended = true;
        loop.tasks.add(peer()::endInput);
        tell(() -> listener().onClosed(cause));
        loop.tasks.add(this::giveBack);
    }
}
