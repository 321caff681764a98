package io.fluxsocket.reactive;

import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A duplex stream of bytes with an event loop: what a session needs of a network. For implementers of transports.
 *
 * <p>All methods but {@link #execute} and {@link #inEventLoop} are called on the event loop only, and all methods of the
 * {@link Listener} must be called on it. The transport may call the listener from within its own methods (a read that is
 * served at once): the session never recurses.
 */
public interface ByteTransport {
    /** For {@link #flush}: nobody waits for these bytes. */
    long NO_REPORT = -1;

    /**
     * Runs a task on the event loop, later. From any thread; tasks of one thread run in their order.
     *
     * @param task must not throw
     * @throws RejectedExecutionException if the loop has ended; the session then counts the connection as lost
     */
    void execute(Runnable task);

    /** {@return whether the calling thread is the event loop's} From any thread. */
    boolean inEventLoop();

    /**
     * Starts the delivery to a listener. Called once, before anything else; nothing is read before {@link #read}.
     *
     * @param listener who is told from now on
     */
    void start(Listener listener);

    /**
     * Asks for one {@link Listener#onRead}, and gives back the buffer of the previous one. Not called again before that
     * answer has come. A transport that got more than it asked for (TLS does that) keeps it for the next read.
     */
    void read();

    /**
     * The output buffer, with at least this much room. What is put into it by moving its position is a part of the stream and
     * leaves with the next {@link #flush}, or earlier when the buffer is full. The buffer may be another one at each call and
     * may not be used after the next call of any method. Any byte order; big endian is not assumed.
     *
     * @param minimum at least this many bytes must remain, up to 256 KiB and 14
     * @return the transport's buffer, from whose position on the session writes
     */
    ByteBuffer output(int minimum);

    /**
     * Hands everything that was put into the output to the network, at the end of the event loop's turn at the latest.
     *
     * @param report if not {@link #NO_REPORT}, the transport calls {@link Listener#onFlushed} with this number, which is higher
     *     than those before, or with the number of a later flush, when all bytes put so far were taken by the socket, and does
     *     not call it if that fails
     */
    void flush(long report);

    /**
     * Whether the network takes more bytes now. While it does not, the session hands out no data; it may still write a few small
     * control frames.
     *
     * @return whether it does
     */
    boolean isWritable();

    /** {@return how many bytes were put into the output and not yet taken by the socket} */
    long pendingBytes();

    /** Flushes, then ends the outbound half of the stream, if the transport can; the inbound half goes on. Idempotent. */
    void shutdownOutput();

    /** Ends both halves at once and gives back everything; {@link Listener#onClosed} follows. Idempotent. */
    void abort();

    /** What the transport tells the session, on the event loop. */
    interface Listener {
        /**
         * Bytes arrived. At most one call for each {@link ByteTransport#read}.
         *
         * @param bytes writable and the session's alone, until it calls {@link ByteTransport#read} again or until {@link
         *     #onClosed}; not empty
         */
        void onRead(ByteBuffer bytes);

        /** {@link ByteTransport#isWritable} has changed. */
        void onWritabilityChanged();

        /**
         * All bytes put before the {@link ByteTransport#flush} with this number, and those with lower ones, were taken by the
         * socket.
         *
         * @param report the number
         */
        void onFlushed(long report);

        /** The transport's owner goes away: end the conversation in an orderly way with 1001 (a server's graceful shutdown). */
        void onShutdown();

        /**
         * The stream has ended: the peer ended it, it failed, or it was aborted. The last call, made exactly once. Everything
         * that was read before has been delivered.
         *
         * @param cause the failure; null if the peer ended the stream or {@link ByteTransport#abort} was called
         */
        void onClosed(@Nullable Throwable cause);
    }
}
