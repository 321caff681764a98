package io.fluxsocket.core;

import static io.fluxsocket.core.Action.Kind.NO_ACTION;
import static io.fluxsocket.core.Action.Kind.RECEIVE_FROM_NETWORK;
import static io.fluxsocket.core.Action.Kind.SEND_TO_NETWORK;
import static io.fluxsocket.core.ActionQueue.ALL;
import static io.fluxsocket.core.ActionQueue.RECEIVE;
import static io.fluxsocket.core.ActionQueue.SEND;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;

/**
 * What an engine should do, said a second time and in another way: beside the engine it keeps the queued operations, the
 * frames that the peer sends and the frame that is on the wire, and compares them with each action.
 */
final class EngineModel {
    /** An operation: its context, and of a send the frame, of a receive the caller's memory or null. */
    record Operation(Object context, BufferType type, byte[] bytes) {}

    /** A frame that the peer sends; pings are answered and never indicated. */
    record Inbound(int first, byte[] payload, boolean text, boolean broken) {
        BufferType chunkType(boolean last) {
            boolean message = last && (first & Opcode.FIN) != 0;
            if (text) {
                return message ? BufferType.UTF8_MESSAGE : BufferType.UTF8_FRAGMENT;
            }
            return message ? BufferType.BINARY_MESSAGE : BufferType.BINARY_FRAGMENT;
        }
    }

    final WebSocketEngine engine;
    final Deque<Operation> sends = new ArrayDeque<>();
    final Deque<Operation> receives = new ArrayDeque<>();

    /** The outstanding action of each direction. */
    Action sending;

    Action receiving;

    boolean aborted;
    boolean failed;
    /** A transfer was short, or the engine was aborted. */
    boolean outboundEnded;

    boolean closeArrived;
    /** A close was queued, is owed or was sent. */
    boolean closing;

    int closesOnTheWire;
    /** Pings carry ascending numbers; pongs come back in that order, though not each. */
    int lastPing;

    int lastPong;

    private final Role role;
    private final EngineSettings settings;
    private final Deque<Inbound> expected = new ArrayDeque<>();
    private int consumed;
    private boolean readNothing;

    /** What has left of the frame on the wire, and all of it; whether it is a reply. */
    private byte[] wire;

    private int wireLeft;
    private boolean wireIsReply;
    private boolean headSent;

    /** Queues that a call announced and that have not said NO_ACTION since. */
    private final Set<ActionQueue> announced = EnumSet.noneOf(ActionQueue.class);
    /** What the last call announced, as long as no action was taken since; else null. */
    private Set<ActionQueue> exactly;

    EngineModel(Role role, EngineSettings settings) {
        this.role = role;
        this.settings = settings;
        engine = role.engine(settings);
    }

    void announce(Set<ActionQueue> ready) {
        assertThat(ready).doesNotContain(ALL);
        announced.addAll(ready);
        exactly = Set.copyOf(ready);
        assertThat(engine.pendingSends()).isEqualTo(sends.size());
        assertThat(engine.pendingReceives()).isEqualTo(receives.size());
    }

    /** Whether a send of this type is allowed, the order of fragments apart. */
    boolean maySend(BufferType type) {
        if (outboundEnded || sends.size() == settings.queueCapacity()) {
            return false;
        }
        return !closing || !(type.isData() || type == BufferType.CLOSE || closeArrived || failed);
    }

    boolean mayReceive() {
        return !aborted && !failed && !closeArrived && receives.size() < settings.queueCapacity();
    }

    void peerSends(Inbound frame) {
        if ((frame.first & Opcode.OPCODE) == Opcode.PING) {
            lastPing = ByteBuffer.wrap(frame.payload).getInt();
        } else {
            expected.add(frame);
        }
    }

    /** Asks for an action and checks it. Returns whether there was one. */
    boolean ask(ActionQueue queue) {
        Action action;
        try {
            action = engine.getAction(queue);
        } catch (WebSocketProtocolException e) {
            failure(queue);
            return false;
        }
        assertThat(failed && queue != SEND).as("failure is sticky").isFalse();
        boolean some = action.kind() != NO_ACTION;
        if (exactly != null) {
            assertThat(some)
                    .as("%s announced, %s asked", exactly, queue)
                    .isEqualTo(queue == ALL ? !exactly.isEmpty() : exactly.contains(queue));
        }
        if (!some) {
            announced.removeIf(q -> queue == ALL || q == queue);
            assertThat(action.context()).isNull();
            return false;
        }
        assertThat(announced).as("%s from %s", action, queue).isNotEmpty();
        if (queue != ALL) {
            assertThat(announced).as("%s", action).contains(queue);
        }
        exactly = null;
        switch (action.kind()) {
            case SEND_TO_NETWORK -> toNetwork(action, queue);
            case INDICATE_SEND_COMPLETE -> sendComplete(action, queue);
            case RECEIVE_FROM_NETWORK -> fromNetwork(action, queue);
            default -> receiveComplete(action, queue);
        }
        return true;
    }

    private void failure(ActionQueue queue) {
        assertThat(queue).isNotEqualTo(SEND);
        assertThat(aborted).isFalse();
        if (!failed) {
            assertThat(expected.element().broken).isTrue();
            failed = true;
            closing = true;
            // The close that is owed: the exception tells of it.
            announced.add(SEND);
            announced.remove(RECEIVE);
            exactly = null;
        }
    }

    private void toNetwork(Action action, ActionQueue queue) {
        assertThat(sending).as("one outstanding").isNull();
        assertThat(outboundEnded).as("nothing leaves an ended stream").isFalse();
        boolean first = wire == null;
        boolean reply = action.context() == null;
        if (first) {
            wireIsReply = reply;
            wire = reply ? reply(action) : sends.element().bytes();
            wireLeft = wire.length;
        }
        assertThat(reply).as("nothing goes between the parts of a frame").isEqualTo(wireIsReply);
        if (reply) {
            assertThat(failed || queue != SEND)
                    .as("replies do not come on SEND")
                    .isTrue();
        } else {
            assertThat(queue).isNotEqualTo(RECEIVE);
            assertThat(action.context()).isSameAs(sends.element().context());
            assertThat(action.bufferType()).isEqualTo(sends.element().type());
            assertThat(headSent).isFalse();
        }
        byte[] bytes = Stepper.bytes(action);
        int at = wire.length - wireLeft;
        assertThat(bytes).isEqualTo(Arrays.copyOfRange(wire, at, at + action.length()));
        sending = action;
    }

    /** The frame of a reply, of which the model knows the kind and, of a pong, that it answers a ping of the peer. */
    private byte[] reply(Action action) {
        if (action.bufferType() == BufferType.CLOSE) {
            assertThat(++closesOnTheWire).isEqualTo(1);
            CloseStatus status = closeArrived ? engine.closeReceived() : CloseStatus.PROTOCOL_ERROR;
            return role.outbound(Stepper.CLOSE, CloseBody.encode(status));
        }
        assertThat(action.bufferType()).isEqualTo(BufferType.PING_PONG);
        byte[] bytes = Stepper.bytes(action);
        int header = role == Role.CLIENT ? 6 : 2;
        byte[] payload = Arrays.copyOfRange(bytes, header, header + 4);
        int number = ByteBuffer.wrap(role == Role.CLIENT ? Bytes.masked(payload) : payload)
                .getInt();
        assertThat(number).isGreaterThan(lastPong).isLessThanOrEqualTo(lastPing);
        lastPong = number;
        return role.outbound(Stepper.PONG, pingPayload(number));
    }

    static byte[] pingPayload(int number) {
        return ByteBuffer.allocate(4 + number % 3 * 20).putInt(number).array();
    }

    private void sendComplete(Action action, ActionQueue queue) {
        assertThat(sending).isNull();
        assertThat(queue).isNotEqualTo(RECEIVE);
        assertThat(action.context()).isSameAs(sends.element().context());
        assertThat(action.bufferType()).isEqualTo(sends.element().type());
        assertThat(action.isCutShort()).isEqualTo(!headSent);
        assertThat(headSent || outboundEnded || closeArrived).isTrue();
        sending = action;
    }

    private void fromNetwork(Action action, ActionQueue queue) {
        assertThat(receiving).isNull();
        assertThat(queue).isNotEqualTo(SEND);
        assertThat(aborted || closeArrived || failed).isFalse();
        assertThat(action.context()).isSameAs(receives.element().context());
        receiving = action;
    }

    private void receiveComplete(Action action, ActionQueue queue) {
        assertThat(receiving).isNull();
        assertThat(queue).isNotEqualTo(SEND);
        Operation receive = receives.element();
        assertThat(action.context()).isSameAs(receive.context());
        receiving = action;
        BufferType type = action.bufferType();
        assertThat(action.isCutShort()).isEqualTo(aborted || closeArrived || readNothing);
        readNothing = false;
        byte[] payload = action.toByteArray();
        assertThat(payload).hasSize(action.length());
        if (type == null) {
            assertThat(action.isCutShort()).isTrue();
            assertThat(payload).isEmpty();
            return;
        }
        if (receive.bytes() != null) {
            assertThat(Arrays.copyOf(receive.bytes(), payload.length)).isEqualTo(payload);
        }
        Inbound frame = expected.element();
        assertThat(frame.broken).isFalse();
        if (!type.isData()) {
            assertThat(payload).isEqualTo(frame.payload);
            boolean close = type == BufferType.CLOSE;
            assertThat(frame.first).isEqualTo(close ? Stepper.CLOSE : Stepper.PONG);
            closeArrived |= close;
            closing |= close && settings.automaticCloseEcho();
            expected.remove();
            return;
        }
        int left = frame.payload.length - consumed;
        int limit = receive.bytes() != null ? receive.bytes().length : settings.receiveBufferSize();
        assertThat(payload).isEqualTo(Arrays.copyOfRange(frame.payload, consumed, consumed + payload.length));
        assertThat(payload.length).isLessThanOrEqualTo(limit);
        assertThat(action.frameRemaining()).isEqualTo(left - payload.length);
        if (!action.isCutShort()) {
            assertThat(payload.length).isBetween(left == 0 ? 0 : left <= limit ? left : 1, left);
        }
        boolean last = payload.length == left && !action.isCutShort();
        assertThat(type).isEqualTo(frame.chunkType(last));
        consumed += payload.length;
        if (last) {
            expected.remove();
            consumed = 0;
        }
    }

    /** Completes the outstanding action of the send direction, with so many bytes if it is a SEND_TO_NETWORK. */
    void completeSending(int bytes) {
        Action action = sending;
        sending = null;
        if (action.kind() == SEND_TO_NETWORK) {
            wireLeft -= bytes;
            boolean whole = wireLeft == 0 && bytes == action.length();
            if (whole && !wireIsReply) {
                headSent = true;
                closesOnTheWire += sends.element().type() == BufferType.CLOSE ? 1 : 0;
                assertThat(closesOnTheWire).isLessThanOrEqualTo(1);
            }
            outboundEnded |= bytes != action.length();
            if (whole || outboundEnded) {
                wire = null;
            }
            announce(engine.completeAction(action, bytes));
        } else {
            sends.remove();
            headSent = false;
            announce(engine.completeAction(action));
        }
    }

    /** Completes the outstanding indication of the receive direction. */
    void completeIndication() {
        assertThat(receiving.kind()).isNotEqualTo(RECEIVE_FROM_NETWORK);
        Action action = receiving;
        receiving = null;
        receives.remove();
        announce(engine.completeAction(action));
    }

    /** Completes the outstanding RECEIVE_FROM_NETWORK. */
    void completeRead(byte[] bytes, Random random) {
        Action action = receiving;
        receiving = null;
        readNothing = bytes.length == 0 || aborted;
        if (random.nextBoolean()) {
            announce(engine.completeAction(action, ByteBuffer.wrap(bytes)));
        } else {
            action.buffer(0).put(bytes);
            announce(engine.completeAction(action, bytes.length));
        }
    }

    void abort() {
        aborted = true;
        failed = false;
        outboundEnded = true;
        wire = sending != null && sending.kind() == SEND_TO_NETWORK ? wire : null;
        announce(engine.abort());
    }
}
