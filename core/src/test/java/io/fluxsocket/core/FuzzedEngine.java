package io.fluxsocket.core;

import static io.fluxsocket.core.Action.Kind.NO_ACTION;
import static io.fluxsocket.core.Action.Kind.RECEIVE_FROM_NETWORK;
import static io.fluxsocket.core.Action.Kind.SEND_TO_NETWORK;

import io.fluxsocket.core.deflate.Compression;
import io.fluxsocket.core.deflate.DeflateAgreement;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An engine whose driver and application do whatever a {@link FuzzInput} says, in any order. What must hold at each step is
 * checked here: pairing, one outstanding action a direction, announcements, refusals, bounds. What must hold of the streams
 * as a whole is {@link FuzzVerdict}'s.
 */
final class FuzzedEngine {
    private static final byte GUARD = 0x5a;
    private static final int MARGIN = 4;
    private static final byte[] TEXT = Bytes.utf8("größe 日😀, size ");

    /** Of the engine from which what it receives is sent on; a part of a text may begin within a character. */
    private static final EngineSettings SOURCE = EngineSettings.builder()
            .receiveBufferSize(1 << 17)
            .utf8VerificationDisabled(true)
            .build();

    record Send(BufferType type, byte[] payload) {}

    private record Receive(byte @Nullable [] memory) {}

    final boolean client;
    final EngineSettings settings;
    final @Nullable DeflateAgreement agreement;
    final WebSocketEngine engine;
    final CountingCodecs codecs = new CountingCodecs();

    /** The sends whose indication said that they left whole; and those that were cut short. */
    final List<Send> sent = new ArrayList<>();

    final List<Send> cut = new ArrayList<>();
    /** What has left, and where parts of it began that are replies (true) or sends. */
    final ByteArrayOutputStream wire = new ByteArrayOutputStream();

    final Map<Integer, Boolean> origins = new HashMap<>();
    /** Everything that has arrived, read by the engine or not. */
    final ByteArrayOutputStream arrived = new ByteArrayOutputStream();
    /** What was indicated: messages and control frames, and what there is of the message in progress. */
    final List<WireJudge.Event> indicated = new ArrayList<>();

    final ByteArrayOutputStream partial = new ByteArrayOutputStream();

    @Nullable
    WebSocketProtocolException failure;

    boolean aborted;
    /** A transfer was short, or the engine was aborted. */
    boolean outboundEnded;

    boolean closeArrived;

    private boolean closing;
    private int message;
    private int textAt;
    private boolean readNothing;
    private long inflatedBefore;
    private final int maskKey;
    private final FuzzInput in;
    private final Deque<Send> sends = new ArrayDeque<>();
    private final Deque<Receive> receives = new ArrayDeque<>();
    private @Nullable Action sending;
    private byte[] sendingBytes = {};
    private @Nullable Action receiving;
    private @Nullable ByteBuffer lent;
    private int read;
    /** What the last call announced, until the next action. */
    private @Nullable Set<ActionQueue> announced;

    FuzzedEngine(
            boolean client, EngineSettings settings, @Nullable DeflateAgreement agreement, int maskKey, FuzzInput in) {
        this.client = client;
        this.settings = settings;
        this.agreement = agreement;
        this.maskKey = maskKey;
        this.in = in;
        ByteBuffer memory = in.oneIn(4) ? ByteBuffer.allocateDirect(10_000) : null;
        engine = new WebSocketEngine(
                client,
                settings,
                client && !settings.maskingDisabled() ? () -> maskKey : null,
                memory,
                agreement,
                codecs);
    }

    /** Some call, or the completion of some action. */
    void step() {
        switch (in.below(16)) {
            case 0, 1 -> send();
            case 2, 3 -> receive();
            case 4, 5, 6, 7 -> ask(ActionQueue.values()[in.below(3)]);
            case 8, 9, 10 -> completeSending(false);
            case 11, 12, 13 -> completeReceiving(in.below(5000));
            case 14 -> misuse();
            default -> rarely();
        }
    }

    private void rarely() {
        switch (in.below(16)) {
            case 13 -> queue(new Send(BufferType.CLOSE, in.oneIn(2) ? Bytes.NONE : Bytes.closeBody(1000)), 0);
            case 14 -> completeSending(true);
            case 15 -> abort();
            default -> send();
        }
    }

    /** Calls, until there is nothing left to do: everything that has arrived is read, so many bytes at a time. */
    void settle(int step) {
        int bound = 200_000 + 20 * arrived.size();
        boolean progress = true;
        while (progress) {
            check(bound-- > 0, "the engine goes on without an end");
            if (mayReceive() && receives.isEmpty()) {
                receive();
            }
            boolean failed = failure != null;
            progress = ask(ActionQueue.SEND) | ask(failed && !aborted ? ActionQueue.SEND : ActionQueue.ALL);
            progress |= failed != (failure != null);
            if (sending != null) {
                completeSending(false);
                progress = true;
            }
            Action action = receiving;
            if (action != null && (action.kind() != RECEIVE_FROM_NETWORK || aborted || unread() != 0)) {
                completeReceiving(step);
                progress = true;
            }
            progress |= mayReceive() && receives.isEmpty();
        }
    }

    /** Whatever has happened, it can be aborted, drained and deleted, and then nothing is left. */
    void end() {
        abort();
        settle(1);
        check(sends.isEmpty() && receives.isEmpty(), "an operation was not indicated");
        engine.delete();
        check(codecs.live == 0, "a codec was not ended");
    }

    private void abort() {
        aborted = true;
        outboundEnded = true;
        takeBackLent();
        announced = Set.copyOf(engine.abort());
    }

    private void send() {
        BufferType type = BufferType.values()[in.below(4) == 0 ? in.below(7) : in.below(4)];
        int length = type.isData() ? in.of(0, 1, 5, 60, 125, 126, 127, 300, 1000, 9000) : in.of(0, 2, 5, 125, 126);
        if (type == BufferType.CLOSE) {
            return;
        }
        if (type.isData() && in.oneIn(64)) {
            length = 70_000;
        }
        queue(new Send(type, type.isText() ? text(type, length) : binary(length)), in.below(4));
    }

    /** The next of a text whose characters have one to four bytes; the last part of a message ends with a character. */
    private byte[] text(BufferType type, int length) {
        int whole = type.isFinal() ? length - (length + textAt) % TEXT.length + TEXT.length : length;
        byte[] text = new byte[whole];
        for (int i = 0; i < whole; i++) {
            text[i] = TEXT[(textAt + i) % TEXT.length];
        }
        return text;
    }

    /** Bytes that come again, with some noise. */
    private byte[] binary(int length) {
        byte[] bytes = new byte[length];
        byte[] unit = Bytes.ascii(1 + in.below(256));
        int noise = 1 + in.below(256);
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (unit[i % unit.length] + (i % noise == 0 ? i / noise * 37 : 0));
        }
        return bytes;
    }

    private void queue(Send send, int memory) {
        BufferType type = send.type;
        byte[] bytes = send.payload;
        Compression compression = Compression.values()[in.below(3)];
        Set<ActionQueue> ready;
        try {
            if (memory == 0) {
                ready = engine.send(type, ByteBuffer.wrap(Bytes.concat(bytes)), compression, send);
            } else if (memory == 1) {
                ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 3).position(2);
                ready = engine.send(type, direct.put(bytes).flip().position(2), compression, send);
            } else if (memory == 3 && type.isData()) {
                ready = engine.send(received(send), send);
            } else {
                ready = engine.send(type, Bytes.concat(bytes, bytes), bytes.length, bytes.length, compression, send);
            }
        } catch (IllegalStateException | IllegalArgumentException e) {
            check(!maySend(send), "a send was refused: " + e);
            check(engine.pendingSends() == sends.size(), "a send that was refused is pending");
            return;
        }
        check(maySend(send), "a send was not refused");
        if (type.isData()) {
            message = type.isFinal() ? 0 : type.isText() ? 1 : 2;
            textAt = type.isText() ? (textAt + bytes.length) % TEXT.length : textAt;
        }
        closing |= type == BufferType.CLOSE;
        sends.add(send);
        announce(ready);
    }

    /** The same data as another engine indicates it, which is never completed. */
    private static Action received(Send send) {
        WebSocketEngine source = WebSocketEngine.server(SOURCE);
        source.receive(null);
        int first = (send.type.isFinal() ? Opcode.FIN : 0) | Opcode.of(send.type);
        byte[] frame = Bytes.frame(first, true, send.payload);
        source.completeAction(source.getAction(ActionQueue.RECEIVE), ByteBuffer.wrap(frame));
        return source.getAction(ActionQueue.RECEIVE);
    }

    private boolean maySend(Send send) {
        BufferType type = send.type;
        boolean control = !type.isData();
        if (outboundEnded || sends.size() == settings.queueCapacity() || (control && send.payload.length > 125)) {
            return false;
        }
        if (closing && (!control || type == BufferType.CLOSE || closeArrived || failure != null)) {
            return false;
        }
        return control || message == 0 || message == (type.isText() ? 1 : 2);
    }

    private boolean mayReceive() {
        return !aborted && failure == null && !closeArrived && receives.size() < settings.queueCapacity();
    }

    private void receive() {
        int room = in.below(3) == 0 ? in.of(125, 126, 200, 5000) : 0;
        byte[] memory = room == 0 ? null : new byte[room + 2 * MARGIN];
        Receive receive = new Receive(memory);
        Set<ActionQueue> ready;
        try {
            if (memory == null) {
                ready = engine.receive(receive);
            } else {
                Arrays.fill(memory, GUARD);
                ready = engine.receive(memory, MARGIN, room, receive);
            }
        } catch (IllegalStateException e) {
            check(!mayReceive(), "a receive was refused: " + e);
            return;
        }
        check(mayReceive(), "a receive was not refused");
        receives.add(receive);
        announce(ready);
    }

    private void announce(Set<ActionQueue> ready) {
        check(!ready.contains(ActionQueue.ALL), "ALL was announced");
        check(engine.pendingSends() == sends.size(), "the number of pending sends");
        check(engine.pendingReceives() == receives.size(), "the number of pending receives");
        announced = Set.copyOf(ready);
    }

    /** Faults of the caller, which change nothing. */
    private void misuse() {
        Action action = in.oneIn(2) ? sending : receiving;
        if (action == null) {
            return;
        }
        refused(() -> engine.completeAction(action, in.oneIn(2) ? -1 : action.length() + 1));
        refused(engine::delete);
        if (action == sending) {
            refused(() -> engine.completeAction(action, ByteBuffer.allocate(1)));
        }
    }

    private static void refused(Runnable call) {
        try {
            call.run();
        } catch (IllegalStateException | IllegalArgumentException expected) {
            return;
        }
        throw new AssertionError("misuse was not refused");
    }

    /** Asks for an action. Returns whether there was one. */
    private boolean ask(ActionQueue queue) {
        Set<ActionQueue> ready = announced;
        Action action;
        try {
            action = engine.getAction(queue);
        } catch (WebSocketProtocolException e) {
            check(queue != ActionQueue.SEND && !aborted, "a failure in the wrong place");
            check(failure == null || failure == e, "a second failure");
            check(ready == null || failure != null || ready.contains(ActionQueue.RECEIVE), "an unannounced failure");
            announced = null;
            failure = e;
            closing = true;
            takeBackLent();
            return false;
        }
        check(failure == null || aborted || queue == ActionQueue.SEND, "a failure was forgotten");
        boolean some = action.kind() != NO_ACTION;
        if (ready != null) {
            boolean expected = queue == ActionQueue.ALL ? !ready.isEmpty() : ready.contains(queue);
            check(some == expected, ready + " announced, " + queue + " answers " + action);
        }
        if (!some) {
            check(action.context() == null && action.bufferCount() == 0, "NO_ACTION carries something");
            return false;
        }
        announced = null;
        switch (action.kind()) {
            case SEND_TO_NETWORK -> toNetwork(action, queue);
            case INDICATE_SEND_COMPLETE -> sendComplete(action, queue);
            case RECEIVE_FROM_NETWORK -> fromNetwork(action, queue);
            default -> receiveComplete(action, queue);
        }
        return true;
    }

    private void toNetwork(Action action, ActionQueue queue) {
        check(sending == null, "two sends are outstanding");
        check(!outboundEnded, "something leaves an ended stream");
        boolean reply = action.context() == null;
        check(queue != (reply && failure == null ? ActionQueue.SEND : ActionQueue.RECEIVE), "sent by the wrong queue");
        check(reply || action.context() == sends.element(), "a send out of order");
        boolean buffered = client && !settings.maskingDisabled() && maskKey != 0;
        int most = buffered ? FrameWriter.sendBufferSize(true, settings) : 256 * 1024;
        check(action.length() > 0 && action.length() <= most, "the length of a transfer");
        origins.put(wire.size(), reply);
        sending = action;
        sendingBytes = in.oneIn(2) ? written(action) : viewed(action);
    }

    private byte[] written(Action action) {
        ByteBuffer destination = ByteBuffer.allocate(action.length() + 1);
        action.writeTo(destination);
        check(destination.position() == action.length(), "writeTo and length");
        return Arrays.copyOf(destination.array(), action.length());
    }

    private byte[] viewed(Action action) {
        ByteBuffer all = ByteBuffer.allocate(action.length());
        for (int i = 0; i < action.bufferCount(); i++) {
            all.put(action.buffer(i));
        }
        check(!all.hasRemaining(), "the buffers and length");
        return all.array();
    }

    private void sendComplete(Action action, ActionQueue queue) {
        check(sending == null && queue != ActionQueue.RECEIVE, "the indication of a send");
        check(action.context() == sends.element(), "a send was indicated out of order");
        check(action.bufferType() == sends.element().type, "the type of a send");
        check(!action.isCutShort() || outboundEnded || closeArrived, "a send was cut short without a reason");
        sending = action;
    }

    private void completeSending(boolean shortened) {
        Action action = sending;
        if (action == null) {
            return;
        }
        sending = null;
        if (action.kind() != SEND_TO_NETWORK) {
            Send send = sends.remove();
            (action.isCutShort() ? cut : sent).add(send);
            announce(engine.completeAction(action));
            return;
        }
        if (!aborted) {
            check(Arrays.equals(sendingBytes, in.oneIn(2) ? written(action) : viewed(action)), "the bytes changed");
        }
        int n = shortened ? in.below(action.length()) : action.length();
        wire.write(sendingBytes, 0, n);
        outboundEnded |= n != action.length();
        announce(engine.completeAction(action, n));
    }

    private void fromNetwork(Action action, ActionQueue queue) {
        check(receiving == null && queue != ActionQueue.SEND, "two receives are outstanding");
        check(!aborted && !closeArrived, "a read after the end");
        check(action.context() == receives.element(), "a read for another receive");
        check(action.length() == settings.receiveBufferSize(), "the room of a read");
        takeBackLent();
        receiving = action;
    }

    /** A buffer that was given back is not looked at any more. */
    private void takeBackLent() {
        ByteBuffer buffer = lent;
        lent = null;
        if (buffer != null) {
            buffer.clear();
            while (buffer.hasRemaining()) {
                buffer.put(GUARD);
            }
        }
    }

    private void receiveComplete(Action action, ActionQueue queue) {
        check(receiving == null && queue != ActionQueue.SEND, "two receives are outstanding");
        Receive receive = receives.element();
        check(action.context() == receive, "a receive was indicated out of order");
        check(action.isCutShort() == (aborted || closeArrived || readNothing), "whether a receive was cut short");
        readNothing = false;
        byte[] memory = receive.memory;
        int limit = memory == null ? settings.receiveBufferSize() : memory.length - 2 * MARGIN;
        BufferType type = action.bufferType();
        check(action.length() <= (type == null || type.isData() ? limit : 125), "a chunk is too large");
        check(codecs.inflated - inflatedBefore <= limit + 1, "more was inflated than there is room for");
        inflatedBefore = codecs.inflated;
        byte[] payload = payload(action);
        if (memory != null) {
            byte[] filled = Arrays.copyOfRange(memory, MARGIN, MARGIN + payload.length);
            check(Arrays.equals(filled, payload), "the caller's buffer was not filled");
            for (int i = 0; i < MARGIN; i++) {
                check(memory[i] == GUARD && memory[memory.length - 1 - i] == GUARD, "written beside a buffer");
            }
        }
        receiving = action;
        note(type, payload, action);
    }

    private byte[] payload(Action action) {
        byte[] payload = new byte[action.length()];
        switch (in.below(3)) {
            case 0 -> action.buffer(0).get(payload);
            case 1 -> action.copyTo(payload, 0);
            default -> payload = action.toByteArray();
        }
        check(payload.length == action.length(), "toByteArray and length");
        return payload;
    }

    private void note(@Nullable BufferType type, byte[] payload, Action action) {
        if (type == null) {
            check(action.isCutShort() && payload.length == 0, "nothing was indicated");
            return;
        }
        if (!type.isData()) {
            int opcode = type == BufferType.CLOSE ? 8 : type == BufferType.PING ? 9 : 10;
            check(opcode != 9 || settings.indicatePings(), "a ping was indicated");
            check((opcode == 8) == (action.closeStatus() != null), "the status of a close");
            indicated.add(new WireJudge.Event(opcode, payload));
            if (opcode == 8) {
                closeArrived = true;
                closing |= settings.automaticCloseEcho();
                takeBackLent();
            }
            return;
        }
        partial.writeBytes(payload);
        check(partial.size() <= settings.maxMessageSize(), "a message exceeds the limit");
        if (type.isFinal()) {
            indicated.add(new WireJudge.Event(type.isText() ? 1 : 2, partial.toByteArray()));
            partial.reset();
        }
    }

    int unread() {
        return arrived.size() - read;
    }

    private void completeReceiving(int n) {
        Action action = receiving;
        if (action == null) {
            return;
        }
        if (action.kind() != RECEIVE_FROM_NETWORK) {
            receiving = null;
            receives.remove();
            announce(engine.completeAction(action));
            return;
        }
        if (!aborted && unread() == 0 && !in.oneIn(8)) {
            return;
        }
        boolean lends = in.oneIn(2);
        int most = aborted ? 0 : Math.min(unread(), lends ? Integer.MAX_VALUE : action.length());
        byte[] bytes = Arrays.copyOfRange(arrived.toByteArray(), read, read + Math.min(n, most));
        read += bytes.length;
        readNothing = bytes.length == 0;
        receiving = null;
        if (!lends) {
            action.buffer(0).put(bytes);
            announce(engine.completeAction(action, bytes.length));
            return;
        }
        ByteBuffer buffer =
                in.oneIn(2) ? ByteBuffer.allocate(bytes.length + 3) : ByteBuffer.allocateDirect(bytes.length + 3);
        buffer.position(2).put(bytes).flip().position(2);
        lent = aborted ? null : buffer;
        announce(engine.completeAction(action, buffer));
    }

    static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
