package io.fluxsocket.samples.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the README shows is compiled, what it claims is tested, and its commands are the real ones. */
class ReadmeSnippetsTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();
    private static final String README = read(ROOT.resolve("README.md"));

    @Test
    void everyJavaBlockIsCutFromASample() {
        List<String> sources = files(ROOT.resolve("samples"), "/src/main/java/")
                .map(ReadmeSnippetsTest::withoutWhitespace)
                .toList();
        assertThat(blocks("java"))
                .isNotEmpty()
                .allSatisfy(block -> assertThat(sources).anyMatch(source -> source.contains(withoutWhitespace(block))));
    }

    @Test
    void everyTestThatIsNamedExists() {
        List<String> tests = files(ROOT, "/src/test/java/").toList();
        List<String> named = Pattern.compile("`(\\w+Test(\\.\\w+)?)`")
                .matcher(README)
                .results()
                .map(name -> name.group(1))
                .toList();
        assertThat(named).hasSizeGreaterThan(10).allSatisfy(name -> {
            String[] parts = name.split("\\.");
            assertThat(tests)
                    .as(name)
                    .anyMatch(test -> test.contains("class " + parts[0] + " ")
                            && (parts.length == 1 || test.contains("void " + parts[1] + "(")));
        });
    }

    @Test
    void everyFileThatIsLinkedExists() {
        assertThat(Pattern.compile("]\\(([^)]+)\\)").matcher(README).results().map(link -> link.group(1)))
                .isNotEmpty()
                .allSatisfy(link -> assertThat(ROOT.resolve(link)).exists());
    }

    @Test
    void testCommandIsThatOfContinuousIntegration() {
        assertThat(read(ROOT.resolve(".ci/run")).lines().filter(line -> line.startsWith("mvn ")))
                .singleElement()
                .satisfies(command -> assertThat(blocks("shell")).contains(command));
    }

    @Test
    void runCommandsBuildAndStartTheJarOfTheirModule() {
        List<MatchResult> commands = blocks("shell").stream()
                .flatMap(block -> Pattern.compile("-pl (\\S+) -am package && java -jar (\\S+)/target/(\\S+)\\.jar")
                        .matcher(block)
                        .results())
                .toList();
        assertThat(commands).extracting(command -> command.group(1)).contains("samples/echo", "samples/benchmarks");
        assertThat(commands).allSatisfy(command -> {
            assertThat(command.group(2)).isEqualTo(command.group(1));
            assertThat(read(ROOT.resolve(command.group(1)).resolve("pom.xml")))
                    .contains("<finalName>" + command.group(3) + "</finalName>", "<mainClass>");
        });
    }

    @Test
    void coordinatesAreThoseOfTheBuild() {
        String pom = read(ROOT.resolve("reactive/netty/pom.xml"));
        assertThat(blocks("xml"))
                .singleElement()
                .satisfies(block -> assertThat(block.lines()
                                .map(String::strip)
                                .filter(line -> line.matches("<(groupId|artifactId|version)>.*")))
                        .hasSize(3)
                        .allSatisfy(line -> assertThat(pom).contains(line)));
    }

    private static List<String> blocks(String language) {
        return Pattern.compile("(?ms)^```" + language + "\\n(.*?)\\n```$")
                .matcher(README)
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    /** The contents of the Java files below a folder whose path holds this. */
    private static Stream<String> files(Path folder, String part) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all
                    .filter(file ->
                            file.toString().endsWith(".java") && file.toString().contains(part))
                    .map(ReadmeSnippetsTest::read)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String withoutWhitespace(String text) {
        return text.replaceAll("\\s+", "");
    }
}
