package io.fluxsocket.samples.benchmarks.jmh;

import io.fluxsocket.core.BufferType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** A client writes binary frames as a socket takes them: header, mask, payload. */
@NullUnmarked // set in the setup
public class EncodeBenchmark extends FrameBenchmark {
    private final Sent sent = new Sent();
    private final EngineEnd engine = EngineEnd.of(true, null, (message, length) -> {}, sent::flushed);
    private final NettyEnd channel = new NettyEnd(WebSocketFrame::release, sent::written, NettyEnd.clientEncoder());
    private byte[] payload;
    private ByteBuf content;

    @Setup
    public void prepare() {
        Messages messages = Messages.ascii(size);
        payload = messages.bytes;
        content = Unpooled.wrappedBuffer(payload);
        sent.tryOut(messages, false, null, this::fluxsocket);
        sent.tryOut(messages, false, null, this::netty);
    }

    @Benchmark
    public long fluxsocket() {
        for (int i = 0; i < Wire.FRAMES; i++) {
            engine.send(BufferType.BINARY_MESSAGE, payload, 0, payload.length);
        }
        engine.flush();
        return sent.bytes;
    }

    @Benchmark
    public long netty() {
        for (int i = 0; i < Wire.FRAMES; i++) {
            channel.send(new BinaryWebSocketFrame(content.retainedDuplicate()));
        }
        return sent.bytes;
    }
}
