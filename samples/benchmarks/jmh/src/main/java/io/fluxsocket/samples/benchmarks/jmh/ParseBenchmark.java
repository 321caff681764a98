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

/** A server reads masked binary frames: parse, unmask, and hand over the payload. Of each read only the copy is no codec. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Wire.FRAMES)
@NullUnmarked // JMH sets what is not set here
public class ParseBenchmark {
    @Param({"20", "125", "1024", "16384", "65536", "1048576"})
    int size;

    private final Inbox inbox = new Inbox();
    private final Consumer<ByteBuffer> engine = EngineEnd.of(false, null, inbox, bytes -> {})::read;
    private final Consumer<ByteBuffer> channel = new NettyEnd(inbox, bytes -> {}, NettyEnd.decoder(true))::read;
    private Wire frames;

    @Setup
    public void prepare() {
        Messages messages = Messages.ascii(size);
        frames = Wire.of(messages, BufferType.BINARY_MESSAGE, true, null);
        inbox.tryOut(messages, this::fluxsocket);
        inbox.tryOut(messages, this::netty);
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
