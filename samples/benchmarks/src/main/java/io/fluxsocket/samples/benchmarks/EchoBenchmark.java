package io.fluxsocket.samples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Echo over loopback: Fluxsocket beside other servers, medians of interleaved rounds, as one table.
 *
 * <p>Each figure is that of a server that was started for it, in a JVM of its own and, where {@code taskset} is there, on a core
 * of its own; the load generator has the others. Messages per second <em>of the server's CPU</em>, compiler threads excluded, hold
 * still when those per second of the clock do not. Let nothing else run meanwhile. {@link Options#USAGE} has the options.
 */
public final class EchoBenchmark {
    private EchoBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        Options options;
        try {
            options = Options.of(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n\n" + Options.USAGE);
            System.exit(2);
            return;
        }
        Cpu.pinThisProcess();
        Report report = run(options, Stack.module().resolve("target"));
        System.out.println(report.markdown());
        if (!report.failures().isEmpty()) {
            System.exit(1);
        }
    }

    /** Measures, and writes the table and the plot into this folder. */
    static Report run(Options options, Path target) throws IOException {
        Report report = new Report(options, measure(options));
        Files.writeString(target.resolve("benchmark.md"), report.markdown());
        Files.writeString(target.resolve("benchmark.svg"), new Plot(report).svg());
        System.err.println("written to " + target.resolve("benchmark.md") + " and .svg");
        return report;
    }

    /** For each workload the servers by turns, again and again. A figure that fails is told, and leaves a gap. */
    private static Map<Workload, Map<Stack, Map<Integer, Measurement>>> measure(Options options) {
        Map<Workload, Map<Stack, Map<Integer, Measurement>>> figures = new LinkedHashMap<>();
        for (Workload workload : options.workloads()) {
            Map<Stack, Map<Integer, Measurement>> row = figures.computeIfAbsent(workload, key -> new LinkedHashMap<>());
            for (int round = 1; round <= options.rounds(); round++) {
                for (Stack stack : options.servers()) {
                    if (stack.modes().contains(workload.mode())) {
                        Map<Integer, Measurement> cell = row.computeIfAbsent(stack, key -> new TreeMap<>());
                        try {
                            cell.put(round, Measurement.of(stack, workload, options));
                        } catch (IOException e) {
                            System.err.println(stack.title() + ", " + workload.name() + ": " + e);
                        }
                    }
                }
                System.err.println(workload.name() + ": round " + round + " of " + options.rounds());
            }
        }
        return figures;
    }
}
