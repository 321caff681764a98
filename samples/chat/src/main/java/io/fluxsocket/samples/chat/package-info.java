/**
 * A chat: rooms with history, presence, who is typing, and readers of any speed.
 *
 * <pre>
 *   page ── say, typing, seen ──▶ ChatHandler ── append ──▶ Backend ── messages ──▶ Room
 *    ▲                                                  (memory, or a Redis Stream)  │ log, who is there, who types
 *    └───────────── one event for each demand ◀── Reader ◀───────── "look again" ────┘
 * </pre>
 *
 * <p>A message is confirmed to its sender when the backend has it, and reaches every {@link io.fluxsocket.samples.chat.Room} of
 * every node from there. Nobody queues for a client: each has a {@link io.fluxsocket.samples.chat.Reader}, a place in the
 * room's log, that goes on when the client has seen what it was sent. What becomes of slow clients is said there.
 */
@NullMarked
package io.fluxsocket.samples.chat;

import org.jspecify.annotations.NullMarked;
