package io.fluxsocket.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Checks that a message, given in any number of pieces, is UTF-8 (RFC 3629, RFC 6455 §8.1).
 *
 * <p>The first byte that no valid continuation could repair is refused at once, so that a connection fails before the rest
 * of a message has come. Overlong forms, surrogates and code points above U+10FFFF are refused by the range of the second
 * byte (RFC 3629 §4).
 *
 * <p>Where at least eight bytes are at hand they are loaded together: ASCII is skipped, and a code point is judged as a
 * whole by its bit pattern. Only what is left at the end of a piece, and the code point that it cuts, goes byte by byte.
 */
final class Utf8Validator {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long NON_ASCII = 0x8080808080808080L;

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
        int i = from;
        int end = from + n;
        while (i < end) {
            if (missing == 0 && i <= end - 8) {
                int valid = validBytes((long) LONG.get(bytes, i));
                if (valid == 0) {
                    return false;
                }
                i += valid;
            } else if (!accept(bytes[i++])) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether these bytes continue the message validly. After false, only {@link #reset} helps.
     *
     * @param bytes little endian
     */
    boolean accept(ByteBuffer bytes, int from, int n) {
        int i = from;
        int end = from + n;
        while (i < end) {
            if (missing == 0 && i <= end - 8) {
                int valid = validBytes(bytes.getLong(i));
                if (valid == 0) {
                    return false;
                }
                i += valid;
            } else if (!accept(bytes.get(i++))) {
                return false;
            }
        }
        return true;
    }

    /** How many of eight bytes, the lowest first, are ASCII or else make one code point; 0 if they begin with neither. */
    private static int validBytes(long eight) {
        long nonAscii = eight & NON_ASCII;
        if (nonAscii == 0) {
            return 8;
        }
        int ascii = Long.numberOfTrailingZeros(nonAscii) >>> 3;
        return ascii != 0 ? ascii : codePointSize((int) eight);
    }

    /** The size of the code point of two to four bytes that begins with the lowest; 0 if it is not valid. */
    private static int codePointSize(int four) {
        if ((four & 0xc0e0) == 0x80c0) {
            boolean overlong = (four & 0x1e) == 0;
            return overlong ? 0 : 2;
        }
        if ((four & 0xc0c0f0) == 0x8080e0) {
            int highestBits = four & 0x200f;
            boolean overlong = highestBits == 0;
            boolean surrogate = highestBits == 0x200d;
            return overlong || surrogate ? 0 : 3;
        }
        if ((four & 0xc0c0c0f8) == 0x808080f0) {
            boolean overlong = (four & 0x3007) == 0;
            boolean tooHigh = (four & 0x04) != 0 && (four & 0x3003) != 0;
            return overlong || tooHigh ? 0 : 4;
        }
        return 0;
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
