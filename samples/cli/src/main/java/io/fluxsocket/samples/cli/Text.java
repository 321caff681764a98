package io.fluxsocket.samples.cli;

import java.util.HexFormat;

/** What may be shown. */
final class Text {
    private static final HexFormat SPACED = HexFormat.ofDelimiter(" ");
    private static final int LARGEST_PREVIEW = 256;

    private Text() {}

    /** A peer must not move the cursor, change colours or titles: its control characters are shown as pictures (U+2400). */
    static String visible(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c < 0x20 && c != '\n' && c != '\t') {
                shown.appendCodePoint(0x2400 + c);
            } else if (c == 0x7F) {
                shown.append('\u2421');
            } else if (c >= 0x80 && c < 0xA0) {
                shown.append('\uFFFD');
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** {@code 68 65 6c 6c 6f}, and no end of it. */
    static String hexPreview(byte[] bytes) {
        return bytes.length <= LARGEST_PREVIEW
                ? SPACED.formatHex(bytes)
                : SPACED.formatHex(bytes, 0, LARGEST_PREVIEW) + " …";
    }

    static String bytes(long count) {
        return String.format(java.util.Locale.ROOT, "%,d %s", count, count == 1 ? "byte" : "bytes");
    }
}
