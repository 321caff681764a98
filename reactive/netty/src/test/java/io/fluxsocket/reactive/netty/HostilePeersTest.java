package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.core.deflate.DeflateSettings;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketHandler;
import io.fluxsocket.reactive.test.WireFrame;
import java.io.ByteArrayOutputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Peers that have opened a WebSocket and break it: what they are answered, what they cost, and that nobody else suffers. */
@ParameterizedClass
@EnumSource(
        value = Network.class,
        names = {"NIO", "EPOLL"})
class HostilePeersTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final WebSocketHandler ECHO = connection -> connection.send(connection.receive());
    private static final WebSocketHandler DISCARD =
            connection -> connection.receive().then();

    @Parameter
    Network network;

    private static CloseEvent local(CloseStatus status, boolean clean) {
        return new CloseEvent(status, Initiator.LOCAL, clean);
    }

    // ---- peers that do not read or do not answer

    @Test
    void aPeerThatNeverReadsStopsAFastSourceAndIsCutOff() throws Exception {
        WebSocketFrame frame = WebSocketFrame.binary(new byte[1 << 20]);
        AtomicInteger asked = new AtomicInteger();
        try (Stage stage = new Stage(
                        network,
                        server -> server.settings(settings -> settings.closeTimeout(SHORT)),
                        connection -> connection.send(Flux.generate(sink -> {
                            asked.incrementAndGet();
                            sink.next(frame);
                        })));
                RawPeer peer = stage.open()) {
            WebSocketConnection connection = stage.connection();
            RawPeer.untilNothingChanges(asked::get);
            stage.bystanderIsServed();
            // The frame that is held is the source's own.
            assertThat(connection.queuedBytes()).isLessThanOrEqualTo(Stage.OUTBOUND + frame.length());
            assertThat(stage.heapGrowth()).isLessThan(2 << 20);

            connection.close().subscribe();

            assertThat(stage.closed()).isEqualTo(local(CloseStatus.NORMAL, false));
            assertThat(peer.readToEnd()).isLessThan(asked.get() * (frame.length() + 14L));
            stage.row(
                    network,
                    "never reads, while a source sends 1 MiB frames as fast as it is asked",
                    "is sent no more; after a close, cut off when the close timeout is over",
                    Stage.OUTBOUND);
        }
    }

    @Test
    void aPeerThatNeverAnswersTheCloseIsCutOffAfterTheCloseTimeout() throws Exception {
        try (Stage stage = new Stage(
                        network,
                        server -> server.settings(settings -> settings.closeTimeout(SHORT)),
                        connection -> Mono.empty());
                RawPeer peer = stage.open()) {
            assertThat(peer.readFrame().closeCode()).isEqualTo(1000);
            assertThat(peer.isAtEnd()).isTrue();
            assertThat(stage.closed()).isEqualTo(local(CloseStatus.NORMAL, false));
            stage.row(network, "never answers the close", "1000, then the end of the stream", Stage.OUTBOUND);
        }
    }

    @Test
    void aPeerThatVanishesIsPingedThenGivenUp() throws Exception {
        try (Stage stage = new Stage(
                        network,
                        server -> server.settings(
                                settings -> settings.keepAlive(SHORT, SHORT, 1).closeTimeout(SHORT)),
                        DISCARD);
                RawPeer peer = stage.open()) {
            assertThat(peer.readFrame().opcode()).isEqualTo(RawPeer.PING);
            assertThat(peer.readFrame().opcode()).isEqualTo(RawPeer.PING);
            assertThat(peer.readFrame().closeCode()).isEqualTo(1011);
            assertThat(peer.isAtEnd()).isTrue();
            assertThat(stage.closed().status().code()).isEqualTo(1011);
            stage.row(network, "vanishes", "two pings, 1011, the end of the stream", Stage.OUTBOUND);
        }
    }

    @Test
    void aPeerThatPingsAndReadsNoPongsGetsTheNewestOnly() throws Exception {
        int pings = 100_000;
        try (Stage stage = new Stage(
                        network,
                        server -> server.settings(settings -> settings.maxControlFramesPerSecond(0)),
                        DISCARD);
                RawPeer peer = stage.open()) {
            StringBuilder block = new StringBuilder();
            for (int i = 1; i <= pings; i++) {
                block.append(RawPeer.masked(RawPeer.PING, i + " ".repeat(100)));
                if (i % 1000 == 0) {
                    peer.send(block.toString());
                    block.setLength(0);
                }
            }
            stage.bystanderIsServed();
            assertThat(stage.heapGrowth()).isLessThan(1 << 20);

            int pongs = 1;
            WireFrame pong = peer.readFrame();
            for (; !pong.text().startsWith(pings + " "); pong = peer.readFrame()) {
                pongs++;
            }

            assertThat(pong.opcode()).isEqualTo(RawPeer.PONG);
            assertThat(pongs).isLessThanOrEqualTo(pings);
            stage.row(
                    network,
                    "100,000 pings, no pong read, without a limit of control frames",
                    "pongs; of those that find no room the newest",
                    Stage.OUTBOUND + Stage.READ);
        }
    }

    // ---- peers that break the protocol

    @Test
    void garbageIsAnsweredWithACloseAndTheEndOfTheStream() throws Exception {
        try (Stage stage =
                new Stage(network, server -> server.settings(settings -> settings.closeTimeout(SHORT)), ECHO)) {
            for (int seed = 0; seed < 100; seed++) {
                byte[] garbage = new byte[1 + 20 * seed];
                new Random(seed).nextBytes(garbage);
                garbage[0] |= 0x70; // reserved bits
                try (RawPeer peer = stage.open()) {
                    peer.send(new String(garbage, StandardCharsets.ISO_8859_1));
                    peer.socket.shutdownOutput();

                    // The first byte alone is not judged: there is no header yet.
                    CloseEvent end = stage.closed();
                    if (garbage.length > 1) {
                        assertThat(peer.readFrame().closeCode())
                                .as("seed %s", seed)
                                .isEqualTo(1002);
                        assertThat(end.status().code()).isEqualTo(1002);
                    }
                    assertThat(peer.isAtEnd()).isTrue();
                }
            }
            stage.row(network, "garbage", "1002, the end of the stream", Stage.INBOUND);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0082\u00FF\u0000\u0000\u0000\u0000\u0001\u0000\u0000\u0001",
                "\u0082\u00FF\u007F\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF"
            })
    void aFrameThatIsAnnouncedTooLargeIsRefusedBeforeItComes(String header) throws Exception {
        try (Stage stage = new Stage(network, server -> server, DISCARD);
                RawPeer peer = stage.open()) {
            peer.send(header + "mask");

            assertThat(peer.readFrame().closeCode()).isEqualTo(1009);
            stage.row(network, "announces a frame of 2^24 + 1 or 2^63 - 1 bytes", "1009", Stage.INBOUND);
        }
    }

    // ---- peers that are slow, or send what is of no use

    @Test
    void aFrameThatTricklesInIsIdleness() throws Exception {
        try (Stage stage = new Stage(
                        network,
                        server -> server.settings(
                                settings -> settings.idleTimeout(SHORT).closeTimeout(SHORT)),
                        DISCARD);
                RawPeer peer = stage.open()) {
            peer.send("\u0082\u00FE\u00FF\u00FFmask"); // 65,535 bytes are to come
            int sent = 0;
            while (peer.socket.getInputStream().available() == 0) {
                peer.send("x");
                sent++;
                TimeUnit.MILLISECONDS.sleep(10);
            }

            WireFrame close = peer.readFrame();
            assertThat(close.closeCode()).isEqualTo(1001);
            assertThat(sent).isLessThan(65_535);
            assertThat(stage.closed().status()).isEqualTo(CloseStatus.GOING_AWAY.withReason("idle"));
            stage.row(network, "a frame byte by byte (slow-loris), with an idle timeout", "1001", Stage.INBOUND);
        }
    }

    @Test
    void aMessageOf65536FragmentsIsOneMessage() throws Exception {
        try (Stage stage = new Stage(
                        network,
                        server -> server,
                        connection -> connection.send(connection
                                .receiveMessages()
                                .map(message -> WebSocketFrame.text(
                                        message.text().length() + message.text().substring(65_530)))));
                RawPeer peer = stage.open()) {
            StringBuilder fragments = new StringBuilder(RawPeer.fragment(RawPeer.TEXT, "a"));
            for (int i = 2; i < 65_536; i++) {
                fragments.append(RawPeer.fragment(RawPeer.CONTINUATION, "b"));
            }
            peer.send(
                    fragments.append(RawPeer.masked(RawPeer.CONTINUATION, "c")).toString());

            assertThat(peer.readFrame().text()).isEqualTo("65536bbbbbc");
            assertThat(stage.heapGrowth()).isLessThan(1 << 20);
            stage.row(network, "65,536 fragments in one message", "is served", Stage.INBOUND);
        }
    }

    @Test
    void fragmentsThatNobodyConsumesAreNotReadOnAndOn() throws Exception {
        try (Stage stage = new Stage(network, server -> server, connection -> Mono.never());
                RawPeer peer = stage.open()) {
            peer.send(RawPeer.fragment(RawPeer.TEXT, "a"));
            long taken = peer.sendUntilStalled(
                    RawPeer.fragment(RawPeer.CONTINUATION, "b").repeat(10_000));

            assertThat(taken).isLessThan(32 << 20);
            assertThat(stage.heapGrowth()).isLessThan(1 << 20);
            stage.bystanderIsServed();
            stage.row(network, "fragments without end, which nobody consumes", "is read no more", Stage.INBOUND);
        }
    }

    @Test
    void endlessEmptyFragmentsCostNothingButTheirBytes() throws Exception {
        BlockingQueue<WebSocketFrame> received = new LinkedTransferQueue<>();
        try (Stage stage = new Stage(
                        network,
                        server -> server,
                        connection ->
                                connection.receive().doOnNext(received::add).then());
                RawPeer peer = stage.open()) {
            String empty = RawPeer.fragment(RawPeer.CONTINUATION, "").repeat(100_000);
            peer.send(RawPeer.fragment(RawPeer.TEXT, ""));
            for (int i = 0; i < 10; i++) {
                peer.send(empty);
                stage.bystanderIsServed();
            }
            peer.send(RawPeer.masked(RawPeer.CONTINUATION, "end"));

            assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo(WebSocketFrame.text("end"));
            assertThat(received).isEmpty();
            assertThat(stage.heapGrowth()).isLessThan(1 << 20);
            stage.row(network, "1,000,001 empty fragments", "nothing is emitted until a byte comes", Stage.INBOUND);
        }
    }

    @Test
    void aMessageThatInflatesBeyondTheLimitIsRefused() throws Exception {
        byte[] bomb = zeros(256 << 20);
        try (Stage stage = new Stage(
                        network,
                        server -> server.settings(settings -> settings.deflate(DeflateSettings.DEFAULT)),
                        connection -> connection.receiveMessages().then());
                RawPeer peer = stage.connect()) {
            peer.send(RawPeer.request("/", "Sec-WebSocket-Extensions: permessage-deflate"));
            assertThat(peer.readHead()).contains("permessage-deflate");

            for (int at = 0; at < bomb.length; at += 60_000) {
                byte[] part = Arrays.copyOfRange(bomb, at, Math.min(bomb.length, at + 60_000));
                WireFrame frame = at == 0 ? WireFrame.binary(part).rsv(4) : WireFrame.continuation(part);
                boolean last = at + 60_000 >= bomb.length;
                try {
                    peer.send(RawPeer.masked(last ? frame : frame.notFinal()));
                } catch (SocketException refused) {
                    break;
                }
            }

            assertThat(peer.readFrame().closeCode()).isEqualTo(1009);
            stage.row(network, "256 KiB that inflate to 256 MiB (maxMessageSize: 1 MiB)", "1009", Stage.INBOUND);
        }
    }

    /** Deflated, without the tail that RFC 7692 §7.2.1 leaves out. */
    private static byte[] zeros(int count) {
        Deflater deflater = new Deflater(9, true);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] block = new byte[1 << 20];
        byte[] buffer = new byte[1 << 16];
        for (int i = 0; i < count >> 20; i++) {
            deflater.setInput(block);
            for (int n; (n = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH)) > 0; ) {
                out.write(buffer, 0, n);
            }
        }
        deflater.end();
        byte[] all = out.toByteArray();
        return Arrays.copyOf(all, all.length - 4);
    }

    // ---- peers that send too much

    @Test
    void tooManyPingsInASecondAreAViolation() throws Exception {
        try (Stage stage = new Stage(
                        network, server -> server.settings(settings -> settings.closeTimeout(SHORT)), DISCARD);
                RawPeer peer = stage.open()) {
            peer.send(RawPeer.masked(RawPeer.PING, "x".repeat(125)).repeat(101));

            WireFrame frame = peer.readFrame();
            for (int pongs = 0; frame.opcode() == RawPeer.PONG; pongs++) {
                assertThat(pongs).isLessThanOrEqualTo(101);
                frame = peer.readFrame();
            }

            assertThat(frame.closeCode()).isEqualTo(1008);
            assertThat(stage.closed().status().code()).isEqualTo(1008);
            stage.row(network, "101 pings at once (limit: 100 in a second)", "1008", Stage.INBOUND);
        }
    }

    @Test
    void tooManyMessagesInASecondAreAViolation() throws Exception {
        try (Stage stage = new Stage(
                        network,
                        server -> server.settings(
                                settings -> settings.maxMessagesPerSecond(50).closeTimeout(SHORT)),
                        DISCARD);
                RawPeer peer = stage.open()) {
            peer.send(RawPeer.masked(RawPeer.TEXT, "x").repeat(51));

            assertThat(peer.readFrame().closeCode()).isEqualTo(1008);
            assertThat(stage.closed().status().code()).isEqualTo(1008);
            stage.row(network, "51 messages at once (limit: 50 in a second)", "1008", Stage.INBOUND);
        }
    }

    // ---- peers that go away

    @ParameterizedTest
    @ValueSource(strings = {"", "\u0081", "\u0081\u0085mas", "\u0081\u0085maskhe", "\u0001\u0081mask\u0000"})
    void aPeerThatEndsItsHalfWithoutACloseIsLostWhereverItStopped(String bytes) throws Exception {
        try (Stage stage = new Stage(network, server -> server, DISCARD);
                RawPeer peer = stage.open()) {
            peer.send(bytes);
            peer.socket.shutdownOutput();

            assertThat(peer.isAtEnd()).isTrue();
            assertThat(stage.closed()).isEqualTo(new CloseEvent(CloseStatus.ABNORMAL, Initiator.NONE, false));
            stage.row(network, "ends its half without a close", "the end of the stream (1006)", Stage.INBOUND);
        }
    }
}
