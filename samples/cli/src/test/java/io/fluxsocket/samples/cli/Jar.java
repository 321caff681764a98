package io.fluxsocket.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The jar as it is delivered, in a process of its own that ends with this object. */
final class Jar implements AutoCloseable {
    static final int PATIENCE = 30;

    /** @param out the lines of the output */
    record Result(int status, List<String> out, String err) {}

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> out = new ArrayList<>();
    private final CompletableFuture<Void> outRead;
    private final CompletableFuture<String> err;

    private Jar(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("NO_COLOR");
        process = builder.start();
        outRead = read(
                        process.getInputStream(),
                        stream -> process.inputReader(StandardCharsets.UTF_8)
                                .lines()
                                .forEach(line -> {
                                    out.add(line);
                                    lines.add(line);
                                }))
                .thenApply(nothing -> null);
        CompletableFuture<String> all = new CompletableFuture<>();
        read(process.getErrorStream(), stream -> all.complete(text(stream)));
        err = all;
    }

    private static CompletableFuture<Void> read(InputStream stream, Consumer<InputStream> reader) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                reader.accept(stream);
                end.complete(null);
            } catch (RuntimeException e) {
                end.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return end;
    }

    private static String text(InputStream stream) {
        try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // To start soon is all that matters here.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                Path.of("target", "fluxsocket.jar").toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    static Jar start(String... arguments) throws IOException {
        return new Jar(command(arguments));
    }

    static Jar start(List<String> command) throws IOException {
        return new Jar(command);
    }

    /** Runs to the end, without input. */
    static Result run(String... arguments) throws Exception {
        return runWith("", arguments);
    }

    static Result runWith(String input, String... arguments) throws Exception {
        try (Jar jar = start(arguments)) {
            jar.write(input);
            jar.endInput();
            return jar.result();
        }
    }

    void write(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    void endInput() throws IOException {
        process.getOutputStream().close();
    }

    /** The next line of the output that has this in it; waits for it, and passes over others. */
    String awaitLine(String part) throws InterruptedException {
        while (true) {
            String line = lines.poll(PATIENCE, TimeUnit.SECONDS);
            assertThat(line).as("a line with '%s' after %s", part, out).isNotNull();
            if (line.contains(part)) {
                return line;
            }
        }
    }

    /** As Ctrl-C does. */
    void interrupt() throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    Result result() throws Exception {
        assertThat(process.waitFor(PATIENCE, TimeUnit.SECONDS))
                .as("the command has ended")
                .isTrue();
        outRead.get(PATIENCE, TimeUnit.SECONDS);
        return new Result(process.exitValue(), List.copyOf(out), err.get(PATIENCE, TimeUnit.SECONDS));
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
