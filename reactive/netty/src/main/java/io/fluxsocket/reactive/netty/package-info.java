/**
 * WebSocket server and client on Reactor Netty: the HTTP upgrade, then the channel as the session's byte transport.
 *
 * <pre>
 *   WebSocketServer ── WebSocketUpgrade ──┐                       ┌── WebSocketClient
 *   HttpServerRoutes ──────┘         judge the request      send the request, judge the response
 *                                         └── take the channel over ──┘
 *                                                     │
 *                                  WebSocketConnections.open, WebSocketHandler
 * </pre>
 *
 * <p>{@link io.fluxsocket.reactive.netty.WebSocketServer} has a port of its own;
 * {@link io.fluxsocket.reactive.netty.WebSocketUpgrade} is the same as a route of an existing {@code HttpServer};
 * {@link io.fluxsocket.reactive.netty.WebSocketClient} connects. The HTTP exchange ends with the handshake: what Reactor Netty
 * logs, measures or times out of a request applies to the handshake alone.
 */
@NullMarked
package io.fluxsocket.reactive.netty;

import org.jspecify.annotations.NullMarked;
