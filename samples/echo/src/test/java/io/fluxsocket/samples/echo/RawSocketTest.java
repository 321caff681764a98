package io.fluxsocket.samples.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import io.fluxsocket.reactive.WebSocketClosedException;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketMessage;
import io.fluxsocket.reactive.netty.WebSocketClient;
import io.fluxsocket.reactive.test.FrameVectors;
import io.fluxsocket.reactive.test.WireFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** The bytes of the wire, in both roles. */
class RawSocketTest {
    /** In milliseconds: less than the close timeout, 10 seconds, after which any connection is cut. */
    static final int SOON = 5_000;

    @Nested
    class WithOurServer {
        @Test
        void everyLengthIsEchoedWithTheSameContent() throws Exception {
            try (TestServer server = TestServer.start();
                    RawPeer client = RawPeer.open(server, "/echo")) {
                for (int size : Payloads.SIZES) {
                    byte[] text = Payloads.text(size).getBytes(StandardCharsets.UTF_8);
                    expectEcho(client, WireFrame.of(WireFrame.TEXT, text));
                    expectEcho(client, WireFrame.binary(Payloads.binary(size)));
                }
            }
        }

        /** Writes and reads at the same time: 32 MiB would not fit between the two. */
        private void expectEcho(RawPeer client, WireFrame message) throws Exception {
            CompletableFuture<Void> written = CompletableFuture.runAsync(() -> {
                try {
                    client.write(message.masked(0x12345678));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            byte[] sent = message.payload();
            byte[] echo = new byte[sent.length];
            int length = 0;
            WireFrame frame;
            do {
                frame = client.readFrame();
                assertThat(frame.isMasked()).isFalse();
                assertThat(frame.opcode()).isEqualTo(length == 0 ? message.opcode() : WireFrame.CONTINUATION);
                System.arraycopy(frame.payload(), 0, echo, length, frame.length());
                length += frame.length();
            } while (!frame.isFinal());
            assertThat(length).isEqualTo(echo.length);
            assertThat(Arrays.equals(echo, sent))
                    .as("content of %s bytes", length)
                    .isTrue();
            written.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        @Test
        void severalMessagesInOnePacketAreEchoedInOrder() throws Exception {
            try (TestServer server = TestServer.start();
                    RawPeer client = RawPeer.open(server, "/echo")) {
                List<WebSocketMessage> messages = IntStream.range(0, 500)
                        .mapToObj(i -> WebSocketMessage.text("message " + i))
                        .toList();
                List<WireFrame> frames = new ArrayList<>();
                messages.forEach(
                        message -> frames.add(WireFrame.text(message.text()).masked(message.hashCode())));
                frames.add(WireFrame.close(1000, "").masked(1));
                client.write(frames.toArray(WireFrame[]::new));
                RawPeer.Conversation echoes = client.readToClose();
                assertThat(echoes.messages()).isEqualTo(messages);
                assertThat(echoes.close()).containsExactly("1000");
            }
        }

        /** No client should be so early (RFC 6455 §4.1), but what it says counts. */
        @Test
        void wholeConversationInThePacketOfTheRequestIsEchoed() throws Exception {
            try (TestServer server = TestServer.start();
                    RawPeer client = RawPeer.connectTo(server)) {
                client.write(
                        RawPeer.request("/watched"),
                        FrameVectors.bytes(
                                WireFrame.text("one").masked(1),
                                WireFrame.text("two").masked(2),
                                WireFrame.close(4001, "bye").masked(3)));
                client.readAcceptance();
                RawPeer.Conversation echoes = client.readToClose();
                assertThat(echoes.messages())
                        .containsExactly(WebSocketMessage.text("one"), WebSocketMessage.text("two"));
                assertThat(echoes.close()).containsExactly("4001 bye");
            }
        }

        @Test
        void everyMaskIsTakenOff() throws Exception {
            try (TestServer server = TestServer.start();
                    RawPeer client = RawPeer.open(server, "/echo")) {
                for (int key : new int[] {0, -1, 1, 0x80000000, 0x00FF00FF, 0x01020304}) {
                    for (int size = 0; size < 20; size++) {
                        byte[] payload = Payloads.binary(size);
                        client.write(WireFrame.binary(payload).masked(key));
                        WireFrame echo = client.readFrame();
                        assertThat(echo.payload()).as("key %08x", key).isEqualTo(payload);
                        assertThat(echo.isFinal()).isTrue();
                    }
                }
            }
        }

        @Test
        void tenThousandFragmentsAreOneMessage() throws Exception {
            try (TestServer server = TestServer.start();
                    RawPeer client = RawPeer.open(server, "/echo")) {
                WireFrame[] frames = new WireFrame[10_001];
                Arrays.setAll(frames, i -> {
                    int opcode = i == 0 ? WireFrame.TEXT : WireFrame.CONTINUATION;
                    WireFrame part = WireFrame.of(opcode, (byte) ('0' + i % 10)).masked(i);
                    return i == 9_999 ? part : part.notFinal();
                });
                frames[10_000] = WireFrame.close(1000, "").masked(9);
                client.write(frames);
                assertThat(client.readToClose().messages())
                        .containsExactly(WebSocketMessage.text("0123456789".repeat(1_000)));
            }
        }

        @Test
        void unmaskedFrameIsRefusedWith1002() throws Exception {
            expectRefusal("1002", WireFrame.text("unmasked"));
        }

        @Test
        void textThatIsNotUtf8IsRefusedWith1007() throws Exception {
            expectRefusal(
                    "1007",
                    WireFrame.of(WireFrame.TEXT, (byte) 0xC0, (byte) 0x80).masked(5));
        }

        @Test
        void frameAboveTheLimitIsRefusedWith1009() throws Exception {
            expectRefusal("1009", WireFrame.binary(new byte[(16 << 20) + 1]).masked(5));
        }

        private void expectRefusal(String code, WireFrame frame) throws Exception {
            try (TestServer server = TestServer.start();
                    RawPeer client = RawPeer.open(server, "/watched")) {
                client.write(Arrays.copyOf(frame.toBytes(), Math.min(frame.toBytes().length, 100)));
                assertThat(client.readToClose().close())
                        .singleElement()
                        .asString()
                        .startsWith(code);
                client.write(WireFrame.close(Integer.parseInt(code), "").masked(3));
                assertThat(client.isEndedByPeer(SOON)).isTrue();
                client.endOutput();
                CloseEvent event = server.nextClose();
                assertThat(event.initiator()).isEqualTo(Initiator.LOCAL);
                assertThat(event.status().code()).isEqualTo(Integer.parseInt(code));
            }
        }

        @Test
        void serverClosesTcpFirstIfTheClientClosed() throws Exception {
            try (TestServer server = TestServer.start();
                    RawPeer client = RawPeer.open(server, "/watched")) {
                client.write(WireFrame.close(4001, "bye").masked(1));
                assertThat(RawPeer.closeText(client.readFrame())).isEqualTo("4001 bye");
                assertThat(client.isEndedByPeer(SOON)).isTrue();
                client.endOutput();
                assertThat(server.nextClose())
                        .isEqualTo(new CloseEvent(CloseStatus.of(4001, "bye"), Initiator.REMOTE, true));
            }
        }

        @Test
        void serverClosesTcpFirstIfItClosedItself() throws Exception {
            try (TestServer server = TestServer.start();
                    RawPeer client = RawPeer.open(server, "/close")) {
                client.write(WireFrame.text("4002 enough").masked(1));
                assertThat(RawPeer.closeText(client.readFrame())).isEqualTo("4002 enough");
                client.write(WireFrame.close(4002, "enough").masked(2));
                assertThat(client.isEndedByPeer(SOON)).isTrue();
                client.endOutput();
                assertThat(server.nextClose())
                        .isEqualTo(new CloseEvent(CloseStatus.of(4002, "enough"), Initiator.LOCAL, true));
            }
        }

        @Test
        void lostConnectionIsNotClean() throws Exception {
            try (TestServer server = TestServer.start()) {
                RawPeer.open(server, "/watched").close();
                assertThat(server.nextClose())
                        .as("ended by a FIN")
                        .isEqualTo(new CloseEvent(CloseStatus.ABNORMAL, Initiator.NONE, false));
                RawPeer.open(server, "/watched").reset();
                assertThat(server.nextClose())
                        .as("ended by a RST")
                        .isEqualTo(new CloseEvent(CloseStatus.ABNORMAL, Initiator.NONE, false));
                RawPeer halfway = RawPeer.open(server, "/watched");
                byte[] frame = WireFrame.text("half of this").masked(1).toBytes();
                halfway.write(frame, 0, frame.length / 2);
                halfway.close();
                assertThat(server.nextClose())
                        .as("ended within a frame")
                        .isEqualTo(new CloseEvent(CloseStatus.ABNORMAL, Initiator.NONE, false));
            }
        }
    }

    @Nested
    class WithOurClient {
        @Test
        void framesAreMaskedEachWithAnotherKey() throws Exception {
            try (ServerSocket listening = RawPeer.listen()) {
                CompletableFuture<Void> client = client(listening)
                        .handle(connection ->
                                connection.send(Flux.range(0, 100).map(i -> WebSocketFrame.text("message " + i))))
                        .toFuture();
                try (RawPeer server = accept(listening)) {
                    Set<Integer> keys = new HashSet<>();
                    for (int i = 0; i < 100; i++) {
                        WireFrame frame = server.readFrame();
                        assertThat(frame.isMasked()).isTrue();
                        assertThat(frame.text()).isEqualTo("message " + i);
                        keys.add(frame.maskKey());
                    }
                    assertThat(keys).hasSizeGreaterThan(95);
                    assertThat(RawPeer.closeText(server.readFrame())).isEqualTo("1000");
                    server.write(WireFrame.close(1000, ""));
                }
                client.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        }

        @Test
        void everyLengthIsSentAndReceivedWithTheSameContent() throws Exception {
            try (ServerSocket listening = RawPeer.listen()) {
                CompletableFuture<Void> client = CompletableFuture.runAsync(() -> OwnClientTest.echoEveryLength(
                        client(listening).settings(settings -> settings.maxMessageSize(16 << 20)), Payloads.SIZES));
                try (RawPeer server = accept(listening)) {
                    WireFrame frame = server.readFrame();
                    for (; frame.opcode() != WireFrame.CLOSE; frame = server.readFrame()) {
                        assertThat(frame.isMasked()).isTrue();
                        WireFrame echo = WireFrame.of(frame.opcode(), frame.payload());
                        server.write(frame.isFinal() ? echo : echo.notFinal());
                    }
                    server.write(WireFrame.close(1000, ""));
                }
                client.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        }

        @Test
        void maskedFrameIsRefusedWith1002() throws Exception {
            try (ServerSocket listening = RawPeer.listen()) {
                CompletableFuture<CloseEvent> client = client(listening)
                        .connect()
                        .flatMap(connection -> connection.closed())
                        .toFuture();
                try (RawPeer server = accept(listening)) {
                    server.write(WireFrame.text("masked").masked(1));
                    assertThat(RawPeer.closeText(server.readFrame())).startsWith("1002");
                }
                assertThat(client.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                                .status()
                                .code())
                        .isEqualTo(1002);
            }
        }

        @Test
        void clientLeavesItToTheServerToCloseTcp() throws Exception {
            try (ServerSocket listening = RawPeer.listen()) {
                CompletableFuture<CloseEvent> client = client(listening)
                        .connect()
                        .flatMap(connection -> connection.close().then(connection.closed()))
                        .toFuture();
                try (RawPeer server = accept(listening)) {
                    assertThat(RawPeer.closeText(server.readFrame())).isEqualTo("1000");
                    server.write(WireFrame.close(1000, ""));
                    assertThat(server.isEndedByPeer(300)).isFalse();
                }
                assertThat(client.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo(new CloseEvent(CloseStatus.NORMAL, Initiator.LOCAL, true));
            }
        }

        @Test
        void lostConnectionIsAnError() throws Exception {
            try (ServerSocket listening = RawPeer.listen()) {
                CompletableFuture<List<WebSocketFrame>> client = client(listening)
                        .connect()
                        .flatMap(connection -> connection.receive().collectList())
                        .toFuture();
                accept(listening).reset();
                assertThat(client)
                        .failsWithin(TestServer.PATIENCE)
                        .withThrowableOfType(ExecutionException.class)
                        .withCauseInstanceOf(WebSocketClosedException.class)
                        .withMessageContaining("lost without a close (1006)");
            }
        }

        private WebSocketClient client(ServerSocket listening) {
            return WebSocketClient.create().uri("ws://127.0.0.1:" + listening.getLocalPort() + "/");
        }

        private RawPeer accept(ServerSocket listening) throws Exception {
            RawPeer server = RawPeer.accept(listening);
            server.write(RawPeer.response(server.readHead()));
            return server;
        }
    }
}
