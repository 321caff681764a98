/** An echo server on Vert.x, in its smallest idiomatic form. */
@NullMarked
package io.fluxsocket.samples.benchmarks.peers.vertx;

import org.jspecify.annotations.NullMarked;
