/** The rules of Reactive Streams, verified by its TCK over connections in memory. */
package io.fluxsocket.reactive.test.tck;
