package io.fluxsocket.core;

import io.fluxsocket.core.Operations.Operation;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The receive direction: the queued receives, and what arrives for them.
 *
 * <p>Only a queued receive makes the engine look at bytes or ask for more. A ping is answered on the way and completes
 * nothing; the first data chunk, pong or close completes the receive at the head.
 */
final class ReceiveQueue {
    private final Lifecycle lifecycle;
    private final FrameRules rules;
    private final SendQueue sends;
    private final EngineSettings settings;

    private final Action action = Action.of(this);
    private final NetworkBuffer network;
    /** Null without permessage-deflate. */
    private final @Nullable MessageInflater inflater;

    private final FrameReader reader = new FrameReader();
    private final Utf8Validator utf8 = new Utf8Validator();
    private final Chunk chunk = new Chunk();

    private final Operations operations;

    /** A header was read and judged, and the frame's payload is not consumed yet. */
    private boolean inFrame;

    private boolean inControlFrame;
    /** Payload bytes of the frame that are not consumed. */
    private long remaining;
    /** The mask of the next of them. */
    private int key;

    private byte @Nullable [] control;
    private int controlLength;

    /** A network read ended with nothing: the receive at the head is cut short. */
    private boolean cutShort;

    private @Nullable CloseStatus closeReceived;
    private @Nullable WebSocketProtocolException failure;

    ReceiveQueue(
            Lifecycle lifecycle,
            FrameRules rules,
            SendQueue sends,
            EngineSettings settings,
            @Nullable MessageInflater inflater,
            @Nullable ByteBuffer receiveBuffer) {
        this.lifecycle = lifecycle;
        this.rules = rules;
        this.sends = sends;
        this.settings = settings;
        this.inflater = inflater;
        network = new NetworkBuffer(settings.receiveBufferSize(), receiveBuffer);
        operations = new Operations("receive", settings.queueCapacity());
    }

    int pending() {
        return operations.size();
    }

    @Nullable
    CloseStatus closeReceived() {
        return closeReceived;
    }

    Chunk chunk() {
        return chunk;
    }

    NetworkBuffer network() {
        return network;
    }

    /** Queues a receive that the lifecycle permits. A length of 0 without a buffer: the engine's memory. */
    void add(byte @Nullable [] buffer, int offset, int length, @Nullable Object context) {
        operations.requireRoom();
        operations.add(buffer, offset, length, context);
    }

    boolean hasAction() {
        return !operations.isEmpty() && !action.outstanding && lifecycle.inbound() != Lifecycle.Inbound.FAILED;
    }

    void throwIfFailed() {
        WebSocketProtocolException e = failure;
        if (e != null && lifecycle.inbound() == Lifecycle.Inbound.FAILED) {
            throw e;
        }
    }

    /** The next action; null if everything at hand was answered without one, and an owed reply may be handed out now. */
    @Nullable
    Action next() {
        if (lifecycle.inbound() != Lifecycle.Inbound.OPEN) {
            chunk.release();
            return indicate(null, true);
        }
        if (cutShort) {
            return indicateCutShort();
        }
        try {
            if (!inFrame && !beginFrame()) {
                return fromNetwork();
            }
            if (inControlFrame) {
                return nextOfControl();
            }
            return rules.isInboundCompressed() ? nextOfCompressed(Objects.requireNonNull(inflater)) : nextOfData();
        } catch (WebSocketProtocolException e) {
            fail(e);
            throw e;
        }
    }

    private void fail(WebSocketProtocolException e) {
        failure = e;
        lifecycle.formatError();
        network.giveBack();
        endCodec();
        if (lifecycle.closing()) {
            sends.oweFailure(e.closeStatus());
        }
    }

    private boolean beginFrame() {
        int next = reader.read(network.bytes(), network.position(), network.limit());
        if (next < 0) {
            network.position(network.limit());
            if (reader.hasFirstTwoBytes()) {
                rules.checkStart(reader.first, reader.second);
            }
            return false;
        }
        network.position(next);
        rules.checkStart(reader.first, reader.second);
        rules.checkLength(reader.first, reader.second, reader.length);
        rules.begin(reader.first, reader.length);
        inFrame = true;
        inControlFrame = Opcode.isControl(reader.first & Opcode.OPCODE);
        remaining = reader.length;
        key = reader.key;
        return true;
    }

    private Action nextOfData() {
        int available = network.available();
        if (chunk.missing() == 0) {
            Operation operation = operations.first();
            byte[] buffer = (byte[]) operation.memory;
            int limit = buffer == null ? settings.receiveBufferSize() : operation.length;
            if (available == 0 && remaining != 0) {
                return fromNetwork();
            }
            long whole = remaining <= limit ? remaining : Math.min(available, limit);
            if (buffer == null && whole <= available && whole > Masker.BLOCK_THRESHOLD) {
                return indicateInNetwork((int) whole);
            }
            if (buffer == null) {
                chunk.begin((int) whole);
            } else {
                chunk.begin(buffer, operation.offset, (int) whole);
            }
        }
        int n = Math.min(available, chunk.missing());
        boolean ascii = chunk.add(network.bytes(), network.position(), n, key);
        if (!ascii || !utf8.isComplete()) {
            verifyAdded(n);
        }
        consume(n);
        return chunk.missing() == 0 ? indicateData(remaining == 0) : fromNetwork();
    }

    private void verifyAdded(int n) {
        if (verifiesText() && !utf8.accept(chunk.array(), chunk.end() - n, n)) {
            throw invalidText();
        }
    }

    /**
     * Inflates until the chunk is full or the frame is at its end, as it is not known before how much the frame will give.
     * A frame that gives nothing and does not end its message indicates nothing: null.
     */
    private @Nullable Action nextOfCompressed(MessageInflater codec) {
        int limit = settings.receiveBufferSize();
        if (chunk.size() == 0) {
            Operation operation = operations.first();
            byte[] buffer = (byte[]) operation.memory;
            if (buffer == null) {
                chunk.beginGrowing(limit);
            } else {
                chunk.begin(buffer, operation.offset, operation.length);
            }
        }
        while (true) {
            int n = codec.inflate(chunk.array(), chunk.end(), chunk.missing());
            chunk.added(n);
            verifyAdded(n);
            if (codec.hasMore()) {
                if (!chunk.grow(limit)) {
                    return indicateData(false);
                }
            } else if (remaining == 0) {
                boolean last = (reader.first & Opcode.FIN) != 0;
                if (!last || !codec.endInput()) {
                    return endOfCompressed(codec, last);
                }
            } else if (network.available() != 0) {
                int given = (int) Math.min(network.available(), remaining);
                Masker.mask(network.bytes(), network.position(), given, key);
                codec.input(network.bytes(), network.position(), given);
                consume(given);
            } else {
                return chunk.missing() == 0 && !chunk.grow(limit) ? indicateData(false) : fromNetwork();
            }
        }
    }

    private @Nullable Action endOfCompressed(MessageInflater codec, boolean last) {
        chunk.truncate();
        if (last) {
            codec.endMessage();
        } else if (chunk.size() == 0) {
            chunk.release();
            inFrame = false;
            return null;
        }
        return indicateData(true);
    }

    /** Text is checked where it lies: ASCII without being unmasked, which leaves that to the pass that copies it. */
    private Action indicateInNetwork(int n) {
        ByteBuffer bytes = network.bytes();
        int at = network.position();
        int chunkKey = key;
        if (verifiesText() && !(utf8.isComplete() && Masker.isAscii(bytes, at, n, key))) {
            Masker.mask(bytes, at, n, key);
            chunkKey = 0;
            if (!utf8.accept(bytes, at, n)) {
                throw invalidText();
            }
        }
        chunk.inNetwork(bytes, at, n, chunkKey);
        consume(n);
        return indicateData(remaining == 0);
    }

    private boolean verifiesText() {
        return rules.isInboundText() && !settings.utf8VerificationDisabled();
    }

    private void consume(int n) {
        network.position(network.position() + n);
        remaining -= n;
        key = Masker.rotate(key, n);
    }

    private Action indicateData(boolean frameEnds) {
        boolean text = rules.isInboundText();
        boolean last = false;
        if (frameEnds) {
            inFrame = false;
            last = (reader.first & Opcode.FIN) != 0;
            if (last && !utf8.isComplete()) {
                throw invalidText();
            }
            rules.end(last);
        }
        return indicate(dataType(text, last), false);
    }

    private static BufferType dataType(boolean text, boolean last) {
        if (text) {
            return last ? BufferType.UTF8_MESSAGE : BufferType.UTF8_FRAGMENT;
        }
        return last ? BufferType.BINARY_MESSAGE : BufferType.BINARY_FRAGMENT;
    }

    private static WebSocketProtocolException invalidText() {
        return new WebSocketProtocolException(
                CloseStatus.INVALID_PAYLOAD, "a text message is not UTF-8 (RFC 6455 §8.1)");
    }

    private @Nullable Action nextOfControl() {
        byte[] payload = control;
        if (payload == null) {
            control = payload = new byte[125];
        }
        int n = (int) Math.min(network.available(), remaining);
        Masker.copy(network.bytes(), network.position(), payload, controlLength, n, key);
        controlLength += n;
        consume(n);
        if (remaining != 0) {
            return fromNetwork();
        }
        int length = controlLength;
        inFrame = false;
        controlLength = 0;
        return switch (reader.first & Opcode.OPCODE) {
            case Opcode.PING -> ping(payload, length);
            case Opcode.PONG -> indicateControl(BufferType.PING_PONG, payload, length);
            default -> close(payload, length);
        };
    }

    private @Nullable Action ping(byte[] payload, int length) {
        if (lifecycle.outbound() != Lifecycle.Outbound.ENDED) {
            sends.replies().owePong(payload, length);
        }
        return settings.indicatePings() ? indicateControl(BufferType.PING, payload, length) : null;
    }

    private Action close(byte[] payload, int length) {
        CloseStatus status =
                CloseBody.decode(ByteBuffer.wrap(payload, 0, length), !settings.utf8VerificationDisabled());
        closeReceived = status;
        lifecycle.closeArrived();
        network.giveBack();
        endCodec();
        if (settings.automaticCloseEcho() && lifecycle.closing()) {
            sends.oweEcho(status);
        }
        return indicateControl(BufferType.CLOSE, payload, length);
    }

    private Action indicateControl(BufferType type, byte[] payload, int length) {
        Operation operation = operations.first();
        byte[] buffer = (byte[]) operation.memory;
        if (buffer == null) {
            chunk.inArray(payload, 0, length);
        } else {
            System.arraycopy(payload, 0, buffer, operation.offset, length);
            chunk.inArray(buffer, operation.offset, length);
        }
        return indicate(type, false);
    }

    /** What was assembled so far is indicated as a fragment; between frames there is nothing. */
    private Action indicateCutShort() {
        cutShort = false;
        chunk.truncate();
        boolean inMessage = inFrame && !inControlFrame;
        return indicate(inMessage ? dataType(rules.isInboundText(), false) : null, true);
    }

    private Action indicate(@Nullable BufferType type, boolean isCutShort) {
        action.kind = Action.Kind.INDICATE_RECEIVE_COMPLETE;
        action.bufferType = type;
        action.context = operations.first().context;
        action.length = chunk.size();
        action.frameRemaining = inFrame && !inControlFrame && !rules.isInboundCompressed() ? remaining : 0;
        action.cutShort = isCutShort;
        action.outstanding = true;
        return action;
    }

    private Action fromNetwork() {
        network.giveBack();
        action.kind = Action.Kind.RECEIVE_FROM_NETWORK;
        action.bufferType = null;
        action.context = operations.first().context;
        action.length = settings.receiveBufferSize();
        action.frameRemaining = 0;
        action.cutShort = false;
        action.outstanding = true;
        return action;
    }

    /** The driver has put bytes into the engine's own buffer, or has processed an indication. */
    void complete(int bytesTransferred) {
        if (action.kind == Action.Kind.RECEIVE_FROM_NETWORK) {
            if (bytesTransferred < 0 || bytesTransferred > action.length) {
                throw new IllegalArgumentException(
                        bytesTransferred + " bytes were received into a buffer of " + action.length);
            }
            if (bytesTransferred == 0) {
                cutShort = true;
            } else if (lifecycle.inbound() == Lifecycle.Inbound.OPEN) {
                network.filled(bytesTransferred);
            }
        } else {
            if (bytesTransferred != 0) {
                throw new IllegalArgumentException(
                        "an indication transfers nothing, but is completed with " + bytesTransferred + " bytes");
            }
            removeHead();
        }
        action.outstanding = false;
    }

    /** The driver has lent a buffer that holds what was read. */
    void complete(ByteBuffer lent) {
        if (action.kind != Action.Kind.RECEIVE_FROM_NETWORK) {
            throw new IllegalArgumentException("a buffer can be lent for RECEIVE_FROM_NETWORK only");
        }
        if (!lent.hasRemaining()) {
            cutShort = true;
        } else if (lifecycle.inbound() == Lifecycle.Inbound.OPEN) {
            network.lend(lent);
        }
        action.outstanding = false;
    }

    private void removeHead() {
        chunk.release();
        operations.removeFirst();
    }

    /** A buffer lent is not touched any more; what an outstanding indication shows is gone with it. */
    void abort() {
        network.giveBack();
        chunk.release();
        action.length = 0;
        inFrame = false;
        endCodec();
    }

    /** No data will be inflated any more. */
    void endCodec() {
        if (inflater != null) {
            inflater.end();
        }
    }

    boolean isIdle() {
        return operations.isEmpty() && !action.outstanding;
    }
}
