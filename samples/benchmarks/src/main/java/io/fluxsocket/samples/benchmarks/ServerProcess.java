package io.fluxsocket.samples.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server in a JVM of its own, on a core of its own where {@code taskset} is there, and the CPU time that it has used. */
final class ServerProcess implements AutoCloseable {
    private static final long TICKS_PER_SECOND = 100;

    final String name;
    final int port;
    private final Process process;

    ServerProcess(String name, String transport) throws IOException {
        this.name = name;
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of("/usr/bin/taskset"))
                && Runtime.getRuntime().availableProcessors() > 1) {
            command.addAll(List.of("/usr/bin/taskset", "-c", "0"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseParallelGC",
                "-Xms2g",
                "-Xmx2g",
                "-XX:+AlwaysPreTouch",
                "-cp",
                System.getProperty("java.class.path"),
                EchoServers.class.getName(),
                name,
                transport));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null || !line.startsWith("READY ")) {
            close();
            throw new IOException(name + " did not start: " + line);
        }
        port = Integer.parseInt(line.substring("READY ".length()));
    }

    /** CPU seconds of all threads but the compilers'. */
    double cpuSeconds() throws IOException {
        long ticks = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/task"))) {
            for (Path task : tasks) {
                ticks += ticksOf(task);
            }
        }
        return (double) ticks / TICKS_PER_SECOND;
    }

    private static long ticksOf(Path task) throws IOException {
        try {
            String stat = Files.readString(task.resolve("stat"));
            String thread = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
            if (thread.startsWith("C1 Compiler") || thread.startsWith("C2 Compiler")) {
                return 0;
            }
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        } catch (NoSuchFileException e) {
            return 0; // the thread has ended
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
