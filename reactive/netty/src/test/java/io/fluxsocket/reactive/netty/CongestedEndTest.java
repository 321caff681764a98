package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.ByteTransport;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.tcp.TcpServer;

/** How a connection ends while its peer reads nothing. */
class CongestedEndTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final WebSocketFrame FRAME = WebSocketFrame.binary(new byte[1 << 16]);

    private final Sinks.One<WebSocketConnection> accepted = Sinks.one();

    private DisposableServer serve(WebSocketServer server) {
        return server.handle(connection -> {
                    accepted.tryEmitValue(connection);
                    return Mono.never();
                })
                .bindNow();
    }

    /** The connection, with as much output as it takes while nobody reads. */
    private WebSocketConnection congested() throws InterruptedException {
        WebSocketConnection connection =
                Objects.requireNonNull(accepted.asMono().block(SOON));
        connection.send(Flux.generate(sink -> sink.next(FRAME))).subscribe(null, closing -> {});
        RawPeer.untilNothingChanges(connection::queuedBytes);
        return connection;
    }

    /** TLS says farewell before it closes, and would wait for a peer to take that. */
    @ParameterizedTest
    @EnumSource(names = {"NIO_TLS", "EPOLL_TLS"})
    void aTlsPeerThatReadsNothingIsCutOffWithoutAFarewell(Network network) throws Exception {
        CompletableFuture<Channel> channel = new CompletableFuture<>();
        DisposableServer server = serve(network.server()
                .settings(settings -> settings.closeTimeout(Duration.ofMillis(300)))
                .httpServer(http -> http.doOnChannelInit((observer, made, remote) -> {
                    made.pipeline().get(SslHandler.class).setCloseNotifyFlushTimeout(1, TimeUnit.HOURS);
                    channel.complete(made);
                })));
        try (RawPeer peer = new RawPeer(tls(server.port()))) {
            peer.send(RawPeer.request("/"));
            peer.readHead();

            CloseEvent closed = congested().close().then(congested().closed()).block(SOON);

            assertThat(closed).isEqualTo(new CloseEvent(CloseStatus.NORMAL, CloseEvent.Initiator.LOCAL, false));
            assertThat(channel.get().closeFuture().await(SOON.toMillis())).isTrue();
        } finally {
            server.disposeNow(Stage.PATIENCE);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsAskedBehindTheHalfCloseIsToldWhenAllIsFlushed(boolean tls) throws Exception {
        Flushes session = new Flushes();
        TcpServer server = TcpServer.create()
                .host("localhost")
                .port(0)
                .doOnConnection(connection -> session.start(connection.channel()));
        DisposableServer bound = (tls ? server.secure(spec -> spec.sslContext(Network.serverTls())) : server).bindNow();
        try (RawPeer peer = tls ? new RawPeer(tls(bound.port())) : RawPeer.connect(bound.port())) {
            if (tls) {
                ((SSLSocket) peer.socket).startHandshake();
            }
            session.halfClosed.get(SOON.toSeconds(), TimeUnit.SECONDS);

            peer.socket.getInputStream().transferTo(OutputStream.nullOutputStream());

            assertThat(session.last).succeedsWithin(SOON).isEqualTo(2L);
        } finally {
            bound.disposeNow(Stage.PATIENCE);
        }
    }

    /** Puts so much that the network is full, ends the output, and then asks when all was flushed. */
    private static final class Flushes implements ByteTransport.Listener {
        final CompletableFuture<Void> halfClosed = new CompletableFuture<>();
        final CompletableFuture<Long> last = new CompletableFuture<>();

        void start(Channel channel) {
            ChannelHandler codec = new ChannelInboundHandlerAdapter();
            channel.pipeline().addLast(codec);
            NettyTransport transport = new NettyTransport(channel, null);
            transport.takeOver(codec);
            transport.start(this);
            for (int i = 0; i < 100; i++) {
                transport.output(1 << 18).put(new byte[1 << 18]);
            }
            transport.flush(1);
            transport.shutdownOutput();
            transport.flush(2);
            halfClosed.complete(null);
        }

        @Override
        public void onRead(ByteBuffer bytes) {}

        @Override
        public void onWritabilityChanged() {}

        @Override
        public void onFlushed(long report) {
            if (report == 2) {
                last.complete(report);
            }
        }

        @Override
        public void onShutdown() {}

        @Override
        public void onClosed(@Nullable Throwable cause) {}
    }

    private static Socket tls(int port) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), new SecureRandom());
        return context.getSocketFactory().createSocket("localhost", port);
    }
}
