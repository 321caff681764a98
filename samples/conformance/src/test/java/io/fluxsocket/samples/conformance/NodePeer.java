package io.fluxsocket.samples.conformance;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A script that Node.js runs with npm's {@code ws}. Its tests are skipped where either is absent, except in CI. */
final class NodePeer implements AutoCloseable {
    /** Here, or where the echo sample has it. */
    private static final List<Path> FOLDERS = List.of(Path.of("target"), Path.of("..", "echo", "target"));

    private final Process process;

    private NodePeer(Process process) {
        this.process = process;
    }

    /** @param script a resource of the folder {@code peers} */
    static NodePeer run(String script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("node", resource(script).toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder node = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        node.environment().put("NODE_PATH", modules().toAbsolutePath().toString());
        return new NodePeer(node.start());
    }

    private static Path modules() {
        for (Path folder : FOLDERS) {
            Path modules = folder.resolve(Path.of("peers", "node_modules"));
            if (Files.isDirectory(modules.resolve("ws")) && isExecutable("node")) {
                return modules;
            }
        }
        String absent = "Node.js or npm's ws is absent: npm install --prefix samples/conformance/target/peers ws@8";
        if (Boolean.parseBoolean(System.getenv("FLUXSOCKET_REQUIRE_PEERS"))) {
            return fail(absent);
        }
        System.err.println("Skipped: " + absent);
        return abort(absent);
    }

    private static boolean isExecutable(String command) {
        return List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }

    private static Path resource(String script) {
        try {
            return Path.of(Objects.requireNonNull(NodePeer.class.getResource("/peers/" + script), script)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** The first line of its output. */
    String firstLine() throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        return Objects.requireNonNull(output.readLine(), "a line of the script");
    }

    /** By ending its input, or, if that does not help, by force. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        process.destroyForcibly();
    }
}
