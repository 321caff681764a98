package io.fluxsocket.core;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The payload that a receive indicates, in one of two places: still in the network's buffer, masked, or in an array, because
 * it is small, because it was assembled from more than one read, or because the caller wants it there.
 *
 * <p>A small payload goes into its array in the pass that unmasks it and tells whether it is ASCII: a pass less for a text of
 * 20 bytes is 7 % of an echo.
 */
final class Chunk {
    private static final byte[] EMPTY = {};
    private static final int SMALLEST = 1024;

    /** In the network's buffer: the buffer, else null. */
    private @Nullable ByteBuffer network;

    private int position;
    private int key;

    /** In an array: the array, and whether it is the engine's to give away. */
    private byte[] array = EMPTY;

    private int offset;
    private boolean ours;
    /** The engine's last array that nobody took, to be used again. */
    private byte[] spare = EMPTY;

    private int size;
    private int have;

    int size() {
        return size;
    }

    /** Bytes that are still to be added. */
    int missing() {
        return size - have;
    }

    /** The payload lies in the network's buffer. A key of 0: it is unmasked already. */
    void inNetwork(ByteBuffer bytes, int from, int n, int maskKey) {
        network = bytes;
        position = from;
        key = maskKey;
        size = n;
        have = n;
    }

    /** The payload lies in an array of somebody else. */
    void inArray(byte[] bytes, int from, int n) {
        begin(bytes, from, n);
        have = n;
    }

    /** The payload of {@code n} bytes is going to be added to the caller's array. */
    void begin(byte[] bytes, int from, int n) {
        network = null;
        array = bytes;
        offset = from;
        ours = false;
        size = n;
        have = 0;
    }

    /** The payload of {@code n} bytes is going to be added to an array of the engine's. */
    void begin(int n) {
        byte[] memory = spare.length >= n ? spare : new byte[n];
        spare = EMPTY;
        begin(memory, 0, n);
        ours = true;
    }

    /** The payload is going to be added to an array of the engine's, and how much it will be is not known. */
    void beginGrowing(int limit) {
        begin(Math.min(limit, Math.max(spare.length, SMALLEST)));
    }

    /** Makes room for more, up to a limit in all; what was added stays. Returns false if there is none. */
    boolean grow(int limit) {
        if (!ours || size >= limit) {
            return false;
        }
        size = (int) Math.min(limit, size * 4L);
        if (array.length < size) {
            array = Arrays.copyOf(array, size);
        }
        return true;
    }

    /** Adds masked bytes. Returns whether these are known to be ASCII. */
    boolean add(ByteBuffer bytes, int from, int n, int maskKey) {
        boolean ascii = Masker.copy(bytes, from, array, offset + have, n, maskKey);
        have += n;
        return ascii;
    }

    byte[] array() {
        return array;
    }

    /** Where in {@link #array} what is added next begins. */
    int end() {
        return offset + have;
    }

    /** Bytes were put at the {@link #end}. */
    void added(int n) {
        have += n;
    }

    /** No more will be added. */
    void truncate() {
        size = have;
    }

    byte[] toByteArray() {
        ByteBuffer bytes = network;
        if (bytes == null && ours && array.length == size) {
            byte[] taken = array;
            array = EMPTY;
            ours = false;
            return taken;
        }
        byte[] copy = new byte[size];
        copyTo(copy, 0);
        return copy;
    }

    void copyTo(byte[] destination, int at) {
        ByteBuffer bytes = network;
        if (at < 0 || size > destination.length - at) {
            throw new IndexOutOfBoundsException(
                    size + " bytes do not fit into " + destination.length + " bytes from " + at + " on");
        }
        if (bytes == null) {
            System.arraycopy(array, offset, destination, at, size);
        } else {
            Masker.copy(bytes, position, destination, at, size, key);
        }
    }

    /** Whether it lies in the network's buffer. */
    boolean isInNetwork() {
        return network != null;
    }

    /** Copies a part of the payload and masks it, for a send, with a key of its own; a key of 0 leaves it unmasked. */
    void copyTo(ByteBuffer destination, int at, int from, int n, int sendKey) {
        ByteBuffer bytes = network;
        if (n > size - from) {
            throw new IllegalStateException(
                    "the receive whose payload is sent was completed, or its engine aborted, before the send");
        }
        if (bytes == null) {
            Masker.copy(array, offset + from, destination, at, n, sendKey);
        } else {
            Masker.copy(bytes, position + from, destination, at, n, Masker.rotate(key, from) ^ sendKey);
        }
    }

    /** A view of the payload, unmasked in place if it was not yet. */
    ByteBuffer view() {
        ByteBuffer bytes = network;
        if (bytes == null) {
            return ByteBuffer.wrap(array, offset, size).slice();
        }
        Masker.mask(bytes, position, size, key);
        key = 0;
        return bytes.slice(position, size);
    }

    /** The indication is over. */
    void release() {
        if (ours) {
            spare = array;
        }
        network = null;
        array = EMPTY;
        offset = 0;
        ours = false;
        size = 0;
        have = 0;
    }
}
