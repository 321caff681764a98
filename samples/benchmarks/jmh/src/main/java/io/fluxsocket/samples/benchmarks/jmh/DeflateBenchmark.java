package io.fluxsocket.samples.benchmarks.jmh;

import io.fluxsocket.core.BufferType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** A server deflates binary messages of JSON and writes them as a socket takes them. */
@NullUnmarked // set in the setup
public class DeflateBenchmark extends FrameBenchmark {
    private final Sent sent = new Sent();
    private final EngineEnd engine = EngineEnd.of(false, Deflate.AGREEMENT, (message, length) -> {}, sent::flushed);
    private final NettyEnd channel = new NettyEnd(
            WebSocketFrame::release, sent::written, NettyEnd.serverEncoder(), Deflate.nettyServerEncoder());
    private Messages messages;
    private ByteBuf contents;

    @Setup
    public void prepare() {
        messages = Messages.json(size);
        contents = Unpooled.wrappedBuffer(messages.bytes);
        sent.tryOut(messages, true, Deflate.AGREEMENT, this::fluxsocket);
        sent.tryOut(messages, true, Deflate.AGREEMENT, this::netty);
    }

    @Benchmark
    public long fluxsocket() {
        for (int i = 0; i < Wire.FRAMES; i++) {
            engine.send(BufferType.BINARY_MESSAGE, messages.bytes, messages.next(), size);
        }
        engine.flush();
        return sent.bytes;
    }

    @Benchmark
    public long netty() {
        for (int i = 0; i < Wire.FRAMES; i++) {
            channel.send(new BinaryWebSocketFrame(contents.retainedSlice(messages.next(), size)));
        }
        return sent.bytes;
    }
}
