package io.fluxsocket.samples.benchmarks.jmh;

import io.fluxsocket.core.BufferType;
import io.fluxsocket.core.EngineSettings;
import io.fluxsocket.core.WebSocketEngine;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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

/** A server reads masked binary frames: parse, unmask, and hand over the payload. Of each read only the copy is no codec. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Wire.FRAMES)
public class ParseBenchmark {
    @Param({"20", "125", "1024", "16384", "65536", "1048576"})
    int size;

    private ByteBuffer frames = ByteBuffer.allocate(0);
    private final ByteBuffer read = ByteBuffer.allocateDirect(Wire.READ);
    private final EngineEnd engine =
            new EngineEnd(WebSocketEngine.server(EngineSettings.DEFAULT), EngineEnd.IGNORE, bytes -> {});
    private final Consumer<ByteBuffer> toEngine = engine::read;
    private final NettyEnd netty = new NettyEnd(
            WebSocketFrame::release, bytes -> bytes.release(), new WebSocket13FrameDecoder(NettyEnd.decoder(true)));
    private final Consumer<ByteBuffer> toNetty = netty::read;

    @Setup
    public void prepare() {
        frames = Wire.maskedFrames(BufferType.BINARY_MESSAGE, Wire.ascii(size));
    }

    @Benchmark
    public long fluxsocket() {
        deliver(toEngine);
        return engine.received;
    }

    @Benchmark
    public long netty() {
        deliver(toNetty);
        return netty.received;
    }

    private void deliver(Consumer<ByteBuffer> receiver) {
        int reads = Wire.FRAMES / Wire.framesPerRead(size);
        for (int i = 0; i < reads; i++) {
            Wire.deliver(frames, read, receiver);
        }
    }

    @TearDown
    public void close() {
        netty.close();
    }
}
