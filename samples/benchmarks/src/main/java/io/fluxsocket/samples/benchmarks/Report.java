package io.fluxsocket.samples.benchmarks;

import io.fluxsocket.samples.benchmarks.Measurement.Rounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured, as Markdown: one table with a row for each server, then the same in detail. */
final class Report {
    final Options options;
    private final Map<Workload, Map<Stack, Map<Integer, Measurement>>> figures;

    Report(Options options, Map<Workload, Map<Stack, Map<Integer, Measurement>>> figures) {
        this.options = options;
        this.figures = figures;
    }

    /** The rounds of a server; none if it does not do the workload, or failed. */
    Rounds rounds(Workload workload, Stack stack) {
        return new Rounds(figures.get(workload).getOrDefault(stack, Map.of()));
    }

    /** In relation to Reactor Netty, if that was measured; of bytes too: less is better there. */
    double ratio(Workload workload, Stack stack) {
        double[] ratios = ratios(workload, stack);
        return ratios.length == 0 ? Double.NaN : Rounds.median(ratios);
    }

    private double[] ratios(Workload workload, Stack stack) {
        return rounds(workload, stack).ratios(rounds(workload, Stack.named(Stack.BASE)), Measurement::perCpuSecond);
    }

    /** Rounds that failed, one line each. */
    List<String> failures() {
        List<String> failures = new ArrayList<>();
        for (Workload workload : options.workloads()) {
            for (Stack stack : options.servers()) {
                int missing =
                        options.rounds() - rounds(workload, stack).byRound().size();
                if (missing > 0 && stack.modes().contains(workload.mode())) {
                    failures.add(stack.title() + ", " + workload.name() + ": " + missing + " rounds failed");
                }
            }
        }
        return failures;
    }

    String markdown() {
        StringBuilder text = new StringBuilder();
        text.append(
                        "Ratio to Reactor Netty in the same round (thousand messages per second of server CPU), each the median of ")
                .append(options.rounds())
                .append(
                        " rounds ± half of the spread; of client-…: of client CPU; of idle connections: bytes of heap + off the"
                                + " heap.\n\n");
        overview(text);
        growth(text, "open");
        growth(text, "size");
        text.append('\n');
        for (Workload workload : options.workloads()) {
            text.append("- ")
                    .append(workload.name())
                    .append(": ")
                    .append(workload.description())
                    .append('\n');
        }
        text.append(String.format(
                Locale.ROOT,
                "%nServers: %s on one core, %s, heap %s. Load generator: one thread on the others. %s s after %s s. "
                        + "TCP congestion control: %s.%n",
                options.java(),
                options.transport(),
                options.heap(),
                options.seconds(),
                options.warmup(),
                congestionControl()));
        text.append(
                "In detail: message latency in microseconds (of full windows: mostly waiting), and the share of a core that "
                        + "server and load generator used. Each has a core of its own; the generator sleeps while it has nothing to "
                        + "do. Where its share is near 1 it limits the clock rate, but not the figure per server CPU second. "
                        + "That it could deliver more is what the row `raw` shows, if it was measured. Of client-…: the share of the "
                        + "client, then that of its server, which is `raw`.\n\n");
        details(text);
        for (String failure : failures()) {
            text.append("\n**").append(failure).append("**\n");
        }
        return text.toString();
    }

    /** What the kernel does with each message is part of all figures. */
    private static String congestionControl() {
        try {
            return Files.readString(Path.of("/proc/sys/net/ipv4/tcp_congestion_control"))
                    .strip();
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** What a byte costs at the largest scale of a group, in relation to the smallest. */
    private void growth(StringBuilder text, String group) {
        List<Workload> scales = options.workloads().stream()
                .filter(workload -> workload.name().startsWith(group + "-"))
                .toList();
        if (scales.size() < 2) {
            return;
        }
        Workload small = scales.get(0);
        Workload large = scales.get(scales.size() - 1);
        text.append(String.format(Locale.ROOT, "%nCost of a byte, from %s to %s:", small.name(), large.name()));
        for (Stack stack : options.servers()) {
            double growth = bytesPerCpuSecond(small, stack) / bytesPerCpuSecond(large, stack);
            text.append(String.format(Locale.ROOT, " %s × %.2f;", stack.title(), growth));
        }
        text.append('\n');
    }

    private double bytesPerCpuSecond(Workload workload, Stack stack) {
        Rounds rounds = rounds(workload, stack);
        return rounds.isEmpty() ? Double.NaN : rounds.median(Measurement::perCpuSecond) * workload.size();
    }

    private void overview(StringBuilder text) {
        text.append("| server |");
        options.workloads()
                .forEach(workload -> text.append(' ').append(workload.name()).append(" |"));
        text.append("\n|---|").append("---|".repeat(options.workloads().size())).append('\n');
        for (Stack stack : options.servers()) {
            text.append("| ").append(stack.title()).append(" |");
            for (Workload workload : options.workloads()) {
                text.append(' ').append(cell(workload, stack)).append(" |");
            }
            text.append('\n');
        }
    }

    private String cell(Workload workload, Stack stack) {
        Rounds rounds = rounds(workload, stack);
        if (rounds.isEmpty()) {
            return "–";
        }
        double figure = rounds.median(Measurement::perCpuSecond);
        String value = workload.kind() == Workload.Kind.IDLE
                ? String.format(Locale.ROOT, "%.0f + %.0f B", figure, rounds.median(Measurement::offHeap))
                : String.format(
                        Locale.ROOT,
                        "%s k ± %.0f %%",
                        significant(figure / 1000),
                        50 * rounds.spread(Measurement::perCpuSecond));
        double[] ratios = ratios(workload, stack);
        if (ratios.length == 0) {
            return value;
        }
        double half = 50 * Rounds.spread(ratios);
        String spread = stack.title().equals(Stack.BASE) ? "" : String.format(Locale.ROOT, " ± %.0f %%", half);
        return String.format(Locale.ROOT, "**%.2f**%s (%s)", Rounds.median(ratios), spread, value);
    }

    private void details(StringBuilder text) {
        text.append("| workload | server | k/CPU-s | k/s | p50 | p99 | p99.9 | server | load | bytes back |\n");
        text.append("|---|---|---|---|---|---|---|---|---|---|\n");
        for (Workload workload : options.workloads()) {
            for (Stack stack : options.servers()) {
                Rounds rounds = rounds(workload, stack);
                if (!rounds.isEmpty() && workload.kind() != Workload.Kind.IDLE) {
                    text.append(String.format(
                            Locale.ROOT,
                            "| %s | %s | %s | %s | %s | %s | %s | %.2f | %.2f | %s |%n",
                            workload.name(),
                            stack.title(),
                            significant(rounds.median(Measurement::perCpuSecond) / 1000),
                            significant(rounds.median(Measurement::perSecond) / 1000),
                            significant(rounds.median(Measurement::p50)),
                            significant(rounds.median(Measurement::p99)),
                            significant(rounds.median(Measurement::p999)),
                            rounds.median(Measurement::serverCpu),
                            rounds.median(Measurement::loadCpu),
                            whole(rounds.median(Measurement::wireBytes))));
                }
            }
        }
    }

    private static String whole(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.0f", value);
    }

    private static String significant(double value) {
        return Double.isNaN(value)
                ? "–"
                : String.format(
                        Locale.ROOT,
                        value < 0.1 ? "%.4f" : value < 1 ? "%.3f" : value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f",
                        value);
    }
}
