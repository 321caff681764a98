/**
 * Watches the tests of a module that has this on its class path: what Netty leaks, what Reactor drops, what either warns of, and what blocks an
 * event loop fails a test class, though no assertion has looked for it.
 *
 * <p>JUnit finds {@link io.fluxsocket.reactive.watch.FaultsExtension} as a service and runs it around every test class; BlockHound finds
 * {@link io.fluxsocket.reactive.watch.AllowedBlocking}.
 */
@NullMarked
package io.fluxsocket.reactive.watch;

import org.jspecify.annotations.NullMarked;
