package io.fluxsocket.samples.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** What Linux tells of a process. */
final class Cpu {
    private static final double TICKS_PER_SECOND = 100;

    /** Counted once, before this process is kept off a core: afterwards the JVM no longer counts that one. */
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    private Cpu() {}

    /** What a command begins with in order to run on one core; nothing where that is not possible. */
    static List<String> pinned(int core) {
        return Files.isExecutable(Path.of("/usr/bin/taskset")) && PROCESSORS > 1
                ? List.of("/usr/bin/taskset", "-c", Integer.toString(core))
                : List.of();
    }

    /** Keeps this process off the servers' core. */
    static void pinThisProcess() throws IOException {
        if (pinned(0).isEmpty()) {
            return;
        }
        try {
            new ProcessBuilder(
                            "/usr/bin/taskset",
                            "-acp",
                            "1-" + (PROCESSORS - 1),
                            Long.toString(ProcessHandle.current().pid()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** CPU seconds of all threads of a process but the compilers'. */
    static double seconds(long pid) throws IOException {
        long ticks = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks) {
                ticks += ticksOf(task);
            }
        }
        return ticks / TICKS_PER_SECOND;
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

    static long residentBytes(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        throw new IOException("no VmRSS of " + pid);
    }
}
