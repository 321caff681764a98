package io.fluxsocket.core;

import org.jspecify.annotations.Nullable;

/**
 * The operations of one direction that are queued or in progress, in order: a ring. A place in it is made when it is needed
 * first, and used again; a driver that queues one operation at a time uses one.
 */
final class Operations {
    /** A send or a receive. */
    static final class Operation {
        /** Of a send. */
        BufferType type = BufferType.BINARY_MESSAGE;
        /** Of a send: the first byte of its frame. */
        int firstByte;
        /** Of a send, a byte array, a ByteBuffer or null; of a receive, the caller's byte array or null. */
        @Nullable
        Object memory;

        int offset;
        int length;

        @Nullable
        Object context;
    }

    private final @Nullable Operation[] ring;
    private int head;
    private int count;

    Operations(int capacity) {
        ring = new Operation[capacity];
    }

    int size() {
        return count;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** @param direction how the message of the exception calls it */
    void requireRoom(String direction) {
        if (count == ring.length) {
            throw new IllegalStateException(
                    "the " + direction + " queue holds " + count + " operations already; complete its actions first");
        }
    }

    /** The next one, queued; to be filled. Only if there is room. */
    Operation add(@Nullable Object memory, int offset, int length, @Nullable Object context) {
        int tail = head + count;
        if (tail >= ring.length) {
            tail -= ring.length;
        }
        Operation operation = ring[tail];
        if (operation == null) {
            ring[tail] = operation = new Operation();
        }
        count++;
        operation.memory = memory;
        operation.offset = offset;
        operation.length = length;
        operation.context = context;
        return operation;
    }

    /** The oldest. */
    Operation first() {
        Operation operation = ring[head];
        if (operation == null) {
            throw new IllegalStateException("no operation is queued");
        }
        return operation;
    }

    /** Forgets the oldest, and what it holds. */
    void removeFirst() {
        Operation operation = first();
        operation.memory = null;
        operation.context = null;
        count--;
        head = count == 0 || head + 1 == ring.length ? 0 : head + 1;
    }
}
