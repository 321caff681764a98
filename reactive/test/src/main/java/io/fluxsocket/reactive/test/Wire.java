package io.fluxsocket.reactive.test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a connection in memory: what is under way in it, and what can go wrong with it.
 *
 * <p><b>Model.</b> What an end writes waits at that end until the wire takes it, as it would wait for a socket's buffer; what the
 * wire has taken is under way until the other end reads it. The wire takes bytes while fewer than {@link
 * InMemoryWebSocket#bufferSize} are under way; the transport calls itself writable while fewer than that wait. So a source is
 * asked for no more than two buffers and a frame while nobody reads.
 *
 * <p><b>Faults</b> last until they are taken back; those at a byte happen once. Bytes are counted from 0 at the beginning of the
 * stream. All faults are noted in the {@link Transcript}.
 *
 * <p><b>Threads.</b> All methods may be called on any thread; what they change has taken effect when they return, unless
 * another thread is running the conversation, which then goes on with it.
 */
public final class Wire {
    /** As much as a session emits at once. */
    private static final int LARGEST_READ = 64 << 10;

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

    private boolean readsStalled;
    private boolean writesStalled;
    private boolean unwritable;
    private Duration delay = Duration.ZERO;
    private int[] chunks = {};
    private int nextChunk;
    private final TreeMap<Long, Integer> corruptions = new TreeMap<>();
    private long truncateAt = Long.MAX_VALUE;
    private long resetAt = Long.MAX_VALUE;

    Wire(MemoryNetwork network, String name, int bufferSize, Transcript.Tap tap) {
        this.network = network;
        this.name = name;
        this.bufferSize = bufferSize;
        this.tap = tap;
    }

    void connect(End from, End to) {
        writer = from;
        reader = to;
    }

    // ---- what is to be seen

    /** {@return how many Receive operations are outstanding at the end that reads: the protocol's rule is one at most} */
    public int outstandingReceives() {
        return see(() -> reader().outstandingReceives());
    }

    /** {@return whether the reading end waits for bytes: without demand, and with a full receive window, it does not} */
    public boolean isReading() {
        return see(() -> readWanted);
    }

    /** {@return how many bytes the reading end has read} */
    public long readBytes() {
        return see(() -> readBytes);
    }

    /** {@return how many bytes were sent and not yet read} */
    public long bytesUnderWay() {
        return see(() -> underWayBytes);
    }

    /** {@return how many bytes the wire has taken from the writing end} */
    public long sentBytes() {
        return see(() -> sentBytes);
    }

    /** {@return how many bytes wait at the writing end} */
    public long pendingBytes() {
        return see(() -> writer().pendingBytes());
    }

    /** {@return whether the writing end's transport is writable; while it is not, no source is asked for a frame} */
    public boolean isWritable() {
        return see(() -> !unwritable && writer().pendingBytes() < bufferSize);
    }

    private <T> T see(Supplier<T> what) {
        return network.loop().call(what);
    }

    // ---- faults

    /**
     * Delivers nothing: the other end sees silence, and the writing end a network that fills up.
     *
     * @return this wire
     */
    public Wire stallReads() {
        return change("reads stall", () -> readsStalled = true);
    }

    /**
     * Delivers again, beginning with what has waited.
     *
     * @return this wire
     */
    public Wire resumeReads() {
        return change("reads go on", () -> readsStalled = false);
    }

    /**
     * Takes nothing: what is written waits at the writing end, where nothing is flushed any more.
     *
     * @return this wire
     */
    public Wire stallWrites() {
        return change("writes stall", () -> writesStalled = true);
    }

    /**
     * Takes bytes again, beginning with what has waited.
     *
     * @return this wire
     */
    public Wire resumeWrites() {
        return change("writes go on", () -> writesStalled = false);
    }

    /**
     * Makes the writing end's transport say whether it is writable, whatever waits.
     *
     * @param writable false for "not now"; true for the truth
     * @return this wire
     */
    public Wire writable(boolean writable) {
        return change(writable ? "writable" : "not writable", () -> unwritable = !writable);
    }

    /**
     * Delivers in pieces of these sizes, whatever was written together: {@code chunks(1)} is byte by byte.
     *
     * @param sizes of the next pieces, each above zero; the last one goes on for ever. None: as it was written
     * @return this wire
     */
    public Wire chunks(int... sizes) {
        for (int size : sizes) {
            if (size < 1) {
                throw new IllegalArgumentException("a chunk has " + size + " bytes; it needs one at least");
            }
        }
        int[] copy = sizes.clone();
        return change("delivers in chunks of " + Arrays.toString(copy), () -> {
            chunks = copy;
            nextChunk = 0;
        });
    }

    /**
     * Delivers what is sent from now on this much later, in virtual time.
     *
     * @param time zero for at once
     * @return this wire
     */
    public Wire delay(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("a delay of " + time + " would deliver before it is sent");
        }
        return change("delays by " + time.toMillis() + " ms", () -> delay = time);
    }

    /**
     * Inverts all bits of one byte.
     *
     * @param position of a byte that is not sent yet
     * @return this wire
     */
    public Wire corrupt(long position) {
        return corrupt(position, 0xFF);
    }

    /**
     * Inverts some bits of one byte.
     *
     * @param position of a byte that is not sent yet
     * @param bits those to be inverted, as a mask: 0x80 for the highest
     * @return this wire
     */
    public Wire corrupt(long position, int bits) {
        return change("will corrupt byte " + position, () -> {
            requireAhead(position);
            corruptions.merge(position, bits, (a, b) -> a ^ b);
        });
    }

    /**
     * Ends the stream in front of a byte: that and all that follow vanish, and the other end sees the end of the stream.
     *
     * @param position of a byte that is not sent yet
     * @return this wire
     */
    public Wire truncate(long position) {
        return change("will end at byte " + position, () -> {
            requireAhead(position);
            truncateAt = position;
        });
    }

    /**
     * Loses the connection, in both directions, in place of sending a byte. To lose it now, use {@code reset} of the pair or
     * {@code thenDrop} of the scripted peer.
     *
     * @param position of a byte that is not sent yet
     * @return this wire
     */
    public Wire resetAt(long position) {
        return change("will be reset at byte " + position, () -> {
            requireAhead(position);
            resetAt = position;
        });
    }

    private void requireAhead(long position) {
        if (position < sentBytes) {
            throw new IllegalArgumentException(
                    "byte " + position + " was sent already; " + name + " is at byte " + sentBytes);
        }
    }

    private Wire change(String note, Runnable change) {
        network.loop().run(() -> {
            change.run();
            network.transcript().note(name, note);
            pump();
            deliver();
            writer().moved();
        });
        return this;
    }

    // ---- the writing end, on the loop

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

    long unsentBytes() {
        return unsentBytes;
    }

    boolean isEnding() {
        return writerEnded;
    }

    boolean isWritable(long pending) {
        return !unwritable && pending < bufferSize;
    }

    private void pump() {
        while (!unsent.isEmpty() && !writesStalled && underWayBytes < bufferSize) {
            byte[] bytes = get(unsent.element(), bufferSize - underWayBytes);
            if (!unsent.element().hasRemaining()) {
                unsent.remove();
            }
            unsentBytes -= bytes.length;
            sentBytes += bytes.length;
            take(bytes);
        }
        if (unsent.isEmpty() && writerEnded && (!writesStalled || writerGone)) {
            endStream();
        }
        if (!writerGone) {
            writer().moved();
        }
    }

    private void take(byte[] bytes) {
        long from = sentBytes - bytes.length;
        if (sentBytes > resetAt) {
            network.transcript().note(name, "reset at byte " + resetAt);
            network.loop().execute(network::reset);
            resetAt = Long.MAX_VALUE;
            truncateAt = Math.min(truncateAt, from); // nothing of this arrives
        }
        byte[] taken = sentBytes > truncateAt ? Arrays.copyOf(bytes, (int) Math.max(0, truncateAt - from)) : bytes;
        Map<Long, Integer> damage = corruptions.headMap(from + taken.length);
        damage.forEach((position, bits) -> taken[(int) (position - from)] ^= bits.byteValue());
        damage.clear();
        if (taken.length != 0) {
            tap.bytes(taken);
            send(taken);
        }
        if (taken.length < bytes.length && !endSent) {
            network.transcript().note(name, "ends at byte " + truncateAt);
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
            underWay.add(new Segment(ByteBuffer.wrap(bytes), network.nanos() + delay.toNanos()));
            underWayBytes += bytes.length;
            network.loop().execute(this::deliver);
        } else if (bytes.length != 0) {
            network.loop().execute(() -> writer().lost(new IOException("Broken pipe")));
        }
    }

    // ---- the reading end, on the loop

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
        if (next == null || !readWanted || readsStalled) {
            return;
        }
        long wait = next.due - network.nanos();
        if (wait > 0) {
            network.time().schedule(() -> network.loop().execute(this::deliver), wait, TimeUnit.NANOSECONDS);
            return;
        }
        readWanted = false;
        byte[] bytes = get(next.bytes, chunk());
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

    private int chunk() {
        if (chunks.length == 0) {
            return LARGEST_READ;
        }
        int size = chunks[nextChunk];
        nextChunk = Math.min(nextChunk + 1, chunks.length - 1);
        return size;
    }

    private End writer() {
        return connected(writer);
    }

    private End reader() {
        return connected(reader);
    }

    private static End connected(@Nullable End end) {
        if (end == null) {
            throw new IllegalStateException("the wire has no ends yet");
        }
        return end;
    }

    /** Where it leads, and what is under way. */
    @Override
    public String toString() {
        return name + ": " + sentBytes() + " bytes sent, " + readBytes() + " read, " + pendingBytes() + " waiting";
    }
}
