package io.fluxsocket.reactive.test;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;

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
    private final MemoryNetwork network;
    private final Pipe pipe;

    Wire(MemoryNetwork network, Pipe pipe) {
        this.network = network;
        this.pipe = pipe;
    }

    Pipe pipe() {
        return pipe;
    }

    // ---- what is to be seen

    /** {@return how many Receive operations are outstanding at the end that reads: the protocol's rule is one at most} */
    public int outstandingReceives() {
        return see(() -> pipe.reader().outstandingReceives());
    }

    /** {@return whether the reading end waits for bytes: without demand, and with a full receive window, it does not} */
    public boolean isReading() {
        return see(pipe::isReading);
    }

    /** {@return how many bytes the reading end has read} */
    public long readBytes() {
        return see(pipe::readBytes);
    }

    /** {@return how many bytes were sent and not yet read} */
    public long bytesUnderWay() {
        return see(pipe::underWayBytes);
    }

    /** {@return how many bytes the wire has taken from the writing end} */
    public long sentBytes() {
        return see(pipe::sentBytes);
    }

    /** {@return how many bytes wait at the writing end} */
    public long pendingBytes() {
        return see(() -> pipe.writer().pendingBytes());
    }

    /** {@return whether the writing end's transport is writable; while it is not, no source is asked for a frame} */
    public boolean isWritable() {
        return see(() -> pipe.isWritable(pipe.writer().pendingBytes()));
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
        return change("reads stall", () -> pipe.faults().readsStalled = true);
    }

    /**
     * Delivers again, beginning with what has waited.
     *
     * @return this wire
     */
    public Wire resumeReads() {
        return change("reads go on", () -> pipe.faults().readsStalled = false);
    }

    /**
     * Takes nothing: what is written waits at the writing end, where nothing is flushed any more.
     *
     * @return this wire
     */
    public Wire stallWrites() {
        return change("writes stall", () -> pipe.faults().writesStalled = true);
    }

    /**
     * Takes bytes again, beginning with what has waited.
     *
     * @return this wire
     */
    public Wire resumeWrites() {
        return change("writes go on", () -> pipe.faults().writesStalled = false);
    }

    /**
     * Makes the writing end's transport say whether it is writable, whatever waits.
     *
     * @param writable false for "not now"; true for the truth
     * @return this wire
     */
    public Wire writable(boolean writable) {
        return change(writable ? "writable" : "not writable", () -> pipe.faults().unwritable = !writable);
    }

    /**
     * Delivers in pieces of these sizes, whatever was written together: {@code chunks(1)} is byte by byte.
     *
     * @param sizes of the next pieces, each above zero; the last one goes on for ever. None: as it was written
     * @return this wire
     * @throws IllegalArgumentException if one is not above zero
     */
    public Wire chunks(int... sizes) {
        for (int size : sizes) {
            if (size < 1) {
                throw new IllegalArgumentException("a chunk has " + size + " bytes; it needs one at least");
            }
        }
        int[] copy = sizes.clone();
        return change(
                copy.length == 0 ? "delivers as it was written" : "delivers in chunks of " + Arrays.toString(copy),
                () -> pipe.faults().chunks(copy));
    }

    /**
     * Delivers what is sent from now on this much later, in virtual time.
     *
     * @param time zero for at once
     * @return this wire
     * @throws IllegalArgumentException if it is negative
     */
    public Wire delay(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("a delay of " + time + " would deliver before it is sent");
        }
        return change("delays by " + time.toMillis() + " ms", () -> pipe.faults().delay = time);
    }

    /**
     * Inverts all bits of one byte.
     *
     * @param position of a byte that is not sent yet
     * @return this wire
     * @throws IllegalArgumentException if it was sent already, or is negative
     */
    public Wire corrupt(long position) {
        return corrupt(position, 0xFF);
    }

    /**
     * Inverts some bits of one byte.
     *
     * @param position of a byte that is not sent yet
     * @param bits those to be inverted, as a mask of 1 to 0xFF: 0x80 for the highest
     * @return this wire
     * @throws IllegalArgumentException if the byte was sent already or the position is negative, or for other bits
     */
    public Wire corrupt(long position, int bits) {
        if (bits < 1 || bits > 0xFF) {
            throw new IllegalArgumentException("a byte has bits 0x01 to 0x80, and one is to be inverted at least; "
                    + "0x" + Integer.toHexString(bits) + " is not of them");
        }
        return change("will corrupt byte " + position, () -> {
            requireAhead(position);
            pipe.faults().corrupt(position, bits);
        });
    }

    /**
     * Ends the stream in front of a byte: that and all that follow vanish, and the other end sees the end of the stream.
     *
     * @param position of a byte that is not sent yet
     * @return this wire
     * @throws IllegalArgumentException if it was sent already, or is negative
     */
    public Wire truncate(long position) {
        return change("will end at byte " + position, () -> {
            requireAhead(position);
            pipe.faults().truncateAt = position;
        });
    }

    /**
     * Loses the connection, in both directions, in place of sending a byte. To lose it now, use {@code reset} of the pair or
     * {@code thenDrop} of the scripted peer.
     *
     * @param position of a byte that is not sent yet
     * @return this wire
     * @throws IllegalArgumentException if it was sent already, or is negative
     */
    public Wire resetAt(long position) {
        return change("will be reset at byte " + position, () -> {
            requireAhead(position);
            pipe.faults().resetAt = position;
        });
    }

    private void requireAhead(long position) {
        if (position < 0) {
            throw new IllegalArgumentException("there is no byte " + position + "; the first one is 0");
        }
        if (position < pipe.sentBytes()) {
            throw new IllegalArgumentException(
                    "byte " + position + " was sent already; " + pipe.name() + " is at byte " + pipe.sentBytes());
        }
    }

    private Wire change(String note, Runnable change) {
        network.loop().run(() -> {
            change.run();
            pipe.faultsChanged(note);
        });
        return this;
    }

    /** Where it leads, and what is under way. */
    @Override
    public String toString() {
        return pipe.name() + ": " + sentBytes() + " bytes sent, " + readBytes() + " read, " + pendingBytes()
                + " waiting";
    }
}
