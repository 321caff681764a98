package io.fluxsocket.reactive;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.core.WebSocketProtocolException;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The end of a connection: who began it, how far it is, and how long it may take.
 *
 * <pre>
 *   OPEN ──close(), handler ended, shutdown──► FINISHING ──messages finished, or timeout──► CLOSE_OWED
 *     ├────limit, timeout, fault of either end───────────────────────────────────────────────► CLOSE_OWED
 *     ├────the peer's close─────────────────────────────────────────────────────────────────► CLOSE_OWED
 *     │                                                                                            │
 *     │                              our close has left, and the peer's has come or never will ────┤
 *     │                                                                                            ▼
 *     └────the stream ended───────────────────────────────────────────────► ENDED ◄────────────── ENDING
 * </pre>
 *
 * <p>CLOSE_OWED: a close of ours is in the engine, which sends it after the frame in progress. ENDING: the conversation is
 * over; a server (or whoever was wronged) ends its half of the stream, and what still comes is read and thrown away until the
 * peer ends its own: closing with unread bytes would send a reset, which can destroy our close on its way (RFC 6455 §7.1.1).
 * Each wait is bounded by the close timeout, after which the stream is cut.
 */
final class Closing implements Runnable {
    private enum State {
        OPEN,
        FINISHING,
        CLOSE_OWED,
        ENDING,
        ENDED
    }

    private final EngineDriver driver;
    /** Made when somebody asks for it, on any thread. */
    private Sinks.@Nullable One<CloseEvent> closed;
    /** How it has ended. This and the sink are guarded by a lock, so that no sink misses it. */
    private @Nullable CloseEvent end;
    /** Whom the end concerns besides, without a sink: the handler's run. */
    private @Nullable Runnable handler;

    private State state = State.OPEN;
    /** How it ends, as far as it is known. */
    private @Nullable CloseEvent event;

    private @Nullable Disposable timer;
    /** When the wait that is bounded is over. */
    private long deadline;

    Closing(EngineDriver driver) {
        this.driver = driver;
    }

    synchronized Mono<CloseEvent> closed() {
        Sinks.One<CloseEvent> sink = closed;
        if (sink == null) {
            closed = sink = Sinks.unsafe().one();
            if (end != null) {
                sink.tryEmitValue(end);
            }
        }
        return sink.asMono();
    }

    private synchronized Sinks.@Nullable One<CloseEvent> ended(CloseEvent e) {
        end = e;
        return closed;
    }

    // ---- on the loop

    /** Has a handler's run told of the end, or at once if that is over. */
    void whenClosed(Runnable run) {
        if (end != null) {
            run.run();
        } else if (handler == null) {
            handler = run;
        } else {
            closed().subscribe(event -> run.run());
        }
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    /** Whether this end is closing, so that everything is read, whether somebody asks for it or not. */
    boolean isDraining() {
        return state != State.OPEN;
    }

    /** What to tell those who can no longer be served. */
    WebSocketClosedException exception() {
        CloseEvent e = event;
        return new WebSocketClosedException(
                e != null ? e : new CloseEvent(CloseStatus.ABNORMAL, CloseEvent.Initiator.NONE, false));
    }

    /**
     * Begins to close: messages in progress are finished, then the close is sent. Does nothing if the closing has begun.
     *
     * @param closer whose close frame this is; null if it is none
     */
    void begin(CloseStatus status, @Nullable Sender closer) {
        if (state == State.OPEN && !driver.isStreamEnded()) {
            begun(status, CloseEvent.Initiator.LOCAL, State.FINISHING);
            driver.outbound().finish();
        }
    }

    /**
     * Ends the conversation because of something that must not go on. If the closing has begun, only who receives learns it.
     */
    void fail(CloseStatus status, Throwable error) {
        driver.inbound().end(error);
        if (state == State.OPEN) {
            begun(status, CloseEvent.Initiator.LOCAL, State.FINISHING);
            sendClose();
        }
    }

    void exceeded(RateLimit rate, String what) {
        WebSocketProtocolException e = new WebSocketProtocolException(
                CloseStatus.POLICY_VIOLATION, "more than " + rate.perSecond() + " " + what + " in a second");
        fail(CloseStatus.POLICY_VIOLATION.withReason(String.valueOf(e.getMessage())), e);
    }

    private void begun(CloseStatus status, CloseEvent.Initiator initiator, State next) {
        event = new CloseEvent(status, initiator, false);
        state = next;
        if (!driver.isStreamEnded()) {
            driver.watchdog().stop();
            driver.pings().close();
            startTimer();
        }
    }

    /** All messages that had begun are finished. */
    void outboundFinished() {
        if (state == State.FINISHING) {
            startTimer();
            sendClose();
        }
    }

    /** A message was left unfinished by who sent it. */
    void messageBroken() {
        if (state == State.OPEN) {
            begun(CloseStatus.INTERNAL_ERROR, CloseEvent.Initiator.LOCAL, State.FINISHING);
        }
        if (state == State.FINISHING) {
            sendClose();
        }
    }

    private void sendClose() {
        CloseEvent e = event;
        state = State.CLOSE_OWED;
        driver.close(
                e == null ? CloseStatus.INTERNAL_ERROR : e.status(),
                driver.outbound().takeCloser());
        if (!driver.isStreamEnded()) {
            driver.outbound().close();
        }
    }

    /** The peer has ended the conversation. Who receives hears of it first, so that an echo completes instead of failing. */
    private void endSends() {
        if (!driver.isStreamEnded()) {
            driver.inbound().deliverEnd();
            driver.outbound().close();
        }
    }

    /** The peer's close has come. The engine answers it. */
    void peerClosed(CloseStatus status) {
        driver.inbound().end(null);
        if (state == State.OPEN || state == State.FINISHING) {
            begun(status, CloseEvent.Initiator.REMOTE, State.CLOSE_OWED);
            endSends();
        } else if (driver.isCloseSent()) {
            end();
        }
    }

    /** The peer broke the protocol. The engine holds the close that it is owed, unless one was sent before. */
    void protocolError(WebSocketProtocolException e) {
        if (state == State.OPEN || state == State.FINISHING) {
            driver.inbound().end(e);
            begun(e.closeStatus(), CloseEvent.Initiator.LOCAL, State.CLOSE_OWED);
            endSends();
        } else {
            driver.inbound().end(null);
            if (driver.isCloseSent()) {
                end();
            }
        }
    }

    /** Our close was put into the output. */
    void closeSent() {
        if (driver.isInboundOver()) {
            end();
        }
    }

    private void end() {
        if (state != State.ENDING && state != State.ENDED) {
            state = State.ENDING;
            driver.endStream(driver.isServer() || driver.hasFailed());
        }
    }

    /** The stream has ended: tells everybody who waits. */
    void streamEnded(@Nullable Throwable cause) {
        state = State.ENDED;
        stopTimer();
        driver.watchdog().stop();
        CloseEvent begun = event;
        CloseEvent e = begun == null
                ? new CloseEvent(CloseStatus.ABNORMAL, CloseEvent.Initiator.NONE, false)
                : new CloseEvent(begun.status(), begun.initiator(), driver.isClosedCleanly());
        event = e;
        SessionObserver observer = driver.observer();
        if (observer != null) {
            observer.closed(e, cause);
        }
        driver.inbound().end(begun == null ? new WebSocketClosedException(e, cause) : null);
        driver.inbound().deliverEnd();
        driver.pings().close();
        driver.outbound().lost();
        Sinks.One<CloseEvent> sink = ended(e);
        if (sink != null) {
            sink.tryEmitValue(e);
        }
        Runnable run = handler;
        if (run != null) {
            handler = null;
            run.run();
        }
    }

    // ---- the close timeout

    private void startTimer() {
        long timeout = driver.settings().closeTimeout().toNanos();
        deadline = driver.now() + timeout;
        setTimer(timeout);
    }

    private void setTimer(long nanos) {
        stopTimer();
        Disposable t = driver.schedule(this, nanos);
        timer = t;
        if (t.isDisposed()) {
            driver.abort();
        }
    }

    private void stopTimer() {
        Disposable t = timer;
        timer = null;
        if (t != null) {
            t.dispose();
        }
    }

    /** The timer has gone off. */
    @Override
    public void run() {
        driver.loop().run(this::timeout);
    }

    private void timeout() {
        if (state == State.ENDED) {
            return;
        }
        long left = deadline - driver.now();
        if (left > 0) {
            setTimer(left); // It was early, or set for a deadline that has been put off.
        } else if (state == State.FINISHING) {
            startTimer();
            sendClose();
        } else {
            driver.abort();
        }
    }
}
