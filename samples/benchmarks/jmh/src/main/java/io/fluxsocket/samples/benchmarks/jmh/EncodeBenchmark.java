package io.fluxsocket.samples.benchmarks.jmh;

import io.fluxsocket.core.BufferType;
import io.fluxsocket.core.EngineSettings;
import io.fluxsocket.core.WebSocketEngine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A client writes binary frames into one output buffer: header, mask, payload. Random keys are cheap ones for both. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Wire.FRAMES)
public class EncodeBenchmark {
    @Param({"20", "125", "1024", "16384", "65536", "1048576"})
    int size;

    private long flushed;
    private byte[] payload = {};
    private ByteBuf content = Unpooled.EMPTY_BUFFER;
    private final EngineEnd engine = new EngineEnd(
            WebSocketEngine.client(
                    EngineSettings.DEFAULT, () -> ThreadLocalRandom.current().nextInt(), null),
            EngineEnd.IGNORE,
            bytes -> flushed += bytes.remaining());
    private final NettyEnd netty = new NettyEnd(
            WebSocketFrame::release,
            bytes -> {
                flushed += bytes.readableBytes();
                bytes.release();
            },
            new WebSocket13FrameEncoder(() -> ThreadLocalRandom.current().nextInt()));

    @Setup
    public void prepare() {
        payload = Wire.ascii(size);
        content = Unpooled.wrappedBuffer(payload);
    }

    @Benchmark
    public long fluxsocket() {
        for (int i = 0; i < Wire.FRAMES; i++) {
            engine.send(BufferType.BINARY_MESSAGE, payload, 0, payload.length);
        }
        engine.flush();
        return flushed;
    }

    @Benchmark
    public long netty() {
        for (int i = 0; i < Wire.FRAMES; i++) {
            netty.send(new BinaryWebSocketFrame(content.retainedDuplicate()));
        }
        netty.flush();
        return flushed;
    }

    @TearDown
    public void close() {
        netty.close();
    }
}
