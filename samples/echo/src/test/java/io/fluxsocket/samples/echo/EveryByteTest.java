package io.fluxsocket.samples.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketMessage;
import io.fluxsocket.reactive.netty.WebSocketClient;
import io.fluxsocket.reactive.test.FrameVectors;
import io.fluxsocket.reactive.test.WireFrame;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.util.function.Tuple2;

/** Handshake and frames mean the same wherever the network splits them. */
class EveryByteTest {
    private static final byte[] LONG = Payloads.binary(126);
    private static final List<WebSocketMessage> MESSAGES = List.of(
            WebSocketMessage.text(""),
            WebSocketMessage.text("aé€😀"),
            WebSocketMessage.binary(LONG),
            WebSocketMessage.text("aé€😀"));
    private static final List<String> PONGS = List.of("", "between");

    /** Short, empty and extended lengths; a message whose fragments split a character, with a ping between; a close. */
    private static final List<WireFrame> FRAMES = List.of(
            WireFrame.text(""),
            WireFrame.text("aé€😀"),
            WireFrame.ping(),
            WireFrame.binary(LONG),
            WireFrame.of(WireFrame.TEXT, bytes("aé€😀", 0, 4)).notFinal(),
            WireFrame.ping("between".getBytes(StandardCharsets.UTF_8)),
            WireFrame.continuation().notFinal(),
            WireFrame.continuation(bytes("aé€😀", 4, 10)),
            WireFrame.close(4001, "bye"));

    private static byte[] bytes(String text, int from, int to) {
        return Arrays.copyOfRange(text.getBytes(StandardCharsets.UTF_8), from, to);
    }

    /** With another mask for each frame. */
    private static byte[] framesOfClient() {
        return FrameVectors.bytes(FRAMES.stream()
                .map(frame -> frame.masked(0x9E3779B9 * (FRAMES.indexOf(frame) + 1)))
                .toArray(WireFrame[]::new));
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @Test
    void serverReadsTheSameWhereverTheRequestIsSplitInTwo() throws Exception {
        byte[] request = RawPeer.request("/watched");
        ReadCounter counter = new ReadCounter();
        try (TestServer server = counted(counter)) {
            for (int cut = 1; cut < request.length; cut++) {
                try (RawPeer client = RawPeer.connectTo(server)) {
                    client.write(request, 0, cut);
                    counter.await(cut);
                    client.write(request, cut, request.length);
                    client.readAcceptance();
                    client.write(framesOfClient());
                    expectEchoes("request cut at byte " + cut, client, server);
                    counter.await(request.length - cut + framesOfClient().length);
                }
            }
        }
    }

    @Test
    void serverReadsTheSameWhereverTheFramesAreSplitInTwo() throws Exception {
        byte[] frames = framesOfClient();
        ReadCounter counter = new ReadCounter();
        try (TestServer server = counted(counter)) {
            for (int cut = 1; cut <= frames.length; cut++) {
                try (RawPeer client = RawPeer.open(server, "/watched")) {
                    counter.await(RawPeer.request("/watched").length);
                    client.write(frames, 0, cut);
                    counter.await(cut);
                    client.write(frames, cut, frames.length);
                    counter.await(frames.length - cut);
                    expectEchoes("frames cut at byte " + cut, client, server);
                }
            }
        }
    }

    @Test
    void serverReadsTheSameByteByByte() throws Exception {
        ReadCounter counter = new ReadCounter();
        try (TestServer server = counted(counter);
                RawPeer client = RawPeer.connectTo(server)) {
            writeByteByByte(client, RawPeer.request("/watched"), counter);
            client.readAcceptance();
            writeByteByByte(client, framesOfClient(), counter);
            expectEchoes("byte by byte", client, server);
        }
    }

    private static void writeByteByByte(RawPeer peer, byte[] bytes, ReadCounter counter) throws Exception {
        for (int i = 0; i < bytes.length; i++) {
            peer.write(bytes, i, i + 1);
            counter.await(1);
        }
    }

    private static TestServer counted(ReadCounter counter) {
        return TestServer.start(server ->
                server.httpServer(http -> http.doOnChannelInit((observer, channel, remote) -> counter.addTo(channel))));
    }

    private static void expectEchoes(String where, RawPeer client, TestServer server) throws Exception {
        RawPeer.Conversation echoes = client.readToClose();
        assertThat(echoes.messages()).as(where).isEqualTo(MESSAGES);
        assertThat(echoes.pongs()).as(where).isEqualTo(PONGS);
        assertThat(echoes.close()).as(where).containsExactly("4001 bye");
        assertThat(client.isEndedByPeer(RawSocketTest.SOON)).as(where).isTrue();
        client.endOutput();
        assertThat(server.nextClose())
                .as(where)
                .isEqualTo(new CloseEvent(CloseStatus.of(4001, "bye"), Initiator.REMOTE, true));
    }

    @Test
    void clientReadsTheSameWhereverTheBytesAreSplitInTwo() throws Exception {
        int length = fromServer(new String(RawPeer.request("/"), StandardCharsets.US_ASCII)).length;
        for (int cut = 1; cut <= length; cut++) {
            int at = cut;
            serveClient("cut at byte " + cut, (server, all, counter) -> {
                server.write(all, 0, at);
                counter.await(at);
                server.write(all, at, all.length);
            });
        }
    }

    @Test
    void clientReadsTheSameByteByByte() throws Exception {
        serveClient("byte by byte", EveryByteTest::writeByteByByte);
    }

    private static byte[] fromServer(String request) {
        return concat(RawPeer.response(request), FrameVectors.bytes(FRAMES.toArray(WireFrame[]::new)));
    }

    private static void serveClient(String where, ServerWrites writes) throws Exception {
        ReadCounter counter = new ReadCounter();
        try (ServerSocket listening = RawPeer.listen()) {
            CompletableFuture<Tuple2<List<WebSocketMessage>, CloseEvent>> received = WebSocketClient.create()
                    .uri("ws://127.0.0.1:" + listening.getLocalPort() + "/")
                    .httpClient(http -> http.doOnChannelInit((observer, channel, remote) -> counter.addTo(channel)))
                    .connect()
                    .flatMap(EveryByteTest::receiveAll)
                    .toFuture();
            try (RawPeer server = RawPeer.accept(listening)) {
                writes.write(server, fromServer(server.readHead()), counter);
                RawPeer.Conversation answers = server.readToClose();
                assertThat(answers.messages()).as(where).isEmpty();
                assertThat(answers.pongs()).as(where).isEqualTo(PONGS);
                assertThat(answers.close()).as(where).containsExactly("4001 bye");
            }
            Tuple2<List<WebSocketMessage>, CloseEvent> all =
                    received.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(all.getT1()).as(where).isEqualTo(MESSAGES);
            assertThat(all.getT2())
                    .as(where)
                    .isEqualTo(new CloseEvent(CloseStatus.of(4001, "bye"), Initiator.REMOTE, true));
        }
    }

    private static Mono<Tuple2<List<WebSocketMessage>, CloseEvent>> receiveAll(WebSocketConnection connection) {
        return connection.receiveMessages().collectList().zipWith(connection.closed());
    }

    private interface ServerWrites {
        void write(RawPeer server, byte[] all, ReadCounter counter) throws Exception;
    }
}
