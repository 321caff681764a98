package io.fluxsocket.samples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case of the catalogue as a test against one subject of ours. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ConformanceRules {
    private final String name;
    private Judge.Subject subject;
    private Report report;

    ConformanceRules(String name) {
        this.name = name;
    }

    abstract Judge.Subject start();

    abstract List<Case> cases();

    @BeforeAll
    void begin() {
        subject = start();
        report = new Report(name);
    }

    @AfterAll
    void end() throws Exception {
        subject.close();
        report.write();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void subjectDoesWhatTheCaseDemands(Case test) throws Exception {
        Outcome outcome = Judge.judge(test, subject);
        report.add(outcome);
        assertThat(outcome.isAsWeWantIt()).as(outcome.toString()).isTrue();
    }
}
