package io.fluxsocket.samples.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Each benchmark runs once in this JVM, with all of its parameters but for the sizes. Its setup checks that its work is done. */
class BenchmarksTest {
    /** A small one, a whole chunk, and one that takes several reads and chunks. */
    private static final Set<Integer> SIZES = Set.of(20, 65536, 1048576);

    @Test
    void allBenchmarksDoTheirWorkForBothCodecs() throws RunnerException {
        System.setProperty("jmh.ignoreLock", "true"); // nothing is measured
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .param("size", SIZES.stream().map(String::valueOf).toArray(String[]::new))
                        .mode(Mode.SingleShotTime)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .forks(0)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();

        Map<String, Set<Integer>> sizes = new TreeMap<>();
        for (RunResult result : results) {
            BenchmarkParams parameters = result.getParams();
            String name = parameters.getBenchmark().replaceFirst(".*\\.(\\w+)Benchmark", "$1");
            Set<Integer> ran = sizes.computeIfAbsent(name, n -> new TreeSet<>());
            if (parameters.getParamsKeys().contains("size")) {
                ran.add(Integer.valueOf(parameters.getParam("size")));
            }
        }
        assertThat(sizes.remove("Handshake.fluxsocket")).isEmpty();
        assertThat(sizes.remove("Handshake.netty")).isEmpty();
        assertThat(sizes.remove("Nothing.burn")).isEmpty();
        for (String name : Arrays.asList("Parse", "Encode", "Utf8", "Deflate", "Inflate", "Loop", "Session")) {
            assertThat(sizes.remove(name + ".fluxsocket")).as(name).isEqualTo(SIZES);
            assertThat(sizes.remove(name + ".netty")).as(name).isEqualTo(SIZES);
        }
        assertThat(sizes).as("benchmarks that this test does not know").isEmpty();
    }
}
