package io.fluxsocket.samples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CatalogueTest {
    private final List<Case> cases = Catalogue.all(1);

    @Test
    void sectionsHaveAsManyCasesAsTheSuite() {
        Map<Integer, Long> counts =
                cases.stream().collect(Collectors.groupingBy(Case::section, TreeMap::new, Collectors.counting()));
        assertThat(counts).hasToString("{1=16, 2=11, 3=7, 4=10, 5=20, 6=145, 7=37, 9=54, 10=1, 12=90, 13=126}");
    }

    @Test
    void everyCaseHasANumberOfItsOwn() {
        assertThat(cases.stream().map(Case::id)).doesNotHaveDuplicates().hasSize(517);
    }

    @Test
    void asManyTextsAreInvalidAsInTheSuite() {
        assertThat(cases.stream().filter(test -> test.expectation().demands(Expectation.Demand.FAILURE)))
                .hasSize(75);
    }

    @Test
    void threeCasesAreLeftOpen() {
        assertThat(cases.stream()
                        .filter(test -> test.expectation().isLeftOpen())
                        .map(Case::id))
                .containsExactly("7.1.6", "7.13.1", "7.13.2");
    }
}
