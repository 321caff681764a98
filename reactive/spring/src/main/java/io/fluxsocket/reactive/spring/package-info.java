/**
 * Spring WebFlux's WebSockets on Fluxsocket: its handlers, its sessions and its client interface stay, what runs beneath
 * them changes.
 *
 * <pre>
 *   server: HandshakeWebSocketService ── FluxsocketRequestUpgradeStrategy ── judges the request as Spring sees it
 *                                                   │                        WebSocketUpgrade takes the channel over
 *   client: FluxsocketWebSocketClient ─── WebSocketClient connects
 *                      │                            │
 *                      └── SpringWebSocketHandler ──┘
 *                                    │
 *              FluxsocketWebSocketSession around a WebSocketConnection ── Spring's WebSocketHandler
 * </pre>
 *
 * <p>{@link io.fluxsocket.reactive.spring.SpringWebSocketHandler} runs a handler of Spring's on any connection: also in memory,
 * with the test kit.
 */
@NullMarked
package io.fluxsocket.reactive.spring;

import org.jspecify.annotations.NullMarked;
