package io.fluxsocket.samples.benchmarks.jmh;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** What is sent: messages of one size, one after the other, and then from the first one on again. */
final class Messages {
    /** Eight windows of permessage-deflate: a message that comes again is not known any more. */
    private static final int FORGOTTEN = 256 << 10;

    /** All of them. */
    final byte[] bytes;

    final int size;
    private int next;

    private Messages(byte[] bytes, int size) {
        this.bytes = bytes;
        this.size = size;
    }

    /** One message of ASCII. */
    static Messages ascii(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) ('a' + i % 26);
        }
        return new Messages(bytes, size);
    }

    /** One message of one to four bytes a character. */
    static Messages mixed(int size) {
        byte[] unit = "Grüße 世界\uD83D\uDE00! ".getBytes(StandardCharsets.UTF_8);
        byte[] bytes = ascii(size).bytes;
        for (int at = 0; at + unit.length <= size; at += unit.length) {
            System.arraycopy(unit, 0, bytes, at, unit.length);
        }
        return new Messages(bytes, size);
    }

    /** What applications compress: JSON, of which every message is another. */
    static Messages json(int size) {
        int count = Math.max(1, FORGOTTEN / size / Wire.FRAMES) * Wire.FRAMES;
        SplittableRandom random = new SplittableRandom(1);
        StringBuilder text = new StringBuilder(count * size + 100);
        while (text.length() < count * size) {
            text.append("{\"id\":").append(random.nextInt(1_000_000));
            text.append(",\"name\":\"item ").append(random.nextInt(10_000)).append("\",\"price\":");
            text.append(random.nextInt(1000)).append(".95,\"inStock\":").append(random.nextBoolean());
            text.append("},");
        }
        return new Messages(text.substring(0, count * size).getBytes(StandardCharsets.US_ASCII), size);
    }

    /** The next one is the first again. */
    void rewind() {
        next = 0;
    }

    int count() {
        return bytes.length / size;
    }

    /** Where the next one begins in {@link #bytes}. */
    int next() {
        int at = next;
        next = (at + size) % bytes.length;
        return at;
    }
}
