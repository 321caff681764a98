package io.fluxsocket.reactive.spring;

import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.WebSocketHandshakeException;
import io.fluxsocket.reactive.spring.WebSocketObservation.HandshakeKeys;
import io.fluxsocket.reactive.spring.WebSocketObservation.SessionKeys;
import io.fluxsocket.reactive.spring.WebSocketObservation.UrlKey;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.util.Locale;
import java.util.function.Supplier;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** Observes handshakes and sessions. Costs nothing where the registry is {@link ObservationRegistry#NOOP}. */
final class Observations {
    /** Where Micrometer's context propagation and Spring keep the current observation. */
    private static final String CONTEXT_KEY = "micrometer.observation";

    private final ObservationRegistry registry;
    private final WebSocketObservation handshake;
    private final WebSocketObservation session;

    Observations(ObservationRegistry registry, WebSocketObservation handshake, WebSocketObservation session) {
        this.registry = registry;
        this.handshake = handshake;
        this.session = session;
    }

    /** Observes a handshake from its subscription to its end. */
    <T> Mono<T> handshake(String uriTag, URI url, Supplier<String> statusOfSuccess, Mono<T> shaking) {
        if (registry.isNoop()) {
            return shaking;
        }
        return Mono.deferContextual(context -> {
            Observation observation = start(handshake, HandshakeKeys.URI.withValue(uriTag), url, context);
            return shaking.doOnSuccess(opened ->
                            observation.lowCardinalityKeyValue(HandshakeKeys.STATUS.withValue(statusOfSuccess.get())))
                    .doOnError(error -> {
                        observation.lowCardinalityKeyValue(HandshakeKeys.STATUS.withValue(status(error)));
                        observation.error(error);
                    })
                    .doOnCancel(() -> observation.lowCardinalityKeyValue(HandshakeKeys.STATUS.withValue("NONE")))
                    .doFinally(signal -> observation.stop());
        });
    }

    /** Observes each session of a handler to the end of its connection, and is the parent of what the handler observes. */
    WebSocketHandler sessions(String uriTag, URI url, WebSocketHandler handler) {
        if (registry.isNoop()) {
            return handler;
        }
        return opened -> Mono.deferContextual(context -> {
            Observation observation = start(session, SessionKeys.URI.withValue(uriTag), url, context);
            ((FluxsocketWebSocketSession) opened).connection().closed().subscribe(event -> {
                observation.lowCardinalityKeyValue(SessionKeys.CODE.withValue(code(event)));
                observation.lowCardinalityKeyValue(
                        SessionKeys.INITIATOR.withValue(event.initiator().name().toLowerCase(Locale.ROOT)));
                observation.stop();
            });
            return handler.handle(opened)
                    .doOnError(observation::error)
                    .contextWrite(inner -> inner.put(CONTEXT_KEY, observation));
        });
    }

    private Observation start(
            WebSocketObservation what, io.micrometer.common.KeyValue uri, URI url, ContextView context) {
        Observation observation = Observation.createNotStarted(what.getName(), registry)
                .contextualName("websocket " + uri.getValue())
                .lowCardinalityKeyValue(uri)
                .highCardinalityKeyValue(UrlKey.URL.withValue(url.toString()));
        Object parent = context.getOrDefault(CONTEXT_KEY, null);
        if (parent instanceof Observation outer) {
            observation.parentObservation(outer);
        }
        return observation.start();
    }

    private static String status(Throwable error) {
        if (error instanceof ResponseStatusException refusal) {
            return String.valueOf(refusal.getStatusCode().value());
        }
        return error instanceof WebSocketHandshakeException refusal && refusal.statusCode() != 0
                ? String.valueOf(refusal.statusCode())
                : "NONE";
    }

    private static String code(CloseEvent event) {
        int code = event.status().code();
        return code < 3000 ? String.valueOf(code) : code / 1000 + "xxx";
    }
}
