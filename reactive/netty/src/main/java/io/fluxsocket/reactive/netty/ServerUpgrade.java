package io.fluxsocket.reactive.netty;

import io.fluxsocket.core.WebSocketEngine;
import io.fluxsocket.core.handshake.Extension;
import io.fluxsocket.core.handshake.HandshakeHeaders;
import io.fluxsocket.core.handshake.HandshakeRequest;
import io.fluxsocket.core.handshake.ServerHandshake;
import io.fluxsocket.reactive.HandshakeInfo;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketConnections;
import io.fluxsocket.reactive.WebSocketHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.netty.Connection;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** One opening handshake on a server: the request is judged, then refused or followed by the takeover of the channel. */
final class ServerUpgrade {
    private static final int BAD_REQUEST = 400;
    private static final int SERVICE_UNAVAILABLE = 503;

    private final ServerPolicy policy;
    private final WebSocketHandler handler;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final WebSocketObserver.@Nullable Handshake observed;

    ServerUpgrade(
            ServerPolicy policy, WebSocketHandler handler, HttpServerRequest request, HttpServerResponse response) {
        this.policy = policy;
        this.handler = handler;
        this.request = request;
        this.response = response;
        WebSocketObserver observer = policy.observer();
        observed = observer == null ? null : observer.begin(request.uri());
    }

    /** Judges the request and answers it. Completes with the HTTP exchange: when a 101 or a refusal is written. */
    Mono<Void> run() {
        HandshakeRequest asked;
        URI uri;
        try {
            asked = new HandshakeRequest(
                    request.method().name(),
                    request.version().majorVersion(),
                    request.version().minorVersion(),
                    NettyHeaders.copy(request.requestHeaders()));
            uri = new URI(request.uri());
        } catch (IllegalArgumentException | URISyntaxException malformed) {
            return refuseMalformed();
        }
        ServerHandshake.Result result = policy.handshake().answer(asked);
        if (result instanceof ServerHandshake.Rejected rejected) {
            return refuse(rejected.status(), rejected.headers(), rejected.message());
        }
        return accept((ServerHandshake.Accepted) result, uri, asked.headers());
    }

    /** Upgrades a request that was judged elsewhere. */
    Mono<Void> accept(ServerHandshake.Accepted accepted) {
        try {
            return accept(accepted, new URI(request.uri()), NettyHeaders.copy(request.requestHeaders()));
        } catch (IllegalArgumentException | URISyntaxException malformed) {
            return refuseMalformed();
        }
    }

    private Mono<Void> accept(ServerHandshake.Accepted accepted, URI uri, HandshakeHeaders headers) {
        // The takeover comes behind the end of the request, with which Reactor Netty stops its timers and switches
        // autoRead on. A frame in the same packet is still in the codec then: it hands out head and end together.
        return request.receive().then(Mono.deferContextual(context -> open(accepted, uri, headers, context)));
    }

    private Mono<Void> open(ServerHandshake.Accepted accepted, URI uri, HandshakeHeaders headers, ContextView context) {
        Exchange exchange = Exchange.of(response);
        HttpServerCodec codec = exchange.channel.pipeline().get(HttpServerCodec.class);
        if (codec == null || !exchange.channel.isActive()) {
            return Mono.error(new ClosedChannelException());
        }
        if (response.hasSentHeaders()) {
            return Mono.error(new IllegalStateException(
                    "The response has begun: a request is upgraded instead of being answered in another way"));
        }
        HandshakeInfo info = handshakeInfo(accepted, uri, headers, exchange.channel);
        OpenSessions sessions = OpenSessions.of(exchange.channel);
        NettyTransport transport = new NettyTransport(exchange.channel, sessions);
        if (sessions != null && !sessions.add(transport, exchange.channel, policy.maxConnections())) {
            return refuse(SERVICE_UNAVAILABLE, HandshakeHeaders.of(), "This server holds as many WebSockets as it may");
        }
        answer(accepted, exchange);
        transport.takeOver(codec);
        SessionConnection.replace(exchange.operations);
        WebSocketConnection connection = WebSocketConnections.open(
                transport,
                WebSocketEngine.server(policy.settings().engineSettings(), policy.deflateAgreement(accepted)),
                policy.settings(),
                info,
                observed == null ? null : observed.opened());
        WebSocketConnections.handle(connection, handler).subscribe(Run.in(context));
        return Mono.empty();
    }

    private HandshakeInfo handshakeInfo(
            ServerHandshake.Accepted accepted, URI uri, HandshakeHeaders headers, Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        HandshakeInfo.Builder info = HandshakeInfo.builder(uri)
                .headers(NettyHeaders.worthKeeping(headers))
                .subprotocol(accepted.subprotocol())
                .extensions(
                        accepted.extensions().stream().map(Extension::toString).toList())
                .localAddress(channel.localAddress())
                .remoteAddress(request.remoteAddress() == null ? channel.remoteAddress() : request.remoteAddress())
                .sslSession(tls == null ? null : tls.engine().getSession());
        policy.handshakeInfo().accept(request, info);
        return info.build();
    }

    /** Writes the 101 and flushes it, all on the event loop. */
    private void answer(ServerHandshake.Accepted accepted, Exchange exchange) {
        ChannelPipeline pipeline = exchange.channel.pipeline();
        // The traffic handler would rewrite the 101 to a Connection: close when maxKeepAliveRequests is reached.
        remove(pipeline, NettyPipeline.HttpTrafficHandler);
        remove(pipeline, RequestDeadline.NAME);
        exchange.operations.markPersistent(false);
        response.compression(false).status(accepted.status()).chunkedTransfer(false);
        response.responseHeaders().remove(HttpHeaderNames.CONTENT_LENGTH);
        accepted.headers().forEach(response::header);
        // A failure to write ends the channel, and with it the session.
        response.then().subscribe(null, error -> {});
    }

    private static void remove(ChannelPipeline pipeline, String handler) {
        if (pipeline.get(handler) != null) {
            pipeline.remove(handler);
        }
    }

    private Mono<Void> refuseMalformed() {
        return refuse(BAD_REQUEST, HandshakeHeaders.of(), "The opening request has a malformed URI or header");
    }

    /** Of an early frame behind the request the codec makes a malformed request, and Reactor Netty closes the connection. */
    private Mono<Void> refuse(int status, HandshakeHeaders headers, String message) {
        if (observed != null) {
            observed.refused(status, null);
        }
        response.status(status).header(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
        headers.forEach(response::header);
        if (hasBody(request.requestHeaders())) {
            response.keepAlive(false);
        }
        return request.method().equals(HttpMethod.HEAD)
                ? response.send()
                : response.sendString(Mono.just(message)).then();
    }

    private static boolean hasBody(HttpHeaders headers) {
        return headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                || !"0".equals(headers.get(HttpHeaderNames.CONTENT_LENGTH, "0"));
    }

    /** Has the handler run, in the Context of the exchange. Nobody waits for its end: the connection's is all there is. */
    private record Run(Context currentContext) implements CoreSubscriber<Void> {
        private static final Run WITHOUT_CONTEXT = new Run(Context.empty());

        static Run in(ContextView context) {
            return context.isEmpty() ? WITHOUT_CONTEXT : new Run(Context.of(context));
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Void nothing) {}

        @Override
        public void onError(Throwable error) {
            Operators.onErrorDropped(error, currentContext);
        }

        @Override
        public void onComplete() {}
    }

    /** What lies beneath a response. */
    private static final class Exchange {
        final ChannelOperations<?, ?> operations;
        final Channel channel;

        private Exchange(ChannelOperations<?, ?> operations) {
            this.operations = operations;
            this.channel = operations.channel();
        }

        static Exchange of(HttpServerResponse response) {
            @Nullable Connection[] connection = new Connection[1];
            response.withConnection(c -> connection[0] = c);
            if (connection[0] instanceof ChannelOperations<?, ?> operations) {
                return new Exchange(operations);
            }
            throw new IllegalStateException("Not a response of Reactor Netty's HttpServer: " + response);
        }
    }
}
