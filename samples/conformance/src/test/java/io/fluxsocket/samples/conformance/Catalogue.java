package io.fluxsocket.samples.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All cases: the facts of the Autobahn suite's sections 1 to 7, 9, 10, 12 and 13, with its numbers. What is sent and what is
 * expected follows from RFC 6455 and RFC 7692.
 */
final class Catalogue {
    private final List<Case> cases = new ArrayList<>();

    private Catalogue() {}

    /**
     * The 517 cases.
     *
     * @param messages how many messages each case of sections 12 and 13 sends; the suite says 1000
     */
    static List<Case> all(int messages) {
        List<Case> all = new ArrayList<>(withoutDeflate());
        all.addAll(DeflateCases.all(messages));
        return all;
    }

    /** The 301 cases of sections 1 to 10. */
    static List<Case> withoutDeflate() {
        Catalogue catalogue = new Catalogue();
        FramingCases.addTo(catalogue);
        FragmentationCases.addTo(catalogue);
        Utf8Cases.addTo(catalogue);
        CloseCases.addTo(catalogue);
        LimitCases.addTo(catalogue);
        return catalogue.cases;
    }

    static Map<Integer, List<Case>> bySection(List<Case> cases) {
        Map<Integer, List<Case>> sections = new TreeMap<>();
        cases.forEach(test -> sections.computeIfAbsent(test.section(), section -> new ArrayList<>())
                .add(test));
        return sections;
    }

    void add(String id, String text, Expectation expectation, Case.Script script) {
        cases.add(new Case(id, text, expectation, script));
    }
}
