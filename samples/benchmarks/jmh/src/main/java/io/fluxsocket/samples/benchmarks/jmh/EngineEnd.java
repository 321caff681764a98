package io.fluxsocket.samples.benchmarks.jmh;

import io.fluxsocket.core.Action;
import io.fluxsocket.core.ActionQueue;
import io.fluxsocket.core.BufferType;
import io.fluxsocket.core.WebSocketEngine;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** One end of a connection: an engine, driven as a session drives it, with memory that is allocated once. */
final class EngineEnd {
    /** Where received payload goes. */
    interface Receiver {
        /** Takes a chunk of payload, which the bytes hold from 0 on during the call. */
        void receive(BufferType type, byte[] bytes, int length);
    }

    static final Receiver IGNORE = (type, bytes, length) -> {};

    /** As the session's default: the largest chunk that is indicated. */
    static final int CHUNK = 64 << 10;

    private final WebSocketEngine engine;
    private final Receiver receiver;
    private final Consumer<ByteBuffer> network;
    private final ByteBuffer out = ByteBuffer.allocateDirect(Wire.READ + 14);
    private final byte[] in = new byte[CHUNK];
    private Action read;
    /** Payload that was received, in bytes. */
    long received;

    /** @param network is given what is flushed; its own during the call */
    EngineEnd(WebSocketEngine engine, Receiver receiver, Consumer<ByteBuffer> network) {
        this.engine = engine;
        this.receiver = receiver;
        this.network = network;
        engine.receive(null);
        read = engine.getAction(ActionQueue.RECEIVE);
    }

    /** Sends; what does not fit into the output is flushed on the way. */
    void send(BufferType type, byte[] payload, int offset, int length) {
        engine.send(type, payload, offset, length, null);
        for (Action action = engine.getAction(ActionQueue.SEND);
                action.kind() != Action.Kind.NO_ACTION;
                action = engine.getAction(ActionQueue.SEND)) {
            int n = action.kind() == Action.Kind.SEND_TO_NETWORK ? action.length() : 0;
            if (n > 0) {
                if (out.remaining() < n) {
                    flush();
                }
                action.writeTo(out);
            }
            engine.completeAction(action, n);
        }
    }

    void flush() {
        network.accept(out.flip());
        out.clear();
    }

    /** Takes what a read delivered, and receives all that is in it. */
    void read(ByteBuffer bytes) {
        engine.completeAction(read, bytes);
        Action action = engine.getAction(ActionQueue.RECEIVE);
        while (action.kind() == Action.Kind.INDICATE_RECEIVE_COMPLETE) {
            BufferType type = action.bufferType();
            int length = action.length();
            action.copyTo(in, 0);
            engine.completeAction(action);
            engine.receive(null);
            received += length;
            if (type != null) {
                receiver.receive(type, in, length);
            }
            action = engine.getAction(ActionQueue.RECEIVE);
        }
        if (action.kind() != Action.Kind.RECEIVE_FROM_NETWORK) {
            throw new IllegalStateException("unexpected: " + action);
        }
        read = action;
    }
}
