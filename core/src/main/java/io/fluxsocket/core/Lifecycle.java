package io.fluxsocket.core;

/**
 * Which half of the connection is in which state; the one place where they change, for both roles.
 *
 * <pre>
 *   outbound   OPEN ──close queued, or owed to the peer──► CLOSING
 *                └─────────────────┬────────────────────────┘
 *                                  └──short transfer, abort──► ENDED
 *
 *   inbound    OPEN ──close arrived──► CLOSED ─┐
 *                ├──────format error──► FAILED ─┼──abort──► ENDED
 *                └─────────────────────────────┘
 *
 *   handle     USABLE ──abort──► ABORTED ──delete──► DELETED      (delete also from USABLE, when nothing is queued)
 * </pre>
 */
final class Lifecycle {
    /** What this end may still send. */
    enum Outbound {
        OPEN,
        CLOSING,
        ENDED
    }

    /** What may still arrive. */
    enum Inbound {
        OPEN,
        CLOSED,
        FAILED,
        ENDED
    }

    /** The handle as a whole. */
    enum Handle {
        USABLE,
        ABORTED,
        DELETED
    }

    private Outbound outbound = Outbound.OPEN;
    private Inbound inbound = Inbound.OPEN;
    private Handle handle = Handle.USABLE;

    Outbound outbound() {
        return outbound;
    }

    Inbound inbound() {
        return inbound;
    }

    boolean isAborted() {
        return handle != Handle.USABLE;
    }

    /** A close was queued by the application, or is owed to the peer. Returns false if one was before. */
    boolean closing() {
        if (outbound != Outbound.OPEN) {
            return false;
        }
        outbound = Outbound.CLOSING;
        return true;
    }

    /** A SEND_TO_NETWORK was completed with less than its length: what the peer sees from now on is no stream of frames. */
    void shortTransfer() {
        outbound = Outbound.ENDED;
    }

    void closeArrived() {
        inbound = Inbound.CLOSED;
    }

    void formatError() {
        inbound = Inbound.FAILED;
    }

    void abort() {
        outbound = Outbound.ENDED;
        inbound = Inbound.ENDED;
        handle = Handle.ABORTED;
    }

    void delete() {
        abort();
        handle = Handle.DELETED;
    }

    void requireUsable() {
        if (handle == Handle.DELETED) {
            throw new IllegalStateException("the engine was deleted; nothing may be called any more");
        }
    }

    /** Data is refused after a close was sent, pings and pongs until the peer's close has arrived too (RFC 6455 §5.5.1). */
    void requireMaySend(BufferType type) {
        if (outbound != Outbound.OPEN) {
            requireMaySendLate(type);
        }
    }

    private void requireMaySendLate(BufferType type) {
        requireUsable();
        if (outbound == Outbound.ENDED) {
            throw new IllegalStateException(
                    isAborted()
                            ? "the engine was aborted; queue no more sends"
                            : "a transfer was short, so the outbound stream is unusable; abort the engine");
        }
        if (type.isData() || type == BufferType.CLOSE || inbound != Inbound.OPEN) {
            throw new IllegalStateException("a close was sent or is owed to the peer; after it "
                    + (inbound == Inbound.OPEN ? "only pings and pongs" : "nothing")
                    + " may be sent (RFC 6455 §5.5.1)");
        }
    }

    void requireMayReceive() {
        if (inbound != Inbound.OPEN) {
            requireUsable();
            throw new IllegalStateException(
                    switch (inbound) {
                        case OPEN, ENDED -> "the engine was aborted; queue no more receives";
                        case CLOSED -> "the peer's close has arrived; nothing follows it";
                        case FAILED -> "the peer broke the protocol; abort the engine";
                    });
        }
    }
}
