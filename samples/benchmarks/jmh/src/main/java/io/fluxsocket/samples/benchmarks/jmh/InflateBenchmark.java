package io.fluxsocket.samples.benchmarks.jmh;

import io.fluxsocket.core.BufferType;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Setup;

/** A client reads binary messages of JSON, which a server has deflated. Sizes are those of the inflated messages. */
@NullUnmarked // set in the setup
public class InflateBenchmark extends ReadBenchmark {
    @Setup
    public void prepare() {
        Messages messages = Messages.json(size);
        frames = Wire.of(messages, BufferType.BINARY_MESSAGE, false, Deflate.AGREEMENT);
        engine = EngineEnd.of(true, Deflate.AGREEMENT, inbox, bytes -> {})::read;
        channel = new NettyEnd(inbox, bytes -> {}, NettyEnd.decoder(false), Deflate.nettyClientDecoder())::read;
        tryOut(messages);
    }
}
