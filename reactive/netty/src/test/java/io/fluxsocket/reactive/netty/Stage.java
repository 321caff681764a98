package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketHandler;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import reactor.netty.DisposableServer;
import reactor.netty.resources.LoopResources;

/**
 * A server for hostile peers, all of whose connections share one event loop and one allocator that is metered; a bystander
 * has an echo on the same loop. Closed, it expects that the bystander is still served and every buffer was given back.
 */
final class Stage implements AutoCloseable {
    /** How long a server may take to stop on a busy machine. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Above it a connection is handed no more data. */
    static final long HIGH_WATER_MARK = 256 << 10;
    /** The largest part of a frame that is written at once, with its header. */
    static final long PART = (256 << 10) + 14;
    /** The buffer for small frames, the read buffers of an idle connection or two, the bystander's echo. */
    static final long SLACK = 48 << 10;
    /** The largest read of plain TCP. */
    static final long READ = 128 << 10;
    /** What the event loop keeps for all of its connections, once they have echoed: a small input buffer and one for output. */
    private static final long LOOP = (16 << 10) + (80 << 10);

    static final long OUTBOUND = HIGH_WATER_MARK + PART + SLACK;
    static final long INBOUND = READ + SLACK;

    private static final LoopResources ONE_LOOP = LoopResources.create("stage", 1, true);

    final MeteredAllocator memory = new MeteredAllocator();
    // Without locks: the event loop adds to them, and must not wait for one, or BlockHound stops it in the middle of
    // that.
    private final BlockingQueue<WebSocketConnection> opened = new LinkedTransferQueue<>();
    private final BlockingQueue<CloseEvent> closed = new LinkedTransferQueue<>();
    private final DisposableServer server;
    private final RawPeer bystander;
    private final long heapBefore;

    /** The handler gets every WebSocket but the bystander's. */
    Stage(Network network, UnaryOperator<WebSocketServer> changes, WebSocketHandler handler) throws IOException {
        WebSocketUpgrade echo = WebSocketUpgrade.of(connection -> connection.send(connection.receive()));
        server = changes.apply(network.server()
                        .httpServer(http ->
                                http.runOn(ONE_LOOP, network.isNative).childOption(ChannelOption.ALLOCATOR, memory))
                        .httpRoutes(routes -> routes.get("/bystander", echo))
                        .route("/", connection -> {
                            opened.add(connection);
                            connection.closed().subscribe(closed::add);
                            return handler.handle(connection);
                        }))
                .bindNow();
        bystander = RawPeer.open(server.port(), "/bystander");
        bystanderIsServed();
        heapBefore = heap();
        memory.takePeak();
    }

    int port() {
        return server.port();
    }

    /** A connection that has not asked for anything yet. */
    RawPeer connect() throws IOException {
        return RawPeer.connect(port());
    }

    /** An open WebSocket. */
    RawPeer open() throws IOException {
        return RawPeer.open(port(), "/");
    }

    WebSocketConnection connection() throws InterruptedException {
        return take(opened);
    }

    int connections() {
        return opened.size();
    }

    /** How the next connection ended. */
    CloseEvent closed() throws InterruptedException {
        return take(closed);
    }

    private static <T> T take(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(20, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    void bystanderIsServed() throws IOException {
        bystander.send(RawPeer.masked(RawPeer.TEXT, "still here"));
        assertThat(bystander.readFrame().text()).isEqualTo("still here");
    }

    /** How much larger the heap is than at the beginning, garbage aside. */
    long heapGrowth() {
        return heap() - heapBefore;
    }

    private static long heap() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    static void until(BooleanSupplier condition, String what) {
        for (int i = 0; !condition.getAsBoolean(); i++) {
            assertThat(i).as(what).isLessThan(2000);
            LockSupport.parkNanos(10_000_000);
        }
    }

    /**
     * A row of the table in the README, left in {@code target}.
     *
     * @param most what the connections may hold, besides what the event loop keeps
     */
    void row(Network network, String input, String answer, long most) throws IOException {
        long bound = most + LOOP;
        long peak = memory.takePeak();
        String row = "| " + input + " | " + answer + " | " + kib(peak) + " | " + kib(bound) + " | " + network + " |\n";
        Files.writeString(
                Path.of("target", "hostile-peers.md"), row, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        assertThat(peak).as(input).isLessThanOrEqualTo(bound);
    }

    private static String kib(long bytes) {
        return (bytes + 1023) / 1024 + " KiB";
    }

    @Override
    public void close() throws IOException {
        bystanderIsServed();
        bystander.send(RawPeer.maskedClose(1000));
        bystander.readFrame();
        bystander.close();
        server.disposeNow(PATIENCE);
        until(() -> memory.used() == 0, "all buffers given back");
    }
}
