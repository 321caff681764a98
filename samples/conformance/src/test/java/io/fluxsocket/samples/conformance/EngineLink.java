package io.fluxsocket.samples.conformance;

import io.fluxsocket.core.Action;
import io.fluxsocket.core.ActionQueue;
import io.fluxsocket.core.WebSocketEngine;
import io.fluxsocket.core.WebSocketProtocolException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The engine in an echo loop: does at once whatever the engine asks for. A server ends the connection when both closes have
 * passed, or when it has failed it.
 */
final class EngineLink implements Link {
    private final WebSocketEngine engine;
    private final boolean server;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    private ByteBuffer input = ByteBuffer.allocate(0);
    private @Nullable Action read;
    private boolean failed;
    private boolean dropped;

    EngineLink(WebSocketEngine engine, boolean server) {
        this.engine = engine;
        this.server = server;
    }

    @Override
    public void write(byte[] bytes, int from, int to) {
        input = ByteBuffer.wrap(bytes, from, to - from);
        run();
    }

    @Override
    public byte @Nullable [] read(long withinMillis) {
        if (output.size() > 0) {
            byte[] bytes = output.toByteArray();
            output.reset();
            return bytes;
        }
        boolean closed = engine.closeSent() != null && engine.closeReceived() != null;
        return server && (closed || failed) ? END : null;
    }

    @Override
    public boolean isTimed() {
        return false;
    }

    @Override
    public void drop() {
        if (dropped) {
            return;
        }
        dropped = true;
        engine.abort();
        if (read != null) {
            engine.completeAction(read, 0);
        }
        for (Action action = engine.getAction(ActionQueue.ALL);
                action.kind() != Action.Kind.NO_ACTION;
                action = engine.getAction(ActionQueue.ALL)) {
            engine.completeAction(action);
        }
        engine.delete();
    }

    private void run() {
        if (dropped) {
            return;
        }
        while (true) {
            if (!failed && engine.pendingReceives() == 0 && engine.closeReceived() == null) {
                engine.receive(null);
            }
            Action action = nextAction();
            switch (action.kind()) {
                case SEND_TO_NETWORK -> {
                    send(action);
                    engine.completeAction(action, action.length());
                }
                case INDICATE_SEND_COMPLETE -> engine.completeAction(action);
                case INDICATE_RECEIVE_COMPLETE -> {
                    if (action.bufferType() != null && action.bufferType().isData() && engine.closeReceived() == null) {
                        engine.send(action.bufferType(), action.toByteArray(), null);
                    }
                    engine.completeAction(action);
                }
                case RECEIVE_FROM_NETWORK -> read = action;
                case NO_ACTION -> {
                    if (!receive()) {
                        return;
                    }
                }
            }
        }
    }

    private Action nextAction() {
        if (!failed) {
            try {
                return engine.getAction(ActionQueue.ALL);
            } catch (WebSocketProtocolException e) {
                failed = true;
            }
        }
        return engine.getAction(ActionQueue.SEND);
    }

    private void send(Action action) {
        for (int i = 0; i < action.bufferCount(); i++) {
            byte[] bytes = new byte[action.buffer(i).remaining()];
            action.buffer(i).get(bytes);
            output.writeBytes(bytes);
        }
    }

    /** Completes the outstanding read with what there is; false if there is nothing, or nothing is wanted any more. */
    private boolean receive() {
        Action action = read;
        if (action == null || !input.hasRemaining()) {
            return false;
        }
        ByteBuffer room = action.buffer(0);
        int n = Math.min(room.remaining(), input.remaining());
        room.put(room.position(), input, input.position(), n);
        input.position(input.position() + n);
        read = null;
        engine.completeAction(action, n);
        return true;
    }
}
