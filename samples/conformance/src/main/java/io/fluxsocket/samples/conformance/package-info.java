/**
 * A server and a client that the Autobahn suite can drive. The tests hold a conformance suite of our own.
 */
@NullMarked
package io.fluxsocket.samples.conformance;

import org.jspecify.annotations.NullMarked;
