package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.reactive.test.WireFrame;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What connections cost a server, which is a process of its own, and that it stays within the formulas of the README. The
 * system properties {@code load.connections} and {@code load.pressed} tell how many there are; the profile {@code load} sets
 * 10,000 and 1,000.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class MemoryUnderPressureTest {
    private static final int IDLE = Integer.getInteger("load.connections", 1000);
    private static final int PRESSED = Integer.getInteger("load.pressed", 50);

    /** Some cases differ from others in figures only, and are left to the profile. */
    private static final boolean ALL_CASES = PRESSED >= 1000;

    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    /** The objects of a connection, of this module and of what lies below it, rounded up. */
    private static final int IDLE_HEAP = 4 * KIB + KIB / 2;
    /** Of the heap, whatever the number of connections: what a young server has not made yet. */
    private static final int SLACK = MIB;
    /** Of the process: code that is compiled meanwhile, and what malloc keeps. The codecs of 50 do not show behind it. */
    private static final int PROCESS_SLACK = 64 * MIB;

    /** Of the source, with the header of its array. */
    private static final int FRAME = MIB + 16;

    /** Below it a connection is handed more data. */
    private static final long LOW_WATER_MARK = 64 * KIB;

    private static final int OUTPUT_BUFFER = 16 * KIB;
    /** What the server's one event loop keeps for all connections: two buffers for input and one for output. */
    private static final int LOOP_BUFFERS = (16 + 128 + 80) * KIB;
    /** Netty's largest. */
    private static final int POOL_CHUNK = 8 * MIB;

    /** The defaults of DeflateSettings.fragmentSize and of SessionSettings.maxChunkSize; what the codecs are in Java. */
    private static final int CODECS_HEAP = 16 * KIB + 64 * KIB + 2 * KIB;
    /** zlib's deflater of 15 bits and memory level 8, and its inflater of 15 bits, with their states. */
    private static final int CODECS_NATIVE = 264 * KIB + 40 * KIB;

    /** The largest that is one stored block, and about twice a window. */
    private static final int LONG = 60 * KIB;
    /** Of the reserved bits: compressed. */
    private static final int RSV1 = 4;

    private final List<RawPeer> peers = new ArrayList<>();

    @AfterEach
    void closePeers() throws IOException {
        for (RawPeer peer : peers) {
            peer.close();
        }
        peers.clear();
    }

    @Test
    void anIdleConnectionHoldsItsObjectsAndNoBuffer() throws Exception {
        try (Server server = new Server("echo", "metered", "plain")) {
            openAll(server, 1, "");
            echo(20, KIB, MemoryUnderPressureTest::plain);
            Memory before = afterAllAreGone(server);
            openAll(server, IDLE, "");
            allBuffersAreGivenBack(server);
            Memory unused = weigh("idle, never used", server, before);
            echo(1, KIB, MemoryUnderPressureTest::plain);
            allBuffersAreGivenBack(server);
            Memory used = weigh("idle, after an echo", server, before);

            assertThat(unused.heap).isLessThan(IDLE_HEAP + SLACK / IDLE);
            assertThat(used.heap).isLessThan(IDLE_HEAP + SLACK / IDLE);
        }
    }

    @ParameterizedTest
    @MethodSource("allocators")
    void aFastSourceOfAPeerThatNeverReadsHoldsOneFrameAndTheOutputsBound(String allocator) throws Exception {
        try (Server server = new Server("flood", allocator, "plain")) {
            openAll(server, 1, "");
            Memory before = afterAllAreGone(server);
            openAll(server, PRESSED, "");
            Stage.until(() -> server.ask("congested").equals("" + PRESSED), "every source has filled its output");
            Memory each = weigh("never reads; " + allocator + " allocator", server, before);

            assertThat(each.heap).isBetween((long) MIB, (long) FRAME + IDLE_HEAP + SLACK / PRESSED);
            long unused = allocator.equals("default") ? POOL_CHUNK / PRESSED : 0;
            long out = Stage.HIGH_WATER_MARK + Stage.PART + OUTPUT_BUFFER + unused;
            assertThat(each.buffers).isBetween(LOW_WATER_MARK, out);
        }
    }

    static List<String> allocators() {
        return ALL_CASES ? List.of("metered", "default") : List.of("metered");
    }

    @ParameterizedTest
    @MethodSource("compressions")
    void aCompressedConnectionHoldsItsCodecs(String compression) throws Exception {
        String offer = "Sec-WebSocket-Extensions: permessage-deflate";
        try (Server server = new Server("echo", "metered", compression)) {
            openAll(server, 1, offer);
            echo(20, LONG, MemoryUnderPressureTest::deflated);
            Memory before = afterAllAreGone(server);
            openAll(server, PRESSED, offer);
            echo(1, KIB, MemoryUnderPressureTest::deflated);
            weigh("deflate " + compression + ", after 1 KiB", server, before);
            echo(2, LONG, MemoryUnderPressureTest::deflated);
            allBuffersAreGivenBack(server);
            Memory each = weigh("deflate " + compression + ", after 2 * 60 KiB", server, before);

            boolean released = compression.equals("released");
            int history = released || compression.equals("15") ? 0 : 1 << Integer.parseInt(compression) - 1;
            assertThat(each.heap).isLessThan(IDLE_HEAP + CODECS_HEAP + history + SLACK / PRESSED);
            if (ALL_CASES) {
                assertThat(each.resident).isLessThan((released ? 0 : CODECS_NATIVE) + PROCESS_SLACK / PRESSED);
            }
        }
    }

    /** Bits of the window of the server's deflater, with context takeover; or none, and codecs that are given up. */
    static List<String> compressions() {
        return ALL_CASES ? List.of("15", "11", "9", "released") : List.of("9");
    }

    private static void allBuffersAreGivenBack(Server server) {
        Stage.until(() -> Long.parseLong(server.ask("buffers")) <= LOOP_BUFFERS, "all buffers given back");
    }

    /** What each of the peers that are open has cost; a row of the table in the README, left in {@code target}. */
    private Memory weigh(String what, Server server, Memory before) throws IOException {
        int connections = peers.size();
        Memory each = server.memory().since(before, connections);
        String row = "| " + what + " | " + connections + " | " + each.heap + " | " + each.buffers + " | "
                + each.resident + " |\n";
        Files.writeString(Path.of("target", "memory.md"), row, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return each;
    }

    // ---- the peers

    private void openAll(Server server, int count, String moreLines) throws IOException {
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket();
            // What the kernel can afford 1,000 times.
            socket.setReceiveBufferSize(64 * KIB);
            socket.connect(new InetSocketAddress("127.0.0.1", server.port));
            RawPeer peer = new RawPeer(socket);
            peers.add(peer);
            peer.send(moreLines.isEmpty() ? RawPeer.request("/") : RawPeer.request("/", moreLines));
            assertThat(peer.readHead()).startsWith("HTTP/1.1 101 ");
        }
    }

    private Memory afterAllAreGone(Server server) throws IOException {
        closePeers();
        Stage.until(() -> server.ask("open").equals("0"), "the server learns that they are gone");
        return server.memory();
    }

    /** Each peer has so many messages echoed. */
    private void echo(int messages, int size, Encoding encoding) throws IOException {
        Random random = new Random(7692);
        for (int i = 0; i < messages; i++) {
            WireFrame frame = encoding.encode(json(random, size));
            String bytes = RawPeer.masked(frame);
            for (RawPeer peer : peers) {
                peer.send(bytes);
            }
            for (RawPeer peer : peers) {
                WireFrame answer = peer.readFrame();
                assertThat(answer.rsv()).isEqualTo(frame.rsv());
                while (!answer.isFinal()) {
                    answer = peer.readFrame();
                }
            }
        }
    }

    private interface Encoding {
        WireFrame encode(byte[] text);
    }

    private static WireFrame plain(byte[] text) {
        return WireFrame.of(RawPeer.TEXT, text);
    }

    /** As a stored block (RFC 1951 section 3.2.4), and the first byte of the empty one whose rest is left out. */
    private static WireFrame deflated(byte[] text) {
        ByteBuffer block = ByteBuffer.allocate(5 + text.length + 1).order(ByteOrder.LITTLE_ENDIAN);
        block.put((byte) 0).putShort((short) text.length).putShort((short) ~text.length);
        block.put(text).put((byte) 0);
        return WireFrame.of(RawPeer.TEXT, block.array()).rsv(RSV1);
    }

    /** As an application would send it. */
    private static byte[] json(Random random, int size) {
        StringBuilder text = new StringBuilder(size + 64).append('[');
        while (text.length() < size) {
            text.append("{\"id\":")
                    .append(random.nextInt(1_000_000))
                    .append(",\"name\":\"item ")
                    .append(random.nextInt(1000))
                    .append("\"},");
        }
        return text.substring(0, size).getBytes(StandardCharsets.US_ASCII);
    }

    // ---- the server

    /** Bytes. */
    private record Memory(long heap, long buffers, long resident) {
        /** What each of so many connections has added to the heap and to the process, and its share of Netty's buffers. */
        Memory since(Memory before, int connections) {
            return new Memory(
                    (heap - before.heap) / connections,
                    buffers / connections,
                    (resident - before.resident) / connections);
        }
    }

    private static final class Server implements AutoCloseable {
        final int port;
        private final Process process;
        private final BufferedReader answers;
        private final OutputStream orders;

        /** With a heap that is resident from the beginning, so that what is added to the process lies outside of it. */
        Server(String... arguments) throws IOException {
            String heap = "" + (128 + 2 * PRESSED) + "m";
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseParallelGC",
                    "-XX:+AlwaysPreTouch",
                    "-XX:+ExitOnOutOfMemoryError",
                    "-Xms" + heap,
                    "-Xmx" + heap,
                    "-cp",
                    System.getProperty("java.class.path"),
                    MemoryServer.class.getName()));
            command.addAll(List.of(arguments));
            process =
                    new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
            answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            orders = process.getOutputStream();
            port = Integer.parseInt(answers.readLine());
        }

        String ask(String order) {
            try {
                orders.write((order + "\n").getBytes(StandardCharsets.UTF_8));
                orders.flush();
                String answer = answers.readLine();
                assertThat(answer).as("the server lives").isNotNull();
                return answer;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Memory memory() {
            String[] numbers = ask("memory").split(" ", -1);
            return new Memory(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
