package io.fluxsocket.core.deflate;

/**
 * How an end wants to use permessage-deflate. It is used only where such settings are given to the handshake ({@link
 * ServerDeflate}, {@link ClientDeflate}) and the peer agrees: compression is off by default.
 *
 * <p>Immutable; one instance serves any number of connections. The four parameters of RFC 7692 §7.1 are named alike for both
 * roles: what concerns one's own sending is kept whatever the peer answers, what concerns the peer's is asked of it.
 *
 * <table class="striped">
 * <caption>Properties</caption>
 * <thead><tr><th>name</th><th>default</th><th>range</th><th>origin of the number</th></tr></thead>
 * <tbody>
 * <tr><td>{@link #compressionLevel()}</td><td>6</td><td>0–9</td><td>zlib: its compromise of speed and size</td></tr>
 * <tr><td>{@link #threshold()}</td><td>1,024</td><td>0–2^31-1</td><td>the {@code ws} package; less fits one TCP segment anyhow</td></tr>
 * <tr><td>{@link #serverNoContextTakeover()}</td><td>false</td><td></td><td>RFC 7692 §7.1.1.1</td></tr>
 * <tr><td>{@link #clientNoContextTakeover()}</td><td>false</td><td></td><td>RFC 7692 §7.1.1.2</td></tr>
 * <tr><td>{@link #serverMaxWindowBits()}</td><td>15</td><td>8–15</td><td>RFC 7692 §7.1.2.1</td></tr>
 * <tr><td>{@link #clientMaxWindowBits()}</td><td>15</td><td>8–15</td><td>RFC 7692 §7.1.2.2</td></tr>
 * <tr><td>{@link #fragmentSize()}</td><td>16,384</td><td>128–2^24</td><td>the largest record of TLS</td></tr>
 * <tr><td>{@link #releasedBetweenMessages()}</td><td>false</td><td></td><td></td></tr>
 * </tbody>
 * </table>
 */
public final class DeflateSettings {
    /** All defaults. */
    public static final DeflateSettings DEFAULT = builder().build();

    private final int compressionLevel;
    private final int threshold;
    private final boolean serverNoContextTakeover;
    private final boolean clientNoContextTakeover;
    private final int serverMaxWindowBits;
    private final int clientMaxWindowBits;
    private final int fragmentSize;
    private final boolean releasedBetweenMessages;

    private DeflateSettings(Builder builder) {
        compressionLevel = builder.compressionLevel;
        threshold = builder.threshold;
        serverNoContextTakeover = builder.serverNoContextTakeover;
        clientNoContextTakeover = builder.clientNoContextTakeover;
        serverMaxWindowBits = builder.serverMaxWindowBits;
        clientMaxWindowBits = builder.clientMaxWindowBits;
        fragmentSize = builder.fragmentSize;
        releasedBetweenMessages = builder.releasedBetweenMessages;
    }

    /** A builder that holds the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that holds these settings. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.compressionLevel = compressionLevel;
        builder.threshold = threshold;
        builder.serverNoContextTakeover = serverNoContextTakeover;
        builder.clientNoContextTakeover = clientNoContextTakeover;
        builder.serverMaxWindowBits = serverMaxWindowBits;
        builder.clientMaxWindowBits = clientMaxWindowBits;
        builder.fragmentSize = fragmentSize;
        builder.releasedBetweenMessages = releasedBetweenMessages;
        return builder;
    }

    /** From 0, which stores only, and 1, the fastest, to 9, the smallest output. */
    public int compressionLevel() {
        return compressionLevel;
    }

    /** From how many bytes of payload on a message in one piece is compressed. See {@link Compression}. */
    public int threshold() {
        return threshold;
    }

    /** Whether the server is to compress each message by itself. A client asks for it, and refuses a server that does not. */
    public boolean serverNoContextTakeover() {
        return serverNoContextTakeover;
    }

    /** Whether the client is to compress each message by itself. A server may ask for it of every client. */
    public boolean clientNoContextTakeover() {
        return clientNoContextTakeover;
    }

    /** The largest window that the server may use, as a power of two. A client refuses a server that uses a larger one. */
    public int serverMaxWindowBits() {
        return serverMaxWindowBits;
    }

    /**
     * The largest window that the client may use, as a power of two. A server can ask for less than 15 only where the client
     * offers to limit it; it serves other clients all the same, as it can read any window. 8 is for peers that are known
     * to honour it: zlib's raw deflate takes 9 in its place.
     */
    public int clientMaxWindowBits() {
        return clientMaxWindowBits;
    }

    /**
     * The largest payload of a wire frame of a compressed message, before masking; a message whose compressed form is
     * larger leaves in several frames, since its length is not known before its header is sent.
     */
    public int fragmentSize() {
        return fragmentSize;
    }

    /**
     * Whether the codec of a direction without context takeover is given up at the end of each message and made anew for
     * the next: an idle connection then holds none of its memory, and each message costs the making of a codec.
     */
    public boolean releasedBetweenMessages() {
        return releasedBetweenMessages;
    }

    /** Collects settings. Not thread-safe. Each setter throws IllegalArgumentException outside of the range above. */
    public static final class Builder {
        private int compressionLevel = 6;
        private int threshold = 1024;
        private boolean serverNoContextTakeover;
        private boolean clientNoContextTakeover;
        private int serverMaxWindowBits = DeflateParameters.LARGEST_WINDOW_BITS;
        private int clientMaxWindowBits = DeflateParameters.LARGEST_WINDOW_BITS;
        private int fragmentSize = 16384;
        private boolean releasedBetweenMessages;

        private Builder() {}

        /** See {@link DeflateSettings#compressionLevel()}. */
        public Builder compressionLevel(int level) {
            compressionLevel = inRange("compressionLevel", level, 0, 9);
            return this;
        }

        /** See {@link DeflateSettings#threshold()}. */
        public Builder threshold(int bytes) {
            threshold = inRange("threshold", bytes, 0, Integer.MAX_VALUE);
            return this;
        }

        /** See {@link DeflateSettings#serverNoContextTakeover()}. */
        public Builder serverNoContextTakeover(boolean none) {
            serverNoContextTakeover = none;
            return this;
        }

        /** See {@link DeflateSettings#clientNoContextTakeover()}. */
        public Builder clientNoContextTakeover(boolean none) {
            clientNoContextTakeover = none;
            return this;
        }

        /** See {@link DeflateSettings#serverMaxWindowBits()}. */
        public Builder serverMaxWindowBits(int bits) {
            serverMaxWindowBits = DeflateParameters.requireWindowBits("serverMaxWindowBits", bits);
            return this;
        }

        /** See {@link DeflateSettings#clientMaxWindowBits()}. */
        public Builder clientMaxWindowBits(int bits) {
            clientMaxWindowBits = DeflateParameters.requireWindowBits("clientMaxWindowBits", bits);
            return this;
        }

        /** See {@link DeflateSettings#fragmentSize()}. */
        public Builder fragmentSize(int bytes) {
            fragmentSize = inRange("fragmentSize", bytes, 128, 1 << 24);
            return this;
        }

        /** See {@link DeflateSettings#releasedBetweenMessages()}. */
        public Builder releasedBetweenMessages(boolean released) {
            releasedBetweenMessages = released;
            return this;
        }

        /** The settings as they stand. */
        public DeflateSettings build() {
            return new DeflateSettings(this);
        }

        private static int inRange(String name, int value, int from, int to) {
            if (value < from || value > to) {
                throw new IllegalArgumentException(
                        name + " is " + value + "; it must lie between " + from + " and " + to);
            }
            return value;
        }
    }
}
