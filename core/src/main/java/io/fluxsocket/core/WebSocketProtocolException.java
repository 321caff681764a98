package io.fluxsocket.core;

/**
 * The peer broke RFC 6455 or exceeded a limit ({@code E_INVALID_PROTOCOL_FORMAT}).
 *
 * <p>Thrown by {@link WebSocketEngine#getAction} for the receive side only. {@link #closeStatus()} is what the peer gets:
 * the engine has queued that close, and hands it out on {@link ActionQueue#SEND}. A fault of the calling application is
 * never reported by this class but by {@link IllegalStateException} or {@link IllegalArgumentException}.
 */
public final class WebSocketProtocolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    // Of the status, what is serialized with the exception.
    private final int code;
    private final String reason;

    /**
     * @param closeStatus what the peer should get: 1002, 1007 or 1009
     * @param message what the peer did, in a sentence that names the RFC's section
     */
    public WebSocketProtocolException(CloseStatus closeStatus, String message) {
        super(message);
        this.code = closeStatus.code();
        this.reason = closeStatus.reason();
    }

    /** The status that the peer gets: 1002 protocol error, 1007 invalid UTF-8 or deflate data, or 1009 too big. */
    public CloseStatus closeStatus() {
        return new CloseStatus(code, reason);
    }
}
