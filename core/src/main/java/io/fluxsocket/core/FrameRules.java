package io.fluxsocket.core;

/**
 * The rules that a frame obeys (RFC 6455 §5): what the peer breaks is a {@link WebSocketProtocolException}, what the
 * application breaks is an {@link IllegalStateException} or {@link IllegalArgumentException}.
 *
 * <p>It knows which message is open in each direction, and nothing else.
 */
final class FrameRules {
    private static final int LONGEST_CONTROL_PAYLOAD = 125;

    private final boolean maskRequired;
    private final boolean maskRefused;
    private final long maxFrameSize;
    private final long maxMessageSize;
    /** Whether permessage-deflate was agreed on, which gives RSV1 its meaning. */
    private final boolean deflate;

    /** The opcode of the inbound message in progress; 0 between messages. */
    private int inboundMessage;

    private long inboundMessageLength;
    private boolean inboundCompressed;

    /** The opcode of the outbound message in progress; 0 between messages. */
    private int outboundMessage;

    FrameRules(boolean client, EngineSettings settings, boolean deflate) {
        this.deflate = deflate;
        maskRequired = !client && !settings.maskingDisabled();
        maskRefused = client;
        maxFrameSize = settings.maxFrameSize();
        maxMessageSize = settings.maxMessageSize();
    }

    /** Judges the first two bytes of an inbound frame, which say all but its length. */
    void checkStart(int first, int second) {
        if ((first & Opcode.RSV) != 0) {
            checkReservedBits(first);
        }
        boolean masked = (second & Opcode.MASK) != 0;
        if (masked && maskRefused) {
            throw violation("a server's frame is masked (RFC 6455 §5.1)");
        }
        if (!masked && maskRequired) {
            throw violation("a client's frame is not masked (RFC 6455 §5.1)");
        }
        switch (first & Opcode.OPCODE) {
            case Opcode.CONTINUATION -> {
                if (inboundMessage == 0) {
                    throw violation("a continuation frame came while no message was in progress (RFC 6455 §5.4)");
                }
            }
            case Opcode.TEXT, Opcode.BINARY -> {
                if (inboundMessage != 0) {
                    throw violation("a new message began before the previous one had ended (RFC 6455 §5.4)");
                }
            }
            case Opcode.CLOSE, Opcode.PING, Opcode.PONG -> {
                if ((first & Opcode.FIN) == 0) {
                    throw violation("a control frame is fragmented (RFC 6455 §5.5)");
                }
                if ((second & Opcode.LENGTH) > LONGEST_CONTROL_PAYLOAD) {
                    throw violation("a control frame has more than 125 bytes (RFC 6455 §5.5)");
                }
            }
            default -> throw violation("opcode " + (first & Opcode.OPCODE) + " is reserved (RFC 6455 §5.2)");
        }
    }

    private void checkReservedBits(int first) {
        if (!deflate || (first & Opcode.RSV) != Opcode.RSV1) {
            throw violation("a reserved bit is set that no negotiated extension uses (RFC 6455 §5.2)");
        }
        int opcode = first & Opcode.OPCODE;
        if (opcode == Opcode.CONTINUATION || Opcode.isControl(opcode)) {
            throw violation("RSV1 is set on a frame that begins no message (RFC 7692 §6)");
        }
    }

    /**
     * Judges the length of an inbound frame, before any of its payload is read. How long a compressed message is shows only
     * when it is inflated.
     */
    void checkLength(int first, int second, long length) {
        int form = second & Opcode.LENGTH;
        if (length < 0) {
            throw violation("the highest bit of a 64-bit length is set (RFC 6455 §5.2)");
        }
        if ((form == 126 && length < 126) || (form == 127 && length < 65536)) {
            throw violation("a length is not encoded in the fewest bytes (RFC 6455 §5.2)");
        }
        if (length > maxFrameSize) {
            throw tooBig("a frame of " + length + " bytes exceeds the limit of " + maxFrameSize + " (RFC 6455 §10.4)");
        }
        if (!Opcode.isControl(first & Opcode.OPCODE)
                && length > maxMessageSize - inboundMessageLength
                && !isCompressed(first)) {
            throw tooBig("a message exceeds the limit of " + maxMessageSize + " bytes (RFC 6455 §10.4)");
        }
    }

    private boolean isCompressed(int first) {
        return (first & Opcode.OPCODE) == Opcode.CONTINUATION ? inboundCompressed : (first & Opcode.RSV1) != 0;
    }

    /** Takes note of an inbound frame that was judged: data opens or continues a message. */
    void begin(int first, long length) {
        int opcode = first & Opcode.OPCODE;
        if (!Opcode.isControl(opcode)) {
            if (opcode != Opcode.CONTINUATION) {
                inboundMessage = opcode;
                inboundCompressed = (first & Opcode.RSV1) != 0;
            }
            inboundMessageLength += length;
        }
    }

    /** Takes note of the end of an inbound data frame. */
    void end(boolean fin) {
        if (fin) {
            inboundMessage = 0;
            inboundMessageLength = 0;
        }
    }

    /** Whether the inbound message in progress is text. */
    boolean isInboundText() {
        return inboundMessage == Opcode.TEXT;
    }

    /** Whether the inbound message in progress, or else the last one, is compressed. */
    boolean isInboundCompressed() {
        return inboundCompressed;
    }

    /**
     * Judges what the application wants to send, and takes note of it.
     *
     * @return the first byte of its frame
     */
    int outbound(BufferType type, int length) {
        int opcode = Opcode.of(type);
        if (Opcode.isControl(opcode)) {
            if (length > LONGEST_CONTROL_PAYLOAD) {
                throw new IllegalArgumentException(
                        "a " + type + " has " + length + " bytes; a control frame holds at most 125 (RFC 6455 §5.5)");
            }
            return Opcode.FIN | opcode;
        }
        if (outboundMessage != 0 && outboundMessage != opcode) {
            throw new IllegalStateException(
                    type + " within a message of the other type; end that message first (RFC 6455 §5.4)");
        }
        int frameOpcode = outboundMessage == 0 ? opcode : Opcode.CONTINUATION;
        outboundMessage = type.isFinal() ? 0 : opcode;
        return type.isFinal() ? Opcode.FIN | frameOpcode : frameOpcode;
    }

    private static WebSocketProtocolException violation(String message) {
        return new WebSocketProtocolException(CloseStatus.PROTOCOL_ERROR, message);
    }

    static WebSocketProtocolException tooBig(String message) {
        return new WebSocketProtocolException(CloseStatus.MESSAGE_TOO_BIG, message);
    }
}
