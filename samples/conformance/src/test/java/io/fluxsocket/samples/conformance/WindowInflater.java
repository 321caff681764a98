package io.fluxsocket.samples.conformance;

import java.util.Arrays;

/**
 * An inflater (RFC 1951) that has no more than the window that was agreed on. That of java.util.zip always has the largest,
 * and would let a sender pass that reaches back too far.
 */
final class WindowInflater {
    private static final int[] LENGTH_BASE = {
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258
    };
    private static final int[] DISTANCE_BASE = {
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145, 8193, 12289, 16385, 24577
    };
    private static final int[] CODE_LENGTH_ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    private static final int END_OF_BLOCK = 256;
    private static final int MAX_CODE_BITS = 15;

    private final int window;
    private final boolean takeover;

    private byte[] out = new byte[1 << 16];
    private int written;
    private int messageStart;

    private byte[] in = Bytes.NONE;
    private int bitsRead;

    WindowInflater(int windowBits, boolean takeover) {
        window = 1 << windowBits;
        this.takeover = takeover;
    }

    /** Inflates one message, whose tail was left out (RFC 7692 §7.2.2). */
    byte[] inflate(byte[] compressed) {
        in = Bytes.join(compressed, Bytes.hex("0000ffff"));
        bitsRead = 0;
        keepWindowOnly();
        messageStart = written;
        while (bitsRead < 8 * in.length) {
            boolean last = bits(1) == 1;
            switch (bits(2)) {
                case 0 -> stored();
                case 1 -> compressed(FIXED_LITERALS, FIXED_DISTANCES);
                case 2 -> dynamic();
                default -> throw broken("a block of the reserved type");
            }
            if (last) {
                // RFC 7692 §7.2.3.5: a final block is followed by what a new stream begins with, after a byte boundary.
                bitsRead = (bitsRead + 7) / 8 * 8;
            }
        }
        return Arrays.copyOfRange(out, messageStart, written);
    }

    private void keepWindowOnly() {
        int kept = takeover ? Math.min(window, written) : 0;
        System.arraycopy(out, written - kept, out, 0, kept);
        written = kept;
    }

    private void stored() {
        bitsRead = (bitsRead + 7) / 8 * 8;
        int length = bits(16);
        if (bits(16) != (~length & 0xffff)) {
            throw broken("a stored block whose length is not confirmed");
        }
        for (int i = 0; i < length; i++) {
            put((byte) bits(8));
        }
    }

    private void dynamic() {
        int literals = bits(5) + 257;
        int distances = bits(5) + 1;
        int[] codeLengths = new int[19];
        int count = bits(4) + 4;
        for (int i = 0; i < count; i++) {
            codeLengths[CODE_LENGTH_ORDER[i]] = bits(3);
        }
        Code code = new Code(codeLengths);
        int[] lengths = new int[literals + distances];
        for (int i = 0; i < lengths.length; ) {
            int symbol = symbol(code);
            if (symbol < 16) {
                lengths[i++] = symbol;
                continue;
            }
            int value = symbol == 16 && i > 0 ? lengths[i - 1] : 0;
            int repeats = switch (symbol) {
                case 16 -> 3 + bits(2);
                case 17 -> 3 + bits(3);
                default -> 11 + bits(7);
            };
            Arrays.fill(lengths, i, i + repeats, value);
            i += repeats;
        }
        compressed(
                new Code(Arrays.copyOf(lengths, literals)),
                new Code(Arrays.copyOfRange(lengths, literals, lengths.length)));
    }

    private void compressed(Code literals, Code distances) {
        while (true) {
            int symbol = symbol(literals);
            if (symbol < END_OF_BLOCK) {
                put((byte) symbol);
                continue;
            }
            if (symbol == END_OF_BLOCK) {
                return;
            }
            int index = symbol - 257;
            int extra = index < 8 || index == 28 ? 0 : index / 4 - 1;
            int length = LENGTH_BASE[index] + bits(extra);
            int distanceSymbol = symbol(distances);
            int distance = DISTANCE_BASE[distanceSymbol] + bits(distanceSymbol < 4 ? 0 : distanceSymbol / 2 - 1);
            if (distance > window || distance > written) {
                throw broken("a reference " + distance + " bytes back, with a window of " + window + " and " + written
                        + " bytes there");
            }
            for (int i = 0; i < length; i++) {
                put(out[written - distance]);
            }
        }
    }

    private void put(byte value) {
        if (written == out.length) {
            out = Arrays.copyOf(out, 2 * out.length);
        }
        out[written++] = value;
    }

    private int symbol(Code code) {
        int value = 0;
        int first = 0;
        int index = 0;
        for (int length = 1; length <= MAX_CODE_BITS; length++) {
            value |= bits(1);
            int count = code.counts[length];
            if (value - first < count) {
                return code.symbols[index + value - first];
            }
            index += count;
            first = first + count << 1;
            value <<= 1;
        }
        throw broken("a code that is not defined");
    }

    private int bits(int count) {
        int value = 0;
        for (int i = 0; i < count; i++, bitsRead++) {
            if (bitsRead >= 8 * in.length) {
                throw broken("a message that ends within a block");
            }
            value |= (in[bitsRead >> 3] >> (bitsRead & 7) & 1) << i;
        }
        return value;
    }

    private static Fault broken(String what) {
        return new Fault(1007, "the compressed data has " + what);
    }

    private static final Code FIXED_LITERALS = fixedLiterals();
    private static final Code FIXED_DISTANCES = new Code(filled(new int[30], 0, 30, 5));

    private static Code fixedLiterals() {
        int[] lengths = filled(new int[288], 0, 144, 8);
        filled(lengths, 144, 256, 9);
        filled(lengths, 256, 280, 7);
        return new Code(filled(lengths, 280, 288, 8));
    }

    private static int[] filled(int[] lengths, int from, int to, int value) {
        Arrays.fill(lengths, from, to, value);
        return lengths;
    }

    /** A canonical Huffman code (RFC 1951 §3.2.2): how many codes of each length there are, and their symbols in order. */
    private static final class Code {
        private final int[] counts = new int[MAX_CODE_BITS + 1];
        private final int[] symbols;

        Code(int[] lengths) {
            for (int length : lengths) {
                counts[length]++;
            }
            counts[0] = 0;
            int[] next = new int[MAX_CODE_BITS + 1];
            for (int length = 1; length < MAX_CODE_BITS; length++) {
                next[length + 1] = next[length] + counts[length];
            }
            symbols = new int[lengths.length];
            for (int symbol = 0; symbol < lengths.length; symbol++) {
                if (lengths[symbol] != 0) {
                    symbols[next[lengths[symbol]]++] = symbol;
                }
            }
        }
    }
}
