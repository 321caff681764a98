package io.fluxsocket.reactive.netty;

import io.fluxsocket.core.WebSocketEngine;
import io.fluxsocket.core.deflate.ClientDeflate;
import io.fluxsocket.core.deflate.DeflateAgreement;
import io.fluxsocket.core.handshake.ClientHandshake;
import io.fluxsocket.core.handshake.Extension;
import io.fluxsocket.core.handshake.HandshakeException;
import io.fluxsocket.core.handshake.HandshakeHeaders;
import io.fluxsocket.reactive.HandshakeInfo;
import io.fluxsocket.reactive.SessionSettings;
import io.fluxsocket.reactive.WebSocketConnections;
import io.fluxsocket.reactive.WebSocketHandshakeException;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.ChannelOperations;

/**
 * Stands before Reactor Netty's end of a client's pipeline during one request, and waits for the 101. Any other response
 * passes. A good 101 is passed on, so that the exchange counts as answered, but not its end, which Reactor Netty would take
 * for the end of the response and close the connection: at that moment the channel is taken over.
 */
final class ClientUpgradeHandler extends ChannelInboundHandlerAdapter {
    private static final String NAME = "fluxsocket.upgrade";

    private enum Awaiting {
        RESPONSE,
        END_OF_INTERIM_RESPONSE,
        END_OF_UPGRADE,
        END_OF_OTHER_RESPONSE
    }

    /** What the server has agreed to, with its headers. */
    private record Agreement(
            ClientHandshake.Result result, @Nullable DeflateAgreement deflate, HandshakeHeaders headers) {}

    private final ClientAttempt attempt;
    private final ChannelOperations<?, ?> exchange;
    private final ClientHandshake handshake;
    private final @Nullable ClientDeflate deflate;
    private final URI uri;
    private Awaiting awaiting = Awaiting.RESPONSE;
    private @Nullable Agreement agreement;

    ClientUpgradeHandler(
            ClientAttempt attempt,
            ChannelOperations<?, ?> exchange,
            ClientHandshake handshake,
            @Nullable ClientDeflate deflate,
            URI uri) {
        this.attempt = attempt;
        this.exchange = exchange;
        this.handshake = handshake;
        this.deflate = deflate;
        this.uri = uri;
    }

    /** Adds this to the pipeline of its exchange, which may have been used before. */
    void install() {
        ChannelPipeline pipeline = exchange.channel().pipeline();
        remove(pipeline, NAME);
        pipeline.addBefore(NettyPipeline.ReactiveBridge, NAME, this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpResponse response) {
            awaiting = awaitedBehind(response);
            if (awaiting == Awaiting.END_OF_UPGRADE) {
                agreement = agree(response);
                if (agreement == null) {
                    ReferenceCountUtil.release(message);
                    return;
                }
                exchange.markPersistent(false);
            }
        } else if (message instanceof LastHttpContent) {
            switch (awaiting) {
                case END_OF_UPGRADE -> {
                    ReferenceCountUtil.release(message);
                    if (agreement != null) {
                        takeOver(exchange.channel(), agreement);
                    }
                    return;
                }
                case END_OF_OTHER_RESPONSE -> ctx.pipeline().remove(this);
                case RESPONSE, END_OF_INTERIM_RESPONSE -> awaiting = Awaiting.RESPONSE;
            }
        }
        ctx.fireChannelRead(message);
    }

    private static Awaiting awaitedBehind(HttpResponse response) {
        if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            return Awaiting.END_OF_UPGRADE;
        }
        return response.status().codeClass() == HttpStatusClass.INFORMATIONAL
                ? Awaiting.END_OF_INTERIM_RESPONSE
                : Awaiting.END_OF_OTHER_RESPONSE;
    }

    /** Judges a 101. If it is not the answer to this request, the attempt has failed, and with it goes the connection. */
    private @Nullable Agreement agree(HttpResponse response) {
        int status = response.status().code();
        HandshakeHeaders headers = HandshakeHeaders.of();
        try {
            headers = NettyHeaders.copy(response.headers());
            if (response.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0) {
                throw new IllegalArgumentException("The server switches protocols in " + response.protocolVersion()
                        + ", where only HTTP/1.1 can (RFC 6455 §4.2.2)");
            }
            ClientHandshake.Result result = handshake.end(status, headers);
            return new Agreement(result, deflate == null ? null : deflate.agreement(result.extensions()), headers);
        } catch (HandshakeException | IllegalArgumentException malformed) {
            attempt.fail(new WebSocketHandshakeException(
                    String.valueOf(malformed.getMessage()), status, headers, "", malformed));
            return null;
        }
    }

    private void takeOver(Channel channel, Agreement agreement) {
        ChannelPipeline pipeline = channel.pipeline();
        HttpClientCodec codec = pipeline.get(HttpClientCodec.class);
        HandshakeInfo info = handshakeInfo(channel, agreement);
        SessionSettings settings = attempt.settings();
        remove(pipeline, NettyPipeline.ResponseTimeoutHandler);
        remove(pipeline, NettyPipeline.HttpDecompressor);
        remove(pipeline, NAME);
        NettyTransport transport = new NettyTransport(channel, null);
        transport.takeOver(codec);
        SessionOperations.replace(exchange);
        attempt.succeed(WebSocketConnections.open(
                transport,
                WebSocketEngine.client(settings.engineSettings(), ClientRandom.maskKeys(), null, agreement.deflate()),
                settings,
                info,
                attempt.observeSession()));
    }

    private HandshakeInfo handshakeInfo(Channel channel, Agreement agreement) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        return HandshakeInfo.builder(uri)
                .headers(agreement.headers())
                .subprotocol(agreement.result().subprotocol())
                .extensions(agreement.result().extensions().stream()
                        .map(Extension::toString)
                        .toList())
                .localAddress(channel.localAddress())
                .remoteAddress(channel.remoteAddress())
                .sslSession(tls == null ? null : tls.engine().getSession())
                .build();
    }

    private static void remove(ChannelPipeline pipeline, String handler) {
        if (pipeline.get(handler) != null) {
            pipeline.remove(handler);
        }
    }
}
