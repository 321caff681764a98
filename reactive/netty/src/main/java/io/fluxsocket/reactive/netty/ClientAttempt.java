package io.fluxsocket.reactive.netty;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.core.deflate.ClientDeflate;
import io.fluxsocket.core.deflate.DeflateSettings;
import io.fluxsocket.core.handshake.ClientHandshake;
import io.fluxsocket.core.handshake.HandshakeHeaders;
import io.fluxsocket.reactive.SessionObserver;
import io.fluxsocket.reactive.SessionSettings;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketHandshakeException;
import io.fluxsocket.reactive.WebSocketTimeoutException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.ssl.SslHandler;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.Connection;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;

/** One subscription of {@link WebSocketClient#connect()}: the request, redirects included, up to the open connection. */
final class ClientAttempt {
    /** Enough for an error page that says why; the rest is not waited for. */
    private static final int LARGEST_BODY = 64 * 1024;

    private final List<String> subprotocols;
    private final SessionSettings settings;
    private final @Nullable ClientDeflate deflate;
    private final Duration timeout;
    private final WebSocketObserver.@Nullable Handshake observed;
    private final MonoSink<WebSocketConnection> sink;

    /** The timer and the HTTP exchange, which closes its connection when it is disposed. */
    private final Disposable.Composite running = Disposables.composite();

    private final AtomicBoolean decided = new AtomicBoolean();
    private volatile @Nullable WebSocketConnection opened;

    ClientAttempt(
            List<String> subprotocols,
            SessionSettings settings,
            Duration timeout,
            WebSocketObserver.@Nullable Handshake observed,
            MonoSink<WebSocketConnection> sink) {
        this.observed = observed;
        this.subprotocols = subprotocols;
        this.settings = settings;
        DeflateSettings deflateSettings = settings.deflate();
        this.deflate = deflateSettings == null ? null : new ClientDeflate(deflateSettings);
        this.timeout = timeout;
        this.sink = sink;
    }

    void start(HttpClient http, String uri) {
        sink.onCancel(this::cancel);
        running.add(settings.scheduler()
                .schedule(
                        () -> fail(new WebSocketTimeoutException("the opening handshake was not finished", timeout)),
                        timeout.toNanos(),
                        TimeUnit.NANOSECONDS));
        running.add(http.doOnRequest(this::prepare)
                .get()
                .uri(uri)
                .responseConnection(this::respond)
                .contextWrite(sink.contextView())
                .subscribe(null, this::fail));
    }

    SessionSettings settings() {
        return settings;
    }

    /** The handshake has succeeded. Returns who watches the session. */
    @Nullable
    SessionObserver observeSession() {
        return observed == null || decided.get() ? null : observed.opened();
    }

    /** A redirect is a new handshake, with a new key. */
    private void prepare(HttpClientRequest request, Connection connection) {
        ClientHandshake handshake = ClientHandshake.begin(
                subprotocols,
                deflate == null ? List.of() : deflate.offers(),
                HandshakeHeaders.of(),
                ClientRandom.generator());
        handshake.requestHeaders().forEach(request::header);
        ChannelOperations<?, ?> exchange = (ChannelOperations<?, ?>) connection;
        new ClientUpgradeHandler(this, exchange, handshake, deflate, uriOf(request, exchange)).install();
    }

    /** Reactor Netty's own answer names the socket instead, if that is a Unix domain socket. */
    private static URI uriOf(HttpClientRequest request, ChannelOperations<?, ?> exchange) {
        String scheme = exchange.channel().pipeline().get(SslHandler.class) == null ? "ws" : "wss";
        return URI.create(scheme + "://" + request.requestHeaders().get(HttpHeaderNames.HOST) + request.uri());
    }

    /** A 101 has been judged already: its end decides. */
    private Publisher<Void> respond(HttpClientResponse response, Connection connection) {
        if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            return Mono.empty();
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        return connection
                .inbound()
                .receive()
                .asByteArray()
                .takeUntil(part -> {
                    body.write(part, 0, Math.min(part.length, LARGEST_BODY - body.size()));
                    return body.size() == LARGEST_BODY;
                })
                .then()
                .onErrorComplete()
                .then(Mono.error(() -> refused(response, body)));
    }

    private static WebSocketHandshakeException refused(HttpClientResponse response, ByteArrayOutputStream body) {
        HandshakeHeaders headers;
        try {
            headers = NettyHeaders.copy(response.responseHeaders());
        } catch (IllegalArgumentException malformed) {
            headers = HandshakeHeaders.of();
        }
        int status = response.status().code();
        return new WebSocketHandshakeException(
                "The server answered with status " + status + " instead of 101",
                status,
                headers,
                body.toString(StandardCharsets.UTF_8),
                null);
    }

    void succeed(WebSocketConnection connection) {
        opened = connection;
        if (decided.compareAndSet(false, true)) {
            running.dispose();
            sink.success(connection);
        } else {
            connection.close(CloseStatus.GOING_AWAY).subscribe();
        }
    }

    void fail(Throwable cause) {
        if (decided.compareAndSet(false, true)) {
            running.dispose();
            if (observed != null) {
                observed.refused(
                        cause instanceof WebSocketHandshakeException refusal ? refusal.statusCode() : 0, cause);
            }
            sink.error(cause);
        }
    }

    /** Called as long as the connection has not been delivered, even if it is open. */
    private void cancel() {
        decided.set(true);
        running.dispose();
        WebSocketConnection connection = opened;
        if (connection != null) {
            connection.close(CloseStatus.GOING_AWAY).subscribe();
        }
    }
}
