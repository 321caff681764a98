package io.fluxsocket.samples.conformance;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** The judging peer's own permessage-deflate, on java.util.zip (RFC 7692 §7.2). Whole messages alone. */
final class JudgeDeflate implements AutoCloseable {
    private static final int LARGEST_WINDOW_BITS = 15;
    private static final byte[] TAIL = Bytes.hex("0000ffff");

    private final boolean outboundTakeover;
    private final boolean inboundTakeover;
    private final Deflater deflater = new Deflater(1, true);
    private final Inflater inflater = new Inflater(true);

    /** In place of the inflater where the subject agreed on a small window. */
    private final @Nullable WindowInflater windowInflater;

    private final byte[] buffer = new byte[1 << 16];

    JudgeDeflate(DeflateTerms terms, boolean judgeIsClient) {
        outboundTakeover = !(judgeIsClient ? terms.clientNoContextTakeover() : terms.serverNoContextTakeover());
        inboundTakeover = !(judgeIsClient ? terms.serverNoContextTakeover() : terms.clientNoContextTakeover());
        int outboundBits = judgeIsClient ? terms.clientWindowBits() : terms.serverWindowBits();
        int inboundBits = judgeIsClient ? terms.serverWindowBits() : terms.clientWindowBits();
        if (isSmall(outboundBits)) {
            // Without references it inflates in any window; java.util.zip writes for the largest only.
            deflater.setStrategy(Deflater.HUFFMAN_ONLY);
        }
        windowInflater = isSmall(inboundBits) ? new WindowInflater(inboundBits, inboundTakeover) : null;
    }

    private static boolean isSmall(int windowBits) {
        return windowBits > 0 && windowBits < LARGEST_WINDOW_BITS;
    }

    byte[] deflate(byte[] message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        deflater.setInput(message);
        int n;
        do {
            n = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
            out.write(buffer, 0, n);
            // A change of strategy takes a call of its own, which gives nothing.
        } while (n == buffer.length || !deflater.needsInput());
        if (!outboundTakeover) {
            deflater.reset();
        }
        byte[] compressed = out.toByteArray();
        // zlib writes nothing when nothing was added since the last flush: an empty message after another.
        return compressed.length == 0 ? new byte[] {0} : Arrays.copyOf(compressed, compressed.length - TAIL.length);
    }

    byte[] inflate(byte[] compressed) {
        if (windowInflater != null) {
            return windowInflater.inflate(compressed);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        inflater.setInput(Bytes.join(compressed, TAIL));
        try {
            int n;
            do {
                n = inflater.inflate(buffer);
                out.write(buffer, 0, n);
            } while (n > 0);
        } catch (DataFormatException e) {
            throw new Fault(1007, "the compressed data does not inflate: " + e.getMessage());
        }
        if (inflater.getRemaining() != 0 || inflater.needsDictionary()) {
            throw new Fault(1007, "the compressed data ends before the message does");
        }
        if (!inboundTakeover) {
            inflater.reset();
        }
        return out.toByteArray();
    }

    @Override
    public void close() {
        deflater.end();
        inflater.end();
    }
}
