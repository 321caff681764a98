/**
 * Tests of WebSocket handlers and clients without a port: the engine and the session are those of production, only the bytes
 * travel in memory and the time is virtual.
 *
 * <p>{@link io.fluxsocket.reactive.test.InMemoryWebSocket} opens connections: a {@link
 * io.fluxsocket.reactive.test.WebSocketPair} of two sessions, one session and a {@link
 * io.fluxsocket.reactive.test.ScriptedPeer} that speaks in frames and bytes, or an {@link
 * io.fluxsocket.reactive.test.InMemoryServer} that a client connects to again and again. What flows through:
 *
 * <pre>
 *   session ─output─► MemoryTransport ─► Wire ─► MemoryTransport ─onRead─► session
 *                                         │   └► PeerEnd ─frames─► ScriptedPeer
 *                                         └ faults, counts, Transcript
 * </pre>
 *
 * <p>Everything runs on one {@code Loop} that has no thread: the thread that brings work does it. So when a call of a test
 * returns, everything that follows from it has happened, and nothing is ever waited for.
 */
@NullMarked
package io.fluxsocket.reactive.test;

import org.jspecify.annotations.NullMarked;
