/** An echo server on Java-WebSocket, in its smallest idiomatic form. */
@NullMarked
package io.fluxsocket.samples.benchmarks.peers.javawebsocket;

import org.jspecify.annotations.NullMarked;
