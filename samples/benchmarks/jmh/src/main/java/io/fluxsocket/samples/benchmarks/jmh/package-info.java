/**
 * Microbenchmarks: {@link io.fluxsocket.samples.benchmarks.jmh.Microbenchmarks} runs them. What they measure is one class
 * each, with a method {@code fluxsocket} and a method {@code netty} that do the same work; {@code EngineEnd}, {@code
 * SessionEnd} and {@code NettyEnd} are one end of a connection each, without a network. {@code Messages} are what is sent, {@code
 * Wire} carries them as frames, and an {@code Inbox} takes what arrives.
 */
@NullMarked
package io.fluxsocket.samples.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
