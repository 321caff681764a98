package io.fluxsocket.reactive;

import io.fluxsocket.core.Action;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Operators;

/**
 * The sends that are pending, and whose turn it is.
 *
 * <p>Each source is asked for one frame. A turn is taken when a frame of data <em>arrives</em> and lasts to the end of its
 * message, so that messages do not mix and idle sources block nobody; control frames go between. One frame at a time is in the
 * engine; the others wait with their sender, in the order in which they arrived.
 */
final class Outbound {
    private static final AtomicIntegerFieldUpdater<Outbound> PENDING =
            AtomicIntegerFieldUpdater.newUpdater(Outbound.class, "pending");

    /** What sources may still send. */
    private enum Phase {
        /** Anything. */
        OPEN,
        /** This end is going to close: messages that have begun are finished, frames that have arrived are sent. */
        FINISHING,
        /** Nothing; what is in the engine may still leave. */
        CLOSED
    }

    private final EngineDriver driver;
    private final int capacity;
    private volatile int pending;

    private Phase phase = Phase.OPEN;
    /** All senders that are not done: a list through their own links. */
    private @Nullable Sender first;
    /** Its frame is in the engine. */
    private @Nullable Sender sending;
    /** It is within a message. */
    private @Nullable Sender turn;
    /** Its close frame began the closing; until the close has left, or never will. */
    private @Nullable Sender closer;

    private boolean closerInEngine;

    // Senders in a row, each made when it is needed first.
    /** They hold data, and it is another's turn. */
    private @Nullable SenderRow waiting;
    /** They hold a ping or a pong. */
    private @Nullable SenderRow controls;
    /** They are not asked, because the transport is not writable. */
    private @Nullable SenderRow unasked;
    /** All was taken, and waits for the flush. */
    private @Nullable SenderRow flushing;

    private long heldBytes;
    private long reports;
    private boolean reportWanted;

    Outbound(EngineDriver driver, int capacity) {
        this.driver = driver;
        this.capacity = capacity;
    }

    EngineDriver driver() {
        return driver;
    }

    // ---- the bound, on any thread

    int capacity() {
        return capacity;
    }

    /** Takes one of the places for pending sends and pings, if there is one. */
    boolean reserve() {
        for (int n = pending; n < capacity; n = pending) {
            if (PENDING.compareAndSet(this, n, n + 1)) {
                return true;
            }
        }
        return false;
    }

    void release() {
        PENDING.decrementAndGet(this);
    }

    // ---- on the loop: what the senders tell

    /** Bytes of frames that have arrived and were not taken. */
    long heldBytes() {
        return heldBytes;
    }

    void started(Sender s) {
        if (s.isDone()) {
            return;
        }
        link(s);
        if (phase == Phase.OPEN) {
            ask(s);
        } else {
            failClosed(s);
        }
    }

    void arrived(Sender s, WebSocketFrame frame) {
        heldBytes += frame.length();
        boolean control = frame.type().isControl();
        if (frame instanceof WebSocketFrame.Close close) {
            closeArrived(s, close);
        } else if (sending == null && (control || turn == null || turn == s)) {
            begin(s, frame);
        } else if (control) {
            controls = added(controls, s);
        } else if (turn != s) {
            waiting = added(waiting, s);
        }
    }

    /** The same as {@code close()}; this send completes when the close has left. */
    private void closeArrived(Sender s, WebSocketFrame.Close close) {
        unhold(s);
        if (phase != Phase.OPEN) {
            failClosed(s);
            return;
        }
        s.cancelSource();
        s.sourceEnded = true;
        s.state = Sender.State.SENDING;
        turn = turn == s ? null : turn;
        closer = s;
        driver.closing().begin(close.status(), s);
    }

    private void begin(Sender s, WebSocketFrame frame) {
        if (driver.isStreamEnded()) {
            failClosed(s);
            return;
        }
        try {
            driver.send(frame, s);
        } catch (IllegalStateException | IllegalArgumentException e) {
            failed(s, e);
            return;
        }
        sending = s;
        s.state = Sender.State.SENDING;
        if (!frame.type().isControl()) {
            turn = s;
        }
    }

    /** Whether a chunk of this sender, of so many bytes, would be sent at once. */
    boolean mayRelay(Sender s, int length) {
        return sending == null && (turn == null || turn == s) && driver.maySendAtOnce(length);
    }

    /** Sends a chunk from where it lies, to its end: that place is not the session's for longer. */
    void relay(Sender s, Action chunk) {
        try {
            driver.send(chunk, s);
        } catch (IllegalStateException | IllegalArgumentException e) {
            failed(s, e);
            return;
        }
        sending = s;
        s.state = Sender.State.SENDING;
        turn = s;
        try {
            driver.sendAtOnce();
        } catch (Throwable t) {
            if (sending == s) {
                driver.breakOff(t);
            }
            throw t;
        }
    }

    private void next() {
        while (sending == null) {
            Sender s = poll(controls);
            if (s == null) {
                Sender holder = turn;
                s = holder == null ? poll(waiting) : holder.state == Sender.State.HOLDING ? holder : null;
            }
            WebSocketFrame frame = s == null ? null : s.held;
            if (s == null || frame == null) {
                return;
            }
            begin(s, frame);
        }
    }

    /** The transport has taken the frame of a sender, or never will. */
    void taken(Sender s, boolean endsMessage, boolean cutShort) {
        sending = null;
        if (endsMessage) {
            turn = null;
        }
        unhold(s);
        if (s.isDone()) {
            breakTurn(s);
            next();
        } else if (cutShort) {
            failClosed(s);
            next();
        } else {
            next();
            proceed(s);
        }
        checkQuiet();
    }

    private void proceed(Sender s) {
        if (s.sourceEnded) {
            sourceCompleted(s);
        } else if (phase == Phase.OPEN || (phase == Phase.FINISHING && turn == s)) {
            ask(s);
        } else {
            failClosed(s);
        }
    }

    private void ask(Sender s) {
        if (driver.isWritable()) {
            s.ask();
        } else {
            s.state = Sender.State.UNASKED;
            unasked = added(unasked, s);
        }
    }

    /** Asks those who could not be asked while the transport was not writable. */
    void ask() {
        while (driver.isWritable()) {
            Sender s = poll(unasked);
            if (s == null) {
                return;
            }
            if (s.state == Sender.State.UNASKED) {
                s.ask();
            }
        }
    }

    /** The source has completed, and all of its frames were taken. */
    void sourceCompleted(Sender s) {
        if (turn == s) {
            failed(
                    s,
                    phase == Phase.CLOSED || driver.isInboundOver()
                            ? driver.closing().exception()
                            : new IllegalStateException(
                                    "the source of a send completed in the middle of a message: its last"
                                            + " frame must be final"));
        } else if (driver.isFlushed()) {
            unlink(s);
            s.complete();
            checkQuiet();
        } else {
            s.state = Sender.State.FLUSHING;
            s.report = wantReport();
            flushing = added(flushing, s);
        }
    }

    void cancelled(Sender s) {
        if (s.state == Sender.State.NEW) {
            s.state = Sender.State.DONE;
            release();
        } else if (!s.isDone()) {
            end(s);
            checkQuiet();
        }
    }

    /** Ends a send with an error. */
    void failed(Sender s, Throwable t) {
        if (!s.isDone()) {
            s.cancelSource();
            end(s);
            s.fail(t);
            checkQuiet();
        }
    }

    private void failClosed(Sender s) {
        failed(s, driver.closing().exception());
    }

    /** Forgets a sender. Its frame is dropped, unless it is in the engine. */
    private void end(Sender s) {
        s.state = Sender.State.DONE;
        unlink(s);
        SenderRow row = s.row;
        if (row != null) {
            row.remove(s);
        }
        if (s == closer && !closerInEngine) {
            closer = null;
        }
        if (sending != s) {
            drop(s);
            breakTurn(s);
        }
    }

    /** The frame that it holds will not be sent. */
    private void drop(Sender s) {
        WebSocketFrame frame = s.held;
        unhold(s);
        if (frame != null) {
            Operators.onDiscard(frame, s.currentContext());
        }
    }

    /** A message that nobody will finish: its peer would wait for the rest for ever, so the connection ends. */
    private void breakTurn(Sender s) {
        if (turn == s) {
            turn = null;
            driver.closing().messageBroken();
        }
    }

    private void unhold(Sender s) {
        WebSocketFrame frame = s.held;
        if (frame != null) {
            s.held = null;
            heldBytes -= frame.length();
        }
    }

    private void link(Sender s) {
        Sender next = first;
        s.after = next;
        if (next != null) {
            next.before = s;
        }
        first = s;
    }

    private void unlink(Sender s) {
        Sender before = s.before;
        Sender after = s.after;
        if (before != null) {
            before.after = after;
        } else {
            first = after;
        }
        if (after != null) {
            after.before = before;
        }
        release();
    }

    // ---- on the loop: what the closing asks for

    /** Lets messages that have begun be finished and frames that have arrived be sent, and ends all other sends. */
    void finish() {
        phase = Phase.FINISHING;
        for (Sender s = first; s != null; s = s.after) {
            WebSocketFrame frame = s.held;
            boolean mayEnd = s == sending || s == turn || s == closer || (frame != null && frame.isFinal());
            if (!mayEnd && s.state != Sender.State.FLUSHING) {
                failClosed(s);
            }
        }
        checkQuiet();
    }

    private void checkQuiet() {
        if (phase == Phase.FINISHING && sending == null && turn == null && isEmpty(waiting) && isEmpty(controls)) {
            driver.closing().outboundFinished();
        }
    }

    /** Who waits for the close that is now put into the engine. */
    @Nullable
    Sender takeCloser() {
        closerInEngine = true;
        return closer;
    }

    /** Ends all sends, but for those whose last frame is in the engine or waits for the flush. */
    void close() {
        phase = Phase.CLOSED;
        for (Sender s = first; s != null; s = s.after) {
            boolean leaves = s == sending || (s == closer && closerInEngine) || s.state == Sender.State.FLUSHING;
            if (!leaves) {
                failClosed(s);
            }
        }
    }

    /** The close that a sender has sent has left, or never will. */
    void closeTaken(Sender s, boolean cutShort) {
        closer = null;
        if (s.isDone()) {
            return;
        }
        if (cutShort) {
            failClosed(s);
        } else {
            sourceCompleted(s);
        }
    }

    /** The stream has ended: ends all sends. */
    void lost() {
        phase = Phase.CLOSED;
        Sender inEngine = sending;
        sending = null;
        if (inEngine != null && inEngine.isDone()) {
            drop(inEngine);
        }
        for (Sender s = first; s != null; s = first) {
            failClosed(s);
        }
    }

    // ---- on the loop: flushes

    boolean isReportWanted() {
        return reportWanted;
    }

    /** Returns the number of the report that will tell that everything put so far has left. */
    long wantReport() {
        reportWanted = true;
        return reports + 1;
    }

    long nextReport() {
        reportWanted = false;
        return ++reports;
    }

    void flushed(long report) {
        SenderRow line = flushing;
        if (line == null) {
            return;
        }
        for (Sender s = line.peek(); s != null && s.report <= report; s = line.peek()) {
            line.poll();
            unlink(s);
            s.complete();
        }
    }

    // ---- rows of senders

    private static SenderRow added(@Nullable SenderRow line, Sender s) {
        SenderRow made = line == null ? new SenderRow() : line;
        made.add(s);
        return made;
    }

    private static @Nullable Sender poll(@Nullable SenderRow line) {
        return line == null ? null : line.poll();
    }

    private static boolean isEmpty(@Nullable SenderRow line) {
        return line == null || line.isEmpty();
    }
}
