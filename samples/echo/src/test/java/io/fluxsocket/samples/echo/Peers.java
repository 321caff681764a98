package io.fluxsocket.samples.echo;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Where the real peers are that are no libraries. Without one its tests are skipped, except in CI, where they fail. */
final class Peers {
    private static final Path NODE_MODULES =
            Path.of("target", "peers", "node_modules").toAbsolutePath();

    private Peers() {}

    /** A script of {@code src/test/resources/peers}, to be run by Node.js with npm's {@code ws}. */
    static PeerProcess node(String script, Object... arguments) throws IOException {
        requireThat(isExecutable("node"), "Node.js is absent");
        requireThat(
                Files.isDirectory(NODE_MODULES.resolve("ws")),
                "npm's ws is absent: npm install --prefix samples/echo/target/peers ws@8");
        Stream<String> command = Stream.concat(
                Stream.of("node", resource("/peers/" + script).toString()),
                Stream.of(arguments).map(Object::toString));
        ProcessBuilder node = new ProcessBuilder(command.toList());
        node.environment().put("NODE_PATH", NODE_MODULES.toString());
        return PeerProcess.start(node);
    }

    /** ChromeDriver, on a free port that it prints. */
    static PeerProcess chromeDriver() throws IOException {
        requireThat(isExecutable("chromedriver") && isExecutable("chromium"), "Chromium or its driver is absent");
        return PeerProcess.start(new ProcessBuilder("chromedriver", "--port=0"));
    }

    /** A main class on this class path, with what this JVM was told about access to native code. */
    static PeerProcess java(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // To start soon is all that matters here.
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return PeerProcess.start(new ProcessBuilder(command));
    }

    private static Path resource(String name) {
        try {
            return Path.of(Peers.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isExecutable(String command) {
        return List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    private static void requireThat(boolean present, String otherwise) {
        if (present) {
            return;
        }
        if (Boolean.parseBoolean(System.getenv("FLUXSOCKET_REQUIRE_PEERS"))) {
            fail(otherwise);
        }
        // Surefire tells why a test was skipped in its report alone.
        System.err.println("Skipped: " + otherwise);
        abort(otherwise);
    }
}
