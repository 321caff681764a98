package io.fluxsocket.reactive;

/** Where a text was cut: the first bytes of a code point whose other bytes come later (RFC 3629 §3). */
final class Utf8Tail {
    private Utf8Tail() {}

    /** How many of the last of the first {@code n} bytes begin a code point that they do not end: 0 to 3. */
    static int length(byte[] bytes, int n) {
        for (int back = 1; back <= 3 && back <= n; back++) {
            int b = bytes[n - back] & 0xFF;
            if (b < 0x80) {
                return 0;
            }
            if (b >= 0xC0) {
                int needed = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
                return needed > back ? back : 0;
            }
        }
        return 0;
    }
}
