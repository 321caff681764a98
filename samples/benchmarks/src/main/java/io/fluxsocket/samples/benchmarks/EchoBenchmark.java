package io.fluxsocket.samples.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Echo over loopback, Fluxsocket beside Reactor Netty: messages per second of server CPU, medians of interleaved rounds.
 *
 * <p>Arguments, each optional: {@code workloads=a,b} {@code servers=fluxsocket,reactor-netty} {@code rounds=3} {@code
 * seconds=4} {@code warmup=6} {@code transport=epoll}. Let nothing else run meanwhile.
 */
public final class EchoBenchmark {
    private static final String BASE = "reactor-netty";

    private EchoBenchmark() {}

    public static void main(String[] args) throws IOException {
        Map<String, String> options = new LinkedHashMap<>(Map.of(
                "workloads", "a,b,c,d,text",
                "servers", "reactor-netty,fluxsocket,fluxsocket-messages",
                "rounds", "3",
                "seconds", "4",
                "warmup", "6",
                "transport", "epoll"));
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (equals < 0 || options.put(arg.substring(0, equals), arg.substring(equals + 1)) == null) {
                throw new IllegalArgumentException(arg + " is not one of " + options.keySet() + " with =value");
            }
        }
        List<String> servers = Arrays.asList(options.get("servers").split(",", -1));
        System.out.println("| workload | " + String.join(" | ", servers) + " |");
        System.out.println("|---" + "|---".repeat(servers.size()) + "|");
        for (String workload : options.get("workloads").split(",", -1)) {
            row(Workload.valueOf(workload.toUpperCase(Locale.ROOT)), servers, options);
        }
    }

    private static void row(Workload workload, List<String> servers, Map<String, String> options) throws IOException {
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        for (int round = 0; round < Integer.parseInt(options.get("rounds")); round++) {
            for (String server : servers) {
                rates.computeIfAbsent(server, name -> new ArrayList<>()).add(rate(workload, server, options));
            }
        }
        double base = median(rates.getOrDefault(BASE, List.of(Double.NaN)));
        StringBuilder row = new StringBuilder("| " + workload.name().toLowerCase(Locale.ROOT));
        for (String server : servers) {
            List<Double> all = rates.get(server);
            double median = median(all);
            double spread = (all.stream().max(Comparator.naturalOrder()).orElseThrow()
                            - all.stream().min(Comparator.naturalOrder()).orElseThrow())
                    / median;
            row.append(String.format(
                    Locale.ROOT, " | %.2f (%.1f k/CPU-s, spread %.0f %%)", median / base, median / 1000, 100 * spread));
        }
        System.out.println(row.append(" |"));
    }

    /** Messages per CPU second of a server that is started for it. */
    private static double rate(Workload workload, String server, Map<String, String> options) throws IOException {
        try (ServerProcess process = new ServerProcess(server, options.get("transport"));
                LoadGenerator load = new LoadGenerator(workload, process.port)) {
            load.run(1000L * Integer.parseInt(options.get("warmup")));
            double before = process.cpuSeconds();
            long messages = load.run(1000L * Integer.parseInt(options.get("seconds")));
            return messages / (process.cpuSeconds() - before);
        }
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
