/**
 * WebSocket connections as reactive streams, driven by demand, over any byte transport.
 *
 * <p>A transport hands its stream of bytes to {@link io.fluxsocket.reactive.WebSocketConnections#open} and gets a {@link
 * io.fluxsocket.reactive.WebSocketConnection}; {@link io.fluxsocket.reactive.WebSocketConnections#handle} runs a {@link
 * io.fluxsocket.reactive.WebSocketHandler} on it. What flows through:
 *
 * <pre>
 *   ByteTransport ─onRead─► EngineDriver ─chunks─► Inbound ─► receive(), receiveMessages()
 *   ByteTransport ◄─output─ EngineDriver ◄─frames─ Outbound ◄─ Sender ◄─ send(source)
 *                                │
 *                                └─ Closing, Pings, Watchdog
 * </pre>
 *
 * <p>Everything runs on the event loop of the transport; calls from other threads are handed over to it. Demand is what
 * makes the driver queue a receive and ask a source for a frame: one operation of each direction is outstanding at a time.
 */
@NullMarked
package io.fluxsocket.reactive;

import org.jspecify.annotations.NullMarked;
