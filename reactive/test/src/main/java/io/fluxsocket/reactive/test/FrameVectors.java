package io.fluxsocket.reactive.test;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Bytes and frames in a form that people read: {@code "81 85 | 37 fa 21 3d | 7f 9f 4d 51 58"}, or {@code "81 05 'Hello'"}.
 *
 * <p><b>The form.</b> Two hexadecimal digits are a byte. Text between apostrophes stands for its UTF-8. White space and {@code |}
 * separate and mean nothing; what follows {@code #} up to the end of its line is a remark.
 */
public final class FrameVectors {
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");
    private static final int PREVIEW = 32;
    /** Kinds of characters that are not to be seen, and are written as escapes. */
    private static final Set<Integer> UNSEEN = Set.of((int) Character.CONTROL, (int) Character.FORMAT);

    private FrameVectors() {}

    /**
     * The bytes that a vector stands for.
     *
     * @param vector see above
     * @return the bytes
     * @throws IllegalArgumentException if it is not in that form; the message says where
     */
    public static byte[] bytes(String vector) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int at = 0; at < vector.length(); ) {
            char c = vector.charAt(at);
            if (Character.isWhitespace(c) || c == '|') {
                at++;
            } else if (c == '#') {
                at = end(vector, '\n', at, vector.length());
            } else if (c == '\'') {
                int close = end(vector, '\'', at + 1, -1);
                require(close > 0, "the text is not closed", vector, at);
                bytes.writeBytes(vector.substring(at + 1, close).getBytes(StandardCharsets.UTF_8));
                at = close + 1;
            } else {
                boolean isByte = at + 1 < vector.length()
                        && HexFormat.isHexDigit(c)
                        && HexFormat.isHexDigit(vector.charAt(at + 1));
                require(isByte, "no byte of two hexadecimal digits", vector, at);
                bytes.write(HexFormat.fromHexDigits(vector, at, at + 2));
                at += 2;
            }
        }
        return bytes.toByteArray();
    }

    private static int end(String vector, char what, int from, int otherwise) {
        int at = vector.indexOf(what, from);
        return at < 0 ? otherwise : at;
    }

    private static void require(boolean condition, String what, String vector, int at) {
        if (!condition) {
            throw new IllegalArgumentException(what + " at \"" + vector.substring(at) + "\" in \"" + vector + "\"");
        }
    }

    /**
     * Bytes in hexadecimal.
     *
     * @param bytes any
     * @return two lower-case digits for each, separated by blanks
     */
    public static String hex(byte[] bytes) {
        return HEX.formatHex(bytes);
    }

    /**
     * The frames that a vector stands for.
     *
     * @param vector see above; whole frames
     * @return the frames
     * @throws IllegalArgumentException if it is not in that form, or does not end with a frame
     */
    public static List<WireFrame> frames(String vector) {
        return frames(bytes(vector));
    }

    /**
     * The frames that bytes stand for.
     *
     * @param bytes whole frames
     * @return the frames
     * @throws IllegalArgumentException if they do not end with a frame
     */
    public static List<WireFrame> frames(byte[] bytes) {
        FrameDecoder decoder = new FrameDecoder();
        decoder.add(bytes);
        List<WireFrame> frames = new ArrayList<>();
        for (WireFrame frame = decoder.next(); frame != null; frame = decoder.next()) {
            frames.add(frame);
        }
        byte[] rest = decoder.rest();
        if (rest.length != 0) {
            throw new IllegalArgumentException("an incomplete frame is left: " + preview(rest));
        }
        return frames;
    }

    /**
     * The bytes of frames, one after the other.
     *
     * @param frames any, right or wrong
     * @return their bytes on the wire
     */
    public static byte[] bytes(WireFrame... frames) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (WireFrame frame : frames) {
            bytes.writeBytes(frame.toBytes());
        }
        return bytes.toByteArray();
    }

    /** The beginning of something, in hexadecimal. */
    static String preview(byte[] bytes) {
        return bytes.length <= PREVIEW ? hex(bytes) : hex(Arrays.copyOf(bytes, PREVIEW)) + " …";
    }

    /**
     * Where these differ, if their beginnings, which a message shows already, do not show it.
     *
     * @return what is to be added to the message
     */
    static String difference(byte[] expected, byte[] actual, boolean text) {
        int at = Arrays.mismatch(expected, actual);
        if (at < PREVIEW / 2) {
            return "";
        }
        int from = at - PREVIEW / 4;
        while (text && from > 0 && (expected[from] & 0xC0) == 0x80) {
            from--; // to where a character begins
        }
        return ";\nfrom byte " + from + " on, expected " + show(expected, from, text) + ", but got "
                + show(actual, from, text);
    }

    private static String show(byte[] bytes, int from, boolean text) {
        byte[] rest = Arrays.copyOfRange(bytes, from, bytes.length);
        return text ? quote(rest) : preview(rest);
    }

    /** The beginning of a text. */
    static String quote(byte[] utf8) {
        String text = new String(utf8, 0, Math.min(utf8.length, 4 * PREVIEW), StandardCharsets.UTF_8);
        int end = Math.min(text.length(), 2 * PREVIEW);
        boolean cut = end < text.length() || utf8.length > 4 * PREVIEW;
        StringBuilder quoted = new StringBuilder("\"");
        text.substring(0, end).chars().forEach(c -> {
            switch (c) {
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    boolean unseen = UNSEEN.contains(Character.getType(c)) || (Character.isSpaceChar(c) && c != ' ');
                    quoted.append(unseen ? String.format("\\u%04x", c) : Character.toString(c));
                }
            }
        });
        return quoted.append('"').append(cut ? "…" : "").toString();
    }

    /** Whether these are printable characters of ASCII alone, one at least. */
    static boolean isReadable(byte[] bytes) {
        for (byte b : bytes) {
            if (b < ' ' || b == 0x7F) {
                return false;
            }
        }
        return bytes.length != 0;
    }
}
