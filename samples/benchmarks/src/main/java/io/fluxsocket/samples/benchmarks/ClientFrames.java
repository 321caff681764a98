package io.fluxsocket.samples.benchmarks;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.Deflater;

/** The frames that a client sends, which are encoded once. */
final class ClientFrames {
    private static final byte[] KEY = {0x12, 0x34, 0x56, 0x78};

    private ClientFrames() {}

    /** A message in one masked frame; deflated by itself, which a client may always do (RFC 7692, section 7.1.1.2). */
    static byte[] masked(Workload workload, byte[] message) {
        byte[] payload = workload.deflate() ? deflated(message) : message;
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length);
        frame.put((byte) (0x80 | (workload.deflate() ? 0x40 : 0) | workload.opcode()));
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < 65536) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        frame.put(KEY);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ KEY[i & 3]));
        }
        return Arrays.copyOf(frame.array(), frame.position());
    }

    private static byte[] deflated(byte[] message) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(message);
        byte[] out = new byte[message.length + 100];
        int n = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(out, n - 4); // without 00 00 ff ff
    }
}
