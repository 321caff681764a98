package io.fluxsocket.reactive.netty;

import io.fluxsocket.core.handshake.ClientHandshake;
import io.fluxsocket.core.handshake.HandshakeHeaders;
import io.fluxsocket.reactive.SessionSettings;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketConnections;
import io.fluxsocket.reactive.WebSocketHandler;
import io.fluxsocket.reactive.WebSocketHandshakeException;
import io.fluxsocket.reactive.WebSocketTimeoutException;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.cookie.Cookie;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.SslProvider;
import reactor.netty.transport.ProxyProvider;

/**
 * A WebSocket client:
 *
 * <pre>{@code
 * WebSocketClient.create()
 *         .uri("wss://example.com/chat")
 *         .handle(connection -> connection.send(Mono.just(WebSocketFrame.text("hello"))))
 *         .retryWhen(Retry.backoff(10, Duration.ofSeconds(1)))
 *         .subscribe();
 * }</pre>
 *
 * <p><b>Connections.</b> Each WebSocket has a connection of its own, from no pool: however many are open, HTTP requests of the
 * same program do not wait for them.
 *
 * <p><b>Errors</b> of {@link #connect()} and {@link #handle}: {@link WebSocketHandshakeException} if the server answered with
 * anything but a good 101, with status, headers and the first 64 KiB of the body; {@link WebSocketTimeoutException} if it did
 * not answer in time; otherwise what the network, TLS or the proxy reported.
 *
 * <p>Immutable: each method gives a changed copy, and a copy may be connected any number of times.
 */
public final class WebSocketClient {
    private static final Pattern SECURE = Pattern.compile("(wss|https):", Pattern.CASE_INSENSITIVE);
    private static final Pattern IN_CLEAR = Pattern.compile("(ws|http):", Pattern.CASE_INSENSITIVE);

    /** RFC 9110 section 15.4. */
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final HttpClient http;
    private final String uri;
    private final List<String> subprotocols;
    private final SessionSettings settings;
    private final Duration handshakeTimeout;
    private final @Nullable WebSocketObserver observer;

    private WebSocketClient(
            HttpClient http,
            String uri,
            List<String> subprotocols,
            SessionSettings settings,
            Duration handshakeTimeout,
            @Nullable WebSocketObserver observer) {
        this.http = http;
        this.uri = uri;
        this.subprotocols = subprotocols;
        this.settings = settings;
        this.handshakeTimeout = handshakeTimeout;
        this.observer = observer;
    }

    /** {@return a client with the defaults of each method below} */
    public static WebSocketClient create() {
        ClientRandom.prepare();
        return new WebSocketClient(
                HttpClient.create(ConnectionProvider.newConnection()),
                "/",
                List.of(),
                SessionSettings.DEFAULT,
                HandshakeTimeout.DEFAULT,
                null);
    }

    /**
     * Sets where to connect to.
     *
     * @param uri of the scheme ws or wss (RFC 6455 §3), or a path, to be asked for at {@link #remoteAddress}
     * @return a changed copy
     */
    public WebSocketClient uri(String uri) {
        return new WebSocketClient(
                http, Objects.requireNonNull(uri, "uri"), subprotocols, settings, handshakeTimeout, observer);
    }

    /**
     * Sets where to connect to.
     *
     * @param uri of the scheme ws or wss (RFC 6455 §3)
     * @return a changed copy
     */
    public WebSocketClient uri(URI uri) {
        return uri(uri.toString());
    }

    /**
     * Sets the address for a URI that is a path alone, for instance a Unix domain socket's {@code DomainSocketAddress}.
     *
     * @param address asked at each connect
     * @return a changed copy
     */
    public WebSocketClient remoteAddress(Supplier<? extends SocketAddress> address) {
        return with(http.remoteAddress(address));
    }

    /**
     * Adds to the headers of the request. Those of the handshake are set by this client; for subprotocols see {@link
     * #subprotocols}.
     *
     * @param headers adds them; called at once
     * @return a changed copy
     * @throws IllegalArgumentException if subprotocols or extensions are among them: nobody would check the answer
     */
    public WebSocketClient headers(Consumer<? super HttpHeaders> headers) {
        HttpClient changed = http.headers(headers);
        for (CharSequence offer :
                List.of(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)) {
            if (changed.configuration().headers().contains(offer)) {
                throw new IllegalArgumentException(
                        "The header " + offer + " is the handshake's: offer subprotocols with subprotocols(…)");
            }
        }
        return with(changed);
    }

    /**
     * Adds a cookie to the request.
     *
     * @param cookie the cookie
     * @return a changed copy
     */
    public WebSocketClient cookie(Cookie cookie) {
        return with(http.cookie(cookie));
    }

    /**
     * Sets the subprotocols to offer (RFC 6455 §1.9). What the server selected is in the handshake info of the connection.
     *
     * @param subprotocols most wanted first; default: none
     * @return a changed copy
     * @throws IllegalArgumentException if one is not a token or is named twice
     */
    public WebSocketClient subprotocols(String... subprotocols) {
        List<String> offered = List.of(subprotocols);
        ClientHandshake.begin(offered, List.of(), HandshakeHeaders.of(), ClientRandom.generator());
        return new WebSocketClient(http, uri, offered, settings, handshakeTimeout, observer);
    }

    /**
     * Sets how TLS is done for wss.
     *
     * @param tls as with Reactor Netty's {@code HttpClient}; default: the trust store and the protocols of the JDK, and the
     *     server's name is checked
     * @return a changed copy
     */
    public WebSocketClient secure(Consumer<? super SslProvider.SslContextSpec> tls) {
        return with(http.secure(tls));
    }

    /**
     * Connects through a proxy: HTTP CONNECT, SOCKS4 or SOCKS5.
     *
     * @param proxy as with Reactor Netty's {@code HttpClient}; default: none
     * @return a changed copy
     */
    public WebSocketClient proxy(Consumer<? super ProxyProvider.TypeSpec> proxy) {
        return with(http.proxy(proxy));
    }

    /**
     * Sets whether redirects are followed. On its way to another host a request loses its cookies and credentials; from wss to
     * ws it is not redirected, but refused like any other answer that is no 101.
     *
     * @param follow default: false, as in browsers
     * @return a changed copy
     */
    public WebSocketClient followRedirect(boolean follow) {
        return with(follow ? http.followRedirect(WebSocketClient::isRedirect) : http.followRedirect(false));
    }

    private static boolean isRedirect(HttpClientRequest request, HttpClientResponse response) {
        String location = response.responseHeaders().get(HttpHeaderNames.LOCATION);
        String asked = request.resourceUrl();
        return REDIRECTS.contains(response.status().code())
                && location != null
                && !(asked != null
                        && isSecure(asked)
                        && IN_CLEAR.matcher(location).lookingAt());
    }

    /**
     * Sets the event loops; native ones are preferred where they can be had.
     *
     * @param loops default: Reactor Netty's shared ones
     * @return a changed copy
     */
    public WebSocketClient runOn(LoopResources loops) {
        return with(http.runOn(loops));
    }

    /**
     * Changes anything else of the HTTP client beneath: name resolution, metrics, options. An upgrade needs HTTP/1.1: other
     * versions are not tried.
     *
     * @param changes called at once with the HTTP client as it stands
     * @return a changed copy
     */
    public WebSocketClient httpClient(UnaryOperator<HttpClient> changes) {
        return with(changes.apply(http));
    }

    /**
     * Sets the limits and times of the sessions.
     *
     * @param settings default: {@link SessionSettings#DEFAULT}
     * @return a changed copy
     */
    public WebSocketClient settings(SessionSettings settings) {
        return new WebSocketClient(
                http, uri, subprotocols, Objects.requireNonNull(settings, "settings"), handshakeTimeout, observer);
    }

    /**
     * Changes the limits and times of the sessions.
     *
     * @param changes called at once with what is set so far
     * @return a changed copy
     */
    public WebSocketClient settings(Consumer<? super SessionSettings.Builder> changes) {
        SessionSettings.Builder builder = settings.toBuilder();
        changes.accept(builder);
        return settings(builder.build());
    }

    /**
     * Sets how long it may take to open: name resolution, connection, proxy, TLS, redirects and the response.
     *
     * @param timeout above 0, at most 36,500 days, measured by {@link SessionSettings#scheduler()}; default: 10 seconds, as python-websockets'
     *     open_timeout
     * @return a changed copy
     */
    public WebSocketClient handshakeTimeout(Duration timeout) {
        return new WebSocketClient(http, uri, subprotocols, settings, HandshakeTimeout.checked(timeout), observer);
    }

    /**
     * Has the WebSockets watched, from their handshakes on.
     *
     * @param observer for instance {@link WebSocketMeters}; default: none
     * @return a changed copy
     */
    public WebSocketClient observer(WebSocketObserver observer) {
        return new WebSocketClient(
                http, uri, subprotocols, settings, handshakeTimeout, Objects.requireNonNull(observer, "observer"));
    }

    /**
     * Connects. Nothing happens before the subscription; each subscription connects anew. Cancelling it before the connection
     * is emitted ends the attempt; afterwards the connection is the subscriber's to close.
     *
     * @return emits the open connection, on its event loop; for errors see this class
     */
    public Mono<WebSocketConnection> connect() {
        return Mono.create(sink -> new ClientAttempt(
                        subprotocols, settings, handshakeTimeout, observer == null ? null : observer.begin(uri), sink)
                .start(configured(), uri));
    }

    /**
     * Connects and runs a handler on the connection. Nothing happens before the subscription; each subscription connects
     * anew. The handler and its publishers see the subscriber's Context.
     *
     * @param handler gets the connection
     * @return completes when the connection has closed; for errors see this class. Its cancel closes the connection
     */
    public Mono<Void> handle(WebSocketHandler handler) {
        Objects.requireNonNull(handler, "handler");
        return connect().flatMap(connection -> WebSocketConnections.handle(connection, handler));
    }

    private HttpClient configured() {
        HttpClient client = http.protocol(HttpProtocol.HTTP11);
        if (!client.configuration().options().containsKey(ChannelOption.RECVBUF_ALLOCATOR)) {
            client = client.option(
                    ChannelOption.RECVBUF_ALLOCATOR,
                    LoopBuffers.receiveBuffers(isSecure(uri)
                            || (uri.startsWith("/") && http.configuration().isSecure())));
        }
        return client;
    }

    private static boolean isSecure(String uri) {
        return SECURE.matcher(uri).lookingAt();
    }

    private WebSocketClient with(HttpClient http) {
        return new WebSocketClient(http, uri, subprotocols, settings, handshakeTimeout, observer);
    }
}
