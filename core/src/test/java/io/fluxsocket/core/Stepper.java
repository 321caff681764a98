package io.fluxsocket.core;

import static io.fluxsocket.core.Action.Kind.INDICATE_RECEIVE_COMPLETE;
import static io.fluxsocket.core.Action.Kind.INDICATE_SEND_COMPLETE;
import static io.fluxsocket.core.Action.Kind.NO_ACTION;
import static io.fluxsocket.core.Action.Kind.RECEIVE_FROM_NETWORK;
import static io.fluxsocket.core.Action.Kind.SEND_TO_NETWORK;
import static io.fluxsocket.core.ActionQueue.ALL;
import static io.fluxsocket.core.ActionQueue.RECEIVE;
import static io.fluxsocket.core.ActionQueue.SEND;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** One engine that a test drives action by action; each step checks what it is handed. */
final class Stepper {
    /** The first bytes of frames: FIN and opcode (RFC 6455 §5.2). */
    static final int TEXT = 0x81;

    static final int TEXT_FRAGMENT = 0x01;
    static final int BINARY = 0x82;
    static final int BINARY_FRAGMENT = 0x02;
    static final int CONTINUATION = 0x00;
    static final int LAST_CONTINUATION = 0x80;
    static final int CLOSE = 0x88;
    static final int PING = 0x89;
    static final int PONG = 0x8a;

    final Role role;
    final WebSocketEngine engine;

    Stepper(Role role) {
        this(role, EngineSettings.DEFAULT);
    }

    Stepper(Role role, EngineSettings settings) {
        this(role, role.engine(settings));
    }

    Stepper(Role role, WebSocketEngine engine) {
        this.role = role;
        this.engine = engine;
    }

    /** The next action, which is of this kind. It is not completed. */
    Action next(ActionQueue queue, Action.Kind kind) {
        Action action = engine.getAction(queue);
        assertThat(action.kind()).as("%s of %s", action, queue).isEqualTo(kind);
        return action;
    }

    /** These queues, or all if none is named, have nothing now. */
    void nothing(ActionQueue... queues) {
        for (ActionQueue queue : queues.length == 0 ? ActionQueue.values() : queues) {
            Action action = next(queue, NO_ACTION);
            assertThat(action.context()).isNull();
            assertThat(action.bufferType()).isNull();
            assertThat(action.bufferCount()).isZero();
            assertThat(action.length()).isZero();
        }
    }

    /** The next action is a SEND_TO_NETWORK: its bytes. It is completed in full. */
    byte[] take(ActionQueue queue) {
        Action action = next(queue, SEND_TO_NETWORK);
        byte[] bytes = bytes(action);
        assertThat(bytes).hasSize(action.length());
        engine.completeAction(action, action.length());
        return bytes;
    }

    /** The next actions are the SEND_TO_NETWORKs of one operation and its indication: the bytes. */
    byte[] takeSend(Object context) {
        List<byte[]> parts = new ArrayList<>();
        while (true) {
            Action action = engine.getAction(SEND);
            assertThat(action.context()).isSameAs(context);
            if (action.kind() == INDICATE_SEND_COMPLETE) {
                assertThat(action.isCutShort()).isFalse();
                engine.completeAction(action);
                return Bytes.concat(parts.toArray(byte[][]::new));
            }
            assertThat(action.kind()).isEqualTo(SEND_TO_NETWORK);
            parts.add(bytes(action));
            engine.completeAction(action, action.length());
        }
    }

    /** The next send is indicated as cut short, without having been on the network. */
    void takeCutShort(Object context) {
        Action action = next(SEND, INDICATE_SEND_COMPLETE);
        assertThat(action.context()).isSameAs(context);
        assertThat(action.isCutShort()).isTrue();
        engine.completeAction(action);
    }

    /** What the buffers of a SEND_TO_NETWORK hold. */
    static byte[] bytes(Action action) {
        List<byte[]> parts = new ArrayList<>();
        for (int i = 0; i < action.bufferCount(); i++) {
            parts.add(bytes(action.buffer(i)));
        }
        return Bytes.concat(parts.toArray(byte[][]::new));
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    /** The network has these bytes for the next action, a RECEIVE_FROM_NETWORK. */
    Set<ActionQueue> read(byte[]... frames) {
        Action action = next(RECEIVE, RECEIVE_FROM_NETWORK);
        byte[] bytes = Bytes.concat(frames);
        action.buffer(0).put(bytes);
        return engine.completeAction(action, bytes.length);
    }

    /** The same, but the buffer is lent. */
    Set<ActionQueue> readLent(byte[]... frames) {
        return engine.completeAction(next(RECEIVE, RECEIVE_FROM_NETWORK), ByteBuffer.wrap(Bytes.concat(frames)));
    }

    /** The network has ended, or time is up: the next action, a RECEIVE_FROM_NETWORK, is completed with nothing. */
    Set<ActionQueue> readNothing() {
        return engine.completeAction(next(RECEIVE, RECEIVE_FROM_NETWORK), 0);
    }

    /** A Receive is queued, and the network has these bytes for it. */
    Set<ActionQueue> receive(byte[]... frames) {
        engine.receive("receive");
        return read(frames);
    }

    /** The next action indicates these bytes. It is not completed. */
    Action indicated(BufferType type, byte[] payload) {
        Action action = next(RECEIVE, INDICATE_RECEIVE_COMPLETE);
        assertThat(action.bufferType()).isEqualTo(type);
        assertThat(action.length()).isEqualTo(payload.length);
        assertThat(action.bufferCount()).isEqualTo(1);
        assertThat(action.isCutShort()).isFalse();
        byte[] copy = new byte[payload.length];
        action.copyTo(copy, 0);
        assertThat(copy).isEqualTo(payload);
        return action;
    }

    /** The next action indicates these bytes. It is completed. */
    Set<ActionQueue> takeIndicated(BufferType type, byte[] payload) {
        return engine.completeAction(indicated(type, payload));
    }

    /** The next action indicates a Receive without anything received. It is completed. */
    Set<ActionQueue> takeReceiveCutShort(Object context) {
        Action action = next(RECEIVE, INDICATE_RECEIVE_COMPLETE);
        assertThat(action.isCutShort()).isTrue();
        assertThat(action.bufferType()).isNull();
        assertThat(action.length()).isZero();
        assertThat(action.frameRemaining()).isZero();
        assertThat(action.context()).isSameAs(context);
        return engine.completeAction(action);
    }

    /** Aborts, takes what is left, which are indications only, and deletes. Returns the contexts. */
    List<Object> abortAndDrain() {
        engine.abort();
        List<Object> contexts = new ArrayList<>();
        while (true) {
            Action action = engine.getAction(ALL);
            if (action.kind() == NO_ACTION) {
                engine.delete();
                return contexts;
            }
            assertThat(action.kind()).isIn(INDICATE_SEND_COMPLETE, INDICATE_RECEIVE_COMPLETE);
            contexts.add(action.context());
            engine.completeAction(action);
        }
    }
}
