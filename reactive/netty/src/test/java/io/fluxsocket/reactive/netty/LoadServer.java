package io.fluxsocket.reactive.netty;

import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;

/** The server of {@link LoadTest}, in a process of its own. It is told by lines what to do, and answers with lines. */
final class LoadServer {
    private static final Duration LONG = Duration.ofMinutes(3);

    /** By the name that the client has given it in its path. */
    private final Map<String, WebSocketConnection> connections = new ConcurrentHashMap<>();
    /** How many frames of the storm a {@code send} has reported as written. */
    private final Map<String, AtomicInteger> written = new ConcurrentHashMap<>();

    private LoadServer() {}

    public static void main(String[] arguments) throws Exception {
        new LoadServer().run();
    }

    private void run() throws Exception {
        DisposableServer server = WebSocketServer.create()
                .host("127.0.0.1")
                .port(0)
                .settings(settings -> settings.closeTimeout(LONG))
                .route("/{name}", connection -> {
                    connections.put(connection.handshakeInfo().uri().getPath(), connection);
                    return connection.receive().then();
                })
                .bindNow();
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println(server.port());
        for (String order; (order = orders.readLine()) != null; ) {
            switch (order) {
                case "memory" -> System.out.println(memory());
                case "broadcast" -> broadcast();
                case "shutdown" -> shutdown(server);
                default -> throw new IllegalArgumentException(order);
            }
        }
    }

    private void broadcast() {
        WebSocketFrame news = WebSocketFrame.text("news");
        Flux.fromIterable(connections.values())
                .flatMap(connection -> connection.send(Mono.just(news)), Integer.MAX_VALUE)
                .blockLast(LONG);
        System.out.println(connections.size());
    }

    /** Everybody is sent frame after frame, and in the middle of that the server goes. */
    private void shutdown(DisposableServer server) throws InterruptedException {
        CountDownLatch allAreSent = new CountDownLatch(connections.size());
        connections.forEach((name, connection) -> {
            AtomicInteger count = new AtomicInteger();
            written.put(name, count);
            Flux.range(0, Integer.MAX_VALUE)
                    .concatMap(i -> connection
                            .send(Mono.just(WebSocketFrame.text("storm")))
                            .doOnSuccess(done -> {
                                if (count.incrementAndGet() == 1) {
                                    allAreSent.countDown();
                                }
                            }))
                    .subscribe(done -> {}, closed -> {});
        });
        allAreSent.await();
        server.disposeNow(LONG);
        System.out.println(written.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(" ")));
    }

    /** On the heap what the collector has left; of direct memory what Netty's allocator has reserved, which the JVM's pools may not count. */
    private static String memory() {
        long direct = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
        return MemoryServer.heap() + " " + direct;
    }
}
