package io.fluxsocket.core;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the application has to do now ({@code WEB_SOCKET_ACTION}): the answer of {@link WebSocketEngine#getAction}.
 *
 * <p>The engine owns one instance per direction and uses it again, so nothing is allocated; an action, its buffers and what
 * its methods return are valid until {@link WebSocketEngine#completeAction} is called with it. Used by the engine's one
 * thread only.
 *
 * <table class="striped">
 * <caption>What each kind carries</caption>
 * <thead><tr><th>kind</th><th>buffers</th><th>bufferType</th><th>context</th></tr></thead>
 * <tbody>
 * <tr><td>NO_ACTION</td><td>none</td><td>null</td><td>null</td></tr>
 * <tr><td>SEND_TO_NETWORK</td><td>header, payload, or both</td><td>of the send; of a reply PING_PONG or CLOSE</td><td>of the send; null for a reply</td></tr>
 * <tr><td>INDICATE_SEND_COMPLETE</td><td>none</td><td>of the send</td><td>of the send</td></tr>
 * <tr><td>RECEIVE_FROM_NETWORK</td><td>one to be filled</td><td>null</td><td>of the receive</td></tr>
 * <tr><td>INDICATE_RECEIVE_COMPLETE</td><td>one, possibly empty</td><td>what arrived; null when cut short between frames</td><td>of the receive</td></tr>
 * </tbody>
 * </table>
 */
public final class Action {
    /** The kinds of action. */
    public enum Kind {
        /** Nothing to do now. It is not completed. */
        NO_ACTION,
        /** Put the bytes of the buffers on the network, in order, with nothing in between. */
        SEND_TO_NETWORK,
        /** A send is complete: its memory and its context may be reclaimed. */
        INDICATE_SEND_COMPLETE,
        /** Read from the network: into the buffer given, or lend the engine a buffer that holds what was read. */
        RECEIVE_FROM_NETWORK,
        /** A receive is complete: here is what arrived. Its memory and its context may be reclaimed once this is completed. */
        INDICATE_RECEIVE_COMPLETE
    }

    /** The one action of kind NO_ACTION, of all engines. */
    static final Action NONE = new Action(null, null);

    private final @Nullable SendQueue sender;
    private final @Nullable ReceiveQueue receiver;

    Kind kind = Kind.NO_ACTION;

    @Nullable
    BufferType bufferType;

    @Nullable
    Object context;
    /** Sum of the buffers. */
    int length;

    long frameRemaining;
    boolean cutShort;
    boolean outstanding;

    private Action(@Nullable SendQueue sender, @Nullable ReceiveQueue receiver) {
        this.sender = sender;
        this.receiver = receiver;
    }

    boolean belongsTo(SendQueue queue) {
        return sender == queue;
    }

    boolean belongsTo(ReceiveQueue queue) {
        return receiver == queue;
    }

    static Action of(SendQueue sender) {
        return new Action(sender, null);
    }

    static Action of(ReceiveQueue receiver) {
        return new Action(null, receiver);
    }

    /** What has to be done. */
    public Kind kind() {
        return kind;
    }

    /** What the bytes are; null where the table above says so. */
    public @Nullable BufferType bufferType() {
        return bufferType;
    }

    /** What was given to the operation; null for NO_ACTION, for a reply, and where nothing was given. */
    public @Nullable Object context() {
        return context;
    }

    /** The sum of the lengths of the buffers, in bytes. For RECEIVE_FROM_NETWORK, the room there is. */
    public int length() {
        return length;
    }

    /** How many buffers there are: 0, 1 or 2. */
    public int bufferCount() {
        return switch (kind) {
            case NO_ACTION, INDICATE_SEND_COMPLETE -> 0;
            case SEND_TO_NETWORK -> writer().bufferCount();
            case RECEIVE_FROM_NETWORK, INDICATE_RECEIVE_COMPLETE -> 1;
        };
    }

    /**
     * A buffer of this action. SEND_TO_NETWORK: the bytes to send lie between position and limit; header and payload are
     * separate; a payload that is neither masked nor compressed is the application's own memory. RECEIVE_FROM_NETWORK: put the bytes from the position
     * on. INDICATE_RECEIVE_COMPLETE: the payload, unmasked, between position and limit.
     *
     * <p>A driver that wants neither views nor a second pass over the payload uses {@link #writeTo} and {@link
     * #toByteArray} instead.
     *
     * @throws IndexOutOfBoundsException if there is no such buffer
     */
    public ByteBuffer buffer(int index) {
        if (kind == Kind.SEND_TO_NETWORK) {
            return writer().buffer(index);
        }
        if (index < 0 || index >= bufferCount()) {
            throw new IndexOutOfBoundsException("buffer " + index + " of " + bufferCount());
        }
        ReceiveQueue queue = receiver(kind);
        return kind == Kind.RECEIVE_FROM_NETWORK
                ? queue.network().room()
                : queue.chunk().view();
    }

    /**
     * SEND_TO_NETWORK: puts header and payload, masked where masking is due, at the position of the driver's own buffer, in
     * one pass, and moves the position. The action is then completed with {@link #length()}.
     *
     * @throws java.nio.BufferOverflowException if less than {@link #length()} bytes remain; nothing is put
     * @throws IllegalStateException for other kinds
     */
    public void writeTo(ByteBuffer destination) {
        writer().writeTo(destination);
    }

    /**
     * INDICATE_RECEIVE_COMPLETE: the payload as an array of exactly its size, the caller's from now on, copied and unmasked
     * in one pass (or not copied at all where the engine had to assemble it). Call it at most once.
     *
     * @throws IllegalStateException for other kinds
     */
    public byte[] toByteArray() {
        return receiver(Kind.INDICATE_RECEIVE_COMPLETE).chunk().toByteArray();
    }

    /**
     * INDICATE_RECEIVE_COMPLETE: copies the payload and unmasks it in the same pass.
     *
     * @throws IndexOutOfBoundsException if it does not fit
     * @throws IllegalStateException for other kinds
     */
    public void copyTo(byte[] destination, int offset) {
        receiver(Kind.INDICATE_RECEIVE_COMPLETE).chunk().copyTo(destination, offset);
    }

    /**
     * INDICATE_RECEIVE_COMPLETE: whether the payload still lies where the network's bytes were put, masked perhaps. {@link
     * #toByteArray} would copy it then; {@link WebSocketEngine#send(Action, Object)} sends it from there.
     *
     * @throws IllegalStateException for other kinds
     */
    public boolean isInNetworkBuffer() {
        return receiver(Kind.INDICATE_RECEIVE_COMPLETE).chunk().isInNetwork();
    }

    /**
     * INDICATE_RECEIVE_COMPLETE of data: how many payload bytes of the wire's frame are still to come; 0 at its end. With
     * {@link #length()} it tells the size of memory that would hold the rest of the frame. Always 0 for a compressed
     * message, as it is not known how much there is to come.
     */
    public long frameRemaining() {
        return frameRemaining;
    }

    /** An indication: whether the operation ended before all was sent or received: short transfer, close, or abort. */
    public boolean isCutShort() {
        return cutShort;
    }

    /** INDICATE_RECEIVE_COMPLETE of a CLOSE: the peer's status; {@link CloseStatus#NO_STATUS} for an empty body. Else null. */
    public @Nullable CloseStatus closeStatus() {
        return kind == Kind.INDICATE_RECEIVE_COMPLETE && bufferType == BufferType.CLOSE
                ? receiver(kind).closeReceived()
                : null;
    }

    private FrameWriter writer() {
        SendQueue queue = sender;
        if (queue == null || kind != Kind.SEND_TO_NETWORK) {
            throw new IllegalStateException(kind + " has nothing to send");
        }
        requireOutstanding();
        return queue.writer();
    }

    ReceiveQueue receiver(Kind expected) {
        ReceiveQueue queue = receiver;
        if (queue == null || kind != expected) {
            throw new IllegalStateException(kind + " has no received payload");
        }
        requireOutstanding();
        return queue;
    }

    private void requireOutstanding() {
        if (!outstanding) {
            throw new IllegalStateException("the action was completed; its buffers are no longer valid");
        }
    }

    @Override
    public String toString() {
        return kind + (bufferType == null ? "" : " " + bufferType) + " of " + length + " bytes";
    }
}
