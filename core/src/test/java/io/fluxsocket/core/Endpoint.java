package io.fluxsocket.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * An application around one engine: it hands over what is to be read, keeps a Receive queued, writes at once whatever the
 * engine wants to send, and takes down what is indicated. It uses every way of doing so in turn, drawn from its seed, and
 * surrounds all memory with bytes that must stay as they are.
 */
final class Endpoint {
    private static final byte GUARD = 0x5a;
    private static final int MARGIN = 9;

    /** What one INDICATE_RECEIVE_COMPLETE showed. */
    record Indication(BufferType type, byte[] payload, CloseStatus closeStatus) {
        @Override
        public String toString() {
            return type + " " + new String(payload, StandardCharsets.UTF_8);
        }
    }

    final WebSocketEngine engine;

    /** Everything that was indicated, chunk by chunk. */
    final List<Indication> indications = new ArrayList<>();
    /** The same as whole messages; control frames count as messages. */
    final List<Indication> messages = new ArrayList<>();
    /** What getAction threw. */
    WebSocketProtocolException failure;

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private final Random random;

    /** Asks only the queues that a call has named, and completes a write only after a while. */
    private final boolean unhurried;
    /** The queues that were named and have not answered NO_ACTION since. */
    private final Set<ActionQueue> ready = EnumSet.noneOf(ActionQueue.class);

    private Action read;
    private Action write;
    private ByteBuffer lent;
    private byte[] callersBuffer;

    Endpoint(WebSocketEngine engine) {
        this(engine, 0);
    }

    Endpoint(WebSocketEngine engine, long seed) {
        this(engine, seed, false);
    }

    private Endpoint(WebSocketEngine engine, long seed, boolean unhurried) {
        this.engine = engine;
        this.unhurried = unhurried;
        random = new Random(seed);
    }

    /**
     * An application that never polls: it asks only those queues that a call has named. Now and then it leaves a write
     * outstanding while it goes on reading.
     */
    static Endpoint unhurried(WebSocketEngine engine, long seed) {
        return new Endpoint(engine, seed, true);
    }

    void send(BufferType type, byte[] payload) {
        if (engine.pendingSends() == EngineSettings.DEFAULT.queueCapacity()) {
            finishWrites();
        }
        ready.addAll(engine.send(type, payload, "send"));
        run();
    }

    /** The network has these bytes, in one piece where the engine has room for them. */
    Endpoint read(byte[] bytes) {
        int at = 0;
        run();
        while (at < bytes.length && read != null) {
            int n = Math.min(bytes.length - at, read.length());
            completeRead(Arrays.copyOfRange(bytes, at, at + n));
            at += n;
            run();
        }
        return this;
    }

    /** The network has these bytes, so many at a time. */
    Endpoint readInSteps(byte[] bytes, int step) {
        for (int at = 0; at < bytes.length; at += step) {
            read(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + step)));
        }
        return this;
    }

    /** What was written since the last call, after every write was completed. */
    byte[] written() {
        finishWrites();
        return writtenSoFar();
    }

    /** What was written since the last call; a write may still be outstanding. */
    byte[] writtenSoFar() {
        byte[] bytes = written.toByteArray();
        written.reset();
        return bytes;
    }

    private void finishWrites() {
        while (write != null) {
            completeWrite();
            run();
        }
    }

    /** Does whatever there is to do without reading. */
    void run() {
        while (true) {
            Action action = nextAction();
            switch (action.kind()) {
                case SEND_TO_NETWORK -> {
                    write(action);
                    if (!unhurried || random.nextInt(4) != 0) {
                        completeWrite();
                    }
                }
                case RECEIVE_FROM_NETWORK -> {
                    takeBackLent();
                    read = action;
                }
                case INDICATE_SEND_COMPLETE -> {
                    assertThat(action.isCutShort()).isFalse();
                    complete(action, 0);
                }
                case INDICATE_RECEIVE_COMPLETE -> {
                    note(action);
                    complete(action, 0);
                }
                case NO_ACTION -> {
                    if (write == null || random.nextBoolean()) {
                        return;
                    }
                    completeWrite();
                }
            }
        }
    }

    private void completeWrite() {
        Action action = write;
        write = null;
        complete(action, action.length());
    }

    private void complete(Action action, int bytesTransferred) {
        ready.addAll(engine.completeAction(action, bytesTransferred));
    }

    private Action nextAction() {
        if (failure != null) {
            return engine.getAction(ActionQueue.SEND);
        }
        if (engine.pendingReceives() == 0 && engine.closeReceived() == null) {
            receive();
        }
        try {
            return unhurried ? nextOfReady() : engine.getAction(ActionQueue.ALL);
        } catch (WebSocketProtocolException e) {
            failure = e;
            return engine.getAction(ActionQueue.SEND);
        }
    }

    private Action nextOfReady() {
        if (!ready.isEmpty() && random.nextInt(4) == 0) {
            Action action = engine.getAction(ActionQueue.ALL);
            if (action.kind() == Action.Kind.NO_ACTION) {
                ready.clear();
            }
            return action;
        }
        Action action = nextOf(random.nextBoolean() ? ActionQueue.SEND : ActionQueue.RECEIVE);
        while (action.kind() == Action.Kind.NO_ACTION && !ready.isEmpty()) {
            action = nextOf(ready.iterator().next());
        }
        return action;
    }

    /** Asks a queue if it was named; one that has nothing has to be named again. */
    private Action nextOf(ActionQueue queue) {
        if (!ready.contains(queue)) {
            return Action.NONE;
        }
        Action action = engine.getAction(queue);
        if (action.kind() == Action.Kind.NO_ACTION) {
            ready.remove(queue);
        }
        return action;
    }

    private void receive() {
        if (random.nextInt(3) == 0) {
            int room = random.nextBoolean() ? 125 : 125 + random.nextInt(5000);
            callersBuffer = new byte[room + 2 * MARGIN];
            Arrays.fill(callersBuffer, GUARD);
            ready.addAll(engine.receive(callersBuffer, MARGIN, room, "receive"));
        } else {
            callersBuffer = null;
            ready.addAll(engine.receive("receive"));
        }
    }

    private void completeRead(byte[] bytes) {
        Action action = read;
        read = null;
        int kind = random.nextInt(3);
        if (kind == 0) {
            action.buffer(0).put(bytes);
            complete(action, bytes.length);
            return;
        }
        int capacity = bytes.length + 2 * MARGIN;
        lent = kind == 1 ? ByteBuffer.allocate(capacity) : ByteBuffer.allocateDirect(capacity);
        while (lent.hasRemaining()) {
            lent.put(GUARD);
        }
        lent.put(MARGIN, bytes).position(MARGIN).limit(MARGIN + bytes.length);
        ready.addAll(engine.completeAction(action, lent));
    }

    /** The engine may not look at a buffer any more that it has given back, nor have touched what was not lent. */
    private void takeBackLent() {
        ByteBuffer buffer = lent;
        lent = null;
        if (buffer != null) {
            buffer.clear();
            for (int i = 0; i < MARGIN; i++) {
                assertThat(buffer.get(i)).isEqualTo(GUARD);
                assertThat(buffer.get(buffer.capacity() - 1 - i)).isEqualTo(GUARD);
            }
            while (buffer.hasRemaining()) {
                buffer.put(GUARD);
            }
        }
    }

    private void note(Action action) {
        byte[] payload = payload(action);
        assertThat(action.context()).isEqualTo("receive");
        assertThat(action.isCutShort()).isFalse();
        assertThat(payload).hasSize(action.length());
        BufferType type = action.bufferType();
        Indication indication = new Indication(type, payload, action.closeStatus());
        indications.add(indication);
        if (!type.isData()) {
            messages.add(indication);
            return;
        }
        message.writeBytes(payload);
        if (type.isFinal()) {
            messages.add(new Indication(type, message.toByteArray(), null));
            message.reset();
        }
    }

    private byte[] payload(Action action) {
        if (callersBuffer != null) {
            for (int i = 0; i < MARGIN; i++) {
                assertThat(callersBuffer[i]).isEqualTo(GUARD);
                assertThat(callersBuffer[callersBuffer.length - 1 - i]).isEqualTo(GUARD);
            }
            if (random.nextBoolean()) {
                return Arrays.copyOfRange(callersBuffer, MARGIN, MARGIN + action.length());
            }
        }
        byte[] payload = new byte[action.length()];
        switch (random.nextInt(3)) {
            case 0 -> action.buffer(0).get(payload);
            case 1 -> action.copyTo(payload, 0);
            default -> payload = action.toByteArray();
        }
        return payload;
    }

    private void write(Action action) {
        byte[] bytes = new byte[action.length()];
        if (random.nextBoolean()) {
            int at = 0;
            for (int i = 0; i < action.bufferCount(); i++) {
                ByteBuffer buffer = action.buffer(i);
                int n = buffer.remaining();
                buffer.get(bytes, at, n);
                at += n;
            }
            assertThat(at).isEqualTo(action.length());
        } else {
            int capacity = bytes.length + 2 * MARGIN;
            ByteBuffer destination =
                    random.nextBoolean() ? ByteBuffer.allocate(capacity) : ByteBuffer.allocateDirect(capacity);
            action.writeTo(destination.position(MARGIN));
            assertThat(destination.position()).isEqualTo(MARGIN + bytes.length);
            destination.get(MARGIN, bytes);
            assertThat(destination.get(MARGIN - 1)).isZero();
            assertThat(destination.get(MARGIN + bytes.length)).isZero();
        }
        written.writeBytes(bytes);
        write = action;
    }
}
