package io.fluxsocket.samples.benchmarks.jmh;

import io.fluxsocket.core.Action;
import io.fluxsocket.core.ActionQueue;
import io.fluxsocket.core.BufferType;
import io.fluxsocket.core.EngineSettings;
import io.fluxsocket.core.WebSocketEngine;
import io.fluxsocket.core.deflate.DeflateAgreement;
import io.fluxsocket.reactive.SessionSettings;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One end of a connection: an engine, driven as a session drives it, with memory that is allocated once. */
final class EngineEnd {
    /** Where received messages go. */
    interface Receiver {
        /** Takes a message, which the bytes hold from 0 on during the call. */
        void receive(byte[] message, int length);
    }

    private static final int LARGEST_MESSAGE = 1 << 20;
    private static final EngineSettings SETTINGS = SessionSettings.DEFAULT.engineSettings();

    private final WebSocketEngine engine;
    private final Receiver receiver;
    private final Consumer<ByteBuffer> network;
    private final ByteBuffer out = ByteBuffer.allocateDirect(Wire.READ + 14);
    private final ByteBuffer in = ByteBuffer.allocateDirect(Wire.READ);
    private final byte[] message = new byte[LARGEST_MESSAGE];
    private int received;
    private Action read;

    private EngineEnd(WebSocketEngine engine, Receiver receiver, Consumer<ByteBuffer> network) {
        this.engine = engine;
        this.receiver = receiver;
        this.network = network;
        engine.receive(null);
        read = engine.getAction(ActionQueue.RECEIVE);
    }

    /**
     * A client, whose random keys are cheap ones, or a server.
     *
     * @param network is given what is flushed, from 0 to the limit; its own during the call
     */
    static EngineEnd of(
            boolean client, @Nullable DeflateAgreement deflate, Receiver receiver, Consumer<ByteBuffer> network) {
        WebSocketEngine engine = client
                ? WebSocketEngine.client(
                        SETTINGS, () -> ThreadLocalRandom.current().nextInt(), null, deflate)
                : WebSocketEngine.server(SETTINGS, deflate);
        return new EngineEnd(engine, receiver, network);
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

    /** Copies what has arrived, and receives all that is in it. */
    void read(ByteBuffer bytes) {
        int n = bytes.remaining();
        engine.completeAction(
                read, in.clear().put(0, bytes, bytes.position(), n).limit(n));
        Action action = engine.getAction(ActionQueue.RECEIVE);
        while (action.kind() == Action.Kind.INDICATE_RECEIVE_COMPLETE) {
            BufferType type = action.bufferType();
            action.copyTo(message, received);
            received += action.length();
            engine.completeAction(action);
            engine.receive(null);
            if (type != null && type.isFinal()) {
                receiver.receive(message, received);
                received = 0;
            }
            action = engine.getAction(ActionQueue.RECEIVE);
        }
        if (action.kind() != Action.Kind.RECEIVE_FROM_NETWORK) {
            throw new IllegalStateException("unexpected: " + action);
        }
        read = action;
    }
}
