package io.fluxsocket.samples.peers;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Where the real peers are that are no libraries. Without one its tests are skipped, except in CI, where they fail. */
public final class Peers {
    /** A test fails when what it waits for has not come by then. */
    public static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Path NODE_MODULES =
            Path.of("target", "peers", "node_modules").toAbsolutePath();

    private Peers() {}

    /** A script of {@code src/test/resources/peers}, to be run by Node.js with npm's {@code ws}. */
    public static PeerProcess node(String script, Object... arguments) throws IOException {
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
    public static PeerProcess chromeDriver() throws IOException {
        requireThat(isExecutable("chromedriver") && isExecutable("chromium"), "Chromium or its driver is absent");
        return PeerProcess.start(new ProcessBuilder("chromedriver", "--port=0"));
    }

    /**
     * Redis on a port of the loopback, which persists each write.
     *
     * @param folder where it keeps its files
     */
    public static PeerProcess redis(int port, Path folder) throws IOException, InterruptedException {
        requireThat(isExecutable("redis-server"), "redis-server is absent");
        PeerProcess redis = PeerProcess.start(new ProcessBuilder(
                "redis-server",
                "--bind",
                "127.0.0.1",
                "--port",
                String.valueOf(port),
                "--dir",
                Files.createDirectories(folder).toAbsolutePath().toString(),
                "--appendonly",
                "yes",
                "--appendfsync",
                "always",
                "--save",
                ""));
        redis.nextMatch("Ready to accept connections");
        return redis;
    }

    /** A port of the loopback interface that is free just now. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A main class on this class path, with what this JVM was told about access to native code. */
    public static PeerProcess java(Class<?> main, String... arguments) throws IOException {
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
            return Path.of(
                    Objects.requireNonNull(Peers.class.getResource(name), name).toURI());
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
