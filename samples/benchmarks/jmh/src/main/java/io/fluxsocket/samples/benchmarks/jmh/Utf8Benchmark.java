package io.fluxsocket.samples.benchmarks.jmh;

import io.fluxsocket.core.BufferType;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * A client reads text, which is not masked: it is validated, and where the application wants that, decoded to a String. With
 * {@code work=nothing} the same bytes come as binary messages: what they cost more as text is what UTF-8 costs.
 */
@NullUnmarked // set in the setup
public class Utf8Benchmark extends ReadBenchmark {
    @Param({"ascii", "mixed"})
    String text;

    @Param({"nothing", "validate", "decode"})
    String work;

    /** While this is tried out. */
    private @Nullable String expected;

    /** For the compiler to see that it is needed. */
    String decoded;

    @Setup
    public void prepare() {
        Messages messages = text.equals("ascii") ? Messages.ascii(size) : Messages.mixed(size);
        BufferType type = work.equals("nothing") ? BufferType.BINARY_MESSAGE : BufferType.UTF8_MESSAGE;
        boolean decodes = work.equals("decode");
        frames = Wire.of(messages, type, false, null);
        engine = EngineEnd.of(true, null, decodes ? this::decode : inbox, bytes -> {})::read;
        Consumer<WebSocketFrame> receiver = decodes ? this::decode : inbox;
        channel = new NettyEnd(receiver, bytes -> {}, NettyEnd.decoder(false), new Utf8FrameValidator())::read;
        expected = new String(messages.bytes, StandardCharsets.UTF_8);
        tryOut(messages);
        expected = null;
    }

    private void decode(byte[] message, int length) {
        decoded(new String(message, 0, length, StandardCharsets.UTF_8));
        inbox.receive(message, length);
    }

    private void decode(WebSocketFrame frame) {
        decoded(((TextWebSocketFrame) frame).text());
        inbox.accept(frame);
    }

    private void decoded(String message) {
        decoded = message;
        if (expected != null && !expected.equals(message)) {
            throw new IllegalStateException("decoded wrongly");
        }
    }
}
