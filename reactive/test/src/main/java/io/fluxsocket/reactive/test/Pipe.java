package io.fluxsocket.reactive.test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Carries the bytes of a {@link Wire}, and does to them what its faults say. On the loop. */
final class Pipe {
    /** Bytes on their way, or the end of the stream if there are none. */
    private record Segment(ByteBuffer bytes, long due) {}

    private final MemoryNetwork network;
    private final String name;
    private final int bufferSize;
    private final Transcript.Tap tap;

    private @Nullable End writer;
    private @Nullable End reader;

    private final ArrayDeque<ByteBuffer> unsent = new ArrayDeque<>();
    private long unsentBytes;
    private long sentBytes;
    private boolean writerEnded;
    private boolean writerGone;
    private boolean endSent;

    private final ArrayDeque<Segment> underWay = new ArrayDeque<>();
    private long underWayBytes;
    private long readBytes;
    private boolean readWanted;
    private boolean readerGone;

    private final Faults faults = new Faults();

    Pipe(MemoryNetwork network, String name, int bufferSize, Transcript.Tap tap) {
        this.network = network;
        this.name = name;
        this.bufferSize = bufferSize;
        this.tap = tap;
    }

    Faults faults() {
        return faults;
    }

    /** The faults have changed. */
    void faultsChanged(String note) {
        network.transcript().note(name, note);
        deliver();
        pump();
    }

    void connect(End from, End to) {
        writer = from;
        reader = to;
    }

    // ---- what is to be seen

    String name() {
        return name;
    }

    boolean isReading() {
        return readWanted;
    }

    long readBytes() {
        return readBytes;
    }

    long underWayBytes() {
        return underWayBytes;
    }

    long sentBytes() {
        return sentBytes;
    }

    // ---- the writing end

    /** Sends bytes, which are the wire's from now on. */
    void write(byte[] bytes) {
        if (bytes.length != 0 && !writerEnded) {
            unsent.add(ByteBuffer.wrap(bytes));
            unsentBytes += bytes.length;
            pump();
        }
    }

    /** Ends the stream behind what was written. */
    void end() {
        writerEnded = true;
        pump();
    }

    /** The writing end has gone: what waits there is lost, and it hears nothing more. */
    void writerGone() {
        writerGone = true;
        unsent.clear();
        unsentBytes = 0;
        end();
    }

    /** The connection is lost: not even the end of the stream arrives. */
    void writerLost() {
        endSent = true;
        writerGone();
    }

    long unsentBytes() {
        return unsentBytes;
    }

    boolean isEnding() {
        return writerEnded;
    }

    boolean isWritable(long pending) {
        return !faults.unwritable && pending < bufferSize;
    }

    private void pump() {
        while (!unsent.isEmpty() && !faults.writesStalled && underWayBytes < bufferSize) {
            byte[] bytes = get(unsent.element(), bufferSize - underWayBytes);
            if (!unsent.element().hasRemaining()) {
                unsent.remove();
            }
            unsentBytes -= bytes.length;
            sentBytes += bytes.length;
            take(bytes);
        }
        if (unsent.isEmpty() && writerEnded && (!faults.writesStalled || writerGone)) {
            endStream();
        }
        if (!writerGone) {
            writer().moved();
        }
    }

    private void take(byte[] bytes) {
        long from = sentBytes - bytes.length;
        if (sentBytes > faults.resetAt) {
            network.transcript().note(name, "reset at byte " + faults.resetAt);
            network.loop().execute(network::reset);
            faults.resetAt = Faults.NEVER;
            writerEnded = true; // nothing of this arrives
            return;
        }
        byte[] left = faults.leave(bytes, from);
        if (left.length != 0) {
            tap.bytes(left);
            send(left);
        }
        if (left.length < bytes.length && !endSent) {
            endStream();
        }
    }

    private void endStream() {
        if (!endSent) {
            endSent = true;
            network.transcript().note(name, "end of stream");
            send(new byte[0]);
        }
    }

    private void send(byte[] bytes) {
        if (!readerGone) {
            underWay.add(new Segment(ByteBuffer.wrap(bytes), network.nanos() + faults.delay.toNanos()));
            underWayBytes += bytes.length;
            network.loop().execute(this::deliver);
        } else if (bytes.length != 0) {
            network.loop().execute(() -> writer().lost(new IOException("Broken pipe")));
        }
    }

    // ---- the reading end

    /** Asks for one answer. */
    void read() {
        readWanted = true;
        network.loop().execute(this::deliver);
    }

    /** Nothing is read any more. What was sent and not read makes the network reset the connection, as TCP does. */
    void readerGone() {
        boolean unread = underWayBytes != 0;
        readerGone = true;
        readWanted = false;
        underWay.clear();
        underWayBytes = 0;
        if (unread) {
            network.loop().execute(() -> writer().lost(new IOException("Connection reset by peer")));
        }
    }

    private void deliver() {
        Segment next = underWay.peek();
        if (next == null || !readWanted || faults.readsStalled) {
            return;
        }
        long wait = next.due - network.nanos();
        if (wait > 0) {
            network.time().schedule(() -> network.loop().execute(this::deliver), wait, TimeUnit.NANOSECONDS);
            return;
        }
        readWanted = false;
        byte[] bytes = get(next.bytes, faults.nextChunk());
        if (!next.bytes.hasRemaining()) {
            underWay.remove();
        }
        if (bytes.length == 0) {
            reader().peerEnded();
            return;
        }
        underWayBytes -= bytes.length;
        readBytes += bytes.length;
        network.loop().execute(this::pump);
        reader().received(bytes);
    }

    private static byte[] get(ByteBuffer from, long most) {
        byte[] bytes = new byte[(int) Math.min(from.remaining(), most)];
        from.get(bytes);
        return bytes;
    }

    End writer() {
        return connected(writer);
    }

    End reader() {
        return connected(reader);
    }

    private static End connected(@Nullable End end) {
        if (end == null) {
            throw new IllegalStateException("the wire has no ends yet");
        }
        return end;
    }
}
