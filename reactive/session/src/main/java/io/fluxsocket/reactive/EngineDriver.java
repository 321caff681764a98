package io.fluxsocket.reactive;

import io.fluxsocket.core.Action;
import io.fluxsocket.core.ActionQueue;
import io.fluxsocket.core.BufferType;
import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.core.WebSocketEngine;
import io.fluxsocket.core.WebSocketProtocolException;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Drives the engine: the only class that touches it, and the one place where its actions are carried out.
 *
 * <p>All state is confined to the event loop. A drain carries out actions until the engine has none, or yields to other
 * connections when its budget is spent; either way it flushes once. {@link DrainLoop} says when.
 */
final class EngineDriver implements ByteTransport.Listener {
    /** Bytes of one direction after which a drain yields: the most that one SEND_TO_NETWORK holds. */
    private static final int BUDGET = 256 << 10;
    /** What a small frame costs of it, so that 128 frames spend it too. */
    private static final int LEAST_COST = BUDGET / 128;

    /** What is still taken in when the stream has ended: more than one read brings, unless it is inflated. */
    private static final int RESCUED = 1 << 20;

    /** What is sent from where it lies: with less, a frame costs no more. */
    private static final int LEAST_RELAYED = 4 << 10;
    /** It leaves in one part: the engine makes parts of up to 256 KiB. */
    private static final int MOST_RELAYED = 128 << 10;

    private static final AtomicLongFieldUpdater<EngineDriver> QUEUED =
            AtomicLongFieldUpdater.newUpdater(EngineDriver.class, "queuedBytes");

    private final ByteTransport transport;
    private final WebSocketEngine engine;
    private final SessionSettings settings;
    private final @Nullable SessionObserver observer;
    private final DrainLoop loop;
    private final Inbound inbound;
    private final Outbound outbound;
    private final Pings pings;
    private final Watchdog watchdog;
    private final Closing closing;
    private final Arrivals arrivals;

    /** What {@link #queuedBytes()} tells other threads: as of the end of the last drain. */
    private volatile long queuedBytes;

    private int inboundBudget;
    private int outboundBudget;

    private boolean writable;
    /** All that was ever put into the output. */
    private long writtenBytes;
    /** Something was put into the output and not flushed. */
    private boolean dirty;

    /** The engine holds a Receive. */
    private boolean receiveQueued;
    /** The payload of all that was received. */
    private long receivedBytes;
    /** RECEIVE_FROM_NETWORK that waits for the transport. */
    private @Nullable Action reading;

    private boolean readWanted;
    /** The indication whose payload is being sent from where it lies. */
    private @Nullable Action relaying;
    /** A pong or a close echo that waits until the transport is writable. */
    private @Nullable Action heldReply;

    /** No Receive any more: the peer has closed or failed. */
    private boolean inboundOver;
    /** The report that will tell that our close has left. */
    private long closeReport = Long.MAX_VALUE;

    private boolean closeLeft;
    /** The peer broke the protocol. */
    private boolean failed;
    /** The conversation is over: what still comes is thrown away until the stream ends. */
    private boolean discarding;
    /** The transport has nothing more to say. */
    private boolean streamEnded;

    private @Nullable Throwable streamFailure;
    private boolean terminated;

    /** Counts the drains that ended without a Receive: while it stands still the session has been reading. */
    private int pauses;

    EngineDriver(
            ByteTransport transport,
            WebSocketEngine engine,
            SessionSettings settings,
            @Nullable SessionObserver observer) {
        this.transport = transport;
        this.observer = observer;
        this.engine = engine;
        this.settings = settings;
        loop = new DrainLoop(this, transport);
        closing = new Closing(this);
        inbound = new Inbound(this, settings);
        outbound = new Outbound(this, settings.maxPendingSends());
        pings = new Pings(this);
        watchdog = new Watchdog(this, settings);
        arrivals = new Arrivals(this, settings);
    }

    void start() {
        transport.start(this);
        writable = transport.isWritable();
        watchdog.start();
        loop.turn();
    }

    // ---- what the parts and the connection ask

    DrainLoop loop() {
        return loop;
    }

    SessionSettings settings() {
        return settings;
    }

    @Nullable
    SessionObserver observer() {
        return observer;
    }

    Inbound inbound() {
        return inbound;
    }

    Outbound outbound() {
        return outbound;
    }

    Pings pings() {
        return pings;
    }

    Watchdog watchdog() {
        return watchdog;
    }

    Closing closing() {
        return closing;
    }

    boolean isServer() {
        return !engine.isClient();
    }

    boolean isWritable() {
        return writable;
    }

    /** Whether a Receive is outstanding, so that whatever the peer sends will be seen. */
    boolean isReceiving() {
        return receiveQueued;
    }

    /** Stands still while {@link #isReceiving()} holds. */
    int pauses() {
        return pauses;
    }

    boolean isInboundOver() {
        return inboundOver;
    }

    boolean hasFailed() {
        return failed;
    }

    boolean isCloseSent() {
        return engine.closeSent() != null;
    }

    boolean isClosedCleanly() {
        return closeLeft && engine.closeReceived() != null;
    }

    boolean isStreamEnded() {
        return streamEnded;
    }

    /** Whether everything that was put into the output has been taken by the socket. */
    boolean isFlushed() {
        return !dirty && !streamEnded && transport.pendingBytes() == 0;
    }

    long queuedBytes() {
        return transport.inEventLoop() ? exactlyQueuedBytes() : queuedBytes;
    }

    private long exactlyQueuedBytes() {
        return outbound.heldBytes() + (streamEnded ? 0 : transport.pendingBytes());
    }

    /** All that was ever put into the output. */
    long writtenBytes() {
        return writtenBytes;
    }

    /** How much of that the socket has taken, about: a transport may count its own overhead as pending. */
    long takenBytes() {
        return streamEnded ? writtenBytes : writtenBytes - transport.pendingBytes();
    }

    long now() {
        return settings.scheduler().now(TimeUnit.NANOSECONDS);
    }

    // ---- operations, on the loop; the caller drains

    void send(WebSocketFrame frame, Sender context) {
        if (observer != null && !frame.type().isControl()) {
            observer.sent(frame.length(), frame.isFinal());
        }
        engine.send(frame.bufferType(), frame.bytes(), 0, frame.length(), frame.compression(), context);
    }

    /** Whether a received payload is large enough to be sent from where it lies, and would leave at once, behind nothing else. */
    boolean maySendAtOnce(int length) {
        return length >= LEAST_RELAYED
                && length <= MOST_RELAYED
                && settings.deflate() == null
                && maySend()
                && outboundBudget > 0
                && heldReply == null
                && engine.pendingSends() == 0;
    }

    /** Queues what a session receives, from where it lies: {@link #sendAtOnce} follows. */
    void send(Action received, Sender context) {
        BufferType type = received.bufferType();
        if (observer != null && type != null) {
            observer.sent(received.length(), type.isFinal());
        }
        engine.send(received, context);
    }

    /** Carries out the actions of a send that {@link #maySendAtOnce}: its bytes, and that it is complete. */
    void sendAtOnce() {
        Action action = engine.getAction(ActionQueue.SEND);
        while (action.kind() == Action.Kind.SEND_TO_NETWORK) {
            sendToNetwork(action);
            action = engine.getAction(ActionQueue.SEND);
        }
        sendComplete(action);
    }

    /** A frame cannot be finished, as its payload will not be where it lies: the connection is lost. */
    void breakOff(Throwable cause) {
        onClosed(cause);
        transport.abort();
    }

    void ping(byte[] payload) {
        engine.ping(payload, pings);
    }

    void close(CloseStatus status, @Nullable Sender context) {
        if (!streamEnded) {
            engine.close(status, context);
        }
    }

    void complete(Action indication) {
        engine.completeAction(indication);
    }

    /** What is indicated stays where it lies, until {@link #endRelay} or the end of the stream. */
    void beginRelay(Action indication) {
        relaying = indication;
    }

    void endRelay() {
        Action indication = relaying;
        if (indication != null) {
            relaying = null;
            engine.completeAction(indication);
        }
    }

    void abort() {
        if (!streamEnded) {
            transport.abort();
        }
    }

    /** The conversation is over: ends our half if that is on us, and reads on until the stream ends. */
    void endStream(boolean shutdownOutput) {
        discarding = true;
        inboundOver = true;
        readWanted = true;
        flush();
        if (shutdownOutput && !streamEnded) {
            transport.shutdownOutput();
        }
    }

    // ---- threads

    boolean inEventLoop() {
        return transport.inEventLoop();
    }

    /** Runs a timer after a time, on any thread. Disposed at once if the scheduler takes no tasks any more. */
    Disposable schedule(Runnable timer, long nanos) {
        try {
            return settings.scheduler().schedule(timer, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return Disposables.disposed();
        }
    }

    // ---- the loop

    void renewBudget() {
        inboundBudget = BUDGET;
        outboundBudget = BUDGET;
    }

    void endDrain() {
        if (!receiveQueued) {
            pauses++;
        }
        watchdog.drained();
        QUEUED.lazySet(this, exactlyQueuedBytes());
    }

    /** A fault of ours, or of a subscriber that throws: the peer learns 1011, and if that is impossible nothing. */
    void crash(Throwable t) {
        if (closing.isOpen() && !streamEnded) {
            closing.fail(CloseStatus.INTERNAL_ERROR, t);
            return;
        }
        Operators.onErrorDropped(t, Context.empty());
        if (!streamEnded) {
            transport.abort();
        }
    }

    /**
     * Carries out actions, and asks for a read if one is wanted. What has arrived has a budget of its own, so that a source which
     * always has a frame keeps nobody from seeing the peer's pings and its close. Returns whether a budget was spent before all
     * was done.
     */
    boolean work() {
        if (writable) {
            outbound.ask();
        }
        while (inboundBudget > 0) {
            if (streamEnded && !terminated) {
                terminate();
            }
            int delivered = inbound.deliver();
            if (delivered != 0) {
                inboundBudget -= Math.max(delivered, LEAST_COST);
            } else if (streamEnded || !step()) {
                read();
                return maySend() && outboundBudget <= 0;
            }
        }
        return true;
    }

    private boolean maySend() {
        return writable && !streamEnded;
    }

    private void read() {
        if (readWanted && !streamEnded) {
            readWanted = false;
            transport.read();
        }
    }

    /** Carries out one action. Returns false if there is none. */
    private boolean step() {
        Action action = next();
        return action != null
                && switch (action.kind()) {
                    case NO_ACTION -> false;
                    case SEND_TO_NETWORK -> writable ? sendToNetwork(action) : holdReply(action);
                    case INDICATE_SEND_COMPLETE -> sendComplete(action);
                    case RECEIVE_FROM_NETWORK -> receiveFromNetwork(action);
                    case INDICATE_RECEIVE_COMPLETE -> receiveComplete(action);
                };
    }

    private @Nullable Action next() {
        Action reply = heldReply;
        if (reply != null && writable) {
            heldReply = null;
            return reply;
        }
        if (!failed) {
            if (!receiveQueued && !inboundOver && (inbound.wantsReceive() || closing.isDraining() || streamEnded)) {
                engine.receive(null);
                receiveQueued = true;
            }
            try {
                return engine.getAction(writable && outboundBudget > 0 ? ActionQueue.ALL : ActionQueue.RECEIVE);
            } catch (WebSocketProtocolException e) {
                failed = true;
                inboundOver = true;
                receiveQueued = false;
                loop.again();
                closing.protocolError(e);
            }
        }
        return maySend() && outboundBudget > 0 ? engine.getAction(ActionQueue.SEND) : null;
    }

    private boolean holdReply(Action action) {
        heldReply = action;
        return true;
    }

    private boolean sendToNetwork(Action action) {
        int length = action.length();
        BufferType type = action.bufferType();
        Object context = action.context();
        ByteBuffer output = outputFor(action);
        if (streamEnded) {
            engine.completeAction(action, 0);
            return true;
        }
        action.writeTo(output);
        engine.completeAction(action, length);
        dirty = true;
        writtenBytes += length;
        outboundBudget -= Math.max(length, LEAST_COST);
        writable = transport.isWritable();
        if (type == BufferType.CLOSE) {
            closeReport = outbound.wantReport();
            closing.closeSent();
        } else if (context == pings) {
            pings.sent();
        }
        return true;
    }

    /** A transport that throws leaves nothing outstanding in the engine. */
    private ByteBuffer outputFor(Action action) {
        try {
            return transport.output(action.length());
        } catch (Throwable t) {
            engine.completeAction(action, 0);
            throw t;
        }
    }

    private boolean sendComplete(Action action) {
        Object context = action.context();
        BufferType type = action.bufferType();
        boolean cutShort = action.isCutShort();
        engine.completeAction(action);
        if (type == BufferType.CLOSE) {
            if (context instanceof Sender sender) {
                outbound.closeTaken(sender, cutShort);
            }
        } else if (context instanceof Sender sender) {
            watchdog.data();
            outbound.taken(sender, type != null && type.isFinal(), cutShort);
        } else if (context == pings) {
            pings.taken();
        }
        return true;
    }

    private boolean receiveFromNetwork(Action action) {
        reading = action;
        readWanted = true;
        return true;
    }

    private boolean receiveComplete(Action action) {
        receiveQueued = false;
        receivedBytes += action.length();
        inboundBudget -= Math.max(action.length(), LEAST_COST);
        inboundOver = action.bufferType() == BufferType.CLOSE;
        arrivals.take(action);
        return true;
    }

    void flush() {
        boolean reported = outbound.isReportWanted();
        if ((dirty || reported) && !streamEnded) {
            dirty = false;
            transport.flush(reported ? outbound.nextReport() : ByteTransport.NO_REPORT);
        }
    }

    // ---- the transport

    @Override
    public void onRead(ByteBuffer bytes) {
        Action action = reading;
        reading = null;
        watchdog.received();
        if (action != null && !streamEnded) {
            engine.completeAction(action, bytes);
        } else if (discarding) {
            readWanted = true;
        }
        loop.turn();
    }

    @Override
    public void onWritabilityChanged() {
        if (!streamEnded) {
            writable = transport.isWritable();
            loop.turn();
        }
    }

    @Override
    public void onFlushed(long report) {
        closeLeft |= report >= closeReport;
        boolean outermost = loop.enter();
        try {
            outbound.flushed(report);
        } finally {
            loop.leave(outermost);
        }
    }

    @Override
    public void onShutdown() {
        loop.run(() -> closing.begin(CloseStatus.GOING_AWAY, null));
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
        if (!streamEnded) {
            streamEnded = true;
            streamFailure = cause;
            writable = false;
            endRelay();
            rescue();
            engine.abort();
        }
        loop.turn();
    }

    /**
     * What was read before the stream ended is taken into the window at once: the buffer that holds it is not valid for
     * longer. Nothing is emitted here, for the transport may be calling from within a call of ours. What inflates to more than
     * there is room for is lost with the connection.
     */
    private void rescue() {
        long enough = receivedBytes + RESCUED;
        boolean found = true;
        while (found && reading == null && !inboundOver && receivedBytes < enough) {
            found = step();
        }
    }

    /** The stream has ended: ends the engine, and tells everybody who waits. */
    private void terminate() {
        terminated = true;
        endAction(reading);
        endAction(heldReply);
        reading = null;
        heldReply = null;
        for (Action a = engine.getAction(ActionQueue.ALL);
                a.kind() != Action.Kind.NO_ACTION;
                a = engine.getAction(ActionQueue.ALL)) {
            engine.completeAction(a, 0);
        }
        if (engine.pendingSends() == 0 && engine.pendingReceives() == 0) {
            engine.delete();
        }
        closing.streamEnded(streamFailure);
    }

    private void endAction(@Nullable Action outstanding) {
        if (outstanding != null) {
            engine.completeAction(outstanding, 0);
        }
    }
}
