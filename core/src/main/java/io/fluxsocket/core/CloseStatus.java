package io.fluxsocket.core;

import java.nio.charset.StandardCharsets;

/**
 * Why a WebSocket is closed: a status code and a reason (RFC 6455 §5.5.1, §7.4).
 *
 * <p>Immutable. An instance is always one that may stand in a close frame, except {@link #NO_STATUS} and
 * {@link #ABNORMAL}, which only ever describe what was observed ({@link #isSendable()}).
 *
 * @param code the status code: 1000–1003, 1007–1014, 3000–4999; 1005 and 1006 as the two constants
 * @param reason text for people and logs, at most {@value #MAX_REASON_BYTES} bytes of UTF-8; empty when there is none
 */
public record CloseStatus(int code, String reason) {
    /** The longest reason, in bytes of UTF-8: a control frame carries 125 bytes, two of them the code (RFC 6455 §5.5). */
    public static final int MAX_REASON_BYTES = 123;

    /** 1000: the purpose of the connection is fulfilled ({@code SUCCESS}). */
    public static final CloseStatus NORMAL = new CloseStatus(1000, "");
    /** 1001: a server goes down, or a browser leaves the page ({@code ENDPOINT_UNAVAILABLE}). */
    public static final CloseStatus GOING_AWAY = new CloseStatus(1001, "");
    /** 1002: the peer broke the protocol. */
    public static final CloseStatus PROTOCOL_ERROR = new CloseStatus(1002, "");
    /** 1003: data of a type that is not accepted ({@code INVALID_DATA_TYPE}). */
    public static final CloseStatus UNSUPPORTED_DATA = new CloseStatus(1003, "");
    /** 1005: the peer's close frame held no status ({@code EMPTY}). Never sent as a code; sending it sends an empty body. */
    public static final CloseStatus NO_STATUS = new CloseStatus(1005, "");
    /** 1006: the connection was lost without a close frame ({@code ABORTED}). Never sent. */
    public static final CloseStatus ABNORMAL = new CloseStatus(1006, "");
    /** 1007: text that is not UTF-8, or a compressed message that does not inflate ({@code INVALID_PAYLOAD}). */
    public static final CloseStatus INVALID_PAYLOAD = new CloseStatus(1007, "");
    /** 1008: a policy was violated. */
    public static final CloseStatus POLICY_VIOLATION = new CloseStatus(1008, "");
    /** 1009: a frame or message is too big. */
    public static final CloseStatus MESSAGE_TOO_BIG = new CloseStatus(1009, "");
    /** 1010: the client wanted an extension that the server did not grant ({@code UNSUPPORTED_EXTENSIONS}). */
    public static final CloseStatus MANDATORY_EXTENSION = new CloseStatus(1010, "");
    /** 1011: an unexpected condition, such as an exception in a handler ({@code SERVER_ERROR}). */
    public static final CloseStatus INTERNAL_ERROR = new CloseStatus(1011, "");
    /** 1012: the service restarts (registered with IANA). */
    public static final CloseStatus SERVICE_RESTART = new CloseStatus(1012, "");
    /** 1013: try again later (registered with IANA). */
    public static final CloseStatus TRY_AGAIN_LATER = new CloseStatus(1013, "");
    /** 1014: a gateway got an invalid answer from its upstream (registered with IANA). */
    public static final CloseStatus BAD_GATEWAY = new CloseStatus(1014, "");

    /**
     * @throws IllegalArgumentException if the code is not one of the above, 1005 or 1006 comes with a reason, or the reason
     *     is longer than {@value #MAX_REASON_BYTES} bytes of UTF-8 or is not encodable (an unpaired surrogate)
     */
    public CloseStatus {
        if (code == 1005 || code == 1006) {
            if (!reason.isEmpty()) {
                throw new IllegalArgumentException("close status " + code + " is never sent and has no reason");
            }
        } else if (!isValidCode(code)) {
            throw new IllegalArgumentException(
                    "close code " + code + " may not be sent; use 1000-1003, 1007-1014 or 3000-4999 (RFC 6455 §7.4)");
        }
        if (!reason.isEmpty()) {
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(reason)) {
                throw new IllegalArgumentException("the close reason holds an unpaired surrogate");
            }
            int length = reason.getBytes(StandardCharsets.UTF_8).length;
            if (length > MAX_REASON_BYTES) {
                throw new IllegalArgumentException("the close reason has " + length + " bytes of UTF-8; at most "
                        + MAX_REASON_BYTES + " fit into a close frame");
            }
        }
    }

    /** A status without a reason. @throws IllegalArgumentException if the code is not valid */
    public static CloseStatus of(int code) {
        return new CloseStatus(code, "");
    }

    /** A status with a reason. @throws IllegalArgumentException if the code or the reason is not valid */
    public static CloseStatus of(int code, String reason) {
        return new CloseStatus(code, reason);
    }

    /** The same code with this reason. @throws IllegalArgumentException if the reason is not valid */
    public CloseStatus withReason(String newReason) {
        return new CloseStatus(code, newReason);
    }

    /** Whether a code may stand in a close frame: 1000–1003, 1007–1014 and 3000–4999 (RFC 6455 §7.4.2, IANA registry). */
    public static boolean isValidCode(int code) {
        return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
    }

    /** Whether {@link #code()} may stand in a close frame; false for 1005 and 1006 only. */
    public boolean isSendable() {
        return isValidCode(code);
    }

    @Override
    public String toString() {
        return reason.isEmpty() ? Integer.toString(code) : code + " " + reason;
    }
}
