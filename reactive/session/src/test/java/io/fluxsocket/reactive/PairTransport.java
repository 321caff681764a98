package io.fluxsocket.reactive;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One end of a stream between two event loops of their own threads; at most {@link #CAPACITY} bytes are under way. */
final class PairTransport implements ByteTransport {
    private static final int CAPACITY = 64 << 10;

    private final Thread thread;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;
    private PairTransport other = this;
    private @Nullable Listener listener;
    private final ArrayDeque<byte[]> arrived = new ArrayDeque<>();
    private final ByteBuffer output = ByteBuffer.allocate((256 << 10) + 14);
    private boolean reading;
    private boolean otherEnded;
    private boolean ended;
    private boolean shutdown;
    private long underWay;
    private long lastReport = NO_REPORT;
    private boolean toldUnwritable;

    private PairTransport(String name) {
        thread = new Thread(this::loop, name);
        thread.setDaemon(true);
    }

    /** Nothing here locks: BlockHound would object to a lock of the loop's on the threads that hand it tasks. */
    private void loop() {
        while (!stopped) {
            Runnable task = tasks.poll();
            if (task != null) {
                task.run();
            } else {
                LockSupport.park(this);
            }
        }
    }

    static PairTransport[] create() {
        PairTransport a = new PairTransport("loop-a");
        PairTransport b = new PairTransport("loop-b");
        a.other = b;
        b.other = a;
        a.thread.start();
        b.thread.start();
        return new PairTransport[] {a, b};
    }

    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        LockSupport.unpark(thread);
    }

    @Override
    public boolean inEventLoop() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void start(Listener newListener) {
        listener = newListener;
    }

    @Override
    public void read() {
        reading = true;
        serve();
    }

    private void serve() {
        while (reading && !ended) {
            byte[] bytes = arrived.poll();
            if (bytes == null) {
                if (otherEnded) {
                    close();
                }
                return;
            }
            reading = false;
            int n = bytes.length;
            other.execute(() -> other.taken(n));
            listener.onRead(ByteBuffer.wrap(bytes));
        }
    }

    private void taken(int n) {
        underWay -= n;
        if (ended) {
            return;
        }
        if (underWay == 0 && lastReport != NO_REPORT) {
            long report = lastReport;
            lastReport = NO_REPORT;
            listener.onFlushed(report);
        }
        if (toldUnwritable && isWritable()) {
            toldUnwritable = false;
            listener.onWritabilityChanged();
        }
    }

    @Override
    public ByteBuffer output(int minimum) {
        if (output.remaining() < minimum) {
            hand();
        }
        return output;
    }

    private void hand() {
        byte[] bytes = new byte[output.position()];
        output.flip().get(bytes);
        output.clear();
        if (bytes.length != 0 && !ended) {
            underWay += bytes.length;
            other.execute(() -> {
                other.arrived.add(bytes);
                other.serve();
            });
        }
    }

    @Override
    public void flush(long report) {
        hand();
        if (report != NO_REPORT) {
            lastReport = report;
            if (underWay == 0) {
                lastReport = NO_REPORT;
                listener.onFlushed(report);
            }
        }
    }

    @Override
    public boolean isWritable() {
        boolean writable = underWay + output.position() < CAPACITY;
        toldUnwritable |= !writable;
        return writable;
    }

    @Override
    public long pendingBytes() {
        return underWay + output.position();
    }

    @Override
    public void shutdownOutput() {
        if (!shutdown) {
            shutdown = true;
            hand();
            other.execute(() -> {
                other.otherEnded = true;
                other.serve();
            });
        }
    }

    @Override
    public void abort() {
        execute(this::close);
    }

    private void close() {
        if (!ended) {
            shutdownOutput();
            ended = true;
            listener.onClosed(null);
        }
    }
}
