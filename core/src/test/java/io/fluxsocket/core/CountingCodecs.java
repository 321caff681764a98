package io.fluxsocket.core;

import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** The codecs of java.util.zip, counted from their making to their end. */
final class CountingCodecs implements Codecs {
    int made;
    int live;
    /** How much has come out of the inflaters. */
    long inflated;

    @Override
    public Deflater deflater(int level) {
        made++;
        live++;
        return new Deflater(level, true) {
            private boolean ended;

            @Override
            public void end() {
                super.end();
                live -= ended ? 0 : 1;
                ended = true;
            }
        };
    }

    @Override
    public Inflater inflater() {
        made++;
        live++;
        return new Inflater(true) {
            private boolean ended;

            @Override
            public int inflate(byte[] output, int offset, int length) throws DataFormatException {
                int n = super.inflate(output, offset, length);
                inflated += n;
                return n;
            }

            @Override
            public void end() {
                super.end();
                live -= ended ? 0 : 1;
                ended = true;
            }
        };
    }
}
