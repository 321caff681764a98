/** An echo server on Undertow, in its smallest idiomatic form. */
@NullMarked
package io.fluxsocket.samples.benchmarks.peers.undertow;

import org.jspecify.annotations.NullMarked;
