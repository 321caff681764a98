package io.fluxsocket.samples.benchmarks.jmh;

import io.fluxsocket.core.BufferType;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Setup;

/** A server reads masked binary frames: parse, unmask, and hand over the payload. */
@NullUnmarked // set in the setup
public class ParseBenchmark extends ReadBenchmark {
    @Setup
    public void prepare() {
        Messages messages = Messages.ascii(size);
        frames = Wire.of(messages, BufferType.BINARY_MESSAGE, true, null);
        engine = EngineEnd.of(false, null, inbox, bytes -> {})::read;
        channel = new NettyEnd(inbox, bytes -> {}, NettyEnd.decoder(true))::read;
        tryOut(messages);
    }
}
