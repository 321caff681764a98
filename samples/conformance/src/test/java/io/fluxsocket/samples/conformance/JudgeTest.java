package io.fluxsocket.samples.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxsocket.core.EngineSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

/** The judge has to be able to fail a subject. */
class JudgeTest {
    private static final List<Case> CASES = Catalogue.withoutDeflate();

    @Test
    void subjectThatDoesNotVerifyTextFailsAllThatIsInvalid() throws Exception {
        List<Outcome> outcomes = judge(
                EngineSubject.SETTINGS.toBuilder()
                        .utf8VerificationDisabled(true)
                        .build(),
                6,
                7);
        assertThat(ids(outcomes, Verdict.FAILED))
                .hasSize(76)
                .contains("6.3.1", "6.3.2", "6.4.1", "6.4.2", "6.4.3", "6.4.4", "6.6.1", "6.21.8", "7.5.1");
        assertThat(outcomes)
                .filteredOn(outcome -> outcome.test().id().startsWith("6.4."))
                .allSatisfy(outcome -> assertThat(outcome.fault()).isEqualTo("text that is no UTF-8"));
    }

    @Test
    void subjectThatDoesNotAnswerTheCloseIsUnclean() throws Exception {
        List<Outcome> outcomes = judge(
                EngineSubject.SETTINGS.toBuilder().automaticCloseEcho(false).build(), 1, 7);
        Map<Verdict, Long> closes =
                outcomes.stream().collect(Collectors.groupingBy(Outcome::close, TreeMap::new, Collectors.counting()));
        // What fails the connection by itself still does.
        assertThat(closes).hasToString("{OK=12, INFORMATIONAL=3, UNCLEAN=38}");
    }

    @Test
    void subjectThatTakesSmallerMessagesOnlyFailsTheOthers() throws Exception {
        List<Outcome> outcomes =
                judge(EngineSubject.SETTINGS.toBuilder().maxMessageSize(127).build(), 1);
        assertThat(ids(outcomes, Verdict.FAILED))
                .containsExactly("1.1.5", "1.1.6", "1.1.7", "1.1.8", "1.2.5", "1.2.6", "1.2.7", "1.2.8");
    }

    @Test
    void outputForALargerWindowIsSeen() {
        byte[] random = new byte[1000];
        new Random(1).nextBytes(random);
        byte[] message = Bytes.join(random, random);
        byte[] compressed = JudgeDeflateTest.deflate(message, Deflater.DEFAULT_STRATEGY);
        assertThat(new WindowInflater(10, true).inflate(compressed)).isEqualTo(message);
        assertThatThrownBy(() -> new WindowInflater(9, true).inflate(compressed))
                .hasMessageContaining("a reference 1000 bytes back, with a window of 512");
    }

    private static List<Outcome> judge(EngineSettings settings, Integer... sections) throws Exception {
        EngineSubject subject = new EngineSubject(true, settings);
        List<Outcome> outcomes = new ArrayList<>();
        for (Case test : CASES) {
            if (Stream.of(sections).anyMatch(section -> section == test.section())) {
                outcomes.add(Judge.judge(test, subject));
            }
        }
        return outcomes;
    }

    private static List<String> ids(List<Outcome> outcomes, Verdict behavior) {
        return outcomes.stream()
                .filter(outcome -> outcome.behavior() == behavior)
                .map(outcome -> outcome.test().id())
                .toList();
    }
}
