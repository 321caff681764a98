package io.fluxsocket.samples.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import io.fluxsocket.reactive.WebSocketMessage;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The JDK's client, with our server. */
class JdkClientTest {
    private final TestServer server = TestServer.start();
    private final Received received = new Received();

    @AfterEach
    void stop() {
        server.close();
    }

    private WebSocket open(String path) throws Exception {
        return await(
                HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(URI.create(server.uri(path)), received));
    }

    private static WebSocket await(CompletionStage<WebSocket> stage) throws Exception {
        return stage.toCompletableFuture().get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private void close(WebSocket socket) throws Exception {
        await(socket.sendClose(WebSocket.NORMAL_CLOSURE, ""));
        assertThat(received.next()).isEqualTo("close 1000 ");
    }

    @Test
    void everyLengthIsEchoedWithTheSameContent() throws Exception {
        WebSocket socket = open("/echo");
        for (int size : Payloads.SIZES) {
            String text = Payloads.text(size);
            await(socket.sendText(text, true));
            assertThat(received.next().equals(WebSocketMessage.text(text)))
                    .as("text of %s bytes", size)
                    .isTrue();
            byte[] binary = Payloads.binary(size);
            await(socket.sendBinary(ByteBuffer.wrap(binary), true));
            assertThat(received.next().equals(WebSocketMessage.binary(binary)))
                    .as("%s bytes", size)
                    .isTrue();
        }
        close(socket);
    }

    @Test
    void fragmentsAreOneMessage() throws Exception {
        WebSocket socket = open("/echo");
        await(socket.sendText("Hel", false));
        await(socket.sendPing(ByteBuffer.wrap(new byte[] {1, 2, 3})));
        await(socket.sendText("lo", true));
        assertThat(List.of(received.next(), received.next()))
                .containsExactlyInAnyOrder("pong 010203", WebSocketMessage.text("Hello"));
        close(socket);
    }

    @Test
    void pingIsAnsweredAndUnsolicitedPongIsIgnored() throws Exception {
        WebSocket socket = open("/echo");
        await(socket.sendPong(ByteBuffer.wrap(new byte[] {9})));
        await(socket.sendPing(ByteBuffer.allocate(0)));
        assertThat(received.next()).isEqualTo("pong ");
        await(socket.sendPing(ByteBuffer.allocate(125)));
        assertThat(received.next()).isEqualTo("pong " + "00".repeat(125));
        close(socket);
    }

    @Test
    void codeAndReasonOfTheClientReachTheServer() throws Exception {
        for (CloseStatus status : List.of(CloseStatus.NORMAL, CloseStatus.of(4001, "bye"))) {
            await(open("/watched").sendClose(status.code(), status.reason()));
            assertThat(received.next()).isEqualTo("close " + status.code() + " " + status.reason());
            assertThat(server.nextClose()).isEqualTo(new CloseEvent(status, Initiator.REMOTE, true));
        }
    }

    @Test
    void codeAndReasonOfTheServerReachTheClient() throws Exception {
        for (String wanted : List.of("1000", "1001", "1011", "4002 enough", "")) {
            CloseStatus status = TestServer.parse(wanted);
            await(open("/close").sendText(wanted, true));
            assertThat(received.next()).isEqualTo("close " + status.code() + " " + status.reason());
            assertThat(server.nextClose()).isEqualTo(new CloseEvent(status, Initiator.LOCAL, true));
        }
    }

    @Test
    void abortedConnectionIsTold() throws Exception {
        open("/watched").abort();
        assertThat(server.nextClose()).isEqualTo(new CloseEvent(CloseStatus.ABNORMAL, Initiator.NONE, false));
    }

    /** Messages as {@link WebSocketMessage}; pongs, closes and errors as text. */
    private static final class Received implements WebSocket.Listener {
        private final BlockingQueue<Object> all = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

        Object next() throws InterruptedException {
            Object next = all.poll(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(next).as("something received").isNotNull();
            return next;
        }

        private static String hex(ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            return HexFormat.of().formatHex(copy);
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                all.add(WebSocketMessage.text(text.toString()));
                text.setLength(0);
            }
            return WebSocket.Listener.super.onText(socket, data, last);
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] part = new byte[data.remaining()];
            data.duplicate().get(part);
            binary.writeBytes(part);
            if (last) {
                all.add(WebSocketMessage.binary(binary.toByteArray()));
                binary.reset();
            }
            return WebSocket.Listener.super.onBinary(socket, data, last);
        }

        @Override
        public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
            all.add("pong " + hex(message));
            return WebSocket.Listener.super.onPong(socket, message);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            all.add("close " + code + " " + reason);
            return WebSocket.Listener.super.onClose(socket, code, reason);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            all.add("error " + error);
        }
    }
}
