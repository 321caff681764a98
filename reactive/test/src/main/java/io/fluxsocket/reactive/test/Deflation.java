package io.fluxsocket.reactive.test;

import io.fluxsocket.core.deflate.DeflateAgreement;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.Deflater;

/** Deflates the messages that a scripted peer sends compressed (RFC 7692 §7.2.1). */
final class Deflation {
    private static final int LARGEST_WINDOW_BITS = 15;
    private static final int TAIL = 4;

    private final Deflater zlib;
    private final boolean noContextTakeover;

    Deflation(DeflateAgreement agreement, boolean client) {
        noContextTakeover = agreement.outboundNoContextTakeover(client);
        // What is only stored refers to nothing before it, so that any window is large enough.
        boolean stored = agreement.outboundWindowBits(client) < LARGEST_WINDOW_BITS;
        zlib = new Deflater(stored ? Deflater.NO_COMPRESSION : Deflater.DEFAULT_COMPRESSION, true);
    }

    /** The payload of the one frame of a message. */
    byte[] deflate(byte[] message) {
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        byte[] block = new byte[4096];
        zlib.setInput(message);
        int n;
        do {
            n = zlib.deflate(block, 0, block.length, Deflater.SYNC_FLUSH);
            deflated.write(block, 0, n);
        } while (n == block.length);
        if (noContextTakeover) {
            zlib.reset();
        }
        byte[] bytes = deflated.toByteArray();
        return Arrays.copyOf(bytes, bytes.length - TAIL);
    }
}
