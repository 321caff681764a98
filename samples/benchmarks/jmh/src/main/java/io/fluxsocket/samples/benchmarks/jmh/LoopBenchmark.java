package io.fluxsocket.samples.benchmarks.jmh;

import io.fluxsocket.core.BufferType;
import io.fluxsocket.core.deflate.DeflateAgreement;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The whole way: a client sends text, masked, and a server receives it, validated; as it is, and deflated. */
@NullUnmarked // set in the setup
public class LoopBenchmark extends FrameBenchmark {
    @Param({"ascii", "mixed", "json deflated"})
    String text;

    private final Inbox inbox = new Inbox();
    private Messages messages;
    private ByteBuf contents;
    private EngineEnd client;
    private NettyEnd nettyClient;
    private NettyEnd nettyServer;

    @Setup
    public void prepare() {
        boolean deflated = text.equals("json deflated");
        messages = deflated ? Messages.json(size) : text.equals("mixed") ? Messages.mixed(size) : Messages.ascii(size);
        contents = Unpooled.wrappedBuffer(messages.bytes);
        prepareEngines(deflated ? Deflate.AGREEMENT : null);
        prepareNetty(deflated);
        inbox.tryOut(messages, this::fluxsocket);
        messages.rewind();
        inbox.tryOut(messages, this::netty);
        messages.rewind();
    }

    private void prepareEngines(DeflateAgreement deflate) {
        Consumer<ByteBuffer> server = EngineEnd.of(false, deflate, inbox, bytes -> {})::read;
        client = EngineEnd.of(true, deflate, (message, length) -> {}, bytes -> Wire.deliver(bytes, server));
    }

    private void prepareNetty(boolean deflated) {
        ChannelHandler decoder = NettyEnd.decoder(true);
        ChannelHandler encoder = NettyEnd.clientEncoder();
        ChannelHandler validator = new Utf8FrameValidator();
        nettyServer = deflated
                ? new NettyEnd(inbox, bytes -> {}, decoder, Deflate.nettyServerDecoder(), validator)
                : new NettyEnd(inbox, bytes -> {}, decoder, validator);
        nettyClient = deflated
                ? new NettyEnd(WebSocketFrame::release, nettyServer::arrive, encoder, Deflate.nettyClientEncoder())
                : new NettyEnd(WebSocketFrame::release, nettyServer::arrive, encoder);
    }

    @Benchmark
    public long fluxsocket() {
        for (int i = 0; i < Wire.FRAMES; i++) {
            client.send(BufferType.UTF8_MESSAGE, messages.bytes, messages.next(), size);
        }
        client.flush();
        return inbox.bytes;
    }

    @Benchmark
    public long netty() {
        for (int i = 0; i < Wire.FRAMES; i++) {
            nettyClient.send(new TextWebSocketFrame(contents.retainedSlice(messages.next(), size)));
        }
        nettyServer.read();
        return inbox.bytes;
    }
}
