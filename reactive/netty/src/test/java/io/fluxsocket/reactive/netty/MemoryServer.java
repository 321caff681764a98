package io.fluxsocket.reactive.netty;

import io.fluxsocket.core.deflate.DeflateSettings;
import io.fluxsocket.reactive.SessionSettings;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketHandler;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.channel.ChannelOption;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.netty.resources.LoopResources;

/**
 * The server of {@link MemoryUnderPressureTest}. Arguments: {@code echo} or {@code flood}; {@code metered} or {@code default},
 * the allocator; {@code plain}, {@code released} or the bits of its deflater's window. It answers on its output: its port, then
 * a line for each order on its input.
 */
final class MemoryServer {
    private static final int MIB = 1 << 20;
    /** What the kernel keeps for a connection is no memory of the process, but there are 1,000 of them. */
    private static final int SOCKET_BUFFER = 64 << 10;
    /** Of the output: with more than this pending it asks for no more. */
    private static final int LOW_WATER_MARK = 64 << 10;

    private final Set<WebSocketConnection> connections = ConcurrentHashMap.newKeySet();
    private final ByteBufAllocator buffers;

    private MemoryServer(ByteBufAllocator buffers) {
        this.buffers = buffers;
    }

    public static void main(String[] arguments) throws IOException {
        ByteBufAllocator buffers = arguments[1].equals("metered") ? new MeteredAllocator() : ByteBufAllocator.DEFAULT;
        new MemoryServer(buffers).run(arguments[0], arguments[2]);
    }

    private void run(String mode, String compression) throws IOException {
        WebSocketHandler handler = mode.equals("flood") ? MemoryServer::flood : c -> c.send(c.receive());
        int port = WebSocketServer.create()
                .host("127.0.0.1")
                .port(0)
                .httpServer(http -> http.runOn(LoopResources.create("memory", 1, true))
                        .childOption(ChannelOption.ALLOCATOR, buffers)
                        .childOption(ChannelOption.SO_SNDBUF, SOCKET_BUFFER))
                .settings(settings -> compress(settings, compression))
                .handle(connection -> {
                    connections.add(connection);
                    connection.closed().subscribe(end -> connections.remove(connection));
                    return handler.handle(connection);
                })
                .bindNow()
                .port();
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println(port);
        for (String order; (order = orders.readLine()) != null; ) {
            System.out.println(
                    switch (order) {
                        case "open" -> connections.size();
                        case "congested" -> congested();
                        case "buffers" -> buffers();
                        case "memory" -> memory();
                        default -> throw new IllegalArgumentException(order);
                    });
        }
    }

    private static void compress(SessionSettings.Builder settings, String compression) {
        DeflateSettings.Builder deflate = DeflateSettings.builder().threshold(0);
        switch (compression) {
            case "plain" -> settings.deflate(null);
            case "released" ->
                settings.deflate(deflate.serverNoContextTakeover(true)
                        .clientNoContextTakeover(true)
                        .releasedBetweenMessages(true)
                        .build());
            default ->
                settings.deflate(deflate.serverMaxWindowBits(Integer.parseInt(compression))
                        .build());
        }
    }

    /** As fast as it is asked, each frame memory of its own. */
    private static org.reactivestreams.Publisher<Void> flood(WebSocketConnection connection) {
        Flux<WebSocketFrame> frames = Flux.generate(sink -> sink.next(WebSocketFrame.binary(new byte[MIB])));
        return connection.send(frames);
    }

    /** How many connections hold a frame, behind more output than the socket takes. */
    private long congested() {
        return connections.stream()
                .filter(connection -> connection.queuedBytes() > MIB + LOW_WATER_MARK)
                .count();
    }

    /** What is in use: on the heap when garbage is collected, of Netty's buffers, and resident in the whole process. */
    private String memory() throws IOException {
        return heap() + " " + buffers() + " " + resident();
    }

    /** What the collector has left. What is used at this moment counts what threads have reserved for their next objects, too. */
    static long heap() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(pool -> pool.getCollectionUsage().getUsed())
                .sum();
    }

    /** The default allocator counts what it has reserved, whether or not that is in use. */
    private long buffers() {
        return buffers instanceof MeteredAllocator metered
                ? metered.used()
                : ((ByteBufAllocatorMetricProvider) buffers).metric().usedDirectMemory();
    }

    /** 0 where it is not known. */
    private static long resident() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
    }
}
