/** Echo servers side by side: {@link io.fluxsocket.samples.benchmarks.EchoBenchmark} is where to start. */
package io.fluxsocket.samples.benchmarks;
