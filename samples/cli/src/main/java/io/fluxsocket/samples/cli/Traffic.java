package io.fluxsocket.samples.cli;

import java.util.concurrent.atomic.LongAdder;

/** What one direction has carried: messages as the application sees them, beside what they took on the wire. */
final class Traffic {
    private final LongAdder messages = new LongAdder();
    private final LongAdder payload = new LongAdder();
    private final LongAdder frames = new LongAdder();
    private final LongAdder compressed = new LongAdder();
    private final LongAdder wire = new LongAdder();

    void message(long length) {
        messages.increment();
        payload.add(length);
    }

    void frame(WireFrame frame) {
        if (frame.isData()) {
            frames.increment();
            wire.add(frame.headerLength() + frame.length());
            if (frame.compressed()) {
                compressed.increment();
            }
        }
    }

    long messages() {
        return messages.sum();
    }

    /** Bytes of the messages, not compressed. */
    long payload() {
        return payload.sum();
    }

    long frames() {
        return frames.sum();
    }

    /** How many of the messages were compressed. */
    long compressed() {
        return compressed.sum();
    }

    /** Bytes of data frames, their headers included. */
    long wire() {
        return wire.sum();
    }

    @Override
    public String toString() {
        String text = messages() + (messages() == 1 ? " message" : " messages") + " (" + compressed() + " compressed), "
                + Text.bytes(payload());
        return payload() == 0
                ? text
                : text + ", on the wire " + Text.bytes(wire()) + " in " + frames()
                        + (frames() == 1 ? " frame" : " frames") + " (" + wire() * 100 / payload() + " %)";
    }
}
