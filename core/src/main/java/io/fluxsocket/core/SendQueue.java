package io.fluxsocket.core;

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
    private final Action reply = Action.of(this);
    /** One of the two is outstanding. */
    private boolean busy;
    /** Whose frame is on the wire in part; null at a frame's boundary. */
    private @Nullable Action inProgress;

    private final BufferType[] types;
    private final byte[] firstBytes;
    private final @Nullable Object[] payloads;
    private final int[] offsets;
    private final int[] lengths;
    private final @Nullable Object[] contexts;
    private int head;
    private int count;
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
        types = new BufferType[capacity];
        firstBytes = new byte[capacity];
        payloads = new Object[capacity];
        offsets = new int[capacity];
        lengths = new int[capacity];
        contexts = new Object[capacity];
    }

    int pending() {
        return count;
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
        if (count == types.length) {
            throw new IllegalStateException(
                    "the send queue holds " + count + " operations already; complete its actions first");
        }
        int tail = head + count;
        if (tail >= types.length) {
            tail -= types.length;
        }
        int first = rules.outbound(type, length);
        if (deflater != null) {
            first |= deflater.choose(first, length, compression);
        }
        firstBytes[tail] = (byte) first;
        types[tail] = type;
        payloads[tail] = payload;
        offsets[tail] = offset;
        lengths[tail] = length;
        contexts[tail] = context;
        count++;
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
                && (inProgress == reply || (inProgress == null && replies.isOwed(count != 0)))
                && lifecycle.outbound() != Lifecycle.Outbound.ENDED;
    }

    boolean hasSend() {
        return !busy && (inProgress == send || (inProgress == null && count != 0));
    }

    /** The next action of the replies; to be called only if there is one. */
    Action nextReply() {
        if (inProgress == null) {
            reply.bufferType = replies.hasPong() ? BufferType.PING_PONG : BufferType.CLOSE;
            int opcode = replies.hasPong() ? Opcode.PONG : Opcode.CLOSE;
            writer.begin(Opcode.FIN | opcode, replies.payload(), 0, replies.payloadLength(), nextKey());
            inProgress = reply;
        }
        return toNetwork(reply);
    }

    /** The next action of the sends; to be called only if there is one. */
    Action nextSend() {
        Action action = send;
        if (inProgress == null && !headEnded) {
            if (queuedCutShort || lifecycle.outbound() == Lifecycle.Outbound.ENDED) {
                headEnded = true;
                headCutShort = true;
            } else {
                int i = head;
                action.bufferType = types[i];
                action.context = contexts[i];
                action.cutShort = false;
                if ((firstBytes[i] & Opcode.RSV1) == 0) {
                    writer.begin(firstBytes[i], payloads[i], offsets[i], lengths[i], nextKey());
                } else {
                    beginCompressed(i);
                }
                inProgress = action;
            }
        }
        if (!headEnded) {
            return toNetwork(action);
        }
        action.kind = Action.Kind.INDICATE_SEND_COMPLETE;
        action.bufferType = types[head];
        action.context = contexts[head];
        action.length = 0;
        action.cutShort = headCutShort;
        return outstanding(action);
    }

    /** A compressed send leaves in frames of as much as the deflater gives at once; replies may go between them. */
    private void beginCompressed(int i) {
        MessageDeflater codec = Objects.requireNonNull(deflater);
        if (codec.isPartDone()) {
            codec.begin(firstBytes[i], payloads[i], offsets[i], lengths[i]);
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
            removeHead();
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
            if (types[head] == BufferType.CLOSE) {
                closeSent = CloseBody.decode(CloseBody.view(payloads[head], offsets[head], lengths[head]), true);
                endCodec();
            }
        }
    }

    private void removeHead() {
        payloads[head] = null;
        contexts[head] = null;
        head = head + 1 == types.length ? 0 : head + 1;
        count--;
        headEnded = false;
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
        return count == 0 && !busy;
    }
}
