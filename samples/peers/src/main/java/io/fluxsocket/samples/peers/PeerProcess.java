package io.fluxsocket.samples.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A peer that is a process of its own. It prints what it sees, line by line, and ends with this object. */
public final class PeerProcess implements AutoCloseable {
    private static final String END = "\0";

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private PeerProcess(Process process) {
        this.process = process;
        Thread reader = new Thread(this::readLines, "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts it. */
    public static PeerProcess start(ProcessBuilder command) throws IOException {
        return new PeerProcess(command.redirectErrorStream(true).start());
    }

    private void readLines() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lines.add(END);
        }
    }

    /** The next line; waits for it. */
    public String nextLine() throws InterruptedException {
        String line = lines.poll(Peers.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(line).as("a line of " + process.info()).isNotNull().isNotEqualTo(END);
        return line;
    }

    /** The next line that the pattern is found in; others are passed over. */
    public Matcher nextMatch(String pattern) throws InterruptedException {
        Pattern wanted = Pattern.compile(pattern);
        while (true) {
            Matcher matcher = wanted.matcher(nextLine());
            if (matcher.find()) {
                return matcher;
            }
        }
    }

    /** All lines up to the end of the process, which must succeed. */
    public List<String> linesToEnd() throws InterruptedException {
        List<String> all = new ArrayList<>();
        for (String line = lines.poll(Peers.PATIENCE.toSeconds(), TimeUnit.SECONDS);
                !END.equals(line);
                line = lines.poll(Peers.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            assertThat(line).as("the end of the process").isNotNull();
            all.add(line);
        }
        assertThat(exitCode()).as(String.join("\n", all)).isZero();
        return all;
    }

    /** Waits for its end. */
    public int exitCode() throws InterruptedException {
        assertThat(process.waitFor(Peers.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("the process has ended")
                .isTrue();
        return process.exitValue();
    }

    /** Its number. */
    public long pid() {
        return process.pid();
    }

    /** Gives it a line to read. */
    public void writeLine(String line) throws IOException {
        process.outputWriter(StandardCharsets.UTF_8).append(line).append('\n').flush();
    }

    /** Ends what it reads. */
    public void endInput() throws IOException {
        process.getOutputStream().close();
    }

    /** Ends it as {@code kill -9} does: at once, with nothing said. */
    public void kill() throws InterruptedException {
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
