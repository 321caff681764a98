package io.fluxsocket.core;

import io.fluxsocket.core.deflate.DeflateAgreement;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Turns the payloads of the wire frames of compressed messages into what was compressed (RFC 7692 §7.2.2): {@link #input},
 * then {@link #inflate} until it gives less than there was room for; {@link #endInput} when the last frame was put in, and
 * inflate again; {@link #endMessage}.
 *
 * <p>Never more is inflated than the room that is given, and one byte: whether there is more shows only by inflating it.
 * What exceeds the limit of a message is refused when its first byte appears, so a bomb does not go off.
 *
 * <p>A block with BFINAL ends a deflate stream, not the message: what follows is a new stream, which cannot refer to the one
 * before (RFC 1951 §3.2.3, RFC 7692 §7.2.3.4). The inflater has the largest window, so a smaller one that was agreed on is
 * not enforced.
 */
final class MessageInflater {
    /** What the sender has left out at the end of a message. */
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final Codecs codecs;
    private final boolean noContextTakeover;
    private final boolean released;
    private final long maxMessageSize;

    /** Made for the first compressed message. */
    private @Nullable Inflater inflater;

    /** The buffer that input came from last, and a view of it: one for all frames that it holds. */
    private ByteBuffer viewed = NONE;

    private ByteBuffer view = NONE;

    private ByteBuffer input = NONE;
    /** The deflate stream has begun: there was input since the last message, or since a block with BFINAL. */
    private boolean begun;

    private boolean ended;

    /** The byte behind what was inflated, if there is one. */
    private final byte[] ahead = new byte[1];

    private boolean hasAhead;

    /** Bytes of the message that were inflated, the one ahead included. */
    private long inflated;

    MessageInflater(DeflateAgreement agreement, boolean client, long maxMessageSize, Codecs codecs) {
        this.codecs = codecs;
        this.maxMessageSize = maxMessageSize;
        noContextTakeover = agreement.inboundNoContextTakeover(client);
        released = agreement.settings().releasedBetweenMessages();
    }

    /** Puts in what follows, unmasked; it must stay as it is until all is inflated. To be called when that is so. */
    @SuppressWarnings("ReferenceEquality") // the buffer, not what it holds
    void input(ByteBuffer bytes, int from, int n) {
        if (n != 0) {
            if (viewed != bytes) {
                viewed = bytes;
                view = bytes.duplicate();
            }
            input = view.limit(from + n).position(from);
            inflater().setInput(input);
            begun = true;
        }
    }

    /**
     * Puts in the end of the message. A message without any payload, and one that ends right behind a block with BFINAL, have
     * left nothing out (a sender should not do that, but the zlib-based ones read it).
     *
     * @return false if the end was put in before
     */
    boolean endInput() {
        if (ended) {
            return false;
        }
        ended = true;
        if (begun) {
            inflater().setInput(TAIL);
        }
        return true;
    }

    private Inflater inflater() {
        Inflater zlib = inflater;
        if (zlib == null) {
            inflater = zlib = codecs.inflater();
        }
        return zlib;
    }

    /**
     * Inflates what was put in.
     *
     * @return how many bytes; if fewer than {@code n}, all is inflated; if n, {@link #hasMore} tells
     * @throws WebSocketProtocolException if it is no deflate stream, or the message exceeds the limit
     */
    int inflate(byte[] destination, int offset, int n) {
        int done = 0;
        if (hasAhead && n != 0) {
            destination[offset] = ahead[0];
            hasAhead = false;
            done = 1;
        }
        if (!hasAhead) {
            done += fill(destination, offset + done, n - done);
            hasAhead = done == n && fill(ahead, 0, 1) == 1;
        }
        return done;
    }

    /** Whether what was put in holds more than was inflated. */
    boolean hasMore() {
        return hasAhead;
    }

    private int fill(byte[] destination, int offset, int n) {
        Inflater zlib = inflater;
        if (zlib == null) {
            return 0;
        }
        int done = 0;
        try {
            while (done < n) {
                int room = (int) Math.min(n - done - 1L, maxMessageSize - inflated) + 1;
                int some = zlib.inflate(destination, offset + done, room);
                done += some;
                inflated += some;
                if (inflated > maxMessageSize) {
                    throw FrameRules.tooBig(
                            "a message inflates to more than the limit of " + maxMessageSize + " bytes");
                }
                if (zlib.finished()) {
                    beginStream(zlib);
                } else if (some < room) {
                    break;
                }
            }
        } catch (DataFormatException e) {
            throw new WebSocketProtocolException(
                    CloseStatus.INVALID_PAYLOAD,
                    "a compressed message is no deflate stream: " + e.getMessage() + " (RFC 7692 §7.2.2)");
        }
        return done;
    }

    /** What follows a block with BFINAL; behind the end of the message nothing does. */
    private void beginStream(Inflater zlib) {
        zlib.reset();
        begun = input.hasRemaining() && !ended;
        if (begun) {
            zlib.setInput(input);
        }
    }

    /** All was inflated; the next message begins. */
    void endMessage() {
        begun = false;
        ended = false;
        inflated = 0;
        input = NONE;
        Inflater zlib = inflater;
        if (zlib != null) {
            zlib.setInput(NONE);
            if (noContextTakeover && released) {
                end();
            } else if (noContextTakeover) {
                zlib.reset();
            }
        }
    }

    /** Gives the native memory back; nothing may be put in any more, except for a new message. Idempotent. */
    void end() {
        Inflater zlib = inflater;
        if (zlib != null) {
            zlib.end();
            inflater = null;
        }
        viewed = NONE;
        view = NONE;
        input = NONE;
    }
}
