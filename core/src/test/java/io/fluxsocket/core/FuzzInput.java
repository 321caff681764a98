package io.fluxsocket.core;

import java.util.Arrays;

/**
 * What a fuzz target reads its bytes and its choices from. Choices come from the end of the input and bytes from its
 * beginning, so that a change of one moves nothing of the other; the last byte says how many bytes are choices. An input
 * that has run out gives zeros.
 */
public final class FuzzInput {
    private final byte[] data;
    private int from;
    private int bytesEnd;
    private int choice;

    public FuzzInput(byte[] data) {
        this.data = data;
        choice = data.length == 0 ? 0 : data.length - 1;
        int choices = data.length == 0 ? 0 : 2 * (data[choice] & 0xff);
        bytesEnd = Math.max(0, choice - choices);
    }

    /** Whether there are choices left. */
    public boolean hasChoices() {
        return choice > bytesEnd;
    }

    /** Whether there are bytes left. */
    public boolean hasBytes() {
        return from < bytesEnd;
    }

    /** A number from 0 to n - 1. */
    public int below(int n) {
        int value = octet();
        if (n > 256) {
            value = value << 8 | octet();
        }
        return value % n;
    }

    /** True in one of n cases, and never when there are no choices left. */
    public boolean oneIn(int n) {
        return below(n) == n - 1;
    }

    /** One of these. */
    public int of(int... values) {
        return values[below(values.length)];
    }

    private int octet() {
        return hasChoices() ? data[--choice] & 0xff : 0;
    }

    /** The next byte, 0 to 255. */
    public int next() {
        return hasBytes() ? data[from++] & 0xff : 0;
    }

    /** The next bytes, at most n. */
    public byte[] bytes(int n) {
        int end = Math.min(bytesEnd, from + n);
        byte[] bytes = Arrays.copyOfRange(data, from, end);
        from = end;
        return bytes;
    }

    /** All bytes that are left. */
    public byte[] rest() {
        return bytes(bytesEnd - from);
    }
}
