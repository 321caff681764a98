package io.fluxsocket.samples.benchmarks.jmh;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where received messages go: they are counted, and compared while a benchmark is tried out. */
final class Inbox implements EngineEnd.Receiver, Consumer<WebSocketFrame> {
    /** Payload that was received, in bytes. */
    long bytes;

    private int messages;
    private @Nullable Messages expected;
    private int compared;

    /** As an engine delivers. */
    @Override
    public void receive(byte[] message, int length) {
        take(length, true);
        if (expected != null) {
            compare(Arrays.copyOf(message, length));
        }
    }

    /** As Netty delivers: a message or a part of one, which is released. */
    @Override
    public void accept(WebSocketFrame frame) {
        take(frame.content().readableBytes(), frame.isFinalFragment());
        if (expected != null) {
            compare(ByteBufUtil.getBytes(frame.content()));
        }
        frame.release();
    }

    private void take(int length, boolean isFinal) {
        bytes += length;
        messages += isFinal ? 1 : 0;
    }

    private void compare(byte[] payload) {
        byte[] sent = expected == null ? payload : expected.bytes;
        int from = compared % sent.length;
        if (!Arrays.equals(sent, from, Math.min(from + payload.length, sent.length), payload, 0, payload.length)) {
            throw new IllegalStateException("what arrived is not what was sent, within the message from " + from);
        }
        compared += payload.length;
    }

    /**
     * Does the work of a benchmark once, so that no benchmark measures a failure.
     *
     * @throws IllegalStateException unless {@value Wire#FRAMES} messages arrive, the same as were sent
     */
    void tryOut(Messages sent, Runnable work) {
        int before = messages;
        expected = sent;
        compared = 0;
        work.run();
        expected = null;
        if (messages - before != Wire.FRAMES || compared != Wire.FRAMES * sent.size) {
            throw new IllegalStateException(
                    (messages - before) + " messages of " + compared + " bytes in all have arrived");
        }
    }
}
