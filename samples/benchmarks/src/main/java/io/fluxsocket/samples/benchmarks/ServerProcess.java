package io.fluxsocket.samples.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server in a JVM and on a core of its own. Its first line of output is {@code READY} and the port. */
final class ServerProcess implements AutoCloseable {
    private static final int LINES_OF_HISTOGRAM = 100_000;

    final int port;
    private final Process process;
    private final Path java;

    ServerProcess(Stack stack, Options options, String mode) throws IOException {
        java = options.java();
        List<String> command = new ArrayList<>(Cpu.pinned(0));
        command.addAll(List.of(
                java.toString(),
                "-XX:+UseParallelGC",
                "-Xms" + options.heap(),
                "-Xmx" + options.heap(),
                "-XX:+AlwaysPreTouch", // else whoever allocates pays for the first touch of the young generation
                "-cp",
                stack.classPath(),
                stack.mainClass(),
                stack.title(),
                options.transport(),
                mode));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null || !line.startsWith("READY ")) {
            close();
            throw new IOException(stack.title() + " did not start: " + line);
        }
        port = Integer.parseInt(line.substring("READY ".length()));
    }

    /** CPU seconds of all threads but the compilers'. */
    double cpuSeconds() throws IOException {
        return Cpu.seconds(process.pid());
    }

    /** Bytes of the objects that a full collection leaves. */
    long heapBytes() throws IOException {
        Process histogram = new ProcessBuilder(
                        java.resolveSibling("jcmd").toString(), Long.toString(process.pid()), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String last = "";
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(histogram.getInputStream(), StandardCharsets.UTF_8))) {
            for (int i = 0; i < LINES_OF_HISTOGRAM; i++) {
                String line = lines.readLine();
                if (line == null) {
                    break;
                }
                last = line.isBlank() ? last : line;
            }
        }
        String[] fields = last.trim().split("\\s+", -1); // Total, instances, bytes
        if (!fields[0].equals("Total")) {
            throw new IOException("jcmd says: " + last);
        }
        return Long.parseLong(fields[2]);
    }

    /** Bytes of memory that the process has; the heap was touched beforehand, so it grows by what is not heap. */
    long residentBytes() throws IOException {
        return Cpu.residentBytes(process.pid());
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
