package io.fluxsocket.samples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A peer that is a process of its own. It prints what it sees, line by line, and ends with this object. */
final class PeerProcess implements AutoCloseable {
    private static final String END = "\0";

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private PeerProcess(Process process) {
        this.process = process;
        Thread reader = new Thread(this::readLines, "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    static PeerProcess start(ProcessBuilder command) throws IOException {
        return new PeerProcess(command.redirectErrorStream(true).start());
    }

    private void readLines() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("its output was closed: " + e);
        } finally {
            lines.add(END);
        }
    }

    /** The next line; waits for it. */
    String nextLine() throws InterruptedException {
        String line = lines.poll(Peers.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(line).as("a line of " + process.info()).isNotNull().isNotEqualTo(END);
        return line;
    }

    /** The next line that the pattern is found in; others are passed over. */
    Matcher nextMatch(String pattern) throws InterruptedException {
        Pattern wanted = Pattern.compile(pattern);
        while (true) {
            Matcher matcher = wanted.matcher(nextLine());
            if (matcher.find()) {
                return matcher;
            }
        }
    }

    /** At once, without a chance to say goodbye: kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
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
