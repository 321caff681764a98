package io.fluxsocket.samples.benchmarks.jmh;

import io.fluxsocket.core.BufferType;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A client reads text, which is not masked: it is validated, and where the application wants that, decoded to a String. With
 * {@code work=nothing} the same bytes come as binary messages: what they cost more as text is what UTF-8 costs.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Wire.FRAMES)
@NullUnmarked // JMH sets what is not set here
public class Utf8Benchmark {
    @Param({"20", "125", "1024", "16384", "65536", "1048576"})
    int size;

    @Param({"ascii", "mixed"})
    String text;

    @Param({"nothing", "validate", "decode"})
    String work;

    private final Inbox inbox = new Inbox();
    private Consumer<ByteBuffer> engine;
    private Consumer<ByteBuffer> channel;
    private Wire frames;
    private String decoded;

    @Setup
    public void prepare() {
        Messages messages = text.equals("ascii") ? Messages.ascii(size) : Messages.mixed(size);
        BufferType type = work.equals("nothing") ? BufferType.BINARY_MESSAGE : BufferType.UTF8_MESSAGE;
        boolean decodes = work.equals("decode");
        frames = Wire.of(messages, type, false, null);
        engine = EngineEnd.of(true, null, decodes ? this::decode : inbox, bytes -> {})::read;
        Consumer<WebSocketFrame> receiver = decodes ? this::decode : inbox;
        channel = new NettyEnd(receiver, bytes -> {}, NettyEnd.decoder(false), new Utf8FrameValidator())::read;
        String expected = decodes ? new String(messages.bytes, StandardCharsets.UTF_8) : null;
        tryOut(messages, this::fluxsocket, expected);
        tryOut(messages, this::netty, expected);
    }

    private void tryOut(Messages messages, Runnable benchmark, String expected) {
        decoded = null;
        inbox.tryOut(messages, benchmark);
        if (expected != null && !expected.equals(decoded)) {
            throw new IllegalStateException("decoded wrongly");
        }
    }

    private void decode(byte[] message, int length) {
        decoded = new String(message, 0, length, StandardCharsets.UTF_8);
        inbox.receive(message, length);
    }

    private void decode(WebSocketFrame frame) {
        decoded = ((TextWebSocketFrame) frame).text();
        inbox.accept(frame);
    }

    @Benchmark
    public long fluxsocket() {
        frames.deliver(engine);
        return inbox.bytes;
    }

    @Benchmark
    public long netty() {
        frames.deliver(channel);
        return inbox.bytes;
    }
}
