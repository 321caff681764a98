package io.fluxsocket.samples.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxsocket.core.deflate.DeflateSettings;
import io.fluxsocket.reactive.HandshakeInfo;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketHandshakeException;
import io.fluxsocket.reactive.netty.WebSocketClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Answers to the opening handshake of our client, over a socket (RFC 6455 §4.1; RFC 7692 §7.1). It offers v1 and v2, and
 * permessage-deflate with a server's window of 12 bits.
 */
class AnswerOverTheWireTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ServerSocket server = listen();

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void waitNotForEver() throws IOException {
        server.setSoTimeout((int) PATIENCE.toMillis());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            two accepts                        | Connection: Upgrade         | Connection: Upgrade~Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
            an empty Upgrade                   | Upgrade: websocket          | Upgrade:
            two protocols to upgrade to        | Upgrade: websocket          | Upgrade: websocket, h2c
            a subprotocol that was not offered | Connection: Upgrade         | Connection: Upgrade~Sec-WebSocket-Protocol: v3
            a subprotocol in another case      | Connection: Upgrade         | Connection: Upgrade~Sec-WebSocket-Protocol: V1
            two subprotocols                   | Connection: Upgrade         | Connection: Upgrade~Sec-WebSocket-Protocol: v1, v2
            an empty subprotocol               | Connection: Upgrade         | Connection: Upgrade~Sec-WebSocket-Protocol:
            another extension as well          | Connection: Upgrade         | Connection: Upgrade~Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=12, other
            the extension twice                | Connection: Upgrade         | Connection: Upgrade~Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=12, permessage-deflate
            no window where one was asked for  | Connection: Upgrade         | Connection: Upgrade~Sec-WebSocket-Extensions: permessage-deflate
            a window larger than asked for     | Connection: Upgrade         | Connection: Upgrade~Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=13
            a client's window without a value  | Connection: Upgrade         | Connection: Upgrade~Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=12; client_max_window_bits
            a malformed extension              | Connection: Upgrade         | Connection: Upgrade~Sec-WebSocket-Extensions: permessage-deflate;
            """)
    void theClientRefuses(String what, String correct, String wrong) throws Exception {
        CompletableFuture<WebSocketConnection> connecting = connect();
        SocketLink link = answer(correct, wrong);
        assertThatThrownBy(() -> connecting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(WebSocketHandshakeException.class);
        assertThat(link.open().read(PATIENCE.toMillis()))
                .as("the end of the connection")
                .isSameAs(Link.END);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            none | none
            v2   | none
            none | permessage-deflate; server_max_window_bits=12
            none | permessage-deflate; server_max_window_bits=9; client_max_window_bits=9; server_no_context_takeover; client_no_context_takeover
            v1   | permessage-deflate; server_max_window_bits="12"
            """)
    void theClientAccepts(String subprotocol, String extension) throws Exception {
        CompletableFuture<WebSocketConnection> connecting = connect();
        SocketLink link = answer(
                "Connection: Upgrade",
                "Connection: Upgrade"
                        + (subprotocol == null ? "" : "~Sec-WebSocket-Protocol: " + subprotocol)
                        + (extension == null ? "" : "~Sec-WebSocket-Extensions: " + extension));
        HandshakeInfo info =
                connecting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).handshakeInfo();
        assertThat(info.subprotocol()).isEqualTo(subprotocol);
        assertThat(info.extensions().isEmpty()).isEqualTo(extension == null);
        link.drop();
    }

    private CompletableFuture<WebSocketConnection> connect() {
        DeflateSettings deflate =
                DeflateSettings.builder().serverMaxWindowBits(12).build();
        return WebSocketClient.create()
                .uri("ws://127.0.0.1:" + server.getLocalPort())
                .subprotocols("v1", "v2")
                .settings(settings -> settings.deflate(deflate))
                .connect()
                .toFuture();
    }

    private SocketLink answer(String correct, String wrong) throws IOException {
        SocketLink link = new SocketLink(server.accept());
        String request = link.readHead();
        assertThat(Objects.requireNonNull(Handshake.header(request, "Sec-WebSocket-Extensions")))
                .contains("server_max_window_bits=12");
        String response = Handshake.response(request, null);
        assertThat(response).contains(correct);
        link.write(response.replace(correct, wrong.replace("~", "\r\n")));
        return link;
    }
}
