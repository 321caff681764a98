package io.fluxsocket.samples.benchmarks;

import java.util.List;
import java.util.Locale;

/** The ratios to Reactor Netty as bars, a panel for each workload. */
final class Plot {
    private static final int PANEL_WIDTH = 300;
    private static final int LABEL_WIDTH = 150;
    private static final int VALUE_WIDTH = 40;
    private static final int BAR = 16;
    private static final int HEAD = 40;
    private static final int COLUMNS = 2;

    private final Report report;
    private final List<Workload> workloads;
    private final List<Stack> servers;

    Plot(Report report) {
        this.report = report;
        workloads = report.options.workloads();
        servers = report.options.servers();
    }

    String svg() {
        int panelHeight = HEAD + servers.size() * (BAR + 4) + 20;
        int width = COLUMNS * (LABEL_WIDTH + PANEL_WIDTH + VALUE_WIDTH + 20);
        int height = panelHeight * ((workloads.size() + COLUMNS - 1) / COLUMNS);
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n"
                        + "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>%n",
                width,
                height,
                width,
                height));
        for (int i = 0; i < workloads.size(); i++) {
            int x = i % COLUMNS * (LABEL_WIDTH + PANEL_WIDTH + VALUE_WIDTH + 20);
            panel(svg, workloads.get(i), x, i / COLUMNS * panelHeight);
        }
        return svg.append("</svg>\n").toString();
    }

    private void panel(StringBuilder svg, Workload workload, int x, int y) {
        double largest = servers.stream()
                .mapToDouble(stack -> report.ratio(workload, stack))
                .filter(Double::isFinite)
                .max()
                .orElse(1);
        double scale = PANEL_WIDTH / Math.max(1, largest);
        String unit = workload.kind() == Workload.Kind.IDLE ? " (heap: less is better)" : "";
        text(svg, x + 4, y + 24, workload.name() + ": " + workload.description() + unit, "bold");
        for (int i = 0; i < servers.size(); i++) {
            double ratio = report.ratio(workload, servers.get(i));
            int top = y + HEAD + i * (BAR + 4);
            text(svg, x + 4, top + BAR - 4, servers.get(i).title(), "normal");
            if (Double.isFinite(ratio)) {
                double length = Math.max(1, ratio * scale);
                svg.append(String.format(
                        Locale.ROOT,
                        "<rect x=\"%d\" y=\"%d\" width=\"%.0f\" height=\"%d\" fill=\"%s\"/>%n",
                        x + LABEL_WIDTH,
                        top,
                        length,
                        BAR,
                        servers.get(i).title().contains("fluxsocket") ? "#1f6feb" : "#9aa4ae"));
                text(
                        svg,
                        (int) (x + LABEL_WIDTH + length + 4),
                        top + BAR - 4,
                        String.format(Locale.ROOT, "%.2f", ratio),
                        "normal");
            }
        }
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%1$.0f\" x2=\"%1$.0f\" y1=\"%2$d\" y2=\"%3$d\" stroke=\"black\" stroke-dasharray=\"3\"/>%n",
                x + LABEL_WIDTH + scale,
                y + HEAD - 4,
                y + HEAD + servers.size() * (BAR + 4)));
    }

    private static void text(StringBuilder svg, int x, int y, String text, String weight) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" font-weight=\"%s\">%s</text>%n",
                x,
                y,
                weight,
                text.replace("&", "&amp;").replace("<", "&lt;")));
    }
}
