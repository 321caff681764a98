/**
 * The WebSocket protocol engine, a port of the Windows WebSocket Protocol Component API.
 *
 * <p>An application queues <em>operations</em> on a {@link io.fluxsocket.core.WebSocketEngine} and the engine answers with
 * <em>actions</em>, which the application carries out and completes, one at a time in each direction:
 *
 * <pre>
 *   inbound    RECEIVE_FROM_NETWORK → FrameReader → FrameRules → Masker → Utf8Validator → INDICATE_RECEIVE_COMPLETE
 *                                                       └→ Replies (pong, close echo)
 *   outbound   send → FrameRules, Lifecycle → SendQueue → FrameWriter, Masker → SEND_TO_NETWORK → INDICATE_SEND_COMPLETE
 * </pre>
 *
 * <p>Where permessage-deflate was agreed on (see {@link io.fluxsocket.core.deflate}), a MessageInflater stands behind the
 * inbound Masker, and a MessageDeflater before the FrameWriter.
 *
 * <p>Call order: {@code client} or {@code server}; then {@code send}, {@code receive}, {@code getAction} and
 * {@code completeAction} as often as wanted; {@code abort}, drain, {@code delete}. The opening handshake is a separate and
 * optional step, see {@link io.fluxsocket.core.handshake}: an engine starts open.
 */
@NullMarked
package io.fluxsocket.core;

import org.jspecify.annotations.NullMarked;
