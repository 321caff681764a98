package io.fluxsocket.core;

import io.fluxsocket.core.Operations.Operation;
import io.fluxsocket.core.deflate.Compression;
import java.util.Objects;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The send direction: the queued sends and the replies, of which one has an action outstanding at a time.
 *
 * <p>They share the wire, so a reply waits until the frame of a send that is in progress is whole, and the reverse: on
 * Windows the pong and the application's send exclude each other for the same reason. The receive direction is not held up
 * meanwhile, or two peers that both cannot write would never read again.
 */
final class SendQueue {
    private final Lifecycle lifecycle;
    private final FrameRules rules;
    private final Replies replies = new Replies();
    private final FrameWriter writer;
    private final @Nullable IntSupplier maskKeys;
    /** Null without permessage-deflate. A send whose first byte has RSV1 passes through it. */
    private final @Nullable MessageDeflater deflater;

    private final Action send = Action.of(this);
    /** Made for the first reply. */
    private @Nullable Action reply;

    /** One of the two is outstanding. */
    private boolean busy;
    /** Whose frame is on the wire in part; null at a frame's boundary. */
    private @Nullable Action inProgress;

    private final Operations operations;
    /** The frame of the first send has left, or never will: its indication comes next. */
    private boolean headEnded;

    private boolean headCutShort;
    /** The sends that have not begun never will: the echo of the peer's close goes before them. */
    private boolean queuedCutShort;

    private @Nullable CloseStatus closeSent;

    /** @param maskKeys null if payloads are left as they are */
    SendQueue(
            Lifecycle lifecycle,
            FrameRules rules,
            FrameWriter writer,
            @Nullable IntSupplier maskKeys,
            @Nullable MessageDeflater deflater,
            int capacity) {
        this.lifecycle = lifecycle;
        this.rules = rules;
        this.writer = writer;
        this.maskKeys = maskKeys;
        this.deflater = deflater;
        operations = new Operations("send", capacity);
    }

    int pending() {
        return operations.size();
    }

    FrameWriter writer() {
        return writer;
    }

    Replies replies() {
        return replies;
    }

    @Nullable
    CloseStatus closeSent() {
        return closeSent;
    }

    /** Queues a send that the lifecycle permits. */
    void add(
            BufferType type,
            @Nullable Object payload,
            int offset,
            int length,
            Compression compression,
            @Nullable Object context) {
        operations.requireRoom();
        int first = rules.outbound(type, length);
        if (deflater != null) {
            first |= deflater.choose(first, length, compression);
        }
        Operation operation = operations.add(payload, offset, length, context);
        operation.type = type;
        operation.firstByte = first;
    }

    /** The close that the peer is owed as the echo of its own goes before all sends that have not begun. */
    void oweEcho(CloseStatus status) {
        replies.oweClose(status, false);
        queuedCutShort = true;
    }

    /** The close that the peer is owed after a format error goes after what is queued already. */
    void oweFailure(CloseStatus status) {
        replies.oweClose(status, true);
    }

    boolean hasReply() {
        return !busy
                && (inProgress == null ? replies.isOwed(!operations.isEmpty()) : inProgress == reply)
                && lifecycle.outbound() != Lifecycle.Outbound.ENDED;
    }

    boolean hasSend() {
        return !busy && (inProgress == null ? !operations.isEmpty() : inProgress == send);
    }

    /** The next action of the replies; to be called only if there is one. */
    Action nextReply() {
        Action action = reply;
        if (action == null) {
            reply = action = Action.of(this);
        }
        if (inProgress == null) {
            action.bufferType = replies.hasPong() ? BufferType.PING_PONG : BufferType.CLOSE;
            int opcode = replies.hasPong() ? Opcode.PONG : Opcode.CLOSE;
            writer.begin(Opcode.FIN | opcode, replies.payload(), 0, replies.payloadLength(), nextKey());
            inProgress = action;
        }
        return toNetwork(action);
    }

    /** The next action of the sends; to be called only if there is one. */
    Action nextSend() {
        Action action = send;
        if (inProgress == null && !headEnded) {
            Operation operation = operations.first();
            action.bufferType = operation.type;
            action.context = operation.context;
            if (queuedCutShort || lifecycle.outbound() == Lifecycle.Outbound.ENDED) {
                headEnded = true;
                headCutShort = true;
            } else {
                begin(operation);
                inProgress = action;
            }
        }
        if (!headEnded) {
            return toNetwork(action);
        }
        action.kind = Action.Kind.INDICATE_SEND_COMPLETE;
        action.length = 0;
        action.cutShort = headCutShort;
        return outstanding(action);
    }

    private void begin(Operation operation) {
        send.cutShort = false;
        if ((operation.firstByte & Opcode.RSV1) == 0) {
            writer.begin(operation.firstByte, operation.memory, operation.offset, operation.length, nextKey());
        } else {
            beginCompressed(operation);
        }
    }

    /** A compressed send leaves in frames of as much as the deflater gives at once; replies may go between them. */
    private void beginCompressed(Operation operation) {
        MessageDeflater codec = Objects.requireNonNull(deflater);
        if (codec.isPartDone()) {
            Object memory = operation.memory instanceof Chunk chunk ? chunk.view() : operation.memory;
            codec.begin(operation.firstByte, memory, operation.offset, operation.length);
        }
        int length = codec.next();
        writer.begin(codec.first(), codec.array(), 0, length, nextKey());
    }

    private Action toNetwork(Action action) {
        action.kind = Action.Kind.SEND_TO_NETWORK;
        action.length = writer.nextPart();
        return outstanding(action);
    }

    private Action outstanding(Action action) {
        action.outstanding = true;
        busy = true;
        return action;
    }

    private int nextKey() {
        return maskKeys == null ? 0 : maskKeys.getAsInt();
    }

    void complete(Action action, int bytesTransferred) {
        if (bytesTransferred < 0 || bytesTransferred > action.length) {
            throw new IllegalArgumentException(
                    bytesTransferred + " bytes were transferred of an action of " + action.length);
        }
        action.outstanding = false;
        busy = false;
        if (action.kind == Action.Kind.INDICATE_SEND_COMPLETE) {
            operations.removeFirst();
            headEnded = false;
        } else if (bytesTransferred != action.length) {
            lifecycle.shortTransfer();
            cutShort();
        } else if (writer.endPart()) {
            frameSent(action);
        }
    }

    private void frameSent(Action action) {
        inProgress = null;
        if (action == reply) {
            CloseStatus status = replies.sent();
            if (status != null) {
                closeSent = status;
                endCodec();
            }
        } else if (deflater == null || deflater.isPartDone()) {
            headEnded = true;
            headCutShort = false;
            Operation sent = operations.first();
            if (sent.type == BufferType.CLOSE) {
                closeSent = CloseBody.decode(CloseBody.view(sent.memory, sent.offset, sent.length), true);
                endCodec();
            }
        }
    }

    /** Nothing leaves any more: the frame in progress is broken off, replies are forgotten. */
    void cutShort() {
        if (inProgress == send) {
            headEnded = true;
            headCutShort = true;
        }
        inProgress = null;
        writer.reset();
        replies.clear();
        endCodec();
    }

    /** No data will leave any more. */
    void endCodec() {
        if (deflater != null) {
            deflater.end();
        }
    }

    boolean isIdle() {
        return operations.isEmpty() && !busy;
    }
}
