package io.fluxsocket.core;

import org.jspecify.annotations.Nullable;

/**
 * The operations of one direction that are queued or in progress, in order: a ring of linked places. Another place is
 * made when there is none left, and used again; a driver that queues one operation at a time uses one, and links nothing.
 */
final class Operations {
    /** A send or a receive. */
    static final class Operation {
        /** Of a send. */
        BufferType type = BufferType.BINARY_MESSAGE;
        /** Of a send: the first byte of its frame. */
        int firstByte;
        /** Of a send, a byte array, a ByteBuffer, a {@link Chunk} or null; of a receive, the caller's byte array or null. */
        @Nullable
        Object memory;

        int offset;
        int length;

        @Nullable
        Object context;

        /** The place behind this one. */
        Operation next = this;
    }

    /** How messages of exceptions call them. A field: with a String among its parameters the check is not inlined (JDK 17). */
    private final String direction;

    private final int capacity;
    /** The place of the oldest, or where the next one will be. */
    private Operation first = new Operation();
    /** The place of the newest, if there is one. */
    private Operation last = first;

    private int count;

    Operations(String direction, int capacity) {
        this.direction = direction;
        this.capacity = capacity;
    }

    int size() {
        return count;
    }

    boolean isEmpty() {
        return count == 0;
    }

    void requireRoom() {
        if (count == capacity) {
            throw new IllegalStateException(
                    "the " + direction + " queue holds " + count + " operations already; complete its actions first");
        }
    }

    /** The next one, queued; to be filled. Only if there is room. */
    Operation add(@Nullable Object memory, int offset, int length, @Nullable Object context) {
        Operation operation = count == 0 ? first : behind(last);
        if (last != operation) {
            last = operation;
        }
        count++;
        operation.memory = memory;
        operation.offset = offset;
        operation.length = length;
        operation.context = context;
        return operation;
    }

    private Operation behind(Operation newest) {
        Operation operation = newest.next;
        if (operation == first) {
            operation = new Operation();
            operation.next = newest.next;
            newest.next = operation;
        }
        return operation;
    }

    /** The oldest. Only if there is one. */
    Operation first() {
        return first;
    }

    /** Forgets the oldest, and what it holds. */
    void removeFirst() {
        first.memory = null;
        first.context = null;
        if (--count != 0) {
            first = first.next;
        }
    }
}
