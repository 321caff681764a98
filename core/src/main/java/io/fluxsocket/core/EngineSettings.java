package io.fluxsocket.core;

/**
 * The properties and limits of a {@link WebSocketEngine} ({@code WEB_SOCKET_PROPERTY}), fixed when the engine is created.
 *
 * <p>Immutable; one instance serves any number of engines. Sizes are bytes. The limits are checked when a frame's header
 * is read, before any of its payload; for a compressed message see {@link #maxMessageSize()}.
 *
 * <table class="striped">
 * <caption>Properties</caption>
 * <thead><tr><th>name</th><th>default</th><th>range</th><th>origin of the number</th></tr></thead>
 * <tbody>
 * <tr><td>{@link #receiveBufferSize()}</td><td>4,096</td><td>256–2^30</td><td>Windows: RECEIVE_BUFFER_SIZE</td></tr>
 * <tr><td>{@link #sendBufferSize()}</td><td>0: 4,096 client, 16 server</td><td>0, 16–2^30</td><td>Windows: SEND_BUFFER_SIZE</td></tr>
 * <tr><td>{@link #maxFrameSize()}</td><td>16 MiB</td><td>125–2^63-1</td><td>the largest frame of the Autobahn suite</td></tr>
 * <tr><td>{@link #maxMessageSize()}</td><td>none: 2^63-1</td><td>125–2^63-1</td><td>the engine holds no message, so none is needed</td></tr>
 * <tr><td>{@link #queueCapacity()}</td><td>16</td><td>1–1,024</td><td>twice what a driver with one operation a direction needs, and a power of two</td></tr>
 * <tr><td>{@link #maskingDisabled()}</td><td>false</td><td></td><td>Windows: DISABLE_MASKING</td></tr>
 * <tr><td>{@link #utf8VerificationDisabled()}</td><td>false</td><td></td><td>Windows: DISABLE_UTF8_VERIFICATION</td></tr>
 * <tr><td>{@link #automaticCloseEcho()}</td><td>true</td><td></td><td>false on Windows; RFC 6455 §5.5.1 demands the echo</td></tr>
 * <tr><td>{@link #indicatePings()}</td><td>false</td><td></td><td>absent on Windows</td></tr>
 * </tbody>
 * </table>
 */
public final class EngineSettings {
    /** All defaults. */
    public static final EngineSettings DEFAULT = builder().build();

    private final int receiveBufferSize;
    private final int sendBufferSize;
    private final long maxFrameSize;
    private final long maxMessageSize;
    private final int queueCapacity;
    private final boolean maskingDisabled;
    private final boolean utf8VerificationDisabled;
    private final boolean automaticCloseEcho;
    private final boolean indicatePings;

    private EngineSettings(Builder builder) {
        receiveBufferSize = builder.receiveBufferSize;
        sendBufferSize = builder.sendBufferSize;
        maxFrameSize = builder.maxFrameSize;
        maxMessageSize = builder.maxMessageSize;
        queueCapacity = builder.queueCapacity;
        maskingDisabled = builder.maskingDisabled;
        utf8VerificationDisabled = builder.utf8VerificationDisabled;
        automaticCloseEcho = builder.automaticCloseEcho;
        indicatePings = builder.indicatePings;
    }

    /** A builder that holds the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that holds these settings. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.receiveBufferSize = receiveBufferSize;
        builder.sendBufferSize = sendBufferSize;
        builder.maxFrameSize = maxFrameSize;
        builder.maxMessageSize = maxMessageSize;
        builder.queueCapacity = queueCapacity;
        builder.maskingDisabled = maskingDisabled;
        builder.utf8VerificationDisabled = utf8VerificationDisabled;
        builder.automaticCloseEcho = automaticCloseEcho;
        builder.indicatePings = indicatePings;
        return builder;
    }

    /**
     * The size of the engine's receive buffer, and the largest chunk that a Receive without a buffer of its own indicates.
     * The memory is taken when it is first needed, and never if the driver lends its own.
     */
    public int receiveBufferSize() {
        return receiveBufferSize;
    }

    /**
     * The size of the engine's send buffer: header, and payload where it has to be masked. One SEND_TO_NETWORK of a masked
     * payload holds at most this much. 0 means 4,096 for a client and 16 for a server. The memory is taken when it is first
     * needed, and never if the driver uses {@link Action#writeTo}.
     */
    public int sendBufferSize() {
        return sendBufferSize;
    }

    /** The largest payload of one inbound frame on the wire; a larger one is refused with 1009. */
    public long maxFrameSize() {
        return maxFrameSize;
    }

    /**
     * The largest inbound message, all of its fragments together; a larger one is refused with 1009. A compressed message is
     * measured inflated, and refused when the first byte beyond the limit appears.
     */
    public long maxMessageSize() {
        return maxMessageSize;
    }

    /** How many operations each of the two queues holds; one more is an {@link IllegalStateException}. */
    public int queueCapacity() {
        return queueCapacity;
    }

    /** Client: frames have the mask bit and a key of zero. Server: unmasked frames of clients are accepted. */
    public boolean maskingDisabled() {
        return maskingDisabled;
    }

    /** Whether received text and close reasons are taken without checking that they are UTF-8. */
    public boolean utf8VerificationDisabled() {
        return utf8VerificationDisabled;
    }

    /** Whether the engine answers the peer's close with a close of the same status (RFC 6455 §5.5.1). */
    public boolean automaticCloseEcho() {
        return automaticCloseEcho;
    }

    /** Whether an inbound ping, which is answered in any case, completes a Receive as {@link BufferType#PING}. */
    public boolean indicatePings() {
        return indicatePings;
    }

    /** Collects settings. Not thread-safe. Each setter throws IllegalArgumentException outside of the range above. */
    public static final class Builder {
        private int receiveBufferSize = 4096;
        private int sendBufferSize;
        private long maxFrameSize = 16 << 20;
        private long maxMessageSize = Long.MAX_VALUE;
        private int queueCapacity = 16;
        private boolean maskingDisabled;
        private boolean utf8VerificationDisabled;
        private boolean automaticCloseEcho = true;
        private boolean indicatePings;

        private Builder() {}

        /** See {@link EngineSettings#receiveBufferSize()}. */
        public Builder receiveBufferSize(int bytes) {
            receiveBufferSize = (int) inRange("receiveBufferSize", bytes, 256, 1 << 30);
            return this;
        }

        /** See {@link EngineSettings#sendBufferSize()}. */
        public Builder sendBufferSize(int bytes) {
            sendBufferSize = bytes == 0 ? 0 : (int) inRange("sendBufferSize", bytes, 16, 1 << 30);
            return this;
        }

        /** See {@link EngineSettings#maxFrameSize()}. */
        public Builder maxFrameSize(long bytes) {
            maxFrameSize = inRange("maxFrameSize", bytes, 125, Long.MAX_VALUE);
            return this;
        }

        /** See {@link EngineSettings#maxMessageSize()}. */
        public Builder maxMessageSize(long bytes) {
            maxMessageSize = inRange("maxMessageSize", bytes, 125, Long.MAX_VALUE);
            return this;
        }

        /** See {@link EngineSettings#queueCapacity()}. */
        public Builder queueCapacity(int operations) {
            queueCapacity = (int) inRange("queueCapacity", operations, 1, 1024);
            return this;
        }

        /** See {@link EngineSettings#maskingDisabled()}. */
        public Builder maskingDisabled(boolean disabled) {
            maskingDisabled = disabled;
            return this;
        }

        /** See {@link EngineSettings#utf8VerificationDisabled()}. */
        public Builder utf8VerificationDisabled(boolean disabled) {
            utf8VerificationDisabled = disabled;
            return this;
        }

        /** See {@link EngineSettings#automaticCloseEcho()}. */
        public Builder automaticCloseEcho(boolean automatic) {
            automaticCloseEcho = automatic;
            return this;
        }

        /** See {@link EngineSettings#indicatePings()}. */
        public Builder indicatePings(boolean indicate) {
            indicatePings = indicate;
            return this;
        }

        /** The settings as they stand. */
        public EngineSettings build() {
            return new EngineSettings(this);
        }

        private static long inRange(String name, long value, long from, long to) {
            if (value < from || value > to) {
                throw new IllegalArgumentException(
                        name + " is " + value + "; it must lie between " + from + " and " + to);
            }
            return value;
        }
    }
}
