/**
 * Fluxsocket in Spring Boot. When the dependency is there, WebSockets of a WebFlux application on Reactor Netty run on it, and
 * there is a {@code WebSocketClient} to inject; what a bean of the application's defines is left to it.
 *
 * <pre>
 *   fluxsocket.* ── FluxsocketProperties ── SessionSettings ──┬── FluxsocketRequestUpgradeStrategy ── WebSocketHandlerAdapter
 *                                                             └── FluxsocketWebSocketClient
 * </pre>
 *
 * <p>Beans of {@link io.fluxsocket.reactive.spring.boot.SessionSettingsCustomizer} and {@link
 * io.fluxsocket.reactive.spring.boot.WebSocketClientCustomizer} change what no property does.
 */
@NullMarked
package io.fluxsocket.reactive.spring.boot;

import org.jspecify.annotations.NullMarked;
