package io.fluxsocket.core;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * An inflater of RFC 1951 written from its text, sharing nothing with zlib: it refuses a reference that reaches further back
 * than the window that was agreed on, or than the beginning of the stream. It keeps its history from one message to the
 * next, unless told otherwise.
 */
final class WindowInflater {
    private static final int[] LENGTH_BASE = {
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258
    };
    private static final int[] LENGTH_EXTRA = {
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0
    };
    private static final int[] CODE_LENGTH_ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

    private final int window;
    private byte[] history = {};

    private byte[] in = {};
    private int bit;
    private byte[] out = {};
    private int size;

    /** The furthest reference that was met. */
    int furthest;

    WindowInflater(int windowBits) {
        window = 1 << windowBits;
    }

    /** Inflates the payload of a compressed message, without the tail that its sender has left out. */
    byte[] inflate(byte[] payload, boolean noContextTakeover) {
        in = Bytes.concat(payload, new byte[] {0, 0, -1, -1});
        bit = 0;
        int before = history.length;
        out = Arrays.copyOf(history, Math.max(1024, before * 2));
        size = before;
        while (bit <= in.length * 8 - 8) {
            if (block()) {
                throw new IllegalStateException("BFINAL");
            }
        }
        if (bit != in.length * 8) {
            throw new IllegalStateException("the message does not end with a block: " + (in.length * 8 - bit));
        }
        byte[] message = Arrays.copyOfRange(out, before, size);
        history = noContextTakeover ? new byte[0] : Arrays.copyOfRange(out, Math.max(0, size - window), size);
        return message;
    }

    private boolean block() {
        boolean last = bits(1) == 1;
        switch (bits(2)) {
            case 0 -> stored();
            case 1 -> codes(new Huffman(fixedLengths()), new Huffman(filled(30, 5)));
            case 2 -> dynamic();
            default -> throw new IllegalStateException("a block of a reserved type");
        }
        return last;
    }

    private void stored() {
        bit = (bit + 7) & ~7;
        int length = bits(16);
        if (length != (~bits(16) & 0xffff)) {
            throw new IllegalStateException("the length of a stored block");
        }
        for (int i = 0; i < length; i++) {
            put(bits(8));
        }
    }

    private void dynamic() {
        int literals = bits(5) + 257;
        int distances = bits(5) + 1;
        int codes = bits(4) + 4;
        int[] codeLengths = new int[19];
        for (int i = 0; i < codes; i++) {
            codeLengths[CODE_LENGTH_ORDER[i]] = bits(3);
        }
        Huffman huffman = new Huffman(codeLengths);
        int[] lengths = new int[literals + distances];
        int i = 0;
        while (i < lengths.length) {
            int symbol = huffman.next();
            if (symbol < 16) {
                lengths[i++] = symbol;
                continue;
            }
            int value = symbol == 16 ? lengths[i - 1] : 0;
            int repeat = symbol == 16 ? 3 + bits(2) : symbol == 17 ? 3 + bits(3) : 11 + bits(7);
            Arrays.fill(lengths, i, i + repeat, value);
            i += repeat;
        }
        codes(
                new Huffman(Arrays.copyOf(lengths, literals)),
                new Huffman(Arrays.copyOfRange(lengths, literals, lengths.length)));
    }

    private void codes(Huffman literals, Huffman distances) {
        for (int symbol = literals.next(); symbol != 256; symbol = literals.next()) {
            if (symbol < 256) {
                put(symbol);
                continue;
            }
            int length = LENGTH_BASE[symbol - 257] + bits(LENGTH_EXTRA[symbol - 257]);
            int code = distances.next();
            int extra = code < 4 ? 0 : code / 2 - 1;
            int distance = code < 4 ? code + 1 : (2 + code % 2 << extra) + 1 + bits(extra);
            if (distance > window || distance > size) {
                throw new IllegalStateException(
                        "a reference reaches " + distance + " back, of a window of " + window + " and " + size);
            }
            furthest = Math.max(furthest, distance);
            for (int i = 0; i < length; i++) {
                put(out[size - distance]);
            }
        }
    }

    private void put(int octet) {
        if (size == out.length) {
            out = Arrays.copyOf(out, size * 2);
        }
        out[size++] = (byte) octet;
    }

    private int bits(int n) {
        int value = 0;
        for (int i = 0; i < n; i++, bit++) {
            value |= (in[bit >> 3] >> (bit & 7) & 1) << i;
        }
        return value;
    }

    private static int[] filled(int n, int length) {
        int[] lengths = new int[n];
        Arrays.fill(lengths, length);
        return lengths;
    }

    private static int[] fixedLengths() {
        int[] lengths = filled(288, 8);
        Arrays.fill(lengths, 144, 256, 9);
        Arrays.fill(lengths, 256, 280, 7);
        return lengths;
    }

    /** A code of RFC 1951 §3.2.2. */
    private final class Huffman {
        private final int[] counts = new int[16];
        private final int[] symbols;

        Huffman(int[] lengths) {
            symbols = new int[lengths.length];
            int n = 0;
            for (int length = 1; length < 16; length++) {
                for (int symbol = 0; symbol < lengths.length; symbol++) {
                    if (lengths[symbol] == length) {
                        symbols[n++] = symbol;
                        counts[length]++;
                    }
                }
            }
        }

        int next() {
            int code = 0;
            int first = 0;
            int index = 0;
            for (int length = 1; length < 16; length++) {
                code |= bits(1);
                if (code - counts[length] < first) {
                    return symbols[index + code - first];
                }
                index += counts[length];
                first = first + counts[length] << 1;
                code <<= 1;
            }
            throw new IllegalStateException("a code that means nothing");
        }
    }

    static byte[] concat(Iterable<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }
}
