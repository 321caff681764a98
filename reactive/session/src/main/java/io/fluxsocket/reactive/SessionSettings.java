package io.fluxsocket.reactive;

import io.fluxsocket.core.EngineSettings;
import io.fluxsocket.core.deflate.DeflateSettings;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The limits and times of a session, with defaults that are safe against a hostile peer.
 *
 * <p>Immutable; one instance serves any number of connections. Sizes are bytes. {@link Duration#ZERO} and 0 switch off what
 * can be switched off.
 *
 * <table class="striped">
 * <caption>All settings</caption>
 * <thead><tr><th>name</th><th>default</th><th>range</th><th>origin of the number</th></tr></thead>
 * <tbody>
 * <tr><td>{@link #receiveWindow()}</td><td>64 KiB</td><td>0–2^30</td><td>one chunk of the largest size may wait</td></tr>
 * <tr><td>{@link #maxChunkSize()}</td><td>64 KiB</td><td>256–2^24</td><td>measured: larger arrays gain nothing and are humongous to the G1 collector</td></tr>
 * <tr><td>{@link #maxMessageSize()}</td><td>1 MiB</td><td>125–2^30</td><td>python-websockets: max_size</td></tr>
 * <tr><td>{@link #maxFrameSize()}</td><td>16 MiB</td><td>125–2^63-1</td><td>the largest frame of the Autobahn suite</td></tr>
 * <tr><td>{@link #maxPendingSends()}</td><td>1,024</td><td>1–2^20</td><td>more is a send for each message instead of one with a stream of them</td></tr>
 * <tr><td>{@link #closeTimeout()}</td><td>10 s</td><td>above 0</td><td>python-websockets: close_timeout; three TCP retransmissions fit (1 + 2 + 4 s, RFC 6298)</td></tr>
 * <tr><td>{@link #keepAliveInterval()}</td><td>30 s</td><td>0 is off</td><td>Windows: KEEPALIVE_INTERVAL</td></tr>
 * <tr><td>{@link #pongTimeout()}</td><td>10 s</td><td>above 0</td><td>as the close timeout</td></tr>
 * <tr><td>{@link #allowedMisses()}</td><td>1</td><td>0–1,000</td><td>one pong may be lost to a change of network: after the last bytes a dead peer is known within 80 s</td></tr>
 * <tr><td>{@link #idleTimeout()}</td><td>off</td><td>0 is off</td><td>silence is not a fault; keep-alive finds dead peers</td></tr>
 * <tr><td>{@link #stalledConsumerTimeout()}</td><td>off</td><td>0 is off</td><td>backpressure is not a fault</td></tr>
 * <tr><td>{@link #maxControlFramesPerSecond()}</td><td>100</td><td>0 is off</td><td>a ping in 10 ms; who keeps alive sends one in seconds</td></tr>
 * <tr><td>{@link #maxMessagesPerSecond()}</td><td>off</td><td>0 is off</td><td>the application's to know; backpressure bounds memory without it</td></tr>
 * <tr><td>{@link #emitControlFrames()}</td><td>false</td><td></td><td>applications rarely want pings and pongs</td></tr>
 * <tr><td>{@link #deflate()}</td><td>null: off</td><td></td><td>costs memory and time, and lengths tell of secrets: the application's to choose</td></tr>
 * <tr><td>{@link #scheduler()}</td><td>{@code Schedulers.parallel()}</td><td></td><td>Reactor's own for time</td></tr>
 * </tbody>
 * </table>
 *
 * <p><b>Memory.</b> Inbound, a connection holds at most: receive window + one chunk + one read of the transport; with
 * {@link WebSocketConnection#receiveMessages()} also one message. Outbound: the transport's high-water mark + one part of
 * 256 KiB + one frame for each pending send. Where permessage-deflate is used, the codecs come on top: see the package {@code
 * io.fluxsocket.core.deflate}. However much a message inflates to, a connection holds one inflated chunk of it at a time.
 */
public final class SessionSettings {
    /** All defaults. */
    public static final SessionSettings DEFAULT = builder().build();

    /** One part of a masked payload: as large as the engine makes them unmasked. */
    private static final int SEND_BUFFER_SIZE = 256 << 10;

    /** At the same time there are at most one frame of the application's, one ping and one close in the engine. */
    private static final int QUEUE_CAPACITY = 4;

    private final int receiveWindow;
    private final int maxChunkSize;
    private final int maxMessageSize;
    private final long maxFrameSize;
    private final int maxPendingSends;
    private final Duration closeTimeout;
    private final Duration keepAliveInterval;
    private final Duration pongTimeout;
    private final int allowedMisses;
    private final Duration idleTimeout;
    private final Duration stalledConsumerTimeout;
    private final int maxControlFramesPerSecond;
    private final int maxMessagesPerSecond;
    private final boolean emitControlFrames;
    private final @Nullable DeflateSettings deflate;
    private final @Nullable Scheduler scheduler;
    private final EngineSettings engineSettings;

    private SessionSettings(Builder builder) {
        receiveWindow = builder.receiveWindow;
        maxChunkSize = builder.maxChunkSize;
        maxMessageSize = builder.maxMessageSize;
        maxFrameSize = builder.maxFrameSize;
        maxPendingSends = builder.maxPendingSends;
        closeTimeout = builder.closeTimeout;
        keepAliveInterval = builder.keepAliveInterval;
        pongTimeout = builder.pongTimeout;
        allowedMisses = builder.allowedMisses;
        idleTimeout = builder.idleTimeout;
        stalledConsumerTimeout = builder.stalledConsumerTimeout;
        maxControlFramesPerSecond = builder.maxControlFramesPerSecond;
        maxMessagesPerSecond = builder.maxMessagesPerSecond;
        emitControlFrames = builder.emitControlFrames;
        deflate = builder.deflate;
        scheduler = builder.scheduler;
        engineSettings = EngineSettings.builder()
                .receiveBufferSize(maxChunkSize)
                .sendBufferSize(SEND_BUFFER_SIZE)
                .maxFrameSize(maxFrameSize)
                .queueCapacity(QUEUE_CAPACITY)
                .indicatePings(emitControlFrames || maxControlFramesPerSecond != 0)
                .build();
    }

    /** {@return a builder that holds the defaults} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a builder that holds these settings} */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.receiveWindow = receiveWindow;
        builder.maxChunkSize = maxChunkSize;
        builder.maxMessageSize = maxMessageSize;
        builder.maxFrameSize = maxFrameSize;
        builder.maxPendingSends = maxPendingSends;
        builder.closeTimeout = closeTimeout;
        builder.keepAliveInterval = keepAliveInterval;
        builder.pongTimeout = pongTimeout;
        builder.allowedMisses = allowedMisses;
        builder.idleTimeout = idleTimeout;
        builder.stalledConsumerTimeout = stalledConsumerTimeout;
        builder.maxControlFramesPerSecond = maxControlFramesPerSecond;
        builder.maxMessagesPerSecond = maxMessagesPerSecond;
        builder.emitControlFrames = emitControlFrames;
        builder.deflate = deflate;
        builder.scheduler = scheduler;
        return builder;
    }

    /**
     * How much may be received before the application asks for it. While this much waits and there is no demand, nothing is
     * read from the network. 0 is strict lock-step: without demand nothing is read, so pings are not answered and a close
     * is not seen meanwhile. A waiting frame counts with its payload and 64 bytes for its objects.
     *
     * @return bytes
     */
    public int receiveWindow() {
        return receiveWindow;
    }

    /**
     * The largest chunk that {@code receive()} emits. A frame of the wire that fits is emitted whole, a larger one as it
     * arrives. A chunk of text may have up to three bytes more, the beginning of a character.
     *
     * @return bytes
     */
    public int maxChunkSize() {
        return maxChunkSize;
    }

    /**
     * The largest message that {@code receiveMessages()} assembles; a larger one ends the connection with 1009.
     * {@code receive()} needs no such limit.
     *
     * @return bytes
     */
    public int maxMessageSize() {
        return maxMessageSize;
    }

    /** {@return the largest payload of one inbound frame of the wire, in bytes; a larger one ends the connection with 1009} */
    public long maxFrameSize() {
        return maxFrameSize;
    }

    /** {@return how many {@code send} and {@code ping} may be pending at a time; one more errors} */
    public int maxPendingSends() {
        return maxPendingSends;
    }

    /**
     * How long the closing may take: once, at most, until the message in progress is finished, then once until the peer has
     * answered and ended the stream. When it is over the connection is cut.
     *
     * @return above zero
     */
    public Duration closeTimeout() {
        return closeTimeout;
    }

    /**
     * How often the peer is looked after: one that was silent between two looks is pinged, which is when it has been silent for
     * one to two intervals. So a frame that arrives costs no look at the clock.
     *
     * @return the time between two looks; zero for never
     */
    public Duration keepAliveInterval() {
        return keepAliveInterval;
    }

    /**
     * How long is waited for a pong, or any other sign of life. The time runs only while the session is reading, so that a
     * slow consumer here is not taken for a dead peer there.
     *
     * @return above zero
     */
    public Duration pongTimeout() {
        return pongTimeout;
    }

    /** {@return how many pings of keep-alive in a row may stay unanswered; one more ends the connection with 1011} */
    public int allowedMisses() {
        return allowedMisses;
    }

    /**
     * After how long without data in either direction the connection is closed with 1001. The time runs only while the
     * session is reading. Pings and pongs do not count.
     *
     * @return zero for never
     */
    public Duration idleTimeout() {
        return idleTimeout;
    }

    /**
     * After how long the connection is closed with 1011 because the application does not ask for what was received, and
     * reading stands still for that reason. When the connection has closed meanwhile, a handler that goes on consuming what
     * was received is cancelled after as long a pause; without this timeout it is left alone.
     *
     * @return zero for never
     */
    public Duration stalledConsumerTimeout() {
        return stalledConsumerTimeout;
    }

    /** {@return how many pings and pongs are accepted in one second; one more ends the connection with 1008; 0: any number} */
    public int maxControlFramesPerSecond() {
        return maxControlFramesPerSecond;
    }

    /** {@return how many messages are accepted in one second; one more ends the connection with 1008; 0: any number} */
    public int maxMessagesPerSecond() {
        return maxMessagesPerSecond;
    }

    /**
     * Whether {@code receive()} also emits pings and pongs, which then need demand and room like data. Pongs that answer {@link
     * WebSocketConnection#ping()} or keep-alive are not among them.
     *
     * @return whether it does
     */
    public boolean emitControlFrames() {
        return emitControlFrames;
    }

    /**
     * Whether and how permessage-deflate is used (RFC 7692): a server accepts it of clients that offer it, a client offers it.
     * What was agreed on stands in {@link HandshakeInfo#extensions()}. Limits count what was inflated, except for {@link
     * #maxFrameSize()}. Single messages are exempted with {@link WebSocketFrame#withCompression}.
     *
     * @return null if it is neither offered nor accepted
     */
    public @Nullable DeflateSettings deflate() {
        return deflate;
    }

    /** {@return what all times are measured on; the default is looked up at each call, so that virtual time can replace it} */
    public Scheduler scheduler() {
        Scheduler chosen = scheduler;
        return chosen != null ? chosen : Schedulers.parallel();
    }

    /** {@return the settings of the engine of a session with these settings} */
    public EngineSettings engineSettings() {
        return engineSettings;
    }

    /** Collects settings. Not thread-safe. Each setter throws IllegalArgumentException outside of the range above. */
    public static final class Builder {
        private int receiveWindow = 64 << 10;
        private int maxChunkSize = 64 << 10;
        private int maxMessageSize = 1 << 20;
        private long maxFrameSize = 16 << 20;
        private int maxPendingSends = 1024;
        private Duration closeTimeout = Duration.ofSeconds(10);
        private Duration keepAliveInterval = Duration.ofSeconds(30);
        private Duration pongTimeout = Duration.ofSeconds(10);
        private int allowedMisses = 1;
        private Duration idleTimeout = Duration.ZERO;
        private Duration stalledConsumerTimeout = Duration.ZERO;
        private int maxControlFramesPerSecond = 100;
        private int maxMessagesPerSecond;
        private boolean emitControlFrames;
        private @Nullable DeflateSettings deflate;
        private @Nullable Scheduler scheduler;

        private Builder() {}

        /**
         * Sets the receive window.
         *
         * @param bytes see {@link SessionSettings#receiveWindow()}
         * @return this builder
         */
        public Builder receiveWindow(int bytes) {
            receiveWindow = (int) inRange("receiveWindow", bytes, 0, 1 << 30);
            return this;
        }

        /**
         * Sets the size of the largest chunk.
         *
         * @param bytes see {@link SessionSettings#maxChunkSize()}
         * @return this builder
         */
        public Builder maxChunkSize(int bytes) {
            maxChunkSize = (int) inRange("maxChunkSize", bytes, 256, 1 << 24);
            return this;
        }

        /**
         * Sets the size of the largest message.
         *
         * @param bytes see {@link SessionSettings#maxMessageSize()}
         * @return this builder
         */
        public Builder maxMessageSize(int bytes) {
            maxMessageSize = (int) inRange("maxMessageSize", bytes, 125, 1 << 30);
            return this;
        }

        /**
         * Sets the size of the largest frame.
         *
         * @param bytes see {@link SessionSettings#maxFrameSize()}
         * @return this builder
         */
        public Builder maxFrameSize(long bytes) {
            maxFrameSize = inRange("maxFrameSize", bytes, 125, Long.MAX_VALUE);
            return this;
        }

        /**
         * Sets the number of sends that may be pending.
         *
         * @param sends see {@link SessionSettings#maxPendingSends()}
         * @return this builder
         */
        public Builder maxPendingSends(int sends) {
            maxPendingSends = (int) inRange("maxPendingSends", sends, 1, 1 << 20);
            return this;
        }

        /**
         * Sets how long closing may take.
         *
         * @param timeout see {@link SessionSettings#closeTimeout()}
         * @return this builder
         */
        public Builder closeTimeout(Duration timeout) {
            closeTimeout = positive("closeTimeout", timeout);
            return this;
        }

        /**
         * Sets when the peer is pinged, and when it counts as dead.
         *
         * @param interval see {@link SessionSettings#keepAliveInterval()}; zero switches keep-alive off
         * @param pongTimeout see {@link SessionSettings#pongTimeout()}
         * @param allowedMisses see {@link SessionSettings#allowedMisses()}
         * @return this builder
         */
        public Builder keepAlive(Duration interval, Duration pongTimeout, int allowedMisses) {
            Duration checkedInterval = notNegative("interval", interval);
            Duration checkedTimeout = positive("pongTimeout", pongTimeout);
            this.allowedMisses = (int) inRange("allowedMisses", allowedMisses, 0, 1000);
            this.keepAliveInterval = checkedInterval;
            this.pongTimeout = checkedTimeout;
            return this;
        }

        /**
         * Switches keep-alive off; {@link WebSocketConnection#ping()} still works.
         *
         * @return this builder
         */
        public Builder noKeepAlive() {
            keepAliveInterval = Duration.ZERO;
            return this;
        }

        /**
         * Sets how long is waited for a pong.
         *
         * @param timeout see {@link SessionSettings#pongTimeout()}
         * @return this builder
         */
        public Builder pongTimeout(Duration timeout) {
            pongTimeout = positive("pongTimeout", timeout);
            return this;
        }

        /**
         * Sets how long a connection may be idle.
         *
         * @param timeout see {@link SessionSettings#idleTimeout()}; zero for ever
         * @return this builder
         */
        public Builder idleTimeout(Duration timeout) {
            idleTimeout = notNegative("idleTimeout", timeout);
            return this;
        }

        /**
         * Sets how long the consumer may stand still.
         *
         * @param timeout see {@link SessionSettings#stalledConsumerTimeout()}; zero for ever
         * @return this builder
         */
        public Builder stalledConsumerTimeout(Duration timeout) {
            stalledConsumerTimeout = notNegative("stalledConsumerTimeout", timeout);
            return this;
        }

        /**
         * Sets how many control frames the peer may send.
         *
         * @param frames see {@link SessionSettings#maxControlFramesPerSecond()}; 0 for any number
         * @return this builder
         */
        public Builder maxControlFramesPerSecond(int frames) {
            maxControlFramesPerSecond = (int) inRange("maxControlFramesPerSecond", frames, 0, Integer.MAX_VALUE);
            return this;
        }

        /**
         * Sets how many messages the peer may send.
         *
         * @param messages see {@link SessionSettings#maxMessagesPerSecond()}; 0 for any number
         * @return this builder
         */
        public Builder maxMessagesPerSecond(int messages) {
            maxMessagesPerSecond = (int) inRange("maxMessagesPerSecond", messages, 0, Integer.MAX_VALUE);
            return this;
        }

        /**
         * Sets whether pings and pongs are emitted.
         *
         * @param emit see {@link SessionSettings#emitControlFrames()}
         * @return this builder
         */
        public Builder emitControlFrames(boolean emit) {
            emitControlFrames = emit;
            return this;
        }

        /**
         * Has permessage-deflate offered or accepted.
         *
         * @param settings see {@link SessionSettings#deflate()}; null switches it off
         * @return this builder
         */
        public Builder deflate(@Nullable DeflateSettings settings) {
            deflate = settings;
            return this;
        }

        /**
         * Sets what times are measured on.
         *
         * @param scheduler see {@link SessionSettings#scheduler()}
         * @return this builder
         */
        public Builder scheduler(Scheduler scheduler) {
            this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
            return this;
        }

        /** {@return the settings as they stand} */
        public SessionSettings build() {
            return new SessionSettings(this);
        }

        private static long inRange(String name, long value, long from, long to) {
            if (value < from || value > to) {
                throw new IllegalArgumentException(
                        name + " is " + value + "; it must lie between " + from + " and " + to);
            }
            return value;
        }

        private static Duration positive(String name, Duration value) {
            if (value.isZero()) {
                throw new IllegalArgumentException(name + " is zero; it must be longer");
            }
            return notNegative(name, value);
        }

        /** A century at most: more does not fit into nanoseconds. */
        private static Duration notNegative(String name, Duration value) {
            if (value.isNegative() || value.compareTo(Duration.ofDays(36_500)) > 0) {
                throw new IllegalArgumentException(
                        name + " is " + value + "; it must lie between zero and 36,500 days");
            }
            return value;
        }
    }
}
