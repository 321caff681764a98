package io.fluxsocket.samples.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server, or a client, in a JVM and on a core of its own. Its first line of output is {@code READY} and the server's port. */
final class ServerProcess implements AutoCloseable {
    private static final int LINES_OF_HISTOGRAM = 100_000;

    final int port;
    private final Process process;
    private final BufferedReader out;
    private final Path java;

    static ServerProcess server(Stack stack, Options options, String mode, int core) throws IOException {
        return new ServerProcess(core, options, stack, stack.mainClass(), mode);
    }

    /** The stack's client of a server at this port; see {@link EchoClients}. */
    static ServerProcess client(Stack stack, Options options, Workload workload, int port, int core)
            throws IOException {
        return new ServerProcess(
                core,
                options,
                stack,
                EchoClients.class.getName(),
                workload.name(),
                Integer.toString(workload.connections()),
                Integer.toString(port));
    }

    private ServerProcess(int core, Options options, Stack stack, String mainClass, String... arguments)
            throws IOException {
        java = options.java();
        List<String> command = new ArrayList<>(Cpu.pinned(core));
        command.addAll(List.of(
                java.toString(),
                "-XX:+UseParallelGC",
                "-Xms" + options.heap(),
                "-Xmx" + options.heap(),
                "-XX:+AlwaysPreTouch", // else whoever allocates pays for the first touch of the young generation
                "-cp",
                stack.classPath(),
                mainClass,
                stack.title(),
                options.transport()));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null || !line.startsWith("READY ")) {
            close();
            throw new IOException(stack.title() + " did not start: " + line);
        }
        port = Integer.parseInt(line.substring("READY ".length()));
    }

    long pid() {
        return process.pid();
    }

    /** How many messages have come back to a client. */
    long messages() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the client has ended");
        }
        return Long.parseLong(line);
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
