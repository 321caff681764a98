package io.fluxsocket.reactive.test;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The steps of a {@link ScriptedPeer}: carries them out one by one, on the test's thread, and says what failed. */
final class Script {
    /** What a step does. */
    interface Action {
        void run() throws InterruptedException;
    }

    /** What was expected did not happen. */
    private static final class Mismatch extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Mismatch(String message) {
            super(message, null, false, false);
        }
    }

    private record Step(String name, Action action) {}

    private final MemoryNetwork network;
    private final PeerEnd peer;
    private final List<Throwable> handlerErrors;
    private final List<Step> steps = new ArrayList<>();
    private int done;
    private long deadline;
    private boolean waits;
    private boolean timePassed;

    Script(MemoryNetwork network, PeerEnd peer, List<Throwable> handlerErrors) {
        this.network = network;
        this.peer = peer;
        this.handlerErrors = handlerErrors;
    }

    void add(String name, Action action) {
        steps.add(new Step(name, action));
    }

    // ---- running it

    /** Carries out the steps that have not been carried out, and then expects that nothing is left. */
    void verify(Duration timeout) {
        if (network.loop().isCurrent()) {
            throw new IllegalStateException(
                    "a script is verified by the test, not within a handler or subscriber: it could"
                            + " not see what they do afterwards");
        }
        deadline = System.nanoTime() + timeout.toNanos();
        waits = !timeout.isZero();
        String step = "";
        try {
            for (; done < steps.size(); done++) {
                step = "step " + (done + 1) + ", " + steps.get(done).name + ": ";
                steps.get(done).action.run();
                network.loop().run(peer::endInTurn);
            }
            step = "at the end: ";
            expectNothing();
        } catch (Mismatch e) {
            throw failure(step + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure(step + "interrupted");
        } catch (RuntimeException | Error e) { // of a task or predicate of the test's own, which is thrown as it is
            e.addSuppressed(failure(step + "failed"));
            throw e;
        }
    }

    private AssertionError failure(String message) {
        StringBuilder s = new StringBuilder(message).append("\n\nsteps\n");
        for (int i = 0; i < steps.size(); i++) {
            s.append(i < done ? "  ok " : i == done ? "  -> " : "     ");
            s.append(i + 1).append(' ').append(steps.get(i).name).append('\n');
        }
        s.append("\ntranscript\n").append(network.transcript());
        handlerErrors.forEach(e -> s.append("\nthe handler failed: ").append(e).append('\n'));
        return new AssertionError(s.toString(), handlerErrors.isEmpty() ? null : handlerErrors.get(0));
    }

    // ---- what steps do

    /** Something for the wire. */
    void send(Runnable action) {
        network.loop().run(() -> {
            if (peer.isOutputEnded()) {
                throw new Mismatch("nothing can be sent any more: the peer's half of the stream has ended");
            }
            action.run();
        });
    }

    void advance(Duration time) {
        timePassed = true;
        network.advance(time);
    }

    WireFrame frame(String expected) throws InterruptedException {
        PeerEnd.Event event = peer.peek(deadline - System.nanoTime());
        if (event == null) {
            throw nothingCame(expected);
        }
        WireFrame frame = event.frame();
        if (frame == null) {
            throw new Mismatch("expected " + expected + ", but got " + event);
        }
        peer.take();
        return frame;
    }

    WireFrame frame(int opcode, String expected) throws InterruptedException {
        WireFrame frame = frame(expected);
        require(frame.opcode() == opcode, expected, frame);
        return frame;
    }

    /** A whole message, in however many frames it comes; control frames in between are left for the steps that follow. */
    void message(int opcode, byte[] payload, String expected) throws InterruptedException {
        WireFrame frame = frame(opcode, expected);
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(frame.inflated());
        ArrayDeque<PeerEnd.Event> between = new ArrayDeque<>();
        while (!frame.isFinal()) {
            frame = frame("the rest of " + expected);
            if (frame.isControl()) {
                between.add(new PeerEnd.Event(frame, null));
                frame = frame.notFinal();
            } else {
                require(frame.opcode() == WireFrame.CONTINUATION, "the rest of " + expected, frame);
                message.writeBytes(frame.inflated());
            }
        }
        peer.putBack(between);
        WireFrame whole = WireFrame.of(opcode, message.toByteArray());
        if (!Arrays.equals(payload, whole.payload())) {
            throw new Mismatch("expected " + expected + ", but got " + whole
                    + FrameVectors.difference(payload, whole.payload(), opcode == WireFrame.TEXT));
        }
    }

    void close(int code, @Nullable String reason, boolean answered) throws InterruptedException {
        String expected = "CLOSE " + code + (reason == null || reason.isEmpty() ? "" : " " + reason);
        WireFrame frame = frame(WireFrame.CLOSE, expected);
        require(
                frame.closeCode() == code
                        && (reason == null || frame.closeReason().equals(reason)),
                expected,
                frame);
        if (answered && !peer.hasSentClose()) {
            send(() -> peer.send(WireFrame.of(WireFrame.CLOSE, frame.payload())));
        }
    }

    void end() throws InterruptedException {
        PeerEnd.Event event = peer.peek(deadline - System.nanoTime());
        if (event == null) {
            throw nothingCame("the end of the stream");
        }
        if (event.frame() != null || event.cause() != null) {
            throw new Mismatch("expected the end of the stream, but got " + event);
        }
    }

    /** Neither a frame nor the loss of the connection; its end may have come. */
    void expectNothing() throws InterruptedException {
        PeerEnd.Event event = peer.peek(0);
        if (event != null && event.frame() != null) {
            throw new Mismatch("expected no more frames, but got " + event);
        }
    }

    /** With what a test may have overlooked. */
    private Mismatch nothingCame(String expected) {
        StringBuilder message = new StringBuilder("expected " + expected + ", but nothing came");
        if (!waits) {
            message.append("\n(other threads are waited for by verify(Duration) alone)");
        }
        if (timePassed && !VirtualTimeScheduler.isFactoryEnabled()) {
            message.append("\n(the script's time is not that of Flux.interval, delayElement or timeout: for those,")
                    .append(" VirtualTimeScheduler.getOrSet() before the connection is opened)");
        }
        return new Mismatch(message.toString());
    }

    static void require(boolean condition, String expected, WireFrame frame) {
        if (!condition) {
            throw new Mismatch("expected " + expected + ", but got " + frame);
        }
    }

    static String quote(String text) {
        return FrameVectors.quote(text.getBytes(StandardCharsets.UTF_8));
    }
}
