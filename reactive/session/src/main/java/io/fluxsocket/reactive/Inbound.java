package io.fluxsocket.reactive;

import io.fluxsocket.core.Action;
import io.fluxsocket.core.BufferType;
import io.fluxsocket.core.WebSocketProtocolException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * What arrives, on its way to the one subscriber: at once where there is demand, else by way of the window.
 *
 * <p>The window is the session's own demand: while it has room a Receive is outstanding though nobody asks, so that pings are
 * answered and a close is seen. What waits belongs to the connection: a subscriber that cancels takes nothing with it.
 */
final class Inbound {
    /** What a frame that waits costs beside its payload: the frame, the header of its array, a place in the queue. */
    private static final int FRAME_OVERHEAD = 64;

    /** A queue that was longer than this is not kept when it is empty. */
    private static final int KEPT_LENGTH = 64;

    private static final AtomicReferenceFieldUpdater<Inbound, @Nullable Receiver> RECEIVER =
            AtomicReferenceFieldUpdater.newUpdater(Inbound.class, Receiver.class, "receiver");

    private final EngineDriver driver;
    private final int windowSize;
    private final int maxChunkSize;
    private final int maxMessageSize;
    private final TextCarry carry = new TextCarry();

    private volatile @Nullable Receiver receiver;

    private @Nullable ArrayDeque<WebSocketFrame> window;
    /** What waits in the window, with its overhead. */
    private int windowBytes;
    /** How many frames waited in it at a time. */
    private int longest;

    private @Nullable MessageAssembler assembler;

    /** Nothing is kept or emitted any more. */
    private boolean discarding;

    private boolean ended;
    private @Nullable Throwable failure;
    private boolean endDelivered;

    Inbound(EngineDriver driver, SessionSettings settings) {
        this.driver = driver;
        windowSize = settings.receiveWindow();
        maxChunkSize = settings.maxChunkSize();
        maxMessageSize = settings.maxMessageSize();
    }

    EngineDriver driver() {
        return driver;
    }

    // ---- the subscriber, on any thread

    /** Makes it the subscriber, if there is none. */
    boolean add(Receiver added) {
        return RECEIVER.compareAndSet(this, null, added);
    }

    /** Returns whether it was the subscriber. */
    boolean remove(Receiver removed) {
        return RECEIVER.compareAndSet(this, removed, null);
    }

    // ---- on the loop

    /** Whether somebody receives, or has received everything. */
    boolean isConsumed() {
        return receiver != null || endDelivered;
    }

    /** Whether somebody receives and has not got everything yet. */
    boolean isBeingConsumed() {
        return receiver != null;
    }

    /** What waits in the window, with its overhead. */
    int waitingBytes() {
        return windowBytes;
    }

    /** Whether what arrives now would be emitted or kept within the window. */
    boolean wantsReceive() {
        Receiver r = receiver;
        return (r != null && r.demand != 0) || windowBytes < windowSize || discarding;
    }

    /** Whether the application is what stops the reading. */
    boolean isStalled() {
        return !ended && !wantsReceive();
    }

    /** A subscriber has begun. */
    void started(Receiver r) {
        if (!r.messages) {
            spill();
        }
    }

    /**
     * What was assembled of a message that nobody waits for any more goes back to the window, in chunks of whole characters.
     * It is the oldest, so it goes before what waits there.
     */
    private void spill() {
        MessageAssembler partial = assembler;
        if (partial == null || partial.isEmpty()) {
            return;
        }
        boolean text = partial.isText();
        byte[] bytes = partial.take();
        int whole = text ? bytes.length - Utf8Tail.length(bytes, bytes.length) : bytes.length;
        ArrayDeque<WebSocketFrame> pieces = new ArrayDeque<>();
        for (int at = 0; at < whole; ) {
            int end = Math.min(whole, at + maxChunkSize);
            if (text) {
                end -= Utf8Tail.length(bytes, end);
            }
            pieces.push(WebSocketFrame.owned(text, false, Arrays.copyOfRange(bytes, at, end)));
            at = end;
        }
        pieces.forEach(this::putBack);
        if (whole < bytes.length) {
            carry.add(bytes, whole);
        }
    }

    /** A chunk of data was indicated. Takes it, and completes the action before an application hears of it. */
    void chunk(Action action, BufferType type) {
        Receiver r = receiver;
        if (isDropped(r)) {
            driver.complete(action);
        } else if (r == null || r.demand == 0 || !isWindowEmpty() || driver.isStreamEnded()) {
            spill();
            WebSocketFrame frame = carry.frame(action, type);
            driver.complete(action);
            if (frame != null) {
                enqueue(frame);
            }
        } else if (r.messages) {
            WebSocketMessage message = assemble(action, type);
            if (message != null) {
                r.next(message);
            }
        } else if (isRelayed(action, type, r)) {
            r.relay(action);
        } else {
            WebSocketFrame frame = carry.frame(action, type);
            driver.complete(action);
            if (frame != null) {
                r.next(frame);
            }
        }
    }

    /**
     * Whether a chunk goes to a send of this connection or another one without becoming a frame: nobody but that send would see
     * the frame, it is ready for it, and the payload still lies in the network's buffer. A part of a text does not, as it may
     * end within a character.
     */
    private boolean isRelayed(Action action, BufferType type, Receiver r) {
        return action.isInNetworkBuffer()
                && type != BufferType.UTF8_FRAGMENT
                && carry.length() == 0
                && r.mayRelay(action.length());
    }

    private @Nullable WebSocketMessage assemble(Action action, BufferType type) {
        try {
            return assembler().add(action, type, carry);
        } catch (WebSocketProtocolException e) {
            tooBig(e);
            return null;
        } finally {
            driver.complete(action);
        }
    }

    private void tooBig(WebSocketProtocolException e) {
        discard();
        driver.closing().fail(e.closeStatus(), e);
    }

    /** While this end closes, everything is read, and what finds no room is dropped: with it, all that follows. */
    private boolean isDropped(@Nullable Receiver r) {
        if (!discarding && !ended && driver.closing().isDraining() && (r == null || r.demand == 0)) {
            discarding = windowBytes >= windowSize;
        }
        return discarding || ended;
    }

    /** A ping or pong that is to be emitted. */
    void control(WebSocketFrame frame) {
        Receiver r = receiver;
        if (isDropped(r) || (r != null && r.messages)) {
            return;
        }
        if (r == null || r.demand == 0 || !isWindowEmpty() || driver.isStreamEnded()) {
            enqueue(frame);
        } else {
            r.next(frame);
        }
    }

    private void enqueue(WebSocketFrame frame) {
        openWindow().add(frame);
        entered(frame);
    }

    private void putBack(WebSocketFrame frame) {
        openWindow().addFirst(frame);
        entered(frame);
    }

    private ArrayDeque<WebSocketFrame> openWindow() {
        ArrayDeque<WebSocketFrame> w = window;
        if (w == null) {
            window = w = new ArrayDeque<>(4);
        }
        return w;
    }

    private void entered(WebSocketFrame frame) {
        longest = Math.max(longest, openWindow().size());
        windowBytes += FRAME_OVERHEAD + frame.length();
    }

    private boolean isWindowEmpty() {
        return window == null || window.isEmpty();
    }

    private MessageAssembler assembler() {
        MessageAssembler a = assembler;
        if (a == null) {
            assembler = a = new MessageAssembler(maxMessageSize);
        }
        return a;
    }

    /**
     * Hands on one frame that waits, or the end when nothing waits.
     *
     * @return what the frame cost; 0 if there was none or nobody asks for it
     */
    int deliver() {
        ArrayDeque<WebSocketFrame> w = window;
        if (w == null || w.isEmpty()) {
            deliverEnd();
            return 0;
        }
        Receiver r = receiver;
        if (r == null || r.demand == 0) {
            return 0;
        }
        WebSocketFrame frame = w.remove();
        int cost = FRAME_OVERHEAD + frame.length();
        windowBytes -= cost;
        if (windowBytes == 0 && longest > KEPT_LENGTH) {
            window = null;
            longest = 0;
        }
        if (r.messages) {
            assemble(frame, r);
        } else {
            r.next(frame);
        }
        return cost;
    }

    private void assemble(WebSocketFrame frame, Receiver r) {
        if (frame.type().isControl()) {
            return;
        }
        WebSocketMessage message;
        try {
            message = assembler().add(frame);
        } catch (WebSocketProtocolException e) {
            tooBig(e);
            return;
        }
        if (message != null) {
            r.next(message);
        }
    }

    /** Hands on the end, if nothing waits before it. Not to be called from within an emission. */
    void deliverEnd() {
        if (!ended || !isWindowEmpty()) {
            return;
        }
        Receiver r = receiver;
        if (r != null && r.started && remove(r)) {
            endDelivered = true;
            r.end(failure);
        }
    }

    /** Nothing more arrives. What waits is still delivered, then the failure, or else the completion. */
    void end(@Nullable Throwable cause) {
        if (!ended) {
            ended = true;
            failure = cause;
        }
    }

    /** From now on everything is read and dropped, what waits included. */
    void discard() {
        discarding = true;
        ArrayDeque<WebSocketFrame> dropped = window;
        Receiver r = receiver;
        window = null;
        windowBytes = 0;
        assembler = null;
        Operators.onDiscardQueueWithClear(dropped, r == null ? Context.empty() : r.currentContext(), null);
    }
}
