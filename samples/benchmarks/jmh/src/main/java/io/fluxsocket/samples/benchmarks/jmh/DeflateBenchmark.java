package io.fluxsocket.samples.benchmarks.jmh;

import io.fluxsocket.core.BufferType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A server deflates binary messages of JSON and writes them as a socket takes them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Wire.FRAMES)
@NullUnmarked // JMH sets what is not set here
public class DeflateBenchmark {
    @Param({"20", "125", "1024", "16384", "65536", "1048576"})
    int size;

    private final EngineEnd engine = EngineEnd.of(false, Deflate.AGREEMENT, (message, length) -> {}, this::flushed);
    private final NettyEnd channel = new NettyEnd(
            WebSocketFrame::release, this::written, NettyEnd.serverEncoder(), Deflate.nettyServerEncoder());
    private long bytes;
    /** While this is tried out. */
    private @Nullable Consumer<ByteBuffer> judge;

    private Messages messages;
    private ByteBuf contents;

    @Setup
    public void prepare() {
        messages = Messages.json(size);
        contents = Unpooled.wrappedBuffer(messages.bytes);
        tryOut(this::fluxsocket);
        tryOut(this::netty);
        judge = null;
    }

    private void tryOut(Runnable benchmark) {
        Inbox inbox = new Inbox();
        EngineEnd client = EngineEnd.of(true, Deflate.AGREEMENT, inbox, sent -> {});
        judge = sent -> Wire.deliver(sent, client::read);
        inbox.tryOut(messages, benchmark);
        messages.rewind();
    }

    private void flushed(ByteBuffer sent) {
        bytes += sent.remaining();
        if (judge != null) {
            judge.accept(sent);
        }
    }

    private void written(ByteBuf sent) {
        bytes += sent.readableBytes();
        if (judge != null) {
            judge.accept(sent.nioBuffer());
        }
    }

    @Benchmark
    public long fluxsocket() {
        for (int i = 0; i < Wire.FRAMES; i++) {
            engine.send(BufferType.BINARY_MESSAGE, messages.bytes, messages.next(), size);
        }
        engine.flush();
        return bytes;
    }

    @Benchmark
    public long netty() {
        for (int i = 0; i < Wire.FRAMES; i++) {
            channel.send(new BinaryWebSocketFrame(contents.retainedSlice(messages.next(), size)));
        }
        return bytes;
    }
}
