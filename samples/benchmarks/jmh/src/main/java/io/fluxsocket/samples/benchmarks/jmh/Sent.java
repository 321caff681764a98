package io.fluxsocket.samples.benchmarks.jmh;

import io.fluxsocket.core.deflate.DeflateAgreement;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a benchmark has sent: counted, and delivered to a receiver while it is tried out. */
final class Sent {
    long bytes;
    private @Nullable Consumer<ByteBuffer> receiver;

    void flushed(ByteBuffer sent) {
        bytes += sent.remaining();
        if (receiver != null) {
            receiver.accept(sent);
        }
    }

    void written(ByteBuf sent) {
        bytes += sent.readableBytes();
        if (receiver != null) {
            receiver.accept(sent.nioBuffer());
        }
    }

    /** What the benchmark sends must arrive as these messages at a client or a server. */
    void tryOut(Messages messages, boolean atClient, @Nullable DeflateAgreement deflate, Runnable benchmark) {
        Inbox inbox = new Inbox();
        EngineEnd end = EngineEnd.of(atClient, deflate, inbox, answer -> {});
        receiver = sent -> Wire.deliver(sent, end::read);
        inbox.tryOut(messages, benchmark);
        receiver = null;
        messages.rewind();
    }
}
