package io.fluxsocket.reactive.spring;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.SessionSettings;
import io.fluxsocket.reactive.WebSocketClosedException;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketConnections;
import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.springframework.http.HttpHeaders;
import org.springframework.util.StringUtils;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.client.WebSocketClient;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Spring's client interface on Fluxsocket, in the place of {@code ReactorNettyWebSocketClient}:
 *
 * <pre>{@code
 * WebSocketClient client = new FluxsocketWebSocketClient();
 * client.execute(URI.create("wss://example.com/chat"), session -> session.send(…).and(session.receive()…))
 *         .subscribe();
 * }</pre>
 *
 * <p>TLS, proxy, cookies, redirects and times are set on the client beneath:
 *
 * <pre>{@code
 * new FluxsocketWebSocketClient(client -> client.proxy(…).handshakeTimeout(Duration.ofSeconds(5)))
 * }</pre>
 *
 * <p><b>How {@code execute} ends.</b> It completes when the connection and the handler have ended, and errors with what the handler
 * errors with, after a close with 1011. A handler that does not end is cancelled: at the close timeout after the connection has
 * ended, or later while it goes on taking what was received. That a send or receive was cut short by a close, of whichever end, is no error here ({@code
 * closeStatus()} tells it); that the connection was lost is. Errors before there is a session are those of {@link
 * io.fluxsocket.reactive.netty.WebSocketClient}: a refusal has status, headers and body. Its cancel closes the connection.
 *
 * <p>Immutable and safe for use by several threads; each subscription connects anew.
 */
public final class FluxsocketWebSocketClient implements WebSocketClient {
    /**
     * Only the URI is known here, not the template that it was made of, and it would be another value for each query or id. A
     * tag of that kind is Spring's "none"; the URI itself stands in the observation's key of high cardinality.
     */
    private static final String URI_TAG = "none";

    private static final String SUBPROTOCOLS = "Sec-WebSocket-Protocol";

    private final io.fluxsocket.reactive.netty.WebSocketClient client;
    private final int maxMessageSize;
    private final boolean pings;
    private final Observations observations;

    /** With the defaults of {@link io.fluxsocket.reactive.netty.WebSocketClient} and {@link SessionSettings}. */
    public FluxsocketWebSocketClient() {
        this(SessionSettings.DEFAULT, client -> client);
    }

    /**
     * With changes to the client beneath.
     *
     * @param changes called at once; its URI, settings and subprotocols do not count
     */
    public FluxsocketWebSocketClient(UnaryOperator<io.fluxsocket.reactive.netty.WebSocketClient> changes) {
        this(SessionSettings.DEFAULT, changes);
    }

    /**
     * With other settings.
     *
     * @param settings of all sessions. Pongs are received whatever {@link SessionSettings#emitControlFrames()} says; pings only
     *     if that is set
     * @param changes to the client beneath; called at once. Its URI, settings and subprotocols do not count
     */
    public FluxsocketWebSocketClient(
            SessionSettings settings, UnaryOperator<io.fluxsocket.reactive.netty.WebSocketClient> changes) {
        client = Objects.requireNonNull(changes, "changes")
                .apply(io.fluxsocket.reactive.netty.WebSocketClient.create())
                .settings(settings.toBuilder().emitControlFrames(true).build());
        maxMessageSize = settings.maxMessageSize();
        pings = settings.emitControlFrames();
        observations = observations(ObservationRegistry.NOOP);
    }

    private FluxsocketWebSocketClient(FluxsocketWebSocketClient other, Observations observations) {
        this.client = other.client;
        this.maxMessageSize = other.maxMessageSize;
        this.pings = other.pings;
        this.observations = observations;
    }

    private static Observations observations(ObservationRegistry registry) {
        return new Observations(registry, WebSocketObservation.CLIENT_HANDSHAKE, WebSocketObservation.CLIENT_SESSION);
    }

    /**
     * Has handshakes and sessions observed, as {@link WebSocketObservation} says. Meters are set on the client beneath: {@link
     * io.fluxsocket.reactive.netty.WebSocketClient#observer}.
     *
     * @param registry default: {@link ObservationRegistry#NOOP}
     * @return a changed copy
     */
    public FluxsocketWebSocketClient observationRegistry(ObservationRegistry registry) {
        return new FluxsocketWebSocketClient(this, observations(registry));
    }

    @Override
    public Mono<Void> execute(URI url, WebSocketHandler handler) {
        return execute(url, new HttpHeaders(), handler);
    }

    /**
     * Connects and runs a handler.
     *
     * @param url of the scheme ws or wss
     * @param requestHeaders more headers for the request; subprotocols among them are offered behind the handler's own
     * @param handler gets the session
     * @return see this class; nothing happens before it is subscribed to
     */
    @Override
    public Mono<Void> execute(URI url, HttpHeaders requestHeaders, WebSocketHandler handler) {
        return Mono.defer(() -> observations
                .handshake(
                        URI_TAG,
                        url,
                        () -> "101",
                        client.uri(url)
                                .headers(headers -> requestHeaders.forEach((name, values) -> {
                                    if (!name.equalsIgnoreCase(SUBPROTOCOLS)) {
                                        headers.set(name, values);
                                    }
                                }))
                                .subprotocols(subprotocols(handler, requestHeaders))
                                .connect())
                .flatMap(connection -> run(connection, url, handler)));
    }

    private static String[] subprotocols(WebSocketHandler handler, HttpHeaders headers) {
        Set<String> offered = new LinkedHashSet<>(handler.getSubProtocols());
        for (String line : headers.getOrDefault(SUBPROTOCOLS, List.of())) {
            Collections.addAll(offered, StringUtils.tokenizeToStringArray(line, ","));
        }
        return new ArrayList<>(offered).toArray(String[]::new);
    }

    private Mono<Void> run(WebSocketConnection connection, URI url, WebSocketHandler handler) {
        HandshakeInfo info = new HandshakeInfo(
                url,
                SpringWebSocketHandler.httpHeaders(connection.handshakeInfo().headers()),
                Mono.empty(),
                connection.handshakeInfo().subprotocol());
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Sinks.Empty<Void> handled = Sinks.empty();
        WebSocketHandler run =
                session -> Mono.defer(() -> handler.handle(session)).checkpoint(url + " [FluxsocketWebSocketClient]");
        SpringWebSocketHandler sessions = new SpringWebSocketHandler(
                observations.sessions(URI_TAG, url, run), any -> info, maxMessageSize, pings);
        return WebSocketConnections.handle(
                        connection,
                        opened -> Mono.from(sessions.handle(opened))
                                .onErrorResume(error -> {
                                    failure.set(error);
                                    return opened.close(CloseStatus.INTERNAL_ERROR);
                                })
                                .doFinally(signal -> handled.tryEmitEmpty()))
                .then(handled.asMono()) // It may still be busy with what it has received.
                .then(Mono.defer(() -> {
                    Throwable error = failure.get();
                    return error == null || isClose(error) ? Mono.empty() : Mono.error(error);
                }));
    }

    private static boolean isClose(Throwable error) {
        return error instanceof WebSocketClosedException closed
                && closed.event().initiator() != CloseEvent.Initiator.NONE;
    }
}
