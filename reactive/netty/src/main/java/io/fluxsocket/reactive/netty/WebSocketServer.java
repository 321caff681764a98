package io.fluxsocket.reactive.netty;

import io.fluxsocket.core.handshake.OriginPolicy;
import io.fluxsocket.reactive.HandshakeInfo;
import io.fluxsocket.reactive.SessionSettings;
import io.fluxsocket.reactive.WebSocketHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerRoutes;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.SslProvider;

/**
 * A WebSocket server with a port of its own:
 *
 * <pre>{@code
 * WebSocketServer.create()
 *         .port(8080)
 *         .route("/echo", connection -> connection.send(connection.receive()))
 *         .bindNow();
 * }</pre>
 *
 * <p>How requests are answered, what of the Context reaches a handler and what becomes of early frames is told in {@link
 * WebSocketUpgrade}. A path without a handler is answered with 404.
 *
 * <p><b>Shutdown.</b> {@link DisposableServer#dispose()} stops listening and closes every WebSocket with 1001, each within
 * its {@link SessionSettings#closeTimeout()}. {@link DisposableServer#disposeNow(Duration)} also waits for them; what is
 * left after its timeout is closed hard, and an {@link IllegalStateException} says so.
 *
 * <p>Immutable: each method gives a changed copy, and a copy may be bound any number of times.
 */
public final class WebSocketServer {
    private final HttpServer http;
    private final ServerPolicy policy;
    private final Map<String, WebSocketHandler> routes;
    private final @Nullable WebSocketHandler elsewhere;
    private final Consumer<? super HttpServerRoutes> httpRoutes;
    private final Duration handshakeTimeout;

    private WebSocketServer(
            HttpServer http,
            ServerPolicy policy,
            Map<String, WebSocketHandler> routes,
            @Nullable WebSocketHandler elsewhere,
            Consumer<? super HttpServerRoutes> httpRoutes,
            Duration handshakeTimeout) {
        this.http = http;
        this.policy = policy;
        this.routes = routes;
        this.elsewhere = elsewhere;
        this.httpRoutes = httpRoutes;
        this.handshakeTimeout = handshakeTimeout;
    }

    /** {@return a server with the defaults of each method below; it needs a handler before it can be bound} */
    public static WebSocketServer create() {
        return new WebSocketServer(
                HttpServer.create(), ServerPolicy.DEFAULT, Map.of(), null, routes -> {}, HandshakeTimeout.DEFAULT);
    }

    /**
     * Sets the host name or address to listen on.
     *
     * @param host default: every address
     * @return a changed copy
     */
    public WebSocketServer host(String host) {
        return with(http.host(host));
    }

    /**
     * Sets the port.
     *
     * @param port 0 for a free one, told by {@link DisposableServer#port()}; default: the environment variable PORT, or else 0
     * @return a changed copy
     */
    public WebSocketServer port(int port) {
        return with(http.port(port));
    }

    /**
     * Sets the address to listen on, for instance a Unix domain socket's {@code DomainSocketAddress}.
     *
     * @param address asked at each bind
     * @return a changed copy
     */
    public WebSocketServer bindAddress(Supplier<? extends SocketAddress> address) {
        return with(http.bindAddress(address));
    }

    /**
     * Adds TLS.
     *
     * @param tls as with Reactor Netty's {@code HttpServer}
     * @return a changed copy
     */
    public WebSocketServer secure(Consumer<? super SslProvider.SslContextSpec> tls) {
        return with(http.secure(tls));
    }

    /**
     * Sets the event loops; native ones are preferred where they can be had.
     *
     * @param loops default: Reactor Netty's shared ones
     * @return a changed copy
     */
    public WebSocketServer runOn(LoopResources loops) {
        return with(http.runOn(loops));
    }

    /**
     * Changes anything else of the HTTP server beneath: access log, metrics, forwarded headers, options. Its handler and
     * routes are set by this server; for ordinary ones see {@link #httpRoutes}.
     *
     * @param changes called at once with the HTTP server as it stands
     * @return a changed copy
     */
    public WebSocketServer httpServer(UnaryOperator<HttpServer> changes) {
        return with(changes.apply(http));
    }

    /**
     * Handles WebSockets of this path.
     *
     * @param path as with {@link HttpServerRoutes#get}: {@code /chat}, {@code /rooms/{room}}, {@code /files/**}; the first
     *     that fits counts
     * @param handler gets every connection
     * @return a changed copy
     */
    public WebSocketServer route(String path, WebSocketHandler handler) {
        Map<String, WebSocketHandler> more = new LinkedHashMap<>(routes);
        more.put(Objects.requireNonNull(path, "path"), Objects.requireNonNull(handler, "handler"));
        return new WebSocketServer(http, policy, more, elsewhere, httpRoutes, handshakeTimeout);
    }

    /**
     * Handles WebSockets of every path that no route fits.
     *
     * @param handler gets every connection
     * @return a changed copy
     */
    public WebSocketServer handle(WebSocketHandler handler) {
        return new WebSocketServer(
                http, policy, routes, Objects.requireNonNull(handler, "handler"), httpRoutes, handshakeTimeout);
    }

    /**
     * Adds ordinary HTTP routes, which are looked at behind those of WebSockets.
     *
     * @param httpRoutes adds the routes at each bind
     * @return a changed copy
     */
    public WebSocketServer httpRoutes(Consumer<? super HttpServerRoutes> httpRoutes) {
        return new WebSocketServer(
                http, policy, routes, elsewhere, Objects.requireNonNull(httpRoutes, "httpRoutes"), handshakeTimeout);
    }

    /**
     * See {@link WebSocketUpgrade#subprotocols}.
     *
     * @param subprotocols most wanted first; default: none
     * @return a changed copy
     * @throws IllegalArgumentException if one is not a token or is named twice
     */
    public WebSocketServer subprotocols(String... subprotocols) {
        return with(policy.withSubprotocols(subprotocols));
    }

    /**
     * See {@link WebSocketUpgrade#originPolicy}.
     *
     * @param policy default: {@link OriginPolicy#sameOrigin()}
     * @return a changed copy
     */
    public WebSocketServer originPolicy(OriginPolicy policy) {
        return with(this.policy.withOriginPolicy(policy));
    }

    /**
     * Sets the limits and times of the sessions.
     *
     * @param settings default: {@link SessionSettings#DEFAULT}
     * @return a changed copy
     */
    public WebSocketServer settings(SessionSettings settings) {
        return with(policy.withSettings(settings));
    }

    /**
     * Changes the limits and times of the sessions.
     *
     * @param changes called at once with what is set so far
     * @return a changed copy
     */
    public WebSocketServer settings(Consumer<? super SessionSettings.Builder> changes) {
        return with(policy.withSettings(changes));
    }

    /**
     * Sets how many WebSockets may be open; a request beyond is answered with 503.
     *
     * @param connections at least 1; default: 65,536
     * @return a changed copy
     */
    public WebSocketServer maxConnections(int connections) {
        return with(policy.withMaxConnections(connections));
    }

    /**
     * See {@link WebSocketUpgrade#handshakeInfo}.
     *
     * @param changes called for each accepted request on its event loop, and must not block; an error is answered with 500
     * @return a changed copy
     */
    public WebSocketServer handshakeInfo(BiConsumer<? super HttpServerRequest, ? super HandshakeInfo.Builder> changes) {
        return with(policy.withHandshakeInfo(changes));
    }

    /**
     * Has the WebSockets watched, from their handshakes on.
     *
     * @param observer for instance {@link WebSocketMeters}; default: none
     * @return a changed copy
     */
    public WebSocketServer observer(WebSocketObserver observer) {
        return with(policy.withObserver(observer));
    }

    /**
     * Sets how long a client may take for its request: from the connection, TLS handshake included, to the end of the
     * request's headers, and again behind each ordinary response. Sending it byte by byte gains no time. Then the connection
     * is closed.
     *
     * @param timeout above 0, at most 36,500 days, measured by {@link SessionSettings#scheduler()}; default: 10 seconds, as Netty
     *     grants the TLS handshake
     * @return a changed copy
     */
    public WebSocketServer handshakeTimeout(Duration timeout) {
        return new WebSocketServer(http, policy, routes, elsewhere, httpRoutes, HandshakeTimeout.checked(timeout));
    }

    /**
     * Starts to listen.
     *
     * @return emits the server when it listens, and errors if it cannot, or if it has no handler; each subscription binds
     *     anew
     */
    public Mono<? extends DisposableServer> bind() {
        return Mono.defer(() -> configured().bind());
    }

    /**
     * Starts to listen, and blocks until it does, for 45 seconds at most.
     *
     * @return the server
     * @throws IllegalStateException if it has no handler, or took too long
     */
    public DisposableServer bindNow() {
        return configured().bindNow();
    }

    /**
     * Starts to listen, and blocks until it does.
     *
     * @param timeout how long at most
     * @return the server
     * @throws IllegalStateException if it has no handler, or took too long
     */
    public DisposableServer bindNow(Duration timeout) {
        return configured().bindNow(timeout);
    }

    private HttpServer configured() {
        if (routes.isEmpty() && elsewhere == null) {
            throw new IllegalStateException("The server has no handler: give it one with route or handle");
        }
        HttpServer server = http.route(this::addRoutes)
                .doOnChannelInit((observer, channel, remote) -> RequestDeadline.addTo(
                        channel, handshakeTimeout, policy.settings().scheduler()));
        if (!server.configuration().childOptions().containsKey(ChannelOption.RECVBUF_ALLOCATOR)) {
            server = server.childOption(
                    ChannelOption.RECVBUF_ALLOCATOR,
                    LoopBuffers.receiveBuffers(server.configuration().isSecure()));
        }
        if (server.configuration().channelGroup() == null) {
            server = server.channelGroup(new DefaultChannelGroup(GlobalEventExecutor.INSTANCE));
        }
        return server;
    }

    private void addRoutes(HttpServerRoutes all) {
        routes.forEach((path, handler) -> {
            WebSocketUpgrade upgrade = new WebSocketUpgrade(handler, policy);
            // Other methods are answered, too: with 405.
            all.get(path, upgrade)
                    .head(path, upgrade)
                    .post(path, upgrade)
                    .put(path, upgrade)
                    .delete(path, upgrade)
                    .options(path, upgrade);
        });
        httpRoutes.accept(all);
        if (elsewhere != null) {
            all.route(request -> true, new WebSocketUpgrade(elsewhere, policy));
        }
    }

    private WebSocketServer with(HttpServer http) {
        return new WebSocketServer(http, policy, routes, elsewhere, httpRoutes, handshakeTimeout);
    }

    private WebSocketServer with(ServerPolicy policy) {
        return new WebSocketServer(http, policy, routes, elsewhere, httpRoutes, handshakeTimeout);
    }
}
