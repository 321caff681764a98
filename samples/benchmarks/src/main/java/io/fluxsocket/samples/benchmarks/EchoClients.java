package io.fluxsocket.samples.benchmarks;

import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.netty.WebSocketClient;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.util.concurrent.Future;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.resources.LoopResources;

/**
 * Clients side by side, each in its smallest idiomatic form, with one event loop where that can be chosen. Each connection keeps
 * its window full: an {@link Exchange} says what is sent, and when the next may be.
 *
 * <p>Arguments: name, then {@code epoll} or {@code nio}, the workload's name, how many connections, and the server's port. Prints
 * {@code READY} when every connection has had an echo, then, for each line on its input, how many messages have come back so far.
 * Ends with its input, and with an error when an echo differs or a connection fails.
 */
final class EchoClients {
    private static final int LARGE = 64 << 20;

    private static final long STALLED_NANOS = 20_000_000_000L;

    private EchoClients() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Workload workload = Workload.named(List.of(arguments[2])).get(0);
        URI uri = URI.create("ws://127.0.0.1:" + arguments[4] + "/");
        Consumer<Exchange> client = client(arguments[0], uri, arguments[1].equals("epoll"));
        List<Exchange> exchanges = Stream.generate(() -> new Exchange(workload))
                .limit(Integer.parseInt(arguments[3]))
                .toList();
        exchanges.forEach(client);
        long begin = System.nanoTime();
        while (exchanges.stream().anyMatch(exchange -> exchange.messages() == 0)) {
            if (System.nanoTime() - begin > STALLED_NANOS) {
                fail(new IOException("a connection got nothing back"));
            }
            Thread.sleep(10);
        }
        System.out.println("READY " + uri.getPort());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (in.readLine() != null) {
            System.out.println(exchanges.stream().mapToLong(Exchange::messages).sum());
        }
        Runtime.getRuntime().halt(0);
    }

    /** Opens a connection for each exchange that it is given. */
    private static Consumer<Exchange> client(String name, URI uri, boolean epoll) {
        return switch (name) {
            case "fluxsocket" -> fluxsocket(uri, epoll);
            case "reactor-netty" -> reactorNetty(uri, epoll);
            case "netty" -> netty(uri, epoll);
            case "jdk" -> jdk(uri);
            default -> throw new IllegalArgumentException("no client is called " + name);
        };
    }

    private static Consumer<Exchange> fluxsocket(URI uri, boolean epoll) {
        LoopResources loops = LoopResources.create("client", 1, 1, true);
        WebSocketClient client = WebSocketClient.create().uri(uri).httpClient(http -> http.runOn(loops, epoll));
        return exchange -> {
            WebSocketFrame frame = exchange.workload.text()
                    ? WebSocketFrame.text(exchange.text)
                    : WebSocketFrame.binary(exchange.payload);
            client.handle(connection -> {
                        Sinks.Many<WebSocketFrame> next = Sinks.many().unicast().onBackpressureBuffer();
                        exchange.fill(() -> next.tryEmitNext(frame));
                        return Mono.when(
                                connection.send(next.asFlux()),
                                connection.receive().doOnNext(received -> {
                                    if (exchange.completedBy(received.payload(), received.isFinal())) {
                                        next.tryEmitNext(frame);
                                    }
                                }));
                    })
                    .subscribe(nothing -> {}, EchoClients::fail, EchoClients::ended);
        };
    }

    private static Consumer<Exchange> reactorNetty(URI uri, boolean epoll) {
        LoopResources loops = LoopResources.create("client", 1, 1, true);
        WebsocketClientSpec spec =
                WebsocketClientSpec.builder().maxFramePayloadLength(LARGE).build();
        HttpClient client = HttpClient.newConnection().runOn(loops, epoll);
        return exchange -> {
            ByteBuf payload = exchange.direct();
            Flux<Void> session = client.websocket(spec).uri(uri).handle((in, out) -> {
                Sinks.Many<Object> next = Sinks.many().unicast().onBackpressureBuffer();
                exchange.fill(() -> next.tryEmitNext(frame(exchange, payload)));
                return Mono.when(
                        out.sendObject(next.asFlux()).then(), in.receiveFrames().doOnNext(received -> {
                            if (exchange.completedBy(received.content().nioBuffer(), received.isFinalFragment())) {
                                next.tryEmitNext(frame(exchange, payload));
                            }
                        }));
            });
            session.subscribe(nothing -> {}, EchoClients::fail, EchoClients::ended);
        };
    }

    private static Consumer<Exchange> netty(URI uri, boolean epoll) {
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        WebSocketClientProtocolConfig config = WebSocketClientProtocolConfig.newBuilder()
                .webSocketUri(uri)
                .maxFramePayloadLength(LARGE)
                .build();
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true);
        return exchange -> bootstrap
                .clone()
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new HttpClientCodec(),
                                        new HttpObjectAggregator(65536),
                                        new WebSocketClientProtocolHandler(config),
                                        new NettyHandler(exchange));
                    }
                })
                .connect(uri.getHost(), uri.getPort())
                .syncUninterruptibly();
    }

    private static final class NettyHandler
            extends SimpleChannelInboundHandler<io.netty.handler.codec.http.websocketx.WebSocketFrame> {
        private final Exchange exchange;
        private final ByteBuf payload;

        NettyHandler(Exchange exchange) {
            this.exchange = exchange;
            payload = exchange.direct();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
                exchange.fill(() -> write(context));
                context.flush();
            }
        }

        @Override
        protected void channelRead0(
                ChannelHandlerContext context, io.netty.handler.codec.http.websocketx.WebSocketFrame received) {
            if (exchange.completedBy(received.content().nioBuffer(), received.isFinalFragment())) {
                write(context);
            }
        }

        private void write(ChannelHandlerContext context) {
            Future<?> unused = context.write(frame(exchange, payload), context.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            ended();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            fail(cause);
        }
    }

    /** Netty's frame with the payload that all messages of a connection share. */
    private static io.netty.handler.codec.http.websocketx.WebSocketFrame frame(Exchange exchange, ByteBuf payload) {
        ByteBuf again = payload.retainedDuplicate();
        return exchange.workload.text() ? new TextWebSocketFrame(again) : new BinaryWebSocketFrame(again);
    }

    private static Consumer<Exchange> jdk(URI uri) {
        java.net.http.HttpClient client = java.net.http.HttpClient.newHttpClient();
        return exchange -> client.newWebSocketBuilder()
                .buildAsync(uri, new JdkListener(exchange))
                .join();
    }

    /** Sends one after another, for only one of its sends may be pending. */
    private static final class JdkListener implements WebSocket.Listener {
        private final Exchange exchange;
        private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);

        JdkListener(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void onOpen(WebSocket socket) {
            exchange.fill(() -> send(socket));
            socket.request(1);
        }

        private void send(WebSocket socket) {
            sent = sent.thenCompose(before -> exchange.workload.text()
                            ? socket.sendText(exchange.text, true)
                            : socket.sendBinary(ByteBuffer.wrap(exchange.payload), true))
                    .whenComplete((result, failure) -> {
                        if (failure != null) {
                            fail(failure);
                        }
                    });
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            return received(socket, exchange.completedBy(data, last));
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            return received(socket, exchange.completedBy(data, last));
        }

        private @Nullable CompletionStage<?> received(WebSocket socket, boolean completed) {
            if (completed) {
                send(socket);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            ended();
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            fail(failure);
        }
    }

    static void ended() {
        fail(new IOException("a connection has ended"));
    }

    /** The process ends at once: what fails has no figure. */
    static void fail(Throwable failure) {
        System.err.println(failure);
        Runtime.getRuntime().halt(1);
    }
}
