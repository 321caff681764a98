package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;

/** Demand reaches the socket, and nothing else does. */
@ParameterizedClass
@EnumSource(
        value = Network.class,
        names = {"NIO", "EPOLL"})
class DemandTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @Parameter
    Network network;

    private final Socket socket = new Socket();
    private final Sinks.One<WebSocketConnection> accepted = Sinks.one();
    private DisposableServer server;

    @BeforeEach
    void serve() {
        server = network.server()
                .settings(settings -> settings.receiveWindow(0).maxChunkSize(1024))
                .httpServer(http -> http.doOnChannelInit((observer, channel, remote) -> socket.listenAt(channel)))
                .handle(connection -> {
                    accepted.tryEmitValue(connection);
                    return Mono.never();
                })
                .bindNow();
    }

    @AfterEach
    void stop() {
        server.disposeNow(Stage.PATIENCE);
    }

    @Test
    void withoutDemandNothingIsRead() throws IOException, InterruptedException {
        try (RawPeer peer = RawPeer.open(server.port(), "/")) {
            peer.send(RawPeer.masked(RawPeer.BINARY, new byte[60_000]));
            socket.loopTurns(3);

            assertThat(socket.reads).hasValue(0);
            assertThat(socket.bytes).hasValue(0);
        }
    }

    @Test
    void aPeerThatIsNotReadStalls() throws IOException, InterruptedException {
        try (RawPeer peer = RawPeer.open(server.port(), "/")) {
            long taken = peer.sendUntilStalled(RawPeer.masked(RawPeer.BINARY, new byte[60_000]));

            assertThat(taken).isLessThan(64 << 20);
            assertThat(socket.bytes).hasValue(0);
        }
    }

    @Test
    void eachReadFollowsADemandThatWasNotMet() throws IOException, InterruptedException {
        try (RawPeer peer = RawPeer.open(server.port(), "/")) {
            BlockingQueue<WebSocketFrame> received = new LinkedTransferQueue<>();
            BaseSubscriber<WebSocketFrame> subscriber = new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {}

                @Override
                protected void hookOnNext(WebSocketFrame frame) {
                    received.add(frame);
                }
            };
            Objects.requireNonNull(accepted.asMono().block(SOON)).receive().subscribe(subscriber);
            peer.send(RawPeer.masked(RawPeer.TEXT, "one") + RawPeer.masked(RawPeer.TEXT, "two"));

            subscriber.request(1);
            assertThat(received.take().text()).isEqualTo("one");
            socket.loopTurns(3);
            int readsForOne = socket.reads.get();
            subscriber.request(1);
            assertThat(received.take().text()).isEqualTo("two");
            socket.loopTurns(3);

            // Both came with one read; the second demand was met without another.
            assertThat(readsForOne).isEqualTo(1);
            assertThat(socket.reads).hasValue(1);
            assertThat(received).isEmpty();
        }
    }

    @Test
    void whatAPeerSentBeforeItsEndIsDeliveredInOrderHoweverLateItIsAskedFor() throws IOException {
        int frames = 200;
        try (RawPeer peer = RawPeer.open(server.port(), "/")) {
            for (int i = 0; i < frames; i++) {
                peer.send(RawPeer.masked(RawPeer.TEXT, i + " ".repeat(1000)));
            }
            peer.send(RawPeer.maskedClose(1000));
            peer.socket.shutdownOutput();
            WebSocketConnection connection =
                    Objects.requireNonNull(accepted.asMono().block(SOON));

            List<Integer> received = connection
                    .receive()
                    .map(frame -> Integer.valueOf(frame.text().trim()))
                    .collectList()
                    .block(SOON);

            assertThat(received)
                    .containsExactlyElementsOf(
                            IntStream.range(0, frames).boxed().toList());
            assertThat(peer.readFrame().closeCode()).isEqualTo(1000);
            assertThat(peer.isAtEnd()).isTrue();
        }
    }

    @Test
    void aPeerThatDoesNotReadStopsTheRequestsOfASend() throws Exception {
        try (RawPeer peer = RawPeer.open(server.port(), "/")) {
            WebSocketConnection connection =
                    Objects.requireNonNull(accepted.asMono().block(SOON));
            AtomicInteger asked = new AtomicInteger();
            WebSocketFrame frame = WebSocketFrame.binary(new byte[1 << 16]);
            connection
                    .send(Flux.<WebSocketFrame>generate(sink -> {
                        asked.incrementAndGet();
                        sink.next(frame);
                    }))
                    .subscribe(null, lost -> {});
            RawPeer.untilNothingChanges(asked::get);

            // 64 KiB above the high-water mark at most, and the frame that waits for its turn.
            assertThat(connection.queuedBytes()).isLessThanOrEqualTo((256 + 64 + 64 + 16) * 1024);
            assertThat(asked).hasValueLessThan(1000);
            peer.socket.close();
            connection.closed().block(SOON);
        }
    }

    /** What reaches the socket of the accepted connection once it is a WebSocket. */
    private static final class Socket {
        final AtomicInteger reads = new AtomicInteger();
        final AtomicLong bytes = new AtomicLong();
        private volatile Channel channel;

        void listenAt(Channel accepted) {
            channel = accepted;
            accepted.pipeline().addFirst(new ChannelDuplexHandler() {
                @Override
                public void read(ChannelHandlerContext ctx) {
                    if (isWebSocket(ctx)) {
                        reads.incrementAndGet();
                    }
                    ctx.read();
                }

                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    if (isWebSocket(ctx) && message instanceof ByteBuf buffer) {
                        bytes.addAndGet(buffer.readableBytes());
                    }
                    ctx.fireChannelRead(message);
                }
            });
        }

        private static boolean isWebSocket(ChannelHandlerContext ctx) {
            return ctx.pipeline().get(NettyTransport.NAME) != null;
        }

        /** Waits until the loop has looked at its sockets a few times. */
        void loopTurns(int turns) throws InterruptedException {
            for (int i = 0; i < turns; i++) {
                channel.eventLoop().submit(() -> {}).sync();
            }
        }
    }
}
