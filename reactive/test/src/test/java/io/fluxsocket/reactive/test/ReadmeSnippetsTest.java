package io.fluxsocket.reactive.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the README shows is what is compiled and run here: each block of Java is a part of a test, but for its white space. */
class ReadmeSnippetsTest {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void everySnippetIsAPartOfATest() throws IOException {
        List<String> snippets = BLOCK.matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(block -> withoutSpace(block.group(1)))
                .toList();
        String tests;
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            tests = files.filter(Files::isRegularFile)
                    .map(ReadmeSnippetsTest::read)
                    .map(ReadmeSnippetsTest::withoutSpace)
                    .reduce("", String::concat);
        }

        assertThat(snippets)
                .hasSizeGreaterThanOrEqualTo(5)
                .allSatisfy(snippet -> assertThat(tests).contains(snippet));
    }

    private static String withoutSpace(String source) {
        return source.replaceAll("\\s+", " ").strip();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
