package io.fluxsocket.reactive;

import org.jspecify.annotations.Nullable;

/**
 * Senders in a row, linked through themselves: a sender stands in one row at most, and leaves it from anywhere at the same
 * cost, so that the end of very many sends takes no longer for each than the end of one. On the loop.
 */
final class SenderRow {
    private @Nullable Sender first;
    private @Nullable Sender last;

    boolean isEmpty() {
        return first == null;
    }

    @Nullable
    Sender peek() {
        return first;
    }

    /** Puts it behind all others. It must not stand in a row. */
    void add(Sender s) {
        Sender before = last;
        s.row = this;
        s.previous = before;
        if (before == null) {
            first = s;
        } else {
            before.next = s;
        }
        last = s;
    }

    @Nullable
    Sender poll() {
        Sender s = first;
        if (s != null) {
            remove(s);
        }
        return s;
    }

    /** Takes it out of this row, in which it must stand. */
    void remove(Sender s) {
        Sender before = s.previous;
        Sender after = s.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        s.previous = null;
        s.next = null;
        s.row = null;
    }
}
