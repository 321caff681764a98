package io.fluxsocket.samples.conformance;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Small helps with arrays of bytes. */
final class Bytes {
    static final byte[] NONE = {};

    private Bytes() {}

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    /** The pattern again and again, up to the length. */
    static byte[] repeat(byte[] pattern, int length) {
        byte[] bytes = new byte[length];
        for (int at = 0; at < length; at += pattern.length) {
            System.arraycopy(pattern, 0, bytes, at, Math.min(pattern.length, length - at));
        }
        return bytes;
    }

    static byte[] repeat(int value, int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
