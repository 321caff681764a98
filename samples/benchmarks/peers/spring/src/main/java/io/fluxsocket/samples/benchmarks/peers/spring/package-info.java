/** An echo server on Spring WebFlux, in its smallest idiomatic form. */
@NullMarked
package io.fluxsocket.samples.benchmarks.peers.spring;

import org.jspecify.annotations.NullMarked;
