package io.fluxsocket.reactive.test;

import io.fluxsocket.core.handshake.HandshakeHeaders;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketHandshakeException;
import io.fluxsocket.reactive.WebSocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A server in memory that a client under test connects to again and again: for what reconnects.
 *
 * <p>The client takes {@link #connect()} where it would take its transport's. Each attempt that is not {@linkplain #refuse refused} or {@linkplain #leaveUnanswered left
 * unanswered} opens a new connection, whose server is the {@linkplain #nextPeer() next} scripted peer.
 *
 * <p><b>Time</b> is that of {@link InMemoryWebSocket#time}, found out at each attempt: with {@code StepVerifier.withVirtualTime} attempts,
 * back-off and connections share the installed one.
 *
 * <p>Safe for use by several threads.
 */
public final class InMemoryServer {
    private final InMemoryWebSocket settings;
    private final ArrayDeque<Failure> failures = new ArrayDeque<>();
    private final ArrayDeque<ScriptedPeer> peers = new ArrayDeque<>();
    private final List<Duration> attempts = new ArrayList<>();
    private @Nullable VirtualTimeScheduler time;
    private long start;
    private boolean answersPings;

    private record Failure(Throwable error, Duration after) {}

    InMemoryServer(InMemoryWebSocket settings) {
        this.settings = settings;
    }

    /**
     * A server with all defaults. For settings see {@link InMemoryWebSocket#server()}.
     *
     * @return a new server
     */
    public static InMemoryServer create() {
        return InMemoryWebSocket.create().server();
    }

    /**
     * What the client under test connects with.
     *
     * @return each subscription is an attempt; emits the open connection on its event loop, or errors as {@code refuse} and {@link
     *     #leaveUnanswered} say. A cancel gives up an attempt that is left unanswered, and closes no connection that was emitted
     */
    public Mono<WebSocketConnection> connect() {
        return Mono.defer(() -> {
            Failure failure = attempt();
            if (failure == null) {
                return Mono.create(this::open);
            }
            Mono<WebSocketConnection> error = Mono.error(failure.error);
            return failure.after.isZero() ? error : error.delaySubscription(failure.after, time());
        });
    }

    private synchronized @Nullable Failure attempt() {
        long now = time().now(TimeUnit.NANOSECONDS);
        if (attempts.isEmpty()) {
            start = now;
        }
        attempts.add(Duration.ofNanos(now - start));
        return failures.poll();
    }

    private void open(MonoSink<WebSocketConnection> sink) {
        ScriptedPeer peer = settings.time(time()).scriptedServer();
        synchronized (this) {
            peers.add(peer);
            if (answersPings) {
                peer.answerPings().verify();
            }
        }
        peer.onLoop(() -> sink.success(peer.connection()));
    }

    /** {@return the time, found out at the first attempt} */
    private synchronized VirtualTimeScheduler time() {
        VirtualTimeScheduler found = time;
        if (found == null) {
            time = found = settings.time();
        }
        return found;
    }

    /**
     * Refuses attempts, after those that are to fail already.
     *
     * @param times how many
     * @param error for whoever connects, such as a {@link WebSocketHandshakeException} with headers, or a {@link java.io.IOException}
     * @return this server
     */
    public InMemoryServer refuse(int times, Throwable error) {
        return fail(times, new Failure(Objects.requireNonNull(error, "error"), Duration.ZERO));
    }

    /**
     * Refuses attempts with a status of HTTP, after those that are to fail already: they error with {@link WebSocketHandshakeException}.
     *
     * @param times how many
     * @param httpStatus such as 401 or 503
     * @return this server
     */
    public InMemoryServer refuse(int times, int httpStatus) {
        return refuse(
                times,
                new WebSocketHandshakeException(
                        "the server answered " + httpStatus, httpStatus, HandshakeHeaders.of(), "", null));
    }

    /**
     * Leaves attempts without an answer, after those that are to fail already. They error with {@link WebSocketTimeoutException}, as a
     * transport's do when the server hangs.
     *
     * @param times how many
     * @param handshakeTimeout how long the client's transport would wait, above 0; in virtual time
     * @return this server
     */
    public InMemoryServer leaveUnanswered(int times, Duration handshakeTimeout) {
        if (handshakeTimeout.isZero() || handshakeTimeout.isNegative()) {
            throw new IllegalArgumentException("handshakeTimeout is " + handshakeTimeout + "; it must be above 0");
        }
        return fail(
                times,
                new Failure(
                        new WebSocketTimeoutException("the opening handshake was not finished", handshakeTimeout),
                        handshakeTimeout));
    }

    private synchronized InMemoryServer fail(int times, Failure failure) {
        for (int i = 0; i < times; i++) {
            failures.add(failure);
        }
        return this;
    }

    /**
     * Has all peers from here on {@linkplain ScriptedPeer#answerPings answer pings} as soon as they are connected to, so that a client's
     * keep-alive is content while virtual time passes before {@link #nextPeer()}.
     *
     * @return this server
     */
    public synchronized InMemoryServer answerPings() {
        answersPings = true;
        return this;
    }

    /**
     * The server's end of the next connection that was opened and not asked for yet.
     *
     * @return a scripted peer
     * @throws AssertionError if there is none
     */
    public synchronized ScriptedPeer nextPeer() {
        ScriptedPeer peer = peers.poll();
        if (peer == null) {
            throw new AssertionError("no more connection was opened; attempts to connect, by time: " + attempts);
        }
        return peer;
    }

    /** {@return when each attempt to connect was made, refused or not, in virtual time since the first one} */
    public synchronized List<Duration> attempts() {
        return List.copyOf(attempts);
    }
}
