package io.fluxsocket.samples.cli;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the tests need of the machine. Without it they are skipped, except in CI, where they fail. */
final class Peers {
    private static final Path NODE_MODULES =
            Path.of("..", "echo", "target", "peers", "node_modules").toAbsolutePath();

    private Peers() {}

    /** A script for Node.js with npm's {@code ws}, as a command. */
    static List<String> node(String script) {
        requireThat(isExecutable("node"), "Node.js is absent");
        requireThat(
                Files.isDirectory(NODE_MODULES.resolve("ws")),
                "npm's ws is absent: npm install --prefix samples/echo/target/peers ws@8");
        return List.of("env", "NODE_PATH=" + NODE_MODULES, "node", "--eval", script);
    }

    static boolean isExecutable(String command) {
        return List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    static void requireThat(boolean present, String otherwise) {
        if (present) {
            return;
        }
        if (Boolean.parseBoolean(System.getenv("FLUXSOCKET_REQUIRE_PEERS"))) {
            fail(otherwise);
        }
        System.err.println("Skipped: " + otherwise);
        abort(otherwise);
    }
}
