package io.fluxsocket.core;

import static io.fluxsocket.core.Action.Kind.RECEIVE_FROM_NETWORK;
import static io.fluxsocket.core.Action.Kind.SEND_TO_NETWORK;
import static io.fluxsocket.core.ActionQueue.ALL;
import static io.fluxsocket.core.ActionQueue.RECEIVE;
import static io.fluxsocket.core.ActionQueue.SEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Thousands of random sequences of calls, legal and not, against {@link EngineModel}: pairing, one outstanding action a
 * direction, order, contexts, whole frames on the wire, what is indicated, what is refused, what is announced, and that an
 * engine can be drained and deleted whatever has happened.
 */
class EngineStateMachineTest {
    private static final int SEQUENCES = 1000;
    private static final int STEPS = 250;

    private Role role;
    private Random random;
    private EngineModel model;
    private EngineSettings settings;
    private int operations;

    /** What the peer has sent and the engine has not read. */
    private byte[] network = {};

    private boolean peerClosed;
    private int peerMessage;
    private int ownMessage;

    @ParameterizedTest
    @EnumSource
    void randomSequencesOfCallsKeepTheRules(Role role) {
        for (int seed = 0; seed < SEQUENCES; seed++) {
            try {
                run(role, seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("sequence " + seed + " of the " + role, e);
            }
        }
    }

    private void run(Role role, int seed) {
        this.role = role;
        random = new Random(seed);
        settings = EngineSettings.builder()
                .receiveBufferSize(256)
                .sendBufferSize(16 + random.nextInt(3) * 50)
                .queueCapacity(1 + random.nextInt(4))
                .automaticCloseEcho(random.nextInt(4) != 0)
                .build();
        model = new EngineModel(role, settings);
        network = new byte[0];
        peerClosed = false;
        peerMessage = 0;
        ownMessage = 0;
        for (int i = 0; i < STEPS; i++) {
            step(seed % 8);
        }
        settle();
        drain();
    }

    /** In six of eight sequences nothing ends before the last step, for the others to be covered deeply. */
    private void step(int variant) {
        switch (random.nextInt(12)) {
            case 0 -> send(variant == 0);
            case 1 -> receive();
            case 2 -> misuse();
            case 3 -> {
                if (variant == 1 && random.nextInt(STEPS) == 0) {
                    model.abort();
                }
            }
            case 4, 5, 6, 7 -> model.ask(ActionQueue.values()[random.nextInt(3)]);
            case 8, 9 -> completeSending(variant == 2);
            default -> completeReceiving(variant);
        }
    }

    private void send(boolean mayClose) {
        BufferType[] types = BufferType.values();
        BufferType type = types[random.nextInt(types.length)];
        if (type == BufferType.PING || (type == BufferType.CLOSE && (!mayClose || random.nextInt(10) != 0))) {
            return;
        }
        byte[] payload = type == BufferType.CLOSE
                ? Bytes.closeBody(1000 + random.nextInt(4))
                : random(type.isData() ? random.nextInt(random.nextInt(4) == 0 ? 700 : 30) : random.nextInt(126));
        int opcode = Opcode.of(type);
        String context = type + " " + operations++;
        boolean wrongType = type.isData() && ownMessage != 0 && ownMessage != opcode;
        if (!model.maySend(type) || wrongType) {
            assertThatIllegalStateException().isThrownBy(() -> model.engine.send(type, payload, context));
            return;
        }
        int first = Opcode.FIN | opcode;
        if (type.isData()) {
            first = (type.isFinal() ? Opcode.FIN : 0) | (ownMessage == 0 ? opcode : Opcode.CONTINUATION);
            ownMessage = type.isFinal() ? 0 : opcode;
        }
        model.closing |= type == BufferType.CLOSE;
        model.sends.add(new EngineModel.Operation(context, type, role.outbound(first, payload)));
        model.announce(model.engine.send(type, payload, context));
    }

    private void receive() {
        String context = "receive " + operations++;
        byte[] memory = random.nextInt(3) == 0 ? new byte[125 + random.nextInt(400)] : null;
        if (!model.mayReceive()) {
            assertThatIllegalStateException().isThrownBy(() -> model.engine.receive(context));
            return;
        }
        model.receives.add(new EngineModel.Operation(context, null, memory));
        model.announce(
                memory == null
                        ? model.engine.receive(context)
                        : model.engine.receive(memory, 0, memory.length, context));
    }

    /** Faults of the caller, which change nothing. */
    private void misuse() {
        if (model.sending != null) {
            Action action = model.sending;
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> model.engine.completeAction(action, action.length() + 1));
            assertThat(model.ask(SEND)).as("one outstanding").isFalse();
        }
        if (model.receiving != null && !model.failed) {
            Action action = model.receiving;
            assertThatIllegalArgumentException().isThrownBy(() -> model.engine.completeAction(action, -1));
            assertThatIllegalStateException().isThrownBy(model.engine::delete);
        }
        WebSocketEngine other = role.engine(settings);
        other.receive(null);
        Action foreign = other.getAction(RECEIVE);
        assertThatIllegalArgumentException().isThrownBy(() -> model.engine.completeAction(foreign, 0));
    }

    private void completeSending(boolean mayBeShort) {
        Action action = model.sending;
        if (action != null) {
            boolean isShort = action.kind() == SEND_TO_NETWORK && mayBeShort && random.nextInt(40) == 0;
            model.completeSending(isShort ? random.nextInt(action.length()) : action.length());
        }
    }

    private void completeReceiving(int variant) {
        Action action = model.receiving;
        if (action == null) {
            return;
        }
        if (action.kind() != RECEIVE_FROM_NETWORK) {
            model.completeIndication();
            return;
        }
        if (network.length == 0 || random.nextInt(4) == 0) {
            peerSends(variant);
        }
        boolean nothing = model.aborted || random.nextInt(15) == 0;
        int most = nothing ? 0 : Math.min(network.length, action.length());
        read(most == 0 || random.nextBoolean() ? most : 1 + random.nextInt(most));
    }

    private void read(int n) {
        byte[] bytes = Arrays.copyOf(network, n);
        network = Arrays.copyOfRange(network, n, network.length);
        model.completeRead(bytes, random);
    }

    private void peerSends(int variant) {
        int frames = 1 + random.nextInt(4);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(network);
        while (frames-- != 0 && !peerClosed) {
            EngineModel.Inbound frame = frame(variant);
            model.peerSends(frame);
            all.writeBytes(role.inbound(frame.first(), frame.payload()));
        }
        network = all.toByteArray();
    }

    private EngineModel.Inbound frame(int variant) {
        int kind = random.nextInt(100);
        if (kind < 25) {
            return new EngineModel.Inbound(Stepper.PING, EngineModel.pingPayload(model.lastPing + 1), false, false);
        }
        if (kind < 35) {
            return new EngineModel.Inbound(Stepper.PONG, random(random.nextInt(126)), false, false);
        }
        if (kind < 38 && variant >= 3 && variant <= 5) {
            peerClosed = true;
            return variant == 3
                    ? new EngineModel.Inbound(0x83, random(random.nextInt(20)), false, true) // a reserved opcode
                    : new EngineModel.Inbound(Stepper.CLOSE, Bytes.closeBody(1000), false, false);
        }
        int opcode = peerMessage != 0 ? peerMessage : random.nextBoolean() ? Opcode.TEXT : Opcode.BINARY;
        boolean fin = random.nextBoolean();
        int first = (fin ? Opcode.FIN : 0) | (peerMessage != 0 ? Opcode.CONTINUATION : opcode);
        peerMessage = fin ? 0 : opcode;
        int length = random.nextInt(random.nextInt(3) == 0 ? 1500 : 60);
        byte[] payload = opcode == Opcode.TEXT ? Bytes.ascii(length) : random(length);
        return new EngineModel.Inbound(first, payload, opcode == Opcode.TEXT, false);
    }

    /** Everything is done that can be done: what is owed has left, what has arrived was indicated. */
    private void settle() {
        if (model.aborted) {
            return;
        }
        boolean progress = true;
        while (progress) {
            progress = model.ask(SEND);
            if (!model.failed) {
                if (model.mayReceive() && model.receives.isEmpty()) {
                    receive();
                }
                progress |= model.ask(RECEIVE) || model.failed;
            }
            if (model.sending != null) {
                model.completeSending(model.sending.length());
                progress = true;
            }
            if (model.receiving != null) {
                if (model.receiving.kind() != RECEIVE_FROM_NETWORK) {
                    model.completeIndication();
                    progress = true;
                } else if (network.length != 0) {
                    read(Math.min(network.length, model.receiving.length()));
                    progress = true;
                }
            }
        }
        assertThat(model.sends).isEmpty();
        if (!model.outboundEnded) {
            assertThat(model.lastPong).as("the newest ping is answered").isEqualTo(model.lastPing);
            boolean owed = model.failed || (model.closeArrived && settings.automaticCloseEcho());
            assertThat(model.closesOnTheWire).isBetween(owed ? 1 : 0, model.closing ? 1 : 0);
        }
    }

    private void drain() {
        model.abort();
        if (model.sending != null) {
            model.completeSending(0);
        }
        if (model.receiving != null) {
            if (model.receiving.kind() == RECEIVE_FROM_NETWORK) {
                model.completeRead(new byte[0], random);
            } else {
                model.completeIndication();
            }
        }
        while (model.ask(ALL)) {
            if (model.sending != null) {
                model.completeSending(0);
            } else {
                model.completeIndication();
            }
        }
        assertThat(model.sends).isEmpty();
        assertThat(model.receives).isEmpty();
        model.engine.delete();
    }

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
