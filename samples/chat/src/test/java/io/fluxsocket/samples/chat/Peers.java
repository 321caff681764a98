package io.fluxsocket.samples.chat;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Where the real peers are that are no libraries. Without one its tests are skipped, except in CI, where they fail. */
final class Peers {
    /** A test fails when what it waits for has not come by then. */
    static final Duration PATIENCE = Duration.ofSeconds(120);

    private Peers() {}

    /** Redis with persistence, in this folder. */
    static PeerProcess redis(int port, Path folder) throws IOException {
        requireThat(isExecutable("redis-server"), "redis-server is absent");
        return PeerProcess.start(new ProcessBuilder(
                "redis-server",
                "--bind",
                "127.0.0.1",
                "--port",
                String.valueOf(port),
                "--appendonly",
                "yes",
                "--dir",
                folder.toString()));
    }

    /** A port of the loopback interface that is free just now. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
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
