package io.fluxsocket.samples.benchmarks.jmh;

import io.fluxsocket.core.BufferType;
import java.nio.ByteBuffer;
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

/** A client reads binary messages of JSON, which a server has deflated. Sizes are those of the inflated messages. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Wire.FRAMES)
@NullUnmarked // JMH sets what is not set here
public class InflateBenchmark {
    @Param({"20", "125", "1024", "16384", "65536", "1048576"})
    int size;

    private final Inbox inbox = new Inbox();
    private final Consumer<ByteBuffer> engine = EngineEnd.of(true, Deflate.AGREEMENT, inbox, bytes -> {})::read;
    private final Consumer<ByteBuffer> channel =
            new NettyEnd(inbox, bytes -> {}, NettyEnd.decoder(false), Deflate.nettyClientDecoder())::read;
    private Wire frames;

    @Setup
    public void prepare() {
        Messages messages = Messages.json(size);
        frames = Wire.of(messages, BufferType.BINARY_MESSAGE, false, Deflate.AGREEMENT);
        inbox.tryOut(messages, this::fluxsocket);
        frames.rewind();
        inbox.tryOut(messages, this::netty);
        frames.rewind();
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
