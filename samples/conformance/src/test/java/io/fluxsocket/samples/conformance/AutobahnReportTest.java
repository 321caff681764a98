package io.fluxsocket.samples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the fuzzing client of the Autobahn suite has reported of the sample's server. The Maven plugin that runs it looks at
 * {@code behavior} alone; how a connection ended stands in {@code behaviorClose}.
 */
@Tag("autobahn")
class AutobahnReportTest {
    private static final Pattern CASE = Pattern.compile("\"([0-9.]+)\": *\\{([^}]*)}");
    private static final Pattern BEHAVIOR = Pattern.compile("\"behavior\": *\"([^\"]*)\"");
    private static final Pattern CLOSE = Pattern.compile("\"behaviorClose\": *\"([^\"]*)\"");

    @Test
    void everyCaseIsPassedAndEndsAsItShould() throws IOException {
        String index = Files.readString(Path.of(System.getProperty("conformance.autobahn-reports"), "index.json"));
        Map<String, Integer> behaviors = new TreeMap<>();
        Map<String, Integer> closes = new TreeMap<>();
        CASE.matcher(index).results().map(result -> result.group(2)).forEach(result -> {
            behaviors.merge(valueOf(BEHAVIOR, result), 1, Integer::sum);
            closes.merge(valueOf(CLOSE, result), 1, Integer::sum);
        });
        assertThat(behaviors).as("behavior").hasToString("{INFORMATIONAL=3, OK=298}");
        assertThat(closes).as("behaviorClose").hasToString("{INFORMATIONAL=3, OK=298}");
    }

    private static String valueOf(Pattern pattern, String result) {
        return pattern.matcher(result).results().findFirst().orElseThrow().group(1);
    }
}
