package io.fluxsocket.core;

import java.nio.ByteBuffer;

/**
 * Checks that a message, given in any number of pieces, is UTF-8 (RFC 3629, RFC 6455 §8.1).
 *
 * <p>The first byte that no valid continuation could repair is refused at once, so that a connection fails before the rest
 * of a message has come. Overlong forms, surrogates and code points above U+10FFFF are refused by the range of the second
 * byte (RFC 3629 §4).
 */
final class Utf8Validator {
    /** How many bytes of the code point in progress are missing; 0 between code points. */
    private int missing;
    /** The range of the next continuation byte. */
    private int lowest = 0x80;

    private int highest = 0xbf;

    /** Whether the message may end here: no code point is in progress. */
    boolean isComplete() {
        return missing == 0;
    }

    /** Forgets a code point in progress. */
    void reset() {
        missing = 0;
        lowest = 0x80;
        highest = 0xbf;
    }

    /** Whether these bytes continue the message validly. After false, only {@link #reset} helps. */
    boolean accept(byte[] bytes, int from, int n) {
        if (missing == 0 && Masker.isAscii(bytes, from, n)) {
            return true;
        }
        for (int i = from; i < from + n; i++) {
            if (!accept(bytes[i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether these bytes continue the message validly. After false, only {@link #reset} helps. */
    boolean accept(ByteBuffer bytes, int from, int n) {
        for (int i = from; i < from + n; i++) {
            if (!accept(bytes.get(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean accept(byte signed) {
        int b = signed & 0xff;
        if (missing == 0) {
            return b < 0x80 || lead(b);
        }
        if (b < lowest || b > highest) {
            return false;
        }
        lowest = 0x80;
        highest = 0xbf;
        missing--;
        return true;
    }

    private boolean lead(int b) {
        if (b < 0xc2 || b > 0xf4) {
            return false;
        }
        if (b < 0xe0) {
            missing = 1;
        } else if (b < 0xf0) {
            missing = 2;
            lowest = b == 0xe0 ? 0xa0 : 0x80;
            highest = b == 0xed ? 0x9f : 0xbf;
        } else {
            missing = 3;
            lowest = b == 0xf0 ? 0x90 : 0x80;
            highest = b == 0xf4 ? 0x8f : 0xbf;
        }
        return true;
    }
}
