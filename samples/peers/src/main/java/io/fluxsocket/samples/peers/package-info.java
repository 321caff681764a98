/**
 * The real peers of the samples' tests. Each is a process of its own that ends with its object; where its program is absent,
 * the test is skipped, except in CI, where it fails.
 */
@NullMarked
package io.fluxsocket.samples.peers;

import org.jspecify.annotations.NullMarked;
