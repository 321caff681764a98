package io.fluxsocket.samples.cli;

import io.fluxsocket.core.CloseStatus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A frame as it was on the wire (RFC 6455 §5.2).
 *
 * @param inbound whether the peer has sent it
 * @param time when its last byte passed
 * @param compressed RSV1: set on the first frame of a message that permessage-deflate has compressed (RFC 7692 §6)
 * @param length of its payload on the wire, in bytes
 * @param headerLength of its header, mask key included, in bytes
 * @param control the payload of a ping, pong or close, unmasked; empty for data, which the message tells
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record WireFrame(
        boolean inbound,
        Instant time,
        boolean fin,
        boolean compressed,
        int opcode,
        boolean masked,
        long length,
        int headerLength,
        byte[] control) {
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    boolean isData() {
        return opcode < CLOSE;
    }

    boolean isPingOrPong() {
        return opcode == PING || opcode == PONG;
    }

    String opcodeName() {
        return switch (opcode) {
            case 0 -> "continuation";
            case 1 -> "text";
            case 2 -> "binary";
            case CLOSE -> "close";
            case PING -> "ping";
            case PONG -> "pong";
            default -> "reserved " + opcode;
        };
    }

    /** Of a close frame: its code; 1005 if it has none. */
    int closeCode() {
        return control.length < 2
                ? CloseStatus.NO_STATUS.code()
                : ByteBuffer.wrap(control).getShort() & 0xFFFF;
    }

    /** Of a close frame: its reason. */
    String closeReason() {
        return control.length <= 2 ? "" : new String(control, 2, control.length - 2, StandardCharsets.UTF_8);
    }
}
