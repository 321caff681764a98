package io.fluxsocket.samples.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** What one connection of a client sends again and again, compares with what comes back, and counts. */
final class Exchange {
    final Workload workload;
    final byte[] payload;
    final String text;

    private final ByteBuffer expected;
    /** Of the message that is arriving. */
    private int received;
    /** Written by one thread at a time, read by another one. */
    private final AtomicLong messages = new AtomicLong();

    Exchange(Workload workload) {
        this.workload = workload;
        payload = workload.payload();
        text = new String(payload, StandardCharsets.US_ASCII);
        expected = ByteBuffer.wrap(payload);
    }

    /** The payload outside of the heap, where Netty's own buffers are. */
    ByteBuf direct() {
        return Unpooled.directBuffer(payload.length).writeBytes(payload);
    }

    /** Sends as many messages as are to be under way. */
    void fill(Runnable send) {
        for (int i = 0; i < workload.inFlight(); i++) {
            send.run();
        }
    }

    /** Takes the next bytes of a message. Returns whether they were its last, so that the next may be sent. */
    boolean completedBy(ByteBuffer bytes, boolean last) {
        int end = Math.min(received + bytes.remaining(), payload.length);
        return completed(bytes.equals(expected.limit(end).position(received)), end, last);
    }

    /** The same of ASCII text. */
    boolean completedBy(CharSequence characters, boolean last) {
        int end = Math.min(received + characters.length(), text.length());
        return completed(CharSequence.compare(characters, text.substring(received, end)) == 0, end, last);
    }

    private boolean completed(boolean same, int end, boolean last) {
        if (!same || (last && end < payload.length)) {
            EchoClients.fail(new IOException("the echo is not what was sent"));
        }
        received = last ? 0 : end;
        if (last) {
            messages.setRelease(messages.getPlain() + 1);
        }
        return last;
    }

    long messages() {
        return messages.getAcquire();
    }
}
