package io.fluxsocket.samples.benchmarks.jmh;

import io.fluxsocket.core.BufferType;
import io.fluxsocket.core.deflate.DeflateAgreement;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Frames on the wire, bundled as reads deliver them: one burst after the other, and then from the first one on again. */
final class Wire {
    /** Frames of one invocation: JMH divides by it. */
    static final int FRAMES = 16;
    /** A read delivers at most this much. */
    static final int READ = 256 << 10;
    /** Small frames share a burst as long as it is not larger than this. */
    private static final int SHARED = 64 << 10;

    private final ByteBuffer[] bursts;
    private final int burstsPerInvocation;
    private int next;

    private Wire(ByteBuffer[] bursts, int burstsPerInvocation) {
        this.bursts = bursts;
        this.burstsPerInvocation = burstsPerInvocation;
    }

    /** The frames of messages, each message once, as a client sends them, masked, or as a server does. */
    static Wire of(Messages messages, BufferType type, boolean fromClient, @Nullable DeflateAgreement deflate) {
        int shared = Math.max(1, Math.min(FRAMES, Integer.highestOneBit(SHARED / (messages.size + 14))));
        ByteBuffer[] bursts = new ByteBuffer[Math.max(1, messages.count() / shared)];
        // Not compressed well, a message is larger than it was: by five bytes for each 16 KiB, and a frame's header.
        ByteBuffer burst = ByteBuffer.allocateDirect(shared * (messages.size + messages.size / 512 + 128));
        EngineEnd sender = EngineEnd.of(fromClient, deflate, (bytes, length) -> {}, burst::put);
        for (int i = 0; i < bursts.length; i++) {
            burst.clear();
            for (int frame = 0; frame < shared; frame++) {
                sender.send(type, messages.bytes, messages.next(), messages.size);
            }
            sender.flush();
            burst.flip();
            bursts[i] = ByteBuffer.allocateDirect(burst.limit()).put(burst).flip();
        }
        return new Wire(bursts, FRAMES / shared);
    }

    /** The next burst is the first again. */
    void rewind() {
        next = 0;
    }

    /** Delivers {@link #FRAMES} frames. */
    void deliver(Consumer<ByteBuffer> receiver) {
        for (int i = 0; i < burstsPerInvocation; i++) {
            deliver(bursts[next], receiver);
            next = (next + 1) % bursts.length;
        }
    }

    /** Delivers bytes, from 0 to the limit, in reads of at most {@link #READ}; the receiver copies them, as a socket would. */
    static void deliver(ByteBuffer bytes, Consumer<ByteBuffer> receiver) {
        int end = bytes.limit();
        for (int at = 0; at < end; at += READ) {
            receiver.accept(bytes.limit(Math.min(end, at + READ)).position(at));
        }
        bytes.limit(end).position(0);
    }
}
