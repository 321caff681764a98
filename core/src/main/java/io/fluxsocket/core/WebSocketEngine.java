package io.fluxsocket.core;

import io.fluxsocket.core.deflate.Compression;
import io.fluxsocket.core.deflate.DeflateAgreement;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One end of one open WebSocket connection, without I/O ({@code WEB_SOCKET_HANDLE}).
 *
 * <p>The application queues operations with {@link #send send} and {@link #receive receive}, asks what it has to do with
 * {@link #getAction}, does it, and reports with {@link #completeAction completeAction}. Every action other than NO_ACTION is
 * completed exactly once. One action of each direction is outstanding at a time: until it is completed, {@code getAction}
 * has nothing for that direction. NO_ACTION means "nothing now". Every call that changes something returns the queues that
 * may have an action now, so nobody has to poll: an unmodifiable view, which follows the engine and is always the same one.
 *
 * <p><b>Threads.</b> None of its own, and not thread-safe: the driver serialises all calls. The engine calls nobody back,
 * except for the source of mask keys.
 *
 * <p><b>Errors.</b> A fault of the caller is an {@link IllegalStateException} or {@link IllegalArgumentException} and changes
 * nothing. A fault of the peer is a {@link WebSocketProtocolException}, thrown by {@code getAction} for RECEIVE and ALL, from
 * then on at each such call until {@link #abort}; SEND still hands out the close that the peer is owed.
 */
public final class WebSocketEngine {
    /** The versions of the protocol that are spoken ({@code SUPPORTED_VERSIONS}; RFC 6455 §4.1). */
    public static final Set<Integer> SUPPORTED_VERSIONS = Set.of(13);

    /** How often Windows would have a connection kept alive ({@code KEEPALIVE_INTERVAL}). The application runs the timer. */
    public static final Duration KEEPALIVE_INTERVAL = Duration.ofSeconds(30);

    private final boolean client;
    private final Lifecycle lifecycle = new Lifecycle();
    private final SendQueue sends;
    private final ReceiveQueue receives;
    private final Set<ActionQueue> ready = new ReadyQueues(this);

    /** @param codecs where those of the agreement come from; without one, unused */
    WebSocketEngine(
            boolean client,
            EngineSettings settings,
            @Nullable IntSupplier maskKeys,
            @Nullable ByteBuffer allocatedBuffer,
            @Nullable DeflateAgreement deflate,
            Codecs codecs) {
        this.client = client;
        ByteBuffer receiveBuffer = null;
        ByteBuffer sendBuffer = null;
        if (allocatedBuffer != null) {
            int sendSize = FrameWriter.sendBufferSize(client, settings);
            requireRoom(allocatedBuffer, (long) settings.receiveBufferSize() + sendSize);
            int at = allocatedBuffer.position();
            receiveBuffer = allocatedBuffer.slice(at, settings.receiveBufferSize());
            sendBuffer = allocatedBuffer.slice(at + settings.receiveBufferSize(), sendSize);
        }
        MessageDeflater deflater = null;
        MessageInflater inflater = null;
        if (deflate != null) {
            deflater = new MessageDeflater(deflate, client, codecs);
            inflater = new MessageInflater(deflate, client, settings.maxMessageSize(), codecs);
        }
        FrameRules rules = new FrameRules(client, settings, deflate != null);
        FrameWriter writer = new FrameWriter(client, settings, sendBuffer);
        sends = new SendQueue(lifecycle, rules, writer, maskKeys, deflater, settings.queueCapacity());
        receives = new ReceiveQueue(lifecycle, rules, sends, settings, inflater, receiveBuffer);
    }

    private static void requireRoom(ByteBuffer allocated, long needed) {
        if (allocated.isReadOnly() || allocated.remaining() < needed) {
            throw new IllegalArgumentException(
                    "the allocated buffer must be writable and have " + needed + " bytes remaining");
        }
    }

    /** The engine of a client: it masks what it sends and refuses masked frames. Mask keys come from a SecureRandom. */
    public static WebSocketEngine client(EngineSettings settings) {
        return client(settings, new SecureMaskKeys(), null);
    }

    /**
     * The engine of a client.
     *
     * @param maskKeys gives a new key for each frame; must be unpredictable (RFC 6455 §5.3, §10.3)
     * @param allocatedBuffer memory for the receive and send buffer ({@code ALLOCATED_BUFFER}), the engine's until
     *     {@link #delete}; null to have the engine allocate it when needed
     * @throws IllegalArgumentException if the buffer is smaller than both buffers together, or read-only
     */
    public static WebSocketEngine client(
            EngineSettings settings, IntSupplier maskKeys, @Nullable ByteBuffer allocatedBuffer) {
        return client(settings, maskKeys, allocatedBuffer, null);
    }

    /**
     * The engine of a client of a connection where permessage-deflate is used.
     *
     * @param deflate what was agreed on; null if nothing was. Its native memory is held until {@link #delete}, {@link #abort}
     *     or, in each direction, the close
     */
    public static WebSocketEngine client(EngineSettings settings, @Nullable DeflateAgreement deflate) {
        return client(settings, new SecureMaskKeys(), null, deflate);
    }

    /** The engine of a client, with all there is. See the other {@code client}. */
    public static WebSocketEngine client(
            EngineSettings settings,
            IntSupplier maskKeys,
            @Nullable ByteBuffer allocatedBuffer,
            @Nullable DeflateAgreement deflate) {
        IntSupplier keys = settings.maskingDisabled() ? null : maskKeys;
        return new WebSocketEngine(true, settings, keys, allocatedBuffer, deflate, Codecs.RAW);
    }

    /** The engine of a server: it refuses unmasked frames. */
    public static WebSocketEngine server(EngineSettings settings) {
        return server(settings, null, null);
    }

    /** The engine of a server. The buffer: see {@link #client(EngineSettings, IntSupplier, ByteBuffer)}. */
    public static WebSocketEngine server(EngineSettings settings, @Nullable ByteBuffer allocatedBuffer) {
        return server(settings, allocatedBuffer, null);
    }

    /**
     * The engine of a server of a connection where permessage-deflate is used. See {@link #client(EngineSettings,
     * DeflateAgreement)}.
     */
    public static WebSocketEngine server(EngineSettings settings, @Nullable DeflateAgreement deflate) {
        return server(settings, null, deflate);
    }

    /** The engine of a server, with all there is. See the other {@code server} and {@code client}. */
    public static WebSocketEngine server(
            EngineSettings settings, @Nullable ByteBuffer allocatedBuffer, @Nullable DeflateAgreement deflate) {
        return new WebSocketEngine(false, settings, null, allocatedBuffer, deflate, Codecs.RAW);
    }

    /**
     * Queues a send. It leaves in one wire frame, or in several if it is compressed.
     *
     * @param type what the payload is; not {@link BufferType#PING}, which is only received
     * @param payload the application's memory, neither changed nor copied; it must stay as it is until
     *     INDICATE_SEND_COMPLETE. Null is an empty payload
     * @param context comes back with the actions of this operation
     * @return the queues that may have an action now
     * @throws IllegalStateException after a close was queued, for data; when text follows a binary fragment or the reverse;
     *     when the queue is full; after a short transfer, abort or delete
     * @throws IllegalArgumentException if a control payload is longer than 125 bytes or a close body is malformed
     */
    public Set<ActionQueue> send(BufferType type, byte @Nullable [] payload, @Nullable Object context) {
        return queue(type, payload, 0, payload == null ? 0 : payload.length, Compression.BY_SIZE, context);
    }

    /** Queues a send of a part of an array. See {@link #send(BufferType, byte[], Object)}. */
    public Set<ActionQueue> send(BufferType type, byte[] payload, int offset, int length, @Nullable Object context) {
        return send(type, payload, offset, length, Compression.BY_SIZE, context);
    }

    /**
     * Queues a send of a part of an array.
     *
     * @param compression whether the message is compressed, if permessage-deflate was agreed on: looked at with the first
     *     part of a message only. The other {@code send} say {@link Compression#BY_SIZE}
     */
    public Set<ActionQueue> send(
            BufferType type,
            byte[] payload,
            int offset,
            int length,
            Compression compression,
            @Nullable Object context) {
        Objects.checkFromIndexSize(offset, length, payload.length);
        return queue(type, payload, offset, length, compression, context);
    }

    /**
     * Queues a send of the buffer's remaining bytes. Its position and limit are read now and not changed. See
     * {@link #send(BufferType, byte[], Object)}.
     */
    public Set<ActionQueue> send(BufferType type, ByteBuffer payload, @Nullable Object context) {
        return send(type, payload, Compression.BY_SIZE, context);
    }

    /** Queues a send of the buffer's remaining bytes. See {@link #send(BufferType, byte[], int, int, Compression, Object)}. */
    public Set<ActionQueue> send(
            BufferType type, ByteBuffer payload, Compression compression, @Nullable Object context) {
        return queue(type, payload, payload.position(), payload.remaining(), compression, context);
    }

    /**
     * Queues a send of data that a receive indicates, of this engine or of another one of the same thread: of the same type, and
     * from where it lies, so that it is copied and masked anew in one pass. See {@link #send(BufferType, byte[], Object)}.
     *
     * @param received INDICATE_RECEIVE_COMPLETE of data. Not to be completed, and its engine not to be aborted, before this
     *     send's INDICATE_SEND_COMPLETE
     * @throws IllegalStateException also if the action is of another kind or not outstanding
     * @throws IllegalArgumentException if it indicates no data
     */
    public Set<ActionQueue> send(Action received, @Nullable Object context) {
        Chunk payload = received.receiver(Action.Kind.INDICATE_RECEIVE_COMPLETE).chunk();
        BufferType type = received.bufferType();
        if (type == null || !type.isData()) {
            throw new IllegalArgumentException("only data can be sent on, but " + received + " was received");
        }
        return queue(type, payload, 0, payload.size(), Compression.BY_SIZE, context);
    }

    /** Queues a ping: {@code send(PING_PONG, payload, context)}. */
    public Set<ActionQueue> ping(byte @Nullable [] payload, @Nullable Object context) {
        return send(BufferType.PING_PONG, payload, context);
    }

    /**
     * Queues a close, after everything that is queued already. {@link CloseStatus#NO_STATUS} sends an empty body. See
     * {@link #send(BufferType, byte[], Object)}.
     *
     * @throws IllegalArgumentException for {@link CloseStatus#ABNORMAL}
     */
    public Set<ActionQueue> close(CloseStatus status, @Nullable Object context) {
        if (status.code() == CloseStatus.ABNORMAL.code()) {
            throw new IllegalArgumentException("1006 is never sent; abort the connection instead (RFC 6455 §7.4.1)");
        }
        return send(BufferType.CLOSE, CloseBody.encode(status), context);
    }

    /**
     * Queues a receive that indicates a view of the engine's memory, or of the memory lent to it.
     *
     * <p>It completes with the rest of the wire frame where that fits {@link EngineSettings#receiveBufferSize()}, once all of
     * it has arrived; otherwise with what is at hand, at most that much. A compressed frame completes it when it was inflated
     * to that size or to its end, unless it gave nothing and does not end its message. A control frame that is not answered by the engine
     * alone completes it too.
     *
     * @return the queues that may have an action now
     * @throws IllegalStateException after the peer's close was indicated; when the queue is full; after abort or delete
     */
    public Set<ActionQueue> receive(@Nullable Object context) {
        lifecycle.requireMayReceive();
        receives.add(null, 0, 0, context);
        return ready;
    }

    /**
     * Queues a receive that fills the caller's memory; its length takes the place of the receive buffer's size. See
     * {@link #receive(Object)}.
     *
     * @param buffer filled from {@code offset}; the engine's until INDICATE_RECEIVE_COMPLETE
     * @param length at least 125, so that any control frame fits
     */
    public Set<ActionQueue> receive(byte[] buffer, int offset, int length, @Nullable Object context) {
        lifecycle.requireMayReceive();
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length < 125) {
            throw new IllegalArgumentException(
                    "a receive buffer has " + length + " bytes; it needs 125, so that any control frame fits");
        }
        receives.add(buffer, offset, length, context);
        return ready;
    }

    /**
     * What has to be done next.
     *
     * @return the action, valid until it is completed; of kind NO_ACTION when there is nothing now
     * @throws WebSocketProtocolException for RECEIVE and ALL, if the peer broke the protocol; nothing is to be completed
     * @throws IllegalStateException after delete
     */
    public Action getAction(ActionQueue queue) {
        lifecycle.requireUsable();
        boolean failed = lifecycle.inbound() == Lifecycle.Inbound.FAILED;
        if (failed && queue != ActionQueue.SEND) {
            receives.throwIfFailed();
        }
        if ((failed || queue != ActionQueue.SEND) && sends.hasReply()) {
            return sends.nextReply();
        }
        if (queue != ActionQueue.RECEIVE && sends.hasSend()) {
            return sends.nextSend();
        }
        return queue == ActionQueue.SEND ? Action.NONE : nextReceive();
    }

    /** Reports an indication as processed: {@code completeAction(action, 0)}. */
    public Set<ActionQueue> completeAction(Action action) {
        return completeAction(action, 0);
    }

    /**
     * Reports an action as done.
     *
     * @param bytesTransferred SEND_TO_NETWORK: how many bytes of the buffers were sent; other than {@link Action#length()}
     *     cuts the send short, and the stream is then unusable. RECEIVE_FROM_NETWORK: how many bytes were put into the
     *     buffer; 0 cuts the receive short. Indications: 0
     * @return the queues that may have an action now
     * @throws IllegalStateException if the action is not outstanding: completed before, or of kind NO_ACTION
     * @throws IllegalArgumentException if the action is another engine's, or the count is out of range
     */
    public Set<ActionQueue> completeAction(Action action, int bytesTransferred) {
        if (action.belongsTo(receives)) {
            requireOutstanding(action);
            receives.complete(bytesTransferred);
        } else {
            requireOwn(action);
            requireOutstanding(action);
            sends.complete(action, bytesTransferred);
        }
        return ready;
    }

    /**
     * Reports RECEIVE_FROM_NETWORK as done by lending a buffer instead of filling the one given. Its remaining bytes are what
     * was read; none cut the receive short.
     *
     * @param lent writable and nobody else's: the engine unmasks in place and sets its byte order. The engine's until it
     *     next hands out RECEIVE_FROM_NETWORK, or until abort
     */
    public Set<ActionQueue> completeAction(Action action, ByteBuffer lent) {
        if (!action.belongsTo(receives)) {
            requireOwn(action);
            throw new IllegalArgumentException("a buffer can be lent for RECEIVE_FROM_NETWORK only");
        }
        requireOutstanding(action);
        receives.complete(lent);
        return ready;
    }

    /**
     * Ends all operations: from now on {@code send} and {@code receive} fail, and what is queued can be drained: {@code
     * getAction} hands out only indications, each {@linkplain Action#isCutShort() cut short} but that of a send which had
     * left in full. Complete outstanding actions with 0 bytes, before or after. Idempotent.
     *
     * @return the queues that may have an action now
     */
    public Set<ActionQueue> abort() {
        lifecycle.requireUsable();
        if (!lifecycle.isAborted()) {
            lifecycle.abort();
            sends.cutShort();
            receives.abort();
        }
        return ready;
    }

    /**
     * Ends the life of the engine; every later call but this and the questions below is an IllegalStateException.
     *
     * @throws IllegalStateException if operations or actions are outstanding: abort and drain first
     */
    public void delete() {
        if (!sends.isIdle() || !receives.isIdle()) {
            throw new IllegalStateException(
                    "operations or actions are outstanding; abort, and drain getAction(ALL) first");
        }
        lifecycle.delete();
        sends.endCodec();
        receives.endCodec();
    }

    /** How many sends are queued or in progress. */
    public int pendingSends() {
        return sends.pending();
    }

    /** How many receives are queued or in progress. */
    public int pendingReceives() {
        return receives.pending();
    }

    /** The status of the close that was handed to the network completely; null before. */
    public @Nullable CloseStatus closeSent() {
        return sends.closeSent();
    }

    /** The status of the peer's close; null before it was received. {@link CloseStatus#NO_STATUS} for an empty body. */
    public @Nullable CloseStatus closeReceived() {
        return receives.closeReceived();
    }

    /** Whether this is a client's engine; else it is a server's. */
    public boolean isClient() {
        return client;
    }

    private Set<ActionQueue> queue(
            BufferType type,
            @Nullable Object payload,
            int offset,
            int length,
            Compression compression,
            @Nullable Object context) {
        lifecycle.requireMaySend(type);
        if (type == BufferType.PING) {
            throw new IllegalArgumentException("PING is only received; a ping is sent as PING_PONG, as on Windows");
        }
        if (type == BufferType.CLOSE) {
            requireValidCloseBody(payload, offset, length);
        }
        sends.add(type, payload, offset, length, compression, context);
        if (type == BufferType.CLOSE) {
            lifecycle.closing();
        }
        return ready;
    }

    private static void requireValidCloseBody(@Nullable Object payload, int offset, int length) {
        try {
            CloseBody.decode(CloseBody.view(payload, offset, length), true);
        } catch (WebSocketProtocolException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private Action nextReceive() {
        while (receives.hasAction()) {
            Action action = receives.next();
            if (action != null) {
                return action;
            }
            if (sends.hasReply()) {
                return sends.nextReply();
            }
        }
        return Action.NONE;
    }

    private void requireOutstanding(Action action) {
        if (!action.outstanding) {
            lifecycle.requireUsable();
            throw new IllegalStateException("the action was completed before");
        }
    }

    private void requireOwn(Action action) {
        if (!action.belongsTo(sends)) {
            lifecycle.requireUsable();
            if (action == Action.NONE) {
                throw new IllegalStateException("NO_ACTION is not completed");
            }
            throw new IllegalArgumentException("the action is another engine's");
        }
    }

    boolean isSendReady() {
        return sends.hasSend() || (lifecycle.inbound() == Lifecycle.Inbound.FAILED && sends.hasReply());
    }

    boolean isReceiveReady() {
        return receives.hasAction() || (lifecycle.inbound() != Lifecycle.Inbound.FAILED && sends.hasReply());
    }
}
