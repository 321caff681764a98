package io.fluxsocket.core;

import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Where the codecs come from, which hold native memory until they are ended. A seam for tests, which count them. */
interface Codecs {
    /** Those of java.util.zip, without the header and checksum of zlib's format (RFC 7692 §7.2). */
    Codecs RAW = new Codecs() {
        @Override
        public Deflater deflater(int level) {
            return new Deflater(level, true);
        }

        @Override
        public Inflater inflater() {
            return new Inflater(true);
        }
    };

    Deflater deflater(int level);

    Inflater inflater();
}
