package io.fluxsocket.core;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Bytes of the wire, written by hand: nothing here is shared with the engine. */
final class Bytes {
    /** The key of the examples of RFC 6455 §5.7, as it stands on the wire. */
    static final byte[] KEY = hex("37 fa 21 3d");

    static final byte[] NONE = {};

    private Bytes() {}

    static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    static String toHex(byte[] bytes) {
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** n bytes that are not all alike, and ASCII, so that they serve as text too. */
    static byte[] ascii(int n) {
        byte[] bytes = new byte[n];
        for (int i = 0; i < n; i++) {
            bytes[i] = (byte) ('a' + (i * 7 + i / 26) % 26);
        }
        return bytes;
    }

    /** A whole frame with the shortest form of its length, masked with {@link #KEY} or not at all. */
    static byte[] frame(int first, boolean masked, byte[] payload) {
        int n = payload.length;
        int form = n < 126 ? n : n < 65536 ? 126 : 127;
        return concat(header(first, masked, form, n), masked ? masked(payload) : payload);
    }

    /** A header whose length stands in any form: below 126 in itself, 126 in two bytes, 127 in eight. */
    static byte[] header(int first, boolean masked, int form, long length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        out.write(form | (masked ? 0x80 : 0));
        int extended = form == 126 ? 2 : form == 127 ? 8 : 0;
        for (int i = extended - 1; i >= 0; i--) {
            out.write((int) (length >>> (8 * i)));
        }
        if (masked) {
            out.writeBytes(KEY);
        }
        return out.toByteArray();
    }

    /** The payload masked with {@link #KEY}, or unmasked again. */
    static byte[] masked(byte[] payload) {
        return masked(payload, KEY);
    }

    static byte[] masked(byte[] payload, byte[] key) {
        byte[] result = new byte[payload.length];
        for (int i = 0; i < payload.length; i++) {
            result[i] = (byte) (payload[i] ^ key[i % 4]);
        }
        return result;
    }

    /** The body of a close frame. */
    static byte[] closeBody(int code, byte[] reason) {
        return concat(new byte[] {(byte) (code >> 8), (byte) code}, reason);
    }

    static byte[] closeBody(int code) {
        return closeBody(code, NONE);
    }
}
