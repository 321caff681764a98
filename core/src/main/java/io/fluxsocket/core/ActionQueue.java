package io.fluxsocket.core;

/**
 * Which queue {@link WebSocketEngine#getAction} asks ({@code WEB_SOCKET_ACTION_QUEUE}).
 *
 * <p>As a return value (in a set) it names the queues that may have an action now; such a set never contains {@link #ALL}.
 */
public enum ActionQueue {
    /** Actions of the operations queued by {@link WebSocketEngine#send}, and the close owed after a protocol error. */
    SEND,

    /**
     * Actions of the operations queued by {@link WebSocketEngine#receive}, and the sends that the engine originates as
     * answers to what it received: pongs and the echo of a close.
     */
    RECEIVE,

    /** Both, served in this order: owed replies, {@link #SEND}, {@link #RECEIVE}. */
    ALL
}
