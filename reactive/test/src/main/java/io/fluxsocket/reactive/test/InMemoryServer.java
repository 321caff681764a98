package io.fluxsocket.reactive.test;

import io.fluxsocket.reactive.WebSocketConnection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A server in memory that a client under test connects to again and again: for what reconnects.
 *
 * <p>The client takes {@link #connect()} where it would take its transport's. Each attempt that is not {@linkplain #refuse refused} opens a
 * new connection, whose server is the {@linkplain #nextPeer() next} scripted peer.
 *
 * <p><b>Time</b> is that of {@link InMemoryWebSocket#time}, found out at each attempt: with {@code StepVerifier.withVirtualTime} attempts,
 * back-off and connections share the installed one.
 *
 * <p>Safe for use by several threads.
 */
public final class InMemoryServer {
    private final InMemoryWebSocket settings;
    private final ArrayDeque<Throwable> refusals = new ArrayDeque<>();
    private final ArrayDeque<ScriptedPeer> peers = new ArrayDeque<>();
    private final List<Duration> attempts = new ArrayList<>();
    private @Nullable VirtualTimeScheduler time;
    private long start;

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
     * @return each subscription is an attempt; emits the open connection on its event loop, or errors as {@link #refuse} says
     */
    public Mono<WebSocketConnection> connect() {
        return Mono.create(sink -> {
            Throwable refusal = attempt();
            if (refusal != null) {
                sink.error(refusal);
                return;
            }
            ScriptedPeer peer = settings.time(time()).scriptedServer();
            synchronized (this) {
                peers.add(peer);
            }
            peer.onLoop(() -> sink.success(peer.connection()));
        });
    }

    private synchronized @Nullable Throwable attempt() {
        long now = time().now(TimeUnit.NANOSECONDS);
        if (attempts.isEmpty()) {
            start = now;
        }
        attempts.add(Duration.ofNanos(now - start));
        return refusals.poll();
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
     * Refuses attempts, after those that are to be refused already.
     *
     * @param times how many
     * @param error for whoever connects, such as a {@link io.fluxsocket.reactive.WebSocketHandshakeException}
     * @return this server
     */
    public synchronized InMemoryServer refuse(int times, Throwable error) {
        Objects.requireNonNull(error, "error");
        for (int i = 0; i < times; i++) {
            refusals.add(error);
        }
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
