package io.fluxsocket.reactive.test;

import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketHandler;
import java.time.Duration;
import java.util.List;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A client and a server that are connected in memory: two sessions of production, open already.
 *
 * <pre>{@code
 * WebSocketPair pair = WebSocketPair.open(handler);
 * StepVerifier.create(pair.client().receiveMessages())
 *         .then(() -> pair.client().send(Mono.just(WebSocketFrame.text("Hello"))).subscribe())
 *         .expectNext(WebSocketMessage.text("HELLO"))
 *         .thenCancel()
 *         .verify();
 * }</pre>
 *
 * <p><b>Threads.</b> There is no event loop in the background. Whatever thread calls does the work: on the test's thread everything
 * that follows from a call has happened when it returns. Calls of other threads are safe, and handed over where needed. Within
 * handlers and subscribers {@code block()} fails, as it does in production.
 *
 * <p><b>Time</b> is virtual: {@link #advanceTimeBy}, or the steps of {@code StepVerifier.withVirtualTime} if the pair is opened within its
 * supplier.
 */
public final class WebSocketPair {
    private final MemoryNetwork network;
    private final WebSocketConnection client;
    private final WebSocketConnection server;
    private final List<Throwable> handlerErrors;

    WebSocketPair(
            MemoryNetwork network,
            WebSocketConnection client,
            WebSocketConnection server,
            List<Throwable> handlerErrors) {
        this.network = network;
        this.client = client;
        this.server = server;
        this.handlerErrors = handlerErrors;
    }

    /**
     * A pair with all defaults; the test holds both connections. For settings see {@link InMemoryWebSocket}.
     *
     * @return an open pair
     */
    public static WebSocketPair open() {
        return InMemoryWebSocket.create().pair();
    }

    /**
     * A pair with all defaults and a handler on the server.
     *
     * @param serverHandler what is tested; it runs already
     * @return an open pair
     */
    public static WebSocketPair open(WebSocketHandler serverHandler) {
        return InMemoryWebSocket.create().pair(serverHandler);
    }

    /** {@return the client's connection} */
    public WebSocketConnection client() {
        return client;
    }

    /** {@return the server's connection} */
    public WebSocketConnection server() {
        return server;
    }

    /** {@return what the client sends and the server reads} */
    public Wire toServer() {
        return network.toServer();
    }

    /** {@return what the server sends and the client reads} */
    public Wire toClient() {
        return network.toClient();
    }

    /** {@return the time of both ends} */
    public VirtualTimeScheduler time() {
        return network.time();
    }

    /**
     * Lets time pass; what is due happens at its own time, and all of it before this returns.
     *
     * @param duration virtual
     * @throws IllegalArgumentException if it is negative
     * @throws IllegalStateException within a handler or subscriber
     */
    public void advanceTimeBy(Duration duration) {
        network.advance(duration);
    }

    /** Loses the connection: both ends get an IOException. */
    public void reset() {
        network.loop().run(network::reset);
    }

    /** Shuts the server down in an orderly way: messages in progress are finished, and the client is told 1001. */
    public void shutdownServer() {
        network.loop().run(network::shutdownServer);
    }

    /** {@return all frames so far} */
    public Transcript transcript() {
        return network.transcript();
    }

    /** {@return what handlers have failed with, which in production goes to Reactor's onErrorDropped; a copy} */
    public List<Throwable> handlerErrors() {
        return List.copyOf(handlerErrors);
    }

    /** The transcript, and what handlers have failed with: for the description of an assertion. */
    @Override
    public String toString() {
        StringBuilder s = new StringBuilder(network.transcript().toString());
        handlerErrors.forEach(e -> s.append("\nthe handler failed: ").append(e).append('\n'));
        return s.toString();
    }
}
