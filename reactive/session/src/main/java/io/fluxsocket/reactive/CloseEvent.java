package io.fluxsocket.reactive;

import io.fluxsocket.core.CloseStatus;
import java.util.Objects;

/**
 * How a connection ended: what {@link WebSocketConnection#closed()} tells.
 *
 * @param status the status of whoever began: the peer's, ours, or {@link CloseStatus#ABNORMAL} (1006) if the connection was
 *     lost before anybody began to close it
 * @param initiator who began to close
 * @param clean whether both ends have sent their close (RFC 6455 §7.1.4), and ours has left to the network. If not, what was sent
 *     last may not have arrived
 */
public record CloseEvent(CloseStatus status, Initiator initiator, boolean clean) {
    /** Who began to close a connection. */
    public enum Initiator {
        /** This end: the application, a limit or timeout of this end, or the discovery of a fault of the peer. */
        LOCAL,
        /** The peer, by a close frame. */
        REMOTE,
        /** Nobody: the connection was lost. */
        NONE
    }

    /**
     * How a connection ended.
     *
     * @param status see {@link CloseEvent}
     * @param initiator see {@link CloseEvent}
     * @param clean see {@link CloseEvent}
     */
    public CloseEvent {
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(initiator, "initiator");
    }
}
