package io.fluxsocket.samples.benchmarks.jmh;

import io.fluxsocket.core.BufferType;
import io.fluxsocket.core.EngineSettings;
import io.fluxsocket.core.WebSocketEngine;
import io.fluxsocket.core.deflate.DeflateAgreement;
import io.fluxsocket.core.deflate.DeflateParameters;
import io.fluxsocket.core.deflate.DeflateSettings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateClientExtensionHandshaker;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
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

/** The whole way: a client sends text, masked, and a server receives it, validated; as it is, and deflated. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Wire.FRAMES)
public class LoopBenchmark {
    @Param({"20", "125", "1024", "16384", "65536", "1048576"})
    int size;

    @Param({"ascii", "mixed", "json deflated"})
    String text = "ascii";

    private byte[] payload = {};
    private ByteBuf content = Unpooled.EMPTY_BUFFER;
    private @Nullable EngineEnd client;
    private @Nullable EngineEnd server;
    private @Nullable NettyEnd nettyClient;
    private @Nullable NettyEnd nettyServer;

    @Setup
    public void prepare() {
        boolean deflated = text.contains("deflated");
        payload = deflated ? Wire.json(size) : text.equals("mixed") ? Wire.mixed(size) : Wire.ascii(size);
        content = Unpooled.wrappedBuffer(payload);
        prepareEngines(deflated ? new DeflateAgreement(DeflateParameters.DEFAULT, DeflateSettings.DEFAULT) : null);
        prepareNetty(deflated);
    }

    private void prepareEngines(@Nullable DeflateAgreement deflate) {
        EngineEnd receiver =
                new EngineEnd(WebSocketEngine.server(EngineSettings.DEFAULT, deflate), EngineEnd.IGNORE, bytes -> {});
        server = receiver;
        client = new EngineEnd(
                WebSocketEngine.client(
                        EngineSettings.DEFAULT,
                        () -> ThreadLocalRandom.current().nextInt(),
                        null,
                        deflate),
                EngineEnd.IGNORE,
                receiver::read);
    }

    private void prepareNetty(boolean deflated) {
        ChannelHandler decoder = new WebSocket13FrameDecoder(NettyEnd.decoder(true));
        ChannelHandler encoder =
                new WebSocket13FrameEncoder(() -> ThreadLocalRandom.current().nextInt());
        WebSocketExtensionData agreed = new WebSocketExtensionData("permessage-deflate", Map.of());
        ChannelHandler[] in = deflated
                ? new ChannelHandler[] {
                    decoder,
                    new PerMessageDeflateServerExtensionHandshaker(0)
                            .handshakeExtension(agreed)
                            .newExtensionDecoder(),
                    new Utf8FrameValidator()
                }
                : new ChannelHandler[] {decoder, new Utf8FrameValidator()};
        ChannelHandler[] out = deflated
                ? new ChannelHandler[] {
                    encoder,
                    new PerMessageDeflateClientExtensionHandshaker(0)
                            .handshakeExtension(agreed)
                            .newExtensionEncoder()
                }
                : new ChannelHandler[] {encoder};
        NettyEnd receiver = new NettyEnd(WebSocketFrame::release, bytes -> bytes.release(), in);
        nettyServer = receiver;
        nettyClient = new NettyEnd(WebSocketFrame::release, receiver::read, out);
    }

    @Benchmark
    public long fluxsocket() {
        EngineEnd from = client;
        EngineEnd to = server;
        if (from == null || to == null) {
            throw new IllegalStateException("not prepared");
        }
        for (int i = 0; i < Wire.FRAMES; i++) {
            from.send(BufferType.UTF8_MESSAGE, payload, 0, payload.length);
        }
        from.flush();
        return to.received;
    }

    @Benchmark
    public long netty() {
        NettyEnd from = nettyClient;
        NettyEnd to = nettyServer;
        if (from == null || to == null) {
            throw new IllegalStateException("not prepared");
        }
        for (int i = 0; i < Wire.FRAMES; i++) {
            from.send(new TextWebSocketFrame(content.retainedDuplicate()));
        }
        from.flush();
        return to.received;
    }
}
