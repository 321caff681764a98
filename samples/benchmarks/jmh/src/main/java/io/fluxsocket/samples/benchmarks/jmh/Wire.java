package io.fluxsocket.samples.benchmarks.jmh;

import io.fluxsocket.core.BufferType;
import io.fluxsocket.core.EngineSettings;
import io.fluxsocket.core.WebSocketEngine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** What travels: payloads, and how frames are bundled into reads. */
final class Wire {
    /** Frames of one invocation: JMH divides by it. */
    static final int FRAMES = 16;
    /** A read delivers at most this much. */
    static final int READ = 256 << 10;
    /** Small frames share a read as long as it is not larger than this. */
    private static final int SHARED_READ = 64 << 10;

    private static final String[] SIZES = {"20", "125", "1024", "16384", "65536", "1048576"};

    private Wire() {}

    /** The sizes of payload that every benchmark has; keep them in step with the {@code @Param}s. */
    static String[] sizes() {
        return SIZES.clone();
    }

    /** How many frames of this size arrive in one read: a power of two, so that it divides {@link #FRAMES}. */
    static int framesPerRead(int size) {
        return Math.max(1, Math.min(FRAMES, Integer.highestOneBit(SHARED_READ / (size + 14))));
    }

    /** ASCII. */
    static byte[] ascii(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) ('a' + i % 26);
        }
        return bytes;
    }

    /** Text of one to four bytes a character, of exactly this many bytes. */
    static byte[] mixed(int size) {
        byte[] unit = "Grüße, 世界 \uD83D\uDE00! ".getBytes(StandardCharsets.UTF_8);
        byte[] bytes = ascii(size);
        for (int at = 0; at + unit.length <= size; at += unit.length) {
            System.arraycopy(unit, 0, bytes, at, unit.length);
        }
        return bytes;
    }

    /** What applications compress: JSON, with numbers that differ. */
    static byte[] json(int size) {
        StringBuilder text = new StringBuilder(size + 100);
        for (int i = 0; text.length() < size; i++) {
            text.append("{\"id\":").append(i * 7919).append(",\"name\":\"item ").append(i);
            text.append("\",\"price\":").append(i * 31 % 977).append(".95,\"inStock\":true},");
        }
        return text.substring(0, size).getBytes(StandardCharsets.US_ASCII);
    }

    /** As many masked frames as a read has, as a client sends them. */
    static ByteBuffer maskedFrames(BufferType type, byte[] payload) {
        int count = framesPerRead(payload.length);
        ByteBuffer frames = ByteBuffer.allocateDirect(count * (payload.length + 14));
        EngineEnd client = new EngineEnd(
                WebSocketEngine.client(EngineSettings.DEFAULT, () -> 0x12345678, null), EngineEnd.IGNORE, frames::put);
        for (int i = 0; i < count; i++) {
            client.send(type, payload, 0, payload.length);
        }
        client.flush();
        return frames.flip();
    }

    /** Delivers the bytes in reads of at most {@link #READ}, each of them copied as a socket would. */
    static void deliver(ByteBuffer bytes, ByteBuffer read, Consumer<ByteBuffer> receiver) {
        for (int at = 0; at < bytes.limit(); at += READ) {
            int n = Math.min(READ, bytes.limit() - at);
            read.clear().put(0, bytes, at, n).limit(n);
            receiver.accept(read);
        }
    }
}
