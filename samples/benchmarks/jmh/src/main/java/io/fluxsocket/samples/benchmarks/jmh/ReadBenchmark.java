package io.fluxsocket.samples.benchmarks.jmh;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;

/** Frames come from the wire and arrive in an inbox. Of each read only the copy is no codec. */
@NullUnmarked // set in the setup
public abstract class ReadBenchmark extends FrameBenchmark {
    final Inbox inbox = new Inbox();
    Consumer<ByteBuffer> engine;
    Consumer<ByteBuffer> channel;
    Wire frames;

    /** Both sides must receive these messages. */
    final void tryOut(Messages messages) {
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
