/**
 * Echo servers, and clients, side by side. {@link io.fluxsocket.samples.benchmarks.EchoBenchmark} is where to start: it takes {@code
 * Options}, makes a {@code Measurement} of each {@code Stack} under each {@code Workload} ({@code ServerProcess} under the load of a
 * {@code LoadGenerator}, or one of {@code EchoClients} with {@code RawEcho} as its server), and writes a {@code Report} and a {@code
 * Plot}.
 */
package io.fluxsocket.samples.benchmarks;
