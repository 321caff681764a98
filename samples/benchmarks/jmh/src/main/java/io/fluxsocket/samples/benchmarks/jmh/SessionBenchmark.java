package io.fluxsocket.samples.benchmarks.jmh;

import io.fluxsocket.core.BufferType;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketMessage;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.NullUnmarked;
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
import reactor.core.publisher.Flux;

/**
 * A server echoes text: masked frames come in, are validated and given to the application, which sends them back. As {@code
 * frames}, as {@code messages}, or as the text of messages, {@code strings}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Wire.FRAMES)
@NullUnmarked // JMH sets what is not set here
public class SessionBenchmark {
    @Param({"20", "125", "1024", "16384", "65536", "1048576"})
    int size;

    @Param({"frames", "messages", "strings"})
    String echo;

    private long bytes;
    /** While this is tried out. */
    private @Nullable Consumer<ByteBuffer> judge;

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
        Inbox inbox = new Inbox();
        EngineEnd client = EngineEnd.of(true, null, inbox, sent -> {});
        judge = sent -> Wire.deliver(sent, client::read);
        inbox.tryOut(messages, this::fluxsocket);
        inbox.tryOut(messages, this::netty);
        judge = null;
    }

    private void prepareSession() {
        SessionEnd server = new SessionEnd(this::flushed);
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
                this::written,
                NettyEnd.decoder(true),
                NettyEnd.serverEncoder(),
                new Utf8FrameValidator());
        channel = netty::read;
    }

    private void flushed(ByteBuffer sent) {
        bytes += sent.remaining();
        if (judge != null) {
            judge.accept(sent);
        }
    }

    private void written(ByteBuf sent) {
        bytes += sent.readableBytes();
        if (judge != null) {
            judge.accept(sent.nioBuffer());
        }
    }

    @Benchmark
    public long fluxsocket() {
        frames.deliver(session);
        return bytes;
    }

    @Benchmark
    public long netty() {
        frames.deliver(channel);
        return bytes;
    }
}
