package io.fluxsocket.core;

import io.fluxsocket.core.deflate.DeflateAgreement;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.Deflater;

/** One engine, to which a peer sends anything at all while its application does anything that it may. */
final class EngineFuzz {
    private EngineFuzz() {}

    static void run(boolean client, byte[] data) {
        FuzzInput in = new FuzzInput(data);
        int mode = in.below(3);
        DeflateAgreement agreement = FuzzedSettings.deflate(in);
        FuzzedEngine fuzzed = new FuzzedEngine(client, FuzzedSettings.engine(in), agreement, 0x3d21fa37, in);
        int step = in.of(4096, 1, 2, 3, 7, 125, 256, 1000);
        byte[] stream = mode == 0 ? in.rest() : frames(in, !client, mode == 2);
        fuzzed.arrived.writeBytes(stream);
        while (in.hasChoices()) {
            fuzzed.step();
        }
        fuzzed.settle(step);
        FuzzVerdict.of(fuzzed);
    }

    /** Frames whose headers are as good as their first bytes; their payloads are compressed if these have RSV1. */
    private static byte[] frames(FuzzInput in, boolean masked, boolean deflates) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        boolean compressed = false;
        while (in.hasBytes() && stream.size() < 200_000) {
            int first = in.next();
            int form = in.next();
            byte[] payload = form < 200
                    ? in.bytes(form)
                    : repeated(in, form < 255 ? (form - 200) * 50 + form % 3 : 66_000 + in.next());
            if ((first & 8) == 0) {
                compressed = (first & 15) == 0 ? compressed : (first & 0x40) != 0;
                payload = deflates && compressed ? deflate(deflater, payload, first >= 128) : payload;
            }
            stream.writeBytes(Bytes.frame(first, masked, payload));
        }
        deflater.end();
        return stream.toByteArray();
    }

    private static byte[] repeated(FuzzInput in, int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) in.next());
        return bytes;
    }

    private static byte[] deflate(Deflater deflater, byte[] payload, boolean last) {
        byte[] out = new byte[payload.length + 100 + payload.length / 1000];
        deflater.setInput(payload);
        int n = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        return Arrays.copyOf(out, last && n >= 4 ? n - 4 : n);
    }
}
