package io.fluxsocket.reactive.spring;

import io.fluxsocket.core.handshake.HandshakeHeaders;
import io.fluxsocket.core.handshake.HandshakeRequest;
import io.fluxsocket.core.handshake.OriginPolicy;
import io.fluxsocket.core.handshake.ServerHandshake;
import io.fluxsocket.reactive.SessionSettings;
import io.fluxsocket.reactive.netty.WebSocketObserver;
import io.fluxsocket.reactive.netty.WebSocketUpgrade;
import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.server.RequestUpgradeStrategy;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Upgrades requests of a WebFlux application on Reactor Netty to sessions on Fluxsocket:
 *
 * <pre>{@code
 * @Bean
 * WebSocketHandlerAdapter webSocketHandlerAdapter() {
 *     return new WebSocketHandlerAdapter(new HandshakeWebSocketService(new FluxsocketRequestUpgradeStrategy()));
 * }
 * }</pre>
 *
 * <p><b>The request</b> is judged as Spring sees it, behind all filters: a forwarded host counts where Spring is told to believe
 * it. What is refused, with the status that {@link ServerHandshake} gives, errors as a {@link ResponseStatusException}, so that
 * it is answered like any other error of the application.
 *
 * <p><b>Origin.</b> Pages of other origins are refused with 403, unless Spring's own CORS configuration has let them in, or the
 * policy of the upgrade does.
 *
 * <p><b>Subprotocol.</b> The one that Spring has selected. Where it selected none because of blanks in the client's list, the
 * first of the client's that the handler speaks.
 *
 * <p><b>The exchange</b> ends with the 101: filters see its end then, not the session's. Headers and cookies that they have set
 * go out with the 101. The handler sees the Reactor Context of the exchange.
 *
 * <p><b>Early frames</b> (see {@link WebSocketUpgrade}) are delivered unless a filter is asynchronous.
 */
public final class FluxsocketRequestUpgradeStrategy implements RequestUpgradeStrategy {
    private static final SessionSettings SETTINGS =
            SessionSettings.builder().emitControlFrames(true).build();

    private final WebSocketUpgrade upgrade;
    private final WebSocketUpgrade upgradeOfAnyOrigin;
    private final int maxMessageSize;
    private final boolean pings;
    private final @Nullable WebSocketObserver observer;
    private final Observations observations;

    /** With the defaults of {@link WebSocketUpgrade} and {@link SessionSettings}. */
    public FluxsocketRequestUpgradeStrategy() {
        this(SETTINGS, false, upgrade -> upgrade);
    }

    /**
     * With other settings.
     *
     * @param settings of all sessions. Pongs are received whatever {@link SessionSettings#emitControlFrames()} says; pings only
     *     if that is set
     * @param changes origins, number of connections and other policies of the upgrade; called at once. Its settings, handler and
     *     subprotocols do not count
     */
    public FluxsocketRequestUpgradeStrategy(SessionSettings settings, UnaryOperator<WebSocketUpgrade> changes) {
        this(
                settings.toBuilder().emitControlFrames(true).build(),
                settings.emitControlFrames(),
                Objects.requireNonNull(changes, "changes"));
    }

    private FluxsocketRequestUpgradeStrategy(
            SessionSettings settings, boolean pings, UnaryOperator<WebSocketUpgrade> changes) {
        // Spring's handshake info has the headers: they need not be kept twice.
        WebSocketUpgrade policy = WebSocketUpgrade.of(connection -> Mono.empty())
                .handshakeInfo((request, info) -> info.headers(HandshakeHeaders.of()));
        this.upgrade = changes.apply(policy).settings(settings);
        this.upgradeOfAnyOrigin = upgrade.originPolicy(OriginPolicy.any());
        this.maxMessageSize = settings.maxMessageSize();
        this.pings = pings;
        this.observer = null;
        this.observations = observations(ObservationRegistry.NOOP);
    }

    private FluxsocketRequestUpgradeStrategy(
            FluxsocketRequestUpgradeStrategy other, @Nullable WebSocketObserver observer, Observations observations) {
        this.upgrade = other.upgrade;
        this.upgradeOfAnyOrigin = other.upgradeOfAnyOrigin;
        this.maxMessageSize = other.maxMessageSize;
        this.pings = other.pings;
        this.observer = observer;
        this.observations = observations;
    }

    private static Observations observations(ObservationRegistry registry) {
        return new Observations(registry, WebSocketObservation.SERVER_HANDSHAKE, WebSocketObservation.SERVER_SESSION);
    }

    /**
     * Has handshakes and sessions watched. The URI that the observer is told is the pattern of the handler, as in {@code
     * /rooms/{room}}, or {@code UNKNOWN}.
     *
     * @param observer for instance {@link io.fluxsocket.reactive.netty.WebSocketMeters}; default: none
     * @return a changed copy
     */
    public FluxsocketRequestUpgradeStrategy observer(WebSocketObserver observer) {
        return new FluxsocketRequestUpgradeStrategy(this, Objects.requireNonNull(observer, "observer"), observations);
    }

    /**
     * Has handshakes and sessions observed, as {@link WebSocketObservation} says.
     *
     * @param registry default: {@link ObservationRegistry#NOOP}
     * @return a changed copy
     */
    public FluxsocketRequestUpgradeStrategy observationRegistry(ObservationRegistry registry) {
        return new FluxsocketRequestUpgradeStrategy(this, observer, observations(registry));
    }

    @Override
    public Mono<Void> upgrade(
            ServerWebExchange exchange,
            WebSocketHandler handler,
            @Nullable String subProtocol,
            Supplier<HandshakeInfo> handshakeInfoFactory) {
        if (!(ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest()) instanceof HttpServerRequest request)
                || !(ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse())
                        instanceof HttpServerResponse response)) {
            return Mono.error(
                    new IllegalStateException("Fluxsocket upgrades requests of Reactor Netty's HttpServer, not "
                            + exchange.getRequest().getClass().getName()));
        }
        String uriTag = uriTag(exchange);
        return observations.handshake(
                uriTag,
                exchange.getRequest().getURI(),
                () -> String.valueOf(response.status().code()),
                Mono.defer(() -> upgrade(
                        exchange, handler, subProtocol, handshakeInfoFactory.get(), request, response, uriTag)));
    }

    private Mono<Void> upgrade(
            ServerWebExchange exchange,
            WebSocketHandler handler,
            @Nullable String subProtocol,
            HandshakeInfo handshakeInfo,
            HttpServerRequest request,
            HttpServerResponse response,
            String uriTag) {
        WebSocketObserver.Handshake observed = observer == null ? null : observer.begin(uriTag);
        HandshakeRequest asked;
        try {
            asked = asked(exchange.getRequest(), request);
        } catch (IllegalArgumentException malformed) {
            return refuse(exchange, 400, HandshakeHeaders.of(), "The opening request has a malformed header", observed);
        }
        String selected = subProtocol == null ? select(asked.headers(), handler.getSubProtocols()) : subProtocol;
        HandshakeInfo info = withSubprotocol(handshakeInfo, selected);
        WebSocketUpgrade chosen = (isOriginAdmitted(exchange) ? upgradeOfAnyOrigin : upgrade)
                .handler(new SpringWebSocketHandler(
                        described(handler, uriTag, exchange.getRequest().getURI()),
                        connection -> info,
                        maxMessageSize,
                        pings));
        if (selected != null) {
            chosen = chosen.subprotocols(selected);
        }
        if (observed != null) {
            chosen = chosen.observer(uri -> observed);
        }
        ServerHandshake.Result result = chosen.judge(asked);
        if (result instanceof ServerHandshake.Rejected rejected) {
            return refuse(exchange, rejected.status(), rejected.headers(), rejected.message(), observed);
        }
        // Commits what Spring knows of the response: cookies, headers and what filters do last. Nothing is written by
        // that.
        return exchange.getResponse()
                .setComplete()
                .then(chosen.accept((ServerHandshake.Accepted) result, request, response));
    }

    /** An exception that comes out of the handler tells where it has been. */
    private WebSocketHandler described(WebSocketHandler handler, String uriTag, URI uri) {
        return observations.sessions(
                uriTag,
                uri,
                session -> handler.handle(session).checkpoint(uri + " [FluxsocketRequestUpgradeStrategy]"));
    }

    private static String uriTag(ServerWebExchange exchange) {
        Object pattern = exchange.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        return pattern == null ? "UNKNOWN" : pattern.toString();
    }

    private static HandshakeRequest asked(ServerHttpRequest request, HttpServerRequest nativeRequest) {
        HandshakeHeaders.Builder headers = HandshakeHeaders.builder();
        request.getHeaders().forEach((name, values) -> values.forEach(value -> headers.add(name, value)));
        URI uri = request.getURI();
        if (request.getHeaders().containsHeader(HttpHeaders.HOST) && uri.getHost() != null) {
            headers.set(HttpHeaders.HOST, uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort());
        }
        return new HandshakeRequest(
                request.getMethod().name(),
                nativeRequest.version().majorVersion(),
                nativeRequest.version().minorVersion(),
                headers.build());
    }

    private static boolean isOriginAdmitted(ServerWebExchange exchange) {
        return exchange.getResponse().getHeaders().getAccessControlAllowOrigin() != null;
    }

    private static @Nullable String select(HandshakeHeaders headers, List<String> spoken) {
        for (String offered : headers.tokens("Sec-WebSocket-Protocol")) {
            if (spoken.contains(offered)) {
                return offered;
            }
        }
        return null;
    }

    private static HandshakeInfo withSubprotocol(HandshakeInfo info, @Nullable String subprotocol) {
        return Objects.equals(info.getSubProtocol(), subprotocol)
                ? info
                : new HandshakeInfo(
                        info.getUri(),
                        info.getHeaders(),
                        info.getCookies(),
                        info.getPrincipal(),
                        subprotocol,
                        info.getRemoteAddress(),
                        info.getAttributes(),
                        info.getLogPrefix());
    }

    private static Mono<Void> refuse(
            ServerWebExchange exchange,
            int status,
            HandshakeHeaders headers,
            String message,
            WebSocketObserver.@Nullable Handshake observed) {
        if (observed != null) {
            observed.refused(status, null);
        }
        ResponseStatusException refusal = new ResponseStatusException(HttpStatusCode.valueOf(status), message);
        // Set on the response, where every error handler leaves them: Boot's does not look for headers in the
        // exception.
        headers.forEach(exchange.getResponse().getHeaders()::set);
        return Mono.error(refusal);
    }
}
