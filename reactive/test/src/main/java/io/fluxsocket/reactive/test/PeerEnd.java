package io.fluxsocket.reactive.test;

import io.fluxsocket.core.deflate.DeflateAgreement;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A scripted peer's end of two wires: frames that have come wait here for what is expected. */
final class PeerEnd implements End {
    /** While this many frames wait nothing is read, so that a session that floods its peer meets back pressure. */
    private static final int MAX_WAITING = 256;

    /** What has come: a frame, or the end of the stream. */
    record Event(@Nullable WireFrame frame, @Nullable Throwable cause) {
        @Override
        public String toString() {
            if (frame != null) {
                return frame.toString();
            }
            return cause == null ? "the end of the stream" : "the loss of the connection (" + cause.getMessage() + ")";
        }
    }

    private final MemoryNetwork network;
    private final boolean client;
    private final FrameDecoder decoder;
    private final @Nullable Deflation deflation;
    /** Guarded by itself. */
    private final ArrayDeque<Event> events = new ArrayDeque<>();

    private boolean started;
    private boolean reading;
    private boolean inputEnded;
    private boolean answersPings;
    private boolean inMessage;
    private boolean sentClose;

    PeerEnd(MemoryNetwork network, boolean client) {
        this.network = network;
        this.client = client;
        DeflateAgreement deflate = network.deflate().agreement(client);
        decoder = new FrameDecoder(deflate != null);
        deflation = deflate == null ? null : new Deflation(deflate, client);
    }

    private Pipe in() {
        return client ? network.toClient().pipe() : network.toServer().pipe();
    }

    private Pipe out() {
        return client ? network.toServer().pipe() : network.toClient().pipe();
    }

    // ---- on the loop

    void start() {
        started = true;
        read();
    }

    private void read() {
        if (started && !reading && !inputEnded && waiting() < MAX_WAITING) {
            reading = true;
            in().read();
        }
    }

    @Override
    public void received(byte[] bytes) {
        reading = false;
        decoder.add(bytes);
        for (WireFrame frame = decoder.next(); frame != null; frame = decoder.next()) {
            if (answersPings && frame.opcode() == WireFrame.PING) {
                send(WireFrame.pong(frame.payload()));
            } else {
                add(new Event(frame, null));
            }
        }
        read();
    }

    @Override
    public void peerEnded() {
        reading = false;
        ended(null);
        endInTurn();
    }

    /** Ends this half once the other one has ended and all frames were looked at: one may be a close, to be answered. */
    void endInTurn() {
        if (inputEnded && waiting() == 1) {
            out().end();
        }
    }

    @Override
    public void lost(Throwable cause) {
        if (started) {
            ended(cause);
            out().writerLost();
            in().readerGone();
        }
    }

    private void ended(@Nullable Throwable cause) {
        if (!inputEnded) {
            inputEnded = true;
            add(new Event(null, cause));
        }
    }

    @Override
    public void moved() {}

    @Override
    public long pendingBytes() {
        return out().unsentBytes();
    }

    @Override
    public int outstandingReceives() {
        return reading ? 1 : 0;
    }

    /** Sends a frame, masked if that is due. */
    void send(WireFrame frame) {
        sentClose |= frame.opcode() == WireFrame.CLOSE;
        out().write((client && !frame.isMasked() ? frame.masked(MemoryNetwork.MASK_KEY) : frame).toBytes());
    }

    /** Sends a part of a message: its opcode if it is the first one, else a continuation. */
    void sendPart(int opcode, boolean isFinal, byte[] payload) {
        WireFrame frame = WireFrame.of(inMessage ? WireFrame.CONTINUATION : opcode, payload);
        inMessage = !isFinal;
        send(isFinal ? frame : frame.notFinal());
    }

    /** Sends a message in one frame, compressed. */
    void sendCompressed(int opcode, byte[] message) {
        if (deflation == null) {
            throw new IllegalStateException("nothing can be sent compressed: permessage-deflate was not agreed on."
                    + " Give both ends settings with deflate(…), this peer's too");
        }
        send(WireFrame.of(opcode, deflation.deflate(message)).rsv(4));
    }

    void sendRaw(byte[] bytes) {
        out().write(bytes);
    }

    boolean isOutputEnded() {
        return out().isEnding();
    }

    /** Whether it has sent one as a frame; what was sent as raw bytes is not looked at. */
    boolean hasSentClose() {
        return sentClose;
    }

    void end() {
        out().end();
    }

    void answerPings() {
        answersPings = true;
    }

    // ---- the test's thread, not on the loop

    /** The next thing that has come, or comes within this time by the work of another thread. */
    @Nullable
    Event peek(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        synchronized (events) {
            while (events.isEmpty()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return null;
                }
                TimeUnit.NANOSECONDS.timedWait(events, left);
            }
            return events.peek();
        }
    }

    /** Removes what {@link #peek} has shown. */
    void take() {
        synchronized (events) {
            events.remove();
        }
        network.loop().run(this::read);
    }

    /** These come next, in this order. */
    void putBack(ArrayDeque<Event> taken) {
        synchronized (events) {
            while (!taken.isEmpty()) {
                events.addFirst(taken.removeLast());
            }
        }
    }

    private int waiting() {
        synchronized (events) {
            return events.size();
        }
    }

    private void add(Event event) {
        synchronized (events) {
            events.add(event);
            events.notifyAll();
        }
    }
}
