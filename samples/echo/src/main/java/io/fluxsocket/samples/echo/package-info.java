/**
 * Samples, to be read in this order:
 *
 * <ol>
 *   <li>{@link io.fluxsocket.samples.echo.HelloServer} and {@link io.fluxsocket.samples.echo.HelloClient}, ten lines each;
 *   <li>{@link io.fluxsocket.samples.echo.EchoServer} and {@link io.fluxsocket.samples.echo.EchoClient}, to be run and
 *       talked to;
 *   <li>{@link io.fluxsocket.samples.echo.ExistingHttpServer}, a WebSocket beside ordinary routes;
 *   <li>{@link io.fluxsocket.samples.echo.ReconnectingClient}, which outlives its connections.
 * </ol>
 *
 * <p>The snippets of the README are cut from these files.
 */
@NullMarked
package io.fluxsocket.samples.echo;

import org.jspecify.annotations.NullMarked;
