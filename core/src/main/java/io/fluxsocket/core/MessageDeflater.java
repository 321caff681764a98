package io.fluxsocket.core;

import io.fluxsocket.core.deflate.Compression;
import io.fluxsocket.core.deflate.DeflateAgreement;
import io.fluxsocket.core.deflate.DeflateSettings;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Turns the parts of outbound messages into the payloads of wire frames (RFC 7692 §7.2.1): {@link #begin} a part, then {@link
 * #next} until {@link #isPartDone}.
 *
 * <p>Each part ends with a flush to a byte boundary, so that the peer can inflate all of it; the last four bytes of the last
 * part, 00 00 FF FF, are left out. Whether output is the last shows only with the flush, so four bytes are held back until
 * then.
 *
 * <p>A window smaller than zlib's is kept by beginning the deflater anew when as many bytes as the window holds have passed
 * through it, with the last half of them as preset dictionary. No reference can then reach further back than the window,
 * and the history is never shorter than half of it.
 */
final class MessageDeflater {
    private static final byte[] NONE = {};
    /** What ends a flush and is left out at the end of a message: an empty stored block without its first three bits. */
    private static final int TAIL = 4;
    /** With less room than a flush needs for its marker, zlib would write the marker again and again. */
    private static final int LEAST_ROOM = 7;

    private static final int LARGEST_WINDOW_BITS = 15;

    private final Codecs codecs;
    private final DeflateSettings settings;
    private final boolean noContextTakeover;
    private final boolean smallWindow;
    private final int window;

    /** Made for the first compressed message. */
    private @Nullable Deflater deflater;

    /** Whether the message in progress is compressed. */
    private boolean compressing;

    /** The part in progress: its frame's first byte, and the memory that has not been given to the deflater. */
    private int first;

    private @Nullable Object payload;
    private int position;
    private int limit;
    private boolean partDone = true;

    /** Output, of which the first {@link #frame} bytes are those of the frame that was made last. */
    private byte[] out = NONE;

    private int have;
    private int frame;

    /** For a small window: how far the deflater can reach back, and the last bytes that it was given. */
    private int reach;

    private byte[] history = NONE;
    private int historyLength;

    MessageDeflater(DeflateAgreement agreement, boolean client, Codecs codecs) {
        this.codecs = codecs;
        settings = agreement.settings();
        noContextTakeover = agreement.outboundNoContextTakeover(client);
        int windowBits = agreement.outboundWindowBits(client);
        smallWindow = windowBits < LARGEST_WINDOW_BITS;
        window = 1 << windowBits;
    }

    /**
     * Chooses whether a message is compressed, at its first part.
     *
     * @param firstByte of the frame that the part would be without compression
     * @return {@link Opcode#RSV1} if this part is compressed, or 0
     */
    int choose(int firstByte, int length, Compression compression) {
        int opcode = firstByte & Opcode.OPCODE;
        if (Opcode.isControl(opcode)) {
            return 0;
        }
        if (opcode != Opcode.CONTINUATION) {
            boolean whole = (firstByte & Opcode.FIN) != 0;
            compressing = switch (compression) {
                case BY_SIZE -> !whole || length >= settings.threshold();
                case ALWAYS -> true;
                case NEVER -> false;
            };
        }
        return compressing ? Opcode.RSV1 : 0;
    }

    /**
     * Begins a part.
     *
     * @param firstByte FIN if it ends the message; the opcode
     * @param payload a byte array or a ByteBuffer, not touched any more once {@link #isPartDone}; null if there is none
     */
    void begin(int firstByte, @Nullable Object payload, int offset, int length) {
        first = firstByte;
        this.payload = payload;
        position = offset;
        limit = offset + length;
        partDone = false;
        have = 0;
        frame = 0;
        reserve(length);
        feed(deflater());
    }

    /** Short messages do not take the memory of a long one. */
    private void reserve(int length) {
        int enough = (int) Math.min(settings.fragmentSize(), length + (length >> 3) + 64L);
        if (out.length < enough) {
            out = new byte[Math.min(settings.fragmentSize(), Integer.highestOneBit(enough) << 1)];
        }
    }

    private Deflater deflater() {
        Deflater zlib = deflater;
        if (zlib == null) {
            deflater = zlib = codecs.deflater(settings.compressionLevel());
        }
        return zlib;
    }

    boolean isPartDone() {
        return partDone;
    }

    /** Makes the payload of the next wire frame, at the beginning of {@link #array}. Returns its length. */
    int next() {
        if (frame != 0) {
            System.arraycopy(out, frame, out, 0, have - frame);
            have -= frame;
            first &= Opcode.FIN;
        }
        Deflater zlib = deflater();
        do {
            int room = out.length - have;
            if (room >= LEAST_ROOM) {
                int n = zlib.deflate(out, have, room, Deflater.SYNC_FLUSH);
                have += n;
                room -= n;
            }
            if (room < LEAST_ROOM) {
                frame = have - TAIL;
                return frame;
            }
        } while (feed(zlib));
        endPart(zlib);
        return frame;
    }

    byte[] array() {
        return out;
    }

    /** The first byte of the frame: RSV1 at the beginning of a message only (RFC 7692 §6), FIN at its end. */
    int first() {
        int opcode = first & Opcode.OPCODE;
        return opcode | (opcode == Opcode.CONTINUATION ? 0 : Opcode.RSV1) | (partDone ? first & Opcode.FIN : 0);
    }

    /** Gives the deflater as much as it may compress before the next flush. Returns false at the end of the part. */
    private boolean feed(Deflater zlib) {
        int n = limit - position;
        if (n == 0) {
            return false;
        }
        if (smallWindow) {
            if (reach == window) {
                zlib.reset();
                zlib.setDictionary(history, 0, historyLength);
                reach = historyLength;
            }
            n = Math.min(n, window - reach);
            reach += n;
            remember(n);
        }
        if (payload instanceof byte[] bytes) {
            zlib.setInput(bytes, position, n);
        } else if (payload instanceof ByteBuffer buffer) {
            zlib.setInput(buffer.slice(position, n));
        }
        position += n;
        return true;
    }

    /** Keeps the last half window of what the deflater was given, with the {@code n} bytes that it is given now. */
    private void remember(int n) {
        if (history.length == 0) {
            history = new byte[window / 2];
        }
        int added = Math.min(n, history.length);
        int kept = Math.min(historyLength, history.length - added);
        System.arraycopy(history, historyLength - kept, history, 0, kept);
        if (payload instanceof byte[] bytes) {
            System.arraycopy(bytes, position + n - added, history, kept, added);
        } else if (payload instanceof ByteBuffer buffer) {
            buffer.get(position + n - added, history, kept, added);
        }
        historyLength = kept + added;
    }

    private void endPart(Deflater zlib) {
        partDone = true;
        payload = null;
        zlib.setInput(NONE);
        if ((first & Opcode.FIN) == 0) {
            frame = have;
            return;
        }
        if (have == 0) {
            // Nothing came since the last flush, and so no marker: the first bits of an empty stored block stand for
            // it.
            out[0] = 0;
            have = 1 + TAIL;
        }
        frame = have - TAIL;
        if (noContextTakeover) {
            forget(zlib);
        }
    }

    private void forget(Deflater zlib) {
        reach = 0;
        historyLength = 0;
        if (settings.releasedBetweenMessages()) {
            end();
        } else {
            zlib.reset();
        }
    }

    /** Gives the native memory back; nothing may be begun any more, unless the message was complete. Idempotent. */
    void end() {
        Deflater zlib = deflater;
        if (zlib != null) {
            zlib.end();
            deflater = null;
        }
        payload = null;
    }
}
