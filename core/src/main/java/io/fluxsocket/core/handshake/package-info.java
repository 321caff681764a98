/**
 * The opening handshake of RFC 6455 §4 as headers in, headers out: no I/O, no HTTP parser, no engine.
 *
 * <p>It is a step of its own, before an engine exists and without knowing it: a connection that was opened in another
 * way (RFC 8441 over HTTP/2, a test) leaves it out.
 *
 * <pre>
 *   client                                                        server
 *   ClientHandshake.begin ── requestHeaders() ──── GET ────────▶ HandshakeRequest
 *                                                                  │ ServerHandshake.answer
 *   ClientHandshake.end ◀── status, HandshakeHeaders ── 101 ────── ├ Accepted
 *     │                                                            │
 *     ├ Result                                       ── 4xx ────── └ Rejected
 *     └ HandshakeException
 * </pre>
 *
 * <p>On the server the {@link io.fluxsocket.core.handshake.OriginPolicy} decides who may connect, the
 * {@link io.fluxsocket.core.handshake.ExtensionNegotiator} which extensions are used. Why a handshake failed is one
 * {@link io.fluxsocket.core.handshake.HandshakeFault} in both roles.
 *
 * <table>
 *   <caption>The functions of the Windows WebSocket Protocol Component API and their counterparts</caption>
 *   <tr><th>Windows</th><th>here</th></tr>
 *   <tr><td>WebSocketBeginClientHandshake</td>
 *       <td>{@link io.fluxsocket.core.handshake.ClientHandshake#begin(java.util.List, java.util.List)}</td></tr>
 *   <tr><td>WebSocketEndClientHandshake</td>
 *       <td>{@link io.fluxsocket.core.handshake.ClientHandshake#end(int, HandshakeHeaders)}</td></tr>
 *   <tr><td>WebSocketBeginServerHandshake</td>
 *       <td>{@link io.fluxsocket.core.handshake.ServerHandshake#answer(HandshakeRequest)}</td></tr>
 *   <tr><td>WebSocketEndServerHandshake</td>
 *       <td>none needed: on Windows too it is implied by the first call that follows</td></tr>
 *   <tr><td>the error codes</td><td>{@link io.fluxsocket.core.handshake.HandshakeFault}</td></tr>
 * </table>
 *
 * <p>All types are immutable and safe for use by several threads at once, as far as the functions given to them are.
 */
@NullMarked
package io.fluxsocket.core.handshake;

import org.jspecify.annotations.NullMarked;
