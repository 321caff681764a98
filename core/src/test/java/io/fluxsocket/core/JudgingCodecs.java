package io.fluxsocket.core;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** What a {@link WireJudge} inflates with. */
final class JudgingCodecs {
    private static final byte[] TAIL = {0, 0, -1, -1};

    private JudgingCodecs() {}

    /**
     * The strict reader of what an engine sends: an inflater of our own, which knows the window that was agreed on, and
     * refuses a block with BFINAL. What it refuses the engine should not have sent.
     */
    static WireJudge.Codec strict(int windowBits, boolean noContextTakeover) {
        return new WireJudge.Codec() {
            private final WindowInflater inflater = new WindowInflater(windowBits);
            private final ByteArrayOutputStream message = new ByteArrayOutputStream();

            @Override
            public byte[] part(byte[] compressed, long limit) {
                message.writeBytes(compressed);
                return new byte[0];
            }

            @Override
            public byte[] end(long limit) throws WireJudge.Refusal {
                try {
                    byte[] inflated = inflater.inflate(message.toByteArray(), noContextTakeover);
                    message.reset();
                    return inflated;
                } catch (RuntimeException e) {
                    throw new AssertionError("what was sent does not inflate", e);
                }
            }
        };
    }

    /** What a receiver has to make of whatever arrives, with zlib and all of a frame at once; to be ended. */
    static final class Lenient implements WireJudge.Codec {
        private final Inflater zlib = new Inflater(true);
        private final boolean noContextTakeover;
        private boolean streamBegun;

        Lenient(boolean noContextTakeover) {
            this.noContextTakeover = noContextTakeover;
        }

        @Override
        public byte[] part(byte[] compressed, long limit) throws WireJudge.Refusal {
            streamBegun |= compressed.length != 0;
            return inflate(compressed, limit, false);
        }

        @Override
        public byte[] end(long limit) throws WireJudge.Refusal {
            byte[] inflated = streamBegun ? inflate(TAIL, limit, true) : new byte[0];
            streamBegun = false;
            if (noContextTakeover) {
                zlib.reset();
            }
            return inflated;
        }

        /** A block with BFINAL ends a stream; behind it another begins, unless it ended within the tail. */
        private byte[] inflate(byte[] input, long limit, boolean tail) throws WireJudge.Refusal {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[4096];
            zlib.setInput(input);
            int room = 0;
            try {
                while (true) {
                    room = (int) Math.min(buffer.length, limit - out.size() + (limit == Long.MAX_VALUE ? 0 : 1));
                    int n = zlib.inflate(buffer, 0, room);
                    out.write(buffer, 0, n);
                    if (out.size() > limit) {
                        byte[] within = Arrays.copyOf(out.toByteArray(), (int) limit);
                        throw new WireJudge.Refusal(within, 1009);
                    }
                    if (zlib.finished()) {
                        int left = zlib.getRemaining();
                        zlib.reset();
                        streamBegun = left != 0 && !tail;
                        if (!streamBegun) {
                            return out.toByteArray();
                        }
                        zlib.setInput(input, input.length - left, left);
                    } else if (n < room) {
                        return out.toByteArray();
                    }
                }
            } catch (DataFormatException e) {
                // What this call had inflated before the fault is lost: the limit may have been met as well.
                boolean nearLimit = limit - out.size() < room;
                throw new WireJudge.Refusal(
                        out.toByteArray(), nearLimit ? new Integer[] {1007, 1009} : new Integer[] {1007});
            }
        }

        void end() {
            zlib.end();
        }
    }
}
