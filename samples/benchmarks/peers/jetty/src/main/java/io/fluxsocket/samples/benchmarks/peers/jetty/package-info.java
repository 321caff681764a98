/** An echo server on Jetty, in its smallest idiomatic form. */
@NullMarked
package io.fluxsocket.samples.benchmarks.peers.jetty;

import org.jspecify.annotations.NullMarked;
