package io.fluxsocket.samples.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the cases showed of one subject; {@code target/conformance/<name>.md} when it is written. */
final class Report {
    private static final Path FOLDER = Path.of("target", "conformance");

    private final String name;
    private final List<Outcome> outcomes = new ArrayList<>();

    Report(String name) {
        this.name = name;
    }

    void add(Outcome outcome) {
        outcomes.add(outcome);
    }

    /** How many cases of these sections had each verdict. */
    Map<Verdict, Long> count(int firstSection, int lastSection, Function<Outcome, Verdict> verdict) {
        return outcomes.stream()
                .filter(outcome -> outcome.test().section() >= firstSection
                        && outcome.test().section() <= lastSection)
                .collect(Collectors.groupingBy(verdict, TreeMap::new, Collectors.counting()));
    }

    List<String> idsOf(Verdict verdict) {
        return outcomes.stream()
                .filter(outcome -> outcome.behavior() == verdict)
                .map(outcome -> outcome.test().id())
                .toList();
    }

    /** A table of the sections, and a line for each case that is not as we want it of ourselves. */
    void write() throws IOException {
        Map<Integer, List<Outcome>> sections = outcomes.stream()
                .collect(Collectors.groupingBy(outcome -> outcome.test().section(), TreeMap::new, Collectors.toList()));
        List<String> lines = new ArrayList<>();
        lines.add("# " + name);
        lines.add("");
        lines.add("| section | cases | behavior | close | as we want it |");
        lines.add("|---|---|---|---|---|");
        sections.forEach((section, ofSection) -> lines.add(row(String.valueOf(section), ofSection)));
        lines.add(row("all", outcomes));
        lines.add("");
        outcomes.stream()
                .filter(outcome -> !outcome.isAsWeWantIt())
                .forEach(outcome -> lines.add("- " + outcome.test().text() + " – " + outcome));
        Files.createDirectories(FOLDER);
        Files.write(FOLDER.resolve(name + ".md"), lines);
    }

    private static String row(String section, List<Outcome> outcomes) {
        return "| " + section + " | " + outcomes.size() + " | " + counts(outcomes, Outcome::behavior) + " | "
                + counts(outcomes, Outcome::close) + " | "
                + outcomes.stream().filter(Outcome::isAsWeWantIt).count() + " |";
    }

    private static String counts(List<Outcome> outcomes, Function<Outcome, Verdict> verdict) {
        return outcomes.stream()
                .collect(Collectors.groupingBy(verdict, TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }
}
