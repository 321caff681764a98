package io.fluxsocket.samples.benchmarks.jmh;

import io.fluxsocket.core.BufferType;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketMessage;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import reactor.core.publisher.Flux;

/**
 * A server echoes text: masked frames come in, are validated and given to the application, which sends them back. As {@code
 * frames}, as {@code messages}, or as the text of messages, {@code strings}.
 */
@NullUnmarked // set in the setup
public class SessionBenchmark extends FrameBenchmark {
    @Param({"frames", "messages", "strings"})
    String echo;

    private final Sent sent = new Sent();
    private Consumer<ByteBuffer> session;
    private Consumer<ByteBuffer> channel;
    private NettyEnd netty;
    private Wire frames;

    @Setup
    public void prepare() {
        Messages messages = Messages.ascii(size);
        frames = Wire.of(messages, BufferType.UTF8_MESSAGE, true, null);
        prepareSession();
        prepareNetty();
        sent.tryOut(messages, true, null, this::fluxsocket);
        sent.tryOut(messages, true, null, this::netty);
    }

    private void prepareSession() {
        SessionEnd server = new SessionEnd(sent::flushed);
        WebSocketConnection connection = server.connection;
        Flux<WebSocketFrame> echoed = switch (echo) {
            case "frames" -> connection.receive();
            case "messages" -> connection.receiveMessages().map(WebSocketMessage::toFrame);
            default -> connection.receiveMessages().map(message -> WebSocketFrame.text(message.text()));
        };
        connection.send(echoed).subscribe();
        session = server::read;
    }

    /** Netty's frames are messages here. */
    private void prepareNetty() {
        boolean strings = echo.equals("strings");
        netty = new NettyEnd(
                frame -> {
                    if (strings) {
                        netty.send(new TextWebSocketFrame(((TextWebSocketFrame) frame).text()));
                        frame.release();
                    } else {
                        netty.send(frame);
                    }
                },
                sent::written,
                NettyEnd.decoder(true),
                NettyEnd.serverEncoder(),
                new Utf8FrameValidator());
        channel = netty::read;
    }

    @Benchmark
    public long fluxsocket() {
        frames.deliver(session);
        return sent.bytes;
    }

    @Benchmark
    public long netty() {
        frames.deliver(channel);
        return sent.bytes;
    }
}
