package io.fluxsocket.samples.benchmarks.jmh;

import io.fluxsocket.core.handshake.HandshakeHeaders;
import io.fluxsocket.core.handshake.HandshakeRequest;
import io.fluxsocket.core.handshake.ServerHandshake;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** From the headers of a request to those of the 101. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HandshakeBenchmark {
    private static final String[] HEADERS = {
        "Host", "example.com",
        "Connection", "Upgrade",
        "Upgrade", "websocket",
        "Sec-WebSocket-Version", "13",
        "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="
    };

    private final ServerHandshake handshake = ServerHandshake.defaults();
    private final HandshakeRequest request = HandshakeRequest.get(HandshakeHeaders.of(HEADERS));
    private final Handshaker handshaker = new Handshaker();
    private final FullHttpRequest nettyRequest =
            new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/", Unpooled.EMPTY_BUFFER);

    public HandshakeBenchmark() {
        for (int i = 0; i < HEADERS.length; i += 2) {
            nettyRequest.headers().add(HEADERS[i], HEADERS[i + 1]);
        }
    }

    /** RFC 6455 §1.3. */
    @Setup
    public void tryOut() {
        require(fluxsocket().headers().first("Sec-WebSocket-Accept"));
        require(netty().get("Sec-WebSocket-Accept"));
    }

    private static void require(@Nullable String accept) {
        if (!"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=".equals(accept)) {
            throw new IllegalStateException("accepted with " + accept);
        }
    }

    @Benchmark
    public ServerHandshake.Result fluxsocket() {
        return handshake.answer(request);
    }

    @Benchmark
    public HttpHeaders netty() {
        FullHttpResponse response = handshaker.newHandshakeResponse(nettyRequest, null);
        response.release();
        return response.headers();
    }

    private static final class Handshaker extends WebSocketServerHandshaker13 {
        Handshaker() {
            super("ws://example.com/", null, WebSocketDecoderConfig.newBuilder().build());
        }

        @Override
        protected FullHttpResponse newHandshakeResponse(FullHttpRequest request, @Nullable HttpHeaders headers) {
            return super.newHandshakeResponse(request, headers);
        }
    }
}
