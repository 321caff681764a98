/**
 * {@code fluxsocket}: a command line to meet WebSockets with.
 *
 * <pre>
 *   Fluxsocket ──┬── ConnectCommand ── Conversation ──┬── Input    what is typed, piped in, or given with --message
 *                │       │                            ├── Screen   for people (TerminalScreen), pipes (PlainScreen)
 *                │   ClientOptions ── WireTap ────────┘            and programs (JsonScreen)
 *                └── ServeCommand ── Serving
 * </pre>
 *
 * <p>{@link io.fluxsocket.samples.cli.Conversation} is what to read first: one connection after the other, each a {@code send}
 * of the input and a {@code receiveMessages} to the screen. Both are driven by demand: a line is read when the one before has
 * left, and a terminal that is stopped (Ctrl-S) stops the peer.
 */
@NullMarked
package io.fluxsocket.samples.cli;

import org.jspecify.annotations.NullMarked;
