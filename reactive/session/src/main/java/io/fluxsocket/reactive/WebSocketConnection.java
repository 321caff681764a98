package io.fluxsocket.reactive;

import io.fluxsocket.core.CloseStatus;
import java.time.Duration;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One open WebSocket connection.
 *
 * <p><b>Demand is what moves it.</b> Bytes are read from the network while a subscriber asks for frames, or while the
 * {@linkplain SessionSettings#receiveWindow() receive window} has room; else the peer is made to wait by TCP. A source that is
 * sent is asked for one frame at a time, and for the next when the network has taken it.
 *
 * <p><b>Threads.</b> All methods may be called, and all publishers subscribed to, requested from and cancelled, on any thread.
 * Signals come on the event loop of the transport: do not block there. On the event loop nothing is queued or scheduled, so an
 * application that stays on it is the fastest.
 *
 * <p><b>Lifecycle.</b> Whatever ends a connection, {@link #closed()} tells it once, to everybody who asks. A send that is
 * pending then fails with {@link WebSocketClosedException}, unless its last frame has left. {@code receive()} stands for
 * {@code receiveMessages()} as well; it ends when what was received before has been delivered.
 *
 * <table class="striped">
 * <caption>What ends a connection</caption>
 * <thead><tr><th>what happens</th><th>what the peer gets</th><th>{@code receive()}</th><th>{@code closed()}</th></tr></thead>
 * <tbody>
 * <tr><td>the peer closes</td><td>the wire frame in progress, then the echo of its status</td><td>completes</td>
 *   <td>its status, REMOTE, clean</td></tr>
 * <tr><td>{@link #close(CloseStatus)}, or a close frame is sent</td><td>the messages in progress, then the status</td>
 *   <td>goes on to the peer's close, then completes</td><td>the status, LOCAL, clean</td></tr>
 * <tr><td>the handler completes</td><td>the messages in progress, then 1000</td>
 *   <td>goes on to the peer's close, then completes</td><td>1000, LOCAL, clean</td></tr>
 * <tr><td>the handler fails, throws or returns null</td><td>the messages in progress, then 1011 without detail</td>
 *   <td>goes on to the peer's close, then completes</td><td>1011, LOCAL, clean</td></tr>
 * <tr><td>a send is cancelled, fails or completes in the middle of a message</td><td>1011</td>
 *   <td>goes on to the peer's close, then completes</td><td>1011, LOCAL, clean</td></tr>
 * <tr><td>the peer breaks the protocol or a size limit</td><td>what was queued, then 1002, 1007 or 1009</td>
 *   <td>errors: {@link io.fluxsocket.core.WebSocketProtocolException}</td><td>that status, LOCAL, not clean</td></tr>
 * <tr><td>a message is too big for {@link #receiveMessages()}, or the peer exceeds a rate</td><td>1009, 1008</td>
 *   <td>errors: {@link io.fluxsocket.core.WebSocketProtocolException}</td><td>that status, LOCAL, clean</td></tr>
 * <tr><td>keep-alive gets no pong</td><td>1011</td><td>errors: {@link WebSocketTimeoutException}</td>
 *   <td>1011, LOCAL</td></tr>
 * <tr><td>the idle timeout is over</td><td>1001</td><td>errors: {@link WebSocketTimeoutException}</td>
 *   <td>1001, LOCAL</td></tr>
 * <tr><td>the stalled-consumer timeout is over</td><td>1011</td><td>errors: {@link WebSocketTimeoutException}</td>
 *   <td>1011, LOCAL</td></tr>
 * <tr><td>the transport is shut down</td><td>the messages in progress, then 1001</td>
 *   <td>goes on to the peer's close, then completes</td><td>1001, LOCAL, clean</td></tr>
 * <tr><td>the connection is lost, or its event loop ends</td><td>nothing</td>
 *   <td>errors: {@link WebSocketClosedException}</td><td>1006, NONE, not clean</td></tr>
 * <tr><td>the peer does not answer our close in time, or the connection is lost while this end closes</td><td>the end of the stream</td><td>completes</td>
 *   <td>our status, LOCAL, not clean</td></tr>
 * </tbody>
 * </table>
 *
 * <p>Whose close goes out first decides: while the messages in progress are being finished, the peer's
 * close or its violation takes the place of ours. A message in progress is one of which a frame was
 * taken, or a frame that ends its message and has arrived; it is finished within the {@linkplain SessionSettings#closeTimeout()
 * close timeout}, or the close goes out without its end. After the two closes the server ends the stream first (RFC 6455
 * §7.1.1); {@code closed()} waits for that, no longer than the close timeout. While this end closes, everything is read: what
 * is neither asked for nor finds room in the window is dropped, with all that follows.
 */
public interface WebSocketConnection {
    /** {@return what the opening handshake told; its attributes are the application's} */
    HandshakeInfo handshakeInfo();

    /**
     * What the peer sends, as frames: chunks of messages, of at most {@link SessionSettings#maxChunkSize()}, whose {@link
     * WebSocketFrame#isFinal()} is the end of a message. Memory is bounded however long a message is. Pings, pongs and closes
     * are not emitted, but see {@link SessionSettings#emitControlFrames()}.
     *
     * <p><b>Demand.</b> One frame for each requested; no frame that does not end its message is empty.
     *
     * <p><b>Subscribers.</b> One at a time, shared with {@link #receiveMessages()}; another one gets an {@link
     * IllegalStateException}. A cancel does not close the connection and loses nothing: the next subscriber goes on where this
     * one has stopped. (When it comes from another thread, one more frame may be on its way to the subscriber.) After the end,
     * a subscriber gets what was not delivered, and the end.
     *
     * <p><b>End and errors.</b> See the table above; {@link IllegalArgumentException} for a request that is not positive.
     *
     * @return the frames; hot: what was delivered to a subscriber is gone
     */
    Flux<WebSocketFrame> receive();

    /**
     * What the peer sends, as whole messages of at most {@link SessionSettings#maxMessageSize()}; a larger one is refused with
     * 1009 before the memory for it is taken. If a subscriber of {@link #receive()} has taken the beginning of a message, the
     * first message is the rest of it. In all other respects as {@code receive()}, with demand counted in messages.
     *
     * @return the messages
     */
    Flux<WebSocketMessage> receiveMessages();

    /**
     * Sends the frames of a source.
     *
     * <p><b>Demand.</b> The source is asked for one frame, and for the next one when that has been taken by the transport;
     * while the transport is not writable it is asked for nothing. A frame belongs to the connection from {@code onNext} on.
     *
     * <p><b>Several sends</b> at a time are allowed, up to {@link SessionSettings#maxPendingSends()}. A source gets its turn
     * when a frame of it arrives, and keeps it to the end of the message; an idle source is in nobody's way. Pings and pongs go
     * between the frames of others' messages.
     *
     * <p><b>Relaying.</b> Where the source is a {@link #receive()} with no operator between, of this connection or another one
     * of the same event loop, without permessage-deflate, a payload of 4 KiB or more that has arrived in one read and can be
     * sent at once is copied once, from the memory of the read to that of the write, without becoming a frame. Only the cost
     * differs: demand, order and errors are those of frames.
     *
     * <p><b>Completion</b>: when the source has completed, and the last byte was flushed to the socket.
     *
     * <p><b>Errors</b>: those of the source, at once; a frame that cannot follow the one before it (text within a binary
     * message), as {@link IllegalStateException}; {@link WebSocketClosedException} when the connection closes; an overflow ({@link
     * IllegalStateException}, see {@link reactor.core.Exceptions#isOverflow}) when too many are pending. An error or a cancel in
     * the middle of a message ends the connection with 1011, for nobody can finish it; between messages it leaves the
     * connection as it is.
     *
     * <p><b>Cancel</b> cancels the source. A frame that was not taken is dropped.
     *
     * @param frames the source, subscribed to once for each subscription, with its Context. A {@link
     *     WebSocketFrame#close(CloseStatus) close frame} does what {@link #close(CloseStatus)} does, and ends this send
     * @return completes when everything has left; nothing is sent before it is subscribed to
     */
    Mono<Void> send(Publisher<? extends WebSocketFrame> frames);

    /**
     * Sends a ping and waits for its pong (RFC 6455 §5.5.2). Needs no subscriber of {@code receive()}, but reading: with a
     * full window the time stands still.
     *
     * <p>Errors with {@link WebSocketTimeoutException} after {@link SessionSettings#pongTimeout()}, which does not end the
     * connection, with {@link WebSocketClosedException} when the connection closes, and with an overflow as {@link #send} does when
     * too many are pending. Cancel only forgets who waits.
     *
     * @return the time from putting the ping into the output to its pong; nothing is sent before it is subscribed to
     */
    Mono<Duration> ping();

    /**
     * Closes the connection: messages in progress are finished, all other sends fail, then the close is sent. See the table
     * above. Does nothing if the connection is closing already, whoever began.
     *
     * @param status the status for the peer; {@link CloseStatus#NO_STATUS} for none
     * @return completes when {@link #closed()} does; nothing happens before it is subscribed to, and a cancel changes nothing
     * @throws IllegalArgumentException for {@link CloseStatus#ABNORMAL}, which is never sent (RFC 6455 §7.4.1)
     */
    Mono<Void> close(CloseStatus status);

    /**
     * Closes the connection with 1000. See {@link #close(CloseStatus)}.
     *
     * @return completes when {@link #closed()} does
     */
    default Mono<Void> close() {
        return close(CloseStatus.NORMAL);
    }

    /**
     * How the connection has ended, once the stream of the transport has ended too.
     *
     * @return never errors and never is empty; tells late subscribers as well
     */
    Mono<CloseEvent> closed();

    /**
     * From now on, for good, reads whatever the peer sends and drops it, and what waits in the window too: for a connection that
     * only sends, so that pings are answered and the peer's close is seen. A subscriber of {@code receive()} gets the end only.
     */
    void discardInbound();

    /**
     * How many bytes wait to be sent: frames that were taken from their sources, and what the transport has not yet given to
     * the socket.
     *
     * @return bytes; on the event loop as of now, on another thread as of the end of the last burst of work. The frame that is
     *     being written may count twice in part
     */
    long queuedBytes();
}
