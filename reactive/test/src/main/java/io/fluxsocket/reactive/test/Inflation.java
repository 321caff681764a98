package io.fluxsocket.reactive.test;

import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Inflates the frames of one wire (RFC 7692 §7.2.2), to show them. What does not inflate is shown as it is. */
final class Inflation {
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

    private final Inflater zlib = new Inflater(true);
    private boolean compressed;
    private boolean broken;

    /** Of each frame in turn. */
    byte[] inflate(boolean rsv1, int opcode, boolean isFinal, byte[] payload) {
        if (opcode >= WireFrame.CLOSE || broken) {
            return payload;
        }
        if (opcode != WireFrame.CONTINUATION) {
            compressed = rsv1;
        }
        if (!compressed) {
            return payload;
        }
        ByteArrayOutputStream inflated = new ByteArrayOutputStream();
        try {
            inflate(payload, inflated);
            if (isFinal) {
                inflate(TAIL, inflated);
            }
        } catch (DataFormatException e) {
            broken = true;
            return payload;
        }
        return inflated.toByteArray();
    }

    private void inflate(byte[] bytes, ByteArrayOutputStream inflated) throws DataFormatException {
        byte[] block = new byte[4096];
        zlib.setInput(bytes);
        for (int n = zlib.inflate(block); n != 0; n = zlib.inflate(block)) {
            inflated.write(block, 0, n);
        }
    }
}
