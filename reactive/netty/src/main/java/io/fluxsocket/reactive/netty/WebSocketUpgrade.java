package io.fluxsocket.reactive.netty;

import io.fluxsocket.core.handshake.HandshakeRequest;
import io.fluxsocket.core.handshake.OriginPolicy;
import io.fluxsocket.core.handshake.ServerHandshake;
import io.fluxsocket.reactive.HandshakeInfo;
import io.fluxsocket.reactive.SessionSettings;
import io.fluxsocket.reactive.WebSocketHandler;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * WebSockets as a route of an existing Reactor Netty {@code HttpServer}, beside its ordinary routes:
 *
 * <pre>{@code
 * HttpServer.create().route(routes -> routes
 *         .get("/", (request, response) -> response.sendString(Mono.just("hello")))
 *         .get("/echo", WebSocketUpgrade.of(connection -> connection.send(connection.receive()))));
 * }</pre>
 *
 * <p>A request that opens no WebSocket is answered with the status that {@link
 * io.fluxsocket.core.handshake.ServerHandshake} gives and a line of text that says why; its connection remains usable, unless
 * the request had a body. Of a request that does, the HTTP exchange ends with the 101: access log, metrics and {@code
 * mapHandle} see that, and the server's timeouts no longer apply. HTTP/1.1 alone can be upgraded.
 *
 * <p><b>Context.</b> The handler and its publishers see the Reactor Context of the exchange.
 *
 * <p><b>Memory.</b> Of the request the handshake info keeps the URI and the headers, without those that every opening request
 * has (Upgrade, Connection, Sec-WebSocket-Key and -Version); nothing else of the HTTP exchange outlives it.
 *
 * <p><b>Early frames.</b> A client may not send before the 101 (RFC 6455 §4.1), but some do. What follows the request at once
 * is delivered, if this function is called when the request arrives, as routes do. After an asynchronous decision it is lost.
 *
 * <p><b>Shutdown.</b> When the server is disposed, every open WebSocket is closed with 1001. {@code disposeNow} waits for
 * them, and closes what is left after its timeout, if the {@code HttpServer} has a {@code channelGroup}.
 *
 * <p><b>Reads</b> are of 64 KiB at most, Netty's default, unless the server has another {@code RECVBUF_ALLOCATOR} as child
 * option; {@link WebSocketServer} reads up to 128 KiB without TLS.
 *
 * <p>Immutable: each method gives a changed copy.
 */
public final class WebSocketUpgrade implements BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> {
    private final WebSocketHandler handler;
    private final ServerPolicy policy;

    WebSocketUpgrade(WebSocketHandler handler, ServerPolicy policy) {
        this.handler = Objects.requireNonNull(handler, "handler");
        this.policy = policy;
    }

    /**
     * Upgrades requests to WebSockets with the defaults of each method below.
     *
     * @param handler gets every connection
     * @return the function for a route
     */
    public static WebSocketUpgrade of(WebSocketHandler handler) {
        return new WebSocketUpgrade(handler, ServerPolicy.DEFAULT);
    }

    /**
     * Sets the subprotocols that are spoken (RFC 6455 §1.9). The first of them that the client offers is agreed on; without
     * one in common the connection opens without.
     *
     * @param subprotocols most wanted first; default: none
     * @return a changed copy
     * @throws IllegalArgumentException if one is not a token or is named twice
     */
    public WebSocketUpgrade subprotocols(String... subprotocols) {
        return new WebSocketUpgrade(handler, policy.withSubprotocols(subprotocols));
    }

    /**
     * Sets which web pages may connect; others are answered with 403 (RFC 6455 §10.2).
     *
     * @param policy default: {@link OriginPolicy#sameOrigin()}
     * @return a changed copy
     */
    public WebSocketUpgrade originPolicy(OriginPolicy policy) {
        return new WebSocketUpgrade(handler, this.policy.withOriginPolicy(policy));
    }

    /**
     * Sets the limits and times of the sessions.
     *
     * @param settings default: {@link SessionSettings#DEFAULT}
     * @return a changed copy
     */
    public WebSocketUpgrade settings(SessionSettings settings) {
        return new WebSocketUpgrade(handler, policy.withSettings(settings));
    }

    /**
     * Changes the limits and times of the sessions.
     *
     * @param changes called at once with what is set so far
     * @return a changed copy
     */
    public WebSocketUpgrade settings(Consumer<? super SessionSettings.Builder> changes) {
        return new WebSocketUpgrade(handler, policy.withSettings(changes));
    }

    /**
     * Sets how many WebSockets the server may hold open, on whatever route they came; a request beyond is answered with 503.
     *
     * @param connections at least 1; default: 65,536
     * @return a changed copy
     */
    public WebSocketUpgrade maxConnections(int connections) {
        return new WebSocketUpgrade(handler, policy.withMaxConnections(connections));
    }

    /**
     * Adds to what the handler learns of the handshake: a principal, or attributes such as path parameters. The request is
     * not to be kept: it ends with the handshake.
     *
     * @param changes called for each accepted request on its event loop, and must not block; an error is answered with 500
     * @return a changed copy
     */
    public WebSocketUpgrade handshakeInfo(
            BiConsumer<? super HttpServerRequest, ? super HandshakeInfo.Builder> changes) {
        return new WebSocketUpgrade(handler, policy.withHandshakeInfo(changes));
    }

    /**
     * Has the WebSockets watched, from their handshakes on.
     *
     * @param observer for instance {@link WebSocketMeters}; default: none
     * @return a changed copy
     */
    public WebSocketUpgrade observer(WebSocketObserver observer) {
        return new WebSocketUpgrade(handler, policy.withObserver(observer));
    }

    /**
     * Sets another handler; for integrations that choose one for each request.
     *
     * @param handler gets every connection
     * @return a changed copy
     */
    public WebSocketUpgrade handler(WebSocketHandler handler) {
        return new WebSocketUpgrade(handler, policy);
    }

    /**
     * Judges a request as {@link #apply} does, and answers nothing: for integrations that refuse in their own way, or see the
     * request in another way than the server beneath, for instance behind a proxy.
     *
     * @param request the request, possibly rewritten
     * @return what to answer; if it is accepted, with {@link #accept}
     */
    public ServerHandshake.Result judge(HandshakeRequest request) {
        return policy.handshake().answer(request);
    }

    /**
     * Upgrades a request that {@link #judge} has accepted; what was set of the response (cookies, headers) goes out with the
     * 101. On any thread.
     *
     * @param accepted the judgement
     * @param request the server's request
     * @param response the server's response, not begun
     * @return completes when the HTTP exchange is over; the WebSocket lives on. Nothing happens before it is subscribed to. If
     *     as many WebSockets are open as may be, the request is answered with 503
     */
    public Mono<Void> accept(
            ServerHandshake.Accepted accepted, HttpServerRequest request, HttpServerResponse response) {
        return Mono.defer(() -> new ServerUpgrade(policy, handler, request, response).accept(accepted));
    }

    /**
     * Answers one request. Called by the server.
     *
     * @return completes when the HTTP exchange is over; the WebSocket lives on
     */
    @Override
    public Publisher<Void> apply(HttpServerRequest request, HttpServerResponse response) {
        return new ServerUpgrade(policy, handler, request, response).run();
    }
}
