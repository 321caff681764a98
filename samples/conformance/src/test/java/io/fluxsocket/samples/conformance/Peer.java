package io.fluxsocket.samples.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The judging peer: writes frames as it is told, legal or not, and reads what comes back. It answers pings and closes, and
 * fails the connection if the subject breaks the protocol. It shares no code with the engine under test.
 */
final class Peer {
    /** How the frames of a call are put into writes. */
    enum Chop {
        /** Together with what else waits, in as few writes as possible. */
        NONE,
        /** Each frame in a write of its own. */
        FRAMES
    }

    private enum State {
        OPEN,
        /** Our close was sent. */
        CLOSING,
        CLOSED
    }

    /** Frames are collected up to this many bytes. */
    private static final int LARGEST_WRITE = 1 << 16;

    private static final int NORMAL = 1000;
    private static final int MALFORMED_CODE = 1002;

    private final Link link;
    private final boolean client;
    private final Timing timing;
    private final @Nullable JudgeDeflate deflate;
    private final FrameReader reader;
    private final Random maskKeys = new Random(6455);

    private ByteArrayOutputStream waiting = new ByteArrayOutputStream();

    private State state = State.OPEN;
    private boolean closedByMe;
    private boolean droppedByMe;
    private boolean clean;
    private boolean closeSeen;
    private @Nullable Integer closeCode;
    private @Nullable String fault;
    private @Nullable Verdict verdict;

    private final List<Event> events = new ArrayList<>();
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private @Nullable Frame messageStart;

    /**
     * @param client the role of the judging peer: a client, if the subject is a server
     * @param terms what was agreed on; null if compression was not
     */
    Peer(Link link, boolean client, Timing timing, @Nullable DeflateTerms terms) {
        this.link = link;
        this.client = client;
        this.timing = timing;
        deflate = terms == null ? null : new JudgeDeflate(terms, client);
        reader = new FrameReader(!client, deflate != null);
    }

    // What scripts do.

    boolean hasDeflate() {
        return deflate != null;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    void send(Frame... frames) {
        send(Chop.NONE, frames);
    }

    void send(Chop chop, Frame... frames) {
        for (Frame frame : frames) {
            byte[] bytes = encode(frame);
            if (waiting.size() > 0 && waiting.size() + bytes.length > LARGEST_WRITE) {
                flush();
            }
            if (bytes.length >= LARGEST_WRITE) {
                link.write(bytes, 0, bytes.length);
            } else {
                waiting.writeBytes(bytes);
            }
            if (chop == Chop.FRAMES) {
                flush();
            }
        }
    }

    /** Sends the frames so many bytes in a write. */
    void sendInChopsOf(int size, Frame... frames) {
        flush();
        for (Frame frame : frames) {
            byte[] bytes = encode(frame);
            for (int at = 0; at < bytes.length; at += size) {
                link.write(bytes, at, Math.min(bytes.length, at + size));
            }
        }
    }

    byte[] encode(Frame frame) {
        return client ? frame.encode(maskKeys.nextInt()) : frame.encode();
    }

    void sendBytes(byte[] bytes) {
        sendBytes(bytes, 0, bytes.length);
    }

    void sendBytes(byte[] bytes, int from, int to) {
        flush();
        link.write(bytes, from, to);
    }

    /** A message in fragments of so many bytes at most; 0: in one. Compressed where that was agreed on. */
    void sendMessage(int opcode, byte[] content, int fragment) {
        byte[] payload = deflate == null ? content : deflate.deflate(content);
        int rsv = deflate == null ? 0 : Frame.RSV1;
        int size = fragment == 0 ? Math.max(1, payload.length) : fragment;
        int at = 0;
        do {
            int end = Math.min(payload.length, at + size);
            byte[] part = Arrays.copyOfRange(payload, at, end);
            send(new Frame(end == payload.length, at == 0 ? rsv : 0, at == 0 ? opcode : Frame.CONTINUATION, part));
            at = end;
        } while (at < payload.length);
    }

    void sendClose(Frame close) {
        send(close);
        closing();
    }

    void sendClose(int code) {
        sendClose(Frame.close(code, Bytes.NONE));
    }

    private void closing() {
        if (state == State.OPEN) {
            closedByMe = true;
            state = State.CLOSING;
        }
    }

    /** Looks on for a while, as long as the connection is open; notes it if it is open still when the time has passed. */
    void pauseNotingThatItIsOpen() throws IOException, InterruptedException {
        pause();
        if (isOpen()) {
            events.add(Event.STILL_OPEN);
        }
    }

    /** Looks on for a while, as long as the connection is open. */
    void pause() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timing.pauseMillis());
        boolean silent = false;
        while (isOpen() && !silent) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            silent = (link.isTimed() && left <= 0) || (!step(Math.max(1, left)) && !link.isTimed());
        }
    }

    /** The next message, which is not added to the events; null if it does not come or the connection ends. */
    @Nullable
    Event nextMessage() throws IOException, InterruptedException {
        int before = events.size();
        while (isOpen()) {
            if (events.size() > before) {
                return events.remove(before);
            }
            if (!step(timing.patienceMillis())) {
                return null;
            }
        }
        return null;
    }

    boolean hasSeen(List<Event> expected) {
        return events.equals(expected);
    }

    /** Takes the place of the comparison of the events. */
    void decide(Verdict verdict) {
        this.verdict = verdict;
    }

    // What the judge does.

    /** Waits for what is expected, closes or is closed, and tells how it went. */
    Outcome finish(Case test) throws IOException, InterruptedException {
        Expectation expected = test.expectation();
        while (state != State.CLOSED) {
            if (isOpen() && expected.closedByJudge() && isDecided(expected)) {
                sendClose(expected.closeCodes().get(0));
            }
            if (!step(timing.patienceMillis())) {
                if (isOpen()) {
                    sendClose(NORMAL);
                } else {
                    clean = false;
                    drop();
                }
            }
        }
        if (deflate != null) {
            deflate.close();
        }
        return outcome(test);
    }

    private boolean isDecided(Expectation expected) {
        return expected.ok() == null
                || !expected.isStillPossible(events)
                || (events.equals(expected.ok()) && expected.nonStrict() == null);
    }

    /** Reads once; false if nothing came. */
    private boolean step(long withinMillis) throws IOException, InterruptedException {
        flush();
        byte[] bytes = link.read(withinMillis);
        if (bytes == null) {
            return false;
        }
        if (bytes.length == 0) {
            state = State.CLOSED;
            return true;
        }
        reader.add(bytes);
        try {
            for (Frame frame = reader.next(); frame != null && state != State.CLOSED; frame = reader.next()) {
                take(frame);
            }
        } catch (Fault e) {
            fail(e);
        }
        return true;
    }

    private void flush() {
        if (waiting.size() > 0) {
            byte[] bytes = waiting.toByteArray();
            waiting = new ByteArrayOutputStream();
            link.write(bytes, 0, bytes.length);
        }
    }

    private void take(Frame frame) {
        if (closeSeen) {
            throw new Fault(1002, "a frame after the close");
        }
        switch (frame.opcode()) {
            case Frame.PING -> {
                events.add(Event.of(Event.Kind.PING, frame.payload()));
                if (isOpen()) {
                    send(Frame.of(Frame.PONG, frame.payload()));
                }
            }
            case Frame.PONG -> events.add(Event.pong(frame.payload()));
            case Frame.CLOSE -> takeClose(frame.payload());
            default -> takeData(frame);
        }
    }

    private void takeData(Frame frame) {
        Frame start = messageStart;
        if ((frame.opcode() == Frame.CONTINUATION) != (start != null)) {
            throw new Fault(1002, "a fragment where none is due, or none where one is");
        }
        if (start == null) {
            start = frame;
        }
        messageStart = frame.fin() ? null : start;
        message.writeBytes(frame.payload());
        if (!frame.fin()) {
            return;
        }
        byte[] content = message.toByteArray();
        message.reset();
        if (start.rsv() == Frame.RSV1 && deflate != null) {
            content = deflate.inflate(content);
        }
        boolean text = start.opcode() == Frame.TEXT;
        if (text) {
            requireUtf8(content);
        }
        events.add(text ? Event.text(content) : Event.binary(content));
    }

    private void takeClose(byte[] body) {
        closeSeen = true;
        if (body.length == 1) {
            throw new Fault(MALFORMED_CODE, "a close of one byte");
        }
        if (body.length > 1) {
            int code = (body[0] & 0xff) << 8 | body[1] & 0xff;
            boolean allowed =
                    code >= 3000 && code <= 4999 || code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
            if (!allowed) {
                throw new Fault(MALFORMED_CODE, "a close with code " + code);
            }
            closeCode = code;
            requireUtf8(Arrays.copyOfRange(body, 2, body.length));
        }
        clean = true;
        if (isOpen()) {
            send(Frame.of(Frame.CLOSE, body));
            flush();
            state = State.CLOSING;
        }
        if (!client) {
            // RFC 6455 §7.1.1: the server ends the connection.
            drop();
        }
    }

    private static void requireUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            throw new Fault(1007, "text that is no UTF-8");
        }
    }

    private void fail(Fault e) {
        if (fault == null) {
            fault = e.getMessage();
        }
        if (isOpen()) {
            sendClose(e.closeCode());
            flush();
        }
        // After a fault the rest of the stream has no meaning.
        drop();
    }

    private void drop() {
        droppedByMe = true;
        state = State.CLOSED;
        link.drop();
    }

    private Outcome outcome(Case test) {
        Expectation expected = test.expectation();
        Verdict close = closeVerdict(expected);
        Verdict behavior = verdict != null
                ? verdict
                : events.equals(expected.ok())
                        ? Verdict.OK
                        : events.equals(expected.nonStrict()) ? Verdict.NON_STRICT : Verdict.FAILED;
        if (expected.demands(Expectation.Demand.FAILURE) && closedByMe != expected.closedByJudge()
                || expected.demands(Expectation.Demand.CODE) && close == Verdict.WRONG_CODE) {
            behavior = Verdict.FAILED;
        }
        if (expected.isLeftOpen()) {
            behavior = Verdict.INFORMATIONAL;
            close = Verdict.INFORMATIONAL;
        }
        return new Outcome(test, behavior, close, closeCode, closeSeen, List.copyOf(events), fault);
    }

    private Verdict closeVerdict(Expectation expected) {
        if (closedByMe != expected.closedByJudge()) {
            return Verdict.FAILED;
        }
        if (expected.demands(Expectation.Demand.CLEAN_CLOSE) && !clean) {
            return Verdict.UNCLEAN;
        }
        if (closeCode != null && !expected.closeCodes().contains(closeCode)) {
            return Verdict.WRONG_CODE;
        }
        return client && droppedByMe ? Verdict.FAILED_BY_CLIENT : Verdict.OK;
    }
}
