package io.fluxsocket.reactive.test;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * What went over the wires of a connection, frame by frame, with the faults in between: for the message of a failing test.
 *
 * <pre>
 *     0.000 s  client → server  TEXT          fin masked       5 bytes  "Hello"
 *     0.000 s  server → client  TEXT          fin              5 bytes  "HELLO"
 *    30.000 s  server → client  PING          fin              8 bytes  00 00 00 00 00 00 00 01
 *    30.000 s  client → server  (reads stall)
 * </pre>
 *
 * <p>The time is virtual, and counts from the opening. A frame stands where its last byte was sent, after what a fault has made of
 * it. At most {@value #MAX_LINES} lines are kept, the newest.
 *
 * <p>Safe for use by several threads.
 */
public final class Transcript {
    /** More is no reading for people. */
    private static final int MAX_LINES = 1000;

    private final Scheduler time;
    private final long start;
    private final boolean deflated;
    private final ArrayDeque<String> lines = new ArrayDeque<>();
    private long dropped;
    private @Nullable Tap first;
    private @Nullable Tap second;

    /** @param deflated whether the frames are those of a connection with permessage-deflate */
    Transcript(Scheduler time, boolean deflated) {
        this.time = time;
        this.deflated = deflated;
        start = time.now(TimeUnit.NANOSECONDS);
    }

    /** Listens to one wire; there are two. */
    Tap tap(String wire) {
        Tap tap = new Tap(wire);
        if (first == null) {
            first = tap;
        } else {
            second = tap;
        }
        return tap;
    }

    synchronized void note(String wire, String what) {
        add(wire, "(" + what + ")");
    }

    private synchronized void add(String wire, String what) {
        if (lines.size() == MAX_LINES) {
            lines.remove();
            dropped++;
        }
        double seconds = (time.now(TimeUnit.NANOSECONDS) - start) / 1e9;
        lines.add(String.format(Locale.ROOT, "%9.3f s  %s  %s", seconds, wire, what));
    }

    /** {@return the lines so far, one for each frame or event} */
    public synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /** The lines, and what stands incomplete on the wires. */
    @Override
    public synchronized String toString() {
        StringBuilder s = new StringBuilder();
        if (dropped != 0) {
            s.append("  … ").append(dropped).append(" lines before\n");
        }
        lines.forEach(line -> s.append(line).append('\n'));
        incomplete(s, first);
        incomplete(s, second);
        return s.isEmpty() ? "  (nothing was sent)\n" : s.toString();
    }

    private static void incomplete(StringBuilder s, @Nullable Tap tap) {
        byte[] rest = tap == null ? new byte[0] : tap.decoder.rest();
        if (tap != null && rest.length != 0) {
            s.append("             ").append(tap.wire).append("  incomplete frame of ");
            s.append(rest.length)
                    .append(" bytes so far: ")
                    .append(FrameVectors.preview(rest))
                    .append('\n');
        }
    }

    /** Makes frames of the bytes of one wire. */
    final class Tap {
        private final String wire;
        private final FrameDecoder decoder = new FrameDecoder(deflated);

        private Tap(String wire) {
            this.wire = wire;
        }

        void bytes(byte[] bytes) {
            synchronized (Transcript.this) {
                decoder.add(bytes);
                for (WireFrame frame = decoder.next(); frame != null; frame = decoder.next()) {
                    add(wire, frame.toLine());
                }
            }
        }
    }
}
