package io.fluxsocket.core;

import org.jspecify.annotations.Nullable;

/**
 * What a receive asks of the sender: pongs, and the close that is owed to the peer. They leave in the order in which they
 * came to be owed, the close last.
 *
 * <p>Pongs wait in a ring of {@value #CAPACITY}: enough that every ping of a burst is answered. When it is full, the newest
 * takes the place of the one before it: RFC 6455 §5.5.3 asks for an answer to the most recent ping only.
 */
final class Replies {
    static final int CAPACITY = 16;
    private static final byte[] EMPTY = {};

    /** Made when the first ping comes; each slot keeps its memory. */
    private byte @Nullable [] @Nullable [] pongs;

    private byte[] lengths = EMPTY;
    private int head;
    private int count;

    private @Nullable CloseStatus close;
    private boolean closeAfterQueued;
    private byte[] closeBody = EMPTY;

    /** A pong with this payload is owed. The payload is copied. */
    void owePong(byte[] payload, int length) {
        byte @Nullable [] @Nullable [] ring = pongs;
        if (ring == null) {
            pongs = ring = new byte[CAPACITY][];
            lengths = new byte[CAPACITY];
        }
        if (count < CAPACITY) {
            count++;
        }
        int newest = (head + count - 1) % CAPACITY;
        byte[] slot = ring[newest];
        if (slot == null || slot.length < length) {
            ring[newest] = slot = new byte[length];
        }
        System.arraycopy(payload, 0, slot, 0, length);
        lengths[newest] = (byte) length;
    }

    /**
     * A close is owed.
     *
     * @param afterQueued whether the sends that are queued go before it
     */
    void oweClose(CloseStatus status, boolean afterQueued) {
        close = status;
        closeBody = CloseBody.encode(status);
        closeAfterQueued = afterQueued;
    }

    boolean isOwed(boolean sendsQueued) {
        return count != 0 || (close != null && !(closeAfterQueued && sendsQueued));
    }

    boolean hasPong() {
        return count != 0;
    }

    /** The payload of the oldest pong, or else the close's body. */
    byte[] payload() {
        byte @Nullable [] @Nullable [] ring = pongs;
        byte[] slot = count != 0 && ring != null ? ring[head] : null;
        return slot != null ? slot : closeBody;
    }

    int payloadLength() {
        return count != 0 ? lengths[head] : closeBody.length;
    }

    /** What {@link #payload} told is on the network. Returns the status if it was the close. */
    @Nullable
    CloseStatus sent() {
        if (count != 0) {
            head = (head + 1) % CAPACITY;
            count--;
            return null;
        }
        CloseStatus status = close;
        close = null;
        return status;
    }

    void clear() {
        count = 0;
        close = null;
    }
}
