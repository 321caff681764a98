package io.fluxsocket.core;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An independent reader of a whole stream of frames, written from RFC 6455 §5 and RFC 7692 §6, which says what a receiver
 * must make of it: the messages and control frames, and with which status it must refuse the rest, if it must. It shares
 * nothing with the engine, and has all bytes at hand.
 */
final class WireJudge {
    /** A whole message, a ping, a pong or a close. */
    record Event(int opcode, byte[] payload, int start) {
        Event(int opcode, byte[] payload) {
            this(opcode, payload, -1);
        }

        boolean isControl() {
            return opcode >= 8;
        }

        boolean isLike(Event other) {
            return opcode == other.opcode && Arrays.equals(payload, other.payload);
        }
    }

    /** What the messages of this direction are inflated with. */
    interface Codec {
        /** What a part of a message inflates to. */
        byte[] part(byte[] compressed, long limit) throws Refusal;

        /** What the message inflates to that is not told yet. */
        byte[] end(long limit) throws Refusal;
    }

    /** A compressed message that is to be refused, and what it had inflated to. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient byte[] before;
        private final transient Set<Integer> statuses;

        Refusal(byte[] before, Integer... statuses) {
            super("refused");
            this.before = before;
            this.statuses = Set.of(statuses);
        }

        Set<Integer> statuses() {
            return statuses;
        }
    }

    final List<Event> events = new ArrayList<>();
    /** The statuses that the stream may be refused with; empty if it is to be accepted. */
    final Set<Integer> statuses = new TreeSet<>();
    /** What there is of the message that has not ended: that much may be told of it, and no more. */
    final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    /** Whether more of it may be told: a codec that finds a fault does not say what it had given before. */
    boolean partialIsOpen;
    /** Where the stream ends within a frame, or -1. */
    int incompleteFrom = -1;

    private final boolean fromClient;
    private final EngineSettings limits;
    private final @Nullable Codec codec;

    /** Control frames may follow a close that its sender does not wait behind (RFC 6455 §5.5.1); else nothing is read. */
    private final boolean readsBehindClose;

    private int frameStart;
    private boolean closed;
    private int message;
    private boolean compressed;
    private long messageLength;
    private Utf8 utf8 = new Utf8();

    /**
     * @param fromClient whether the sender of the stream is a client
     * @param limits those of the receiver
     * @param codec null if permessage-deflate is not used
     * @param readsBehindClose whether control frames behind a close are read, and data is refused there
     */
    WireJudge(boolean fromClient, EngineSettings limits, @Nullable Codec codec, boolean readsBehindClose) {
        this.fromClient = fromClient;
        this.limits = limits;
        this.codec = codec;
        this.readsBehindClose = readsBehindClose;
    }

    WireJudge read(byte[] stream) {
        int at = 0;
        while (at < stream.length && statuses.isEmpty()) {
            frameStart = at;
            int next = frame(stream, at);
            if (next < 0) {
                incompleteFrom = statuses.isEmpty() ? at : -1;
                return this;
            }
            at = next;
        }
        return this;
    }

    /** Returns where the next frame begins; -1 if none does. */
    private int frame(byte[] stream, int start) {
        int here = stream.length - start;
        if (here < 2) {
            return -1;
        }
        int first = stream[start] & 0xff;
        int second = stream[start + 1] & 0xff;
        if (!isAllowed(first, second)) {
            return refuse(1002);
        }
        boolean masked = second >= 128;
        int form = second % 128;
        int lengthBytes = form == 126 ? 2 : form == 127 ? 8 : 0;
        int header = 2 + lengthBytes + (masked ? 4 : 0);
        if (here < header) {
            return -1;
        }
        long length = form;
        if (lengthBytes != 0) {
            length = 0;
            for (int i = 0; i < lengthBytes; i++) {
                length = length * 256 + (stream[start + 2 + i] & 0xff);
            }
            if (length < (form == 126 ? 126 : 65536)) {
                return refuse(1002); // not minimal; or the top bit is set, which makes it negative
            }
        }
        boolean control = (first & 8) != 0;
        boolean inflates = control ? false : (first & 15) == 0 ? compressed : (first & 64) != 0;
        if (length > limits.maxFrameSize()
                || (!control && !inflates && length > limits.maxMessageSize() - messageLength)) {
            return refuse(1009);
        }
        int available = (int) Math.min(length, here - header);
        byte[] payload = new byte[available];
        for (int i = 0; i < available; i++) {
            int key = masked ? stream[start + header - 4 + i % 4] : 0;
            payload[i] = (byte) (stream[start + header + i] ^ key);
        }
        boolean whole = available == length;
        boolean goesOn = control
                ? whole && control(first & 15, payload)
                : data(first & 15, (first & 128) != 0 && whole, inflates, payload);
        return goesOn && whole ? start + header + available : -1;
    }

    private boolean isAllowed(int first, int second) {
        int opcode = first & 15;
        boolean fin = (first & 128) != 0;
        boolean control = opcode == 8 || opcode == 9 || opcode == 10;
        boolean begins = opcode == 1 || opcode == 2;
        boolean masked = second >= 128;
        if ((first & 0x30) != 0 || ((first & 0x40) != 0 && (codec == null || !begins))) {
            return false;
        }
        if (fromClient ? !masked && !limits.maskingDisabled() : masked) {
            return false;
        }
        if (control) {
            return fin && second % 128 < 126 && !(closed && opcode == 8);
        }
        if (closed) {
            return false;
        }
        return message == 0 ? begins : opcode == 0;
    }

    private int refuse(int status) {
        statuses.add(status);
        return -1;
    }

    /** Returns whether anything may follow. */
    private boolean control(int opcode, byte[] payload) {
        if (opcode == 8 && payload.length != 0) {
            int code = payload.length < 2 ? 0 : (payload[0] & 0xff) * 256 + (payload[1] & 0xff);
            boolean known = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
            if (!known && (code < 3000 || code > 4999)) {
                refuse(1002);
                return false;
            }
            Utf8 reason = new Utf8();
            boolean valid = reason.take(payload, 2) == payload.length && reason.isWhole();
            if (!limits.utf8VerificationDisabled() && !valid) {
                refuse(1007);
                return false;
            }
        }
        events.add(new Event(opcode, payload, frameStart));
        closed |= opcode == 8;
        return !closed || readsBehindClose;
    }

    private boolean data(int opcode, boolean ends, boolean inflates, byte[] payload) {
        if (opcode != 0) {
            message = opcode;
            compressed = inflates;
        }
        messageLength += payload.length;
        boolean intact = inflates ? inflate(payload, ends) : take(payload);
        if (!intact) {
            return false;
        }
        if (ends) {
            if (verifiesText() && !utf8.isWhole()) {
                refuse(1007);
                return false;
            }
            events.add(new Event(message, partial.toByteArray(), frameStart));
            partial.reset();
            message = 0;
            messageLength = 0;
            utf8 = new Utf8();
        }
        return true;
    }

    private boolean verifiesText() {
        return message == 1 && !limits.utf8VerificationDisabled();
    }

    private boolean inflate(byte[] payload, boolean ends) {
        Codec inflater = codec;
        if (inflater == null) {
            throw new IllegalStateException("RSV1 was refused before");
        }
        long limit = limits.maxMessageSize();
        try {
            boolean intact = take(inflater.part(payload, limit - partial.size()));
            return intact && (!ends || take(inflater.end(limit - partial.size())));
        } catch (Refusal refusal) {
            partialIsOpen = refusal.statuses.contains(1007);
            take(refusal.before);
            statuses.addAll(refusal.statuses);
            return false;
        }
    }

    /** Takes what a message consists of; of text only what is UTF-8. */
    private boolean take(byte[] bytes) {
        int valid = verifiesText() ? utf8.take(bytes, 0) : bytes.length;
        partial.write(bytes, 0, valid);
        if (valid != bytes.length) {
            refuse(1007);
            return false;
        }
        return true;
    }

    /** RFC 3629 §4, byte by byte. */
    private static final class Utf8 {
        private int missing;
        private int lowest = 0x80;
        private int highest = 0xbf;

        /** Returns the index of the first byte that cannot stand where it stands; the length if there is none. */
        int take(byte[] bytes, int from) {
            for (int i = from; i < bytes.length; i++) {
                int octet = bytes[i] & 0xff;
                if (missing == 0) {
                    if (octet >= 0x80 && (octet < 0xc2 || octet > 0xf4)) {
                        return i;
                    }
                    missing = octet < 0x80 ? 0 : octet < 0xe0 ? 1 : octet < 0xf0 ? 2 : 3;
                    lowest = octet == 0xe0 ? 0xa0 : octet == 0xf0 ? 0x90 : 0x80;
                    highest = octet == 0xed ? 0x9f : octet == 0xf4 ? 0x8f : 0xbf;
                } else {
                    if (octet < lowest || octet > highest) {
                        return i;
                    }
                    missing--;
                    lowest = 0x80;
                    highest = 0xbf;
                }
            }
            return bytes.length;
        }

        boolean isWhole() {
            return missing == 0;
        }
    }
}
