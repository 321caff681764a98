package io.fluxsocket.samples.benchmarks.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Takes as long as messages of 1 MiB and allocates nothing: what is shown all the same is JMH's own. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Wire.FRAMES)
public class NothingBenchmark {
    private static final int TOKENS_PER_MESSAGE = 4_000_000;

    @Benchmark
    public void burn() {
        Blackhole.consumeCPU((long) Wire.FRAMES * TOKENS_PER_MESSAGE);
    }
}
