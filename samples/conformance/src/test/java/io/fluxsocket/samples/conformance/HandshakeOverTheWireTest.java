package io.fluxsocket.samples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.deflate.DeflateSettings;
import io.fluxsocket.reactive.netty.WebSocketServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.DisposableServer;

/**
 * Opening handshakes over a socket against our server (RFC 6455 §4.2, §9.1; RFC 7692 §7.1). Of a refusal it shows the status
 * that goes over the wire, after Netty's HTTP has seen the request; what the engine answers has its tests there.
 */
class HandshakeOverTheWireTest {
    private static final DisposableServer SERVER = WebSocketServer.create()
            .host("127.0.0.1")
            .port(0)
            .subprotocols("v1", "v2")
            .settings(settings -> settings.deflate(DeflateSettings.DEFAULT))
            .handle(connection -> connection.send(connection.receive()))
            .bindNow();

    @AfterAll
    static void stop() {
        SERVER.disposeNow(Duration.ofSeconds(20));
    }

    /** Changes: {@code -Name} leaves a header out, {@code +Name: value} adds one, {@code Name: value} replaces one. */
    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            no Host                               | -Host                                                      | 400
            two Hosts                             | +Host: localhost                                           | 400
            an empty Host                         | Host:                                                      | 400
            a Host with a path                    | Host: localhost/path                                       | 400
            no Upgrade                            | -Upgrade                                                   | 426
            no Connection                         | -Connection                                                | 400
            no Sec-WebSocket-Version              | -Sec-WebSocket-Version                                     | 400
            version 0                             | Sec-WebSocket-Version: 0                                   | 426
            version 255                           | Sec-WebSocket-Version: 255                                 | 426
            version 256                           | Sec-WebSocket-Version: 256                                 | 400
            a list of versions                    | Sec-WebSocket-Version: 13, 8                               | 400
            two versions                          | +Sec-WebSocket-Version: 13                                 | 400
            no Sec-WebSocket-Key                  | -Sec-WebSocket-Key                                         | 400
            two keys                              | +Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==               | 400
            a key of 15 bytes                     | Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j                    | 400
            a key of 17 bytes                     | Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZWE=                | 400
            a page of another origin              | +Origin: https://evil.example                              | 403
            a page without an origin              | +Origin: null                                              | 403
            two Origins                           | +Origin: http://localhost~+Origin: http://localhost        | 400
            a body in chunks                      | +Transfer-Encoding: chunked                                | 400
            empty subprotocols                    | +Sec-WebSocket-Protocol:                                   | 400
            a subprotocol twice                   | +Sec-WebSocket-Protocol: v1, v1                            | 400
            a subprotocol with a space            | +Sec-WebSocket-Protocol: v1, v 2                           | 400
            empty extensions                      | +Sec-WebSocket-Extensions:                                 | 400
            malformed extensions                  | +Sec-WebSocket-Extensions: permessage-deflate; =1          | 400
            an unclosed quote                     | +Sec-WebSocket-Extensions: permessage-deflate; a="1        | 400
            a header's name with a space          | +Sec-WebSocket Protocol: v1                                | 400
            """)
    void aRequestWith(String what, String changes, int status) throws IOException {
        assertThat(answer(request("GET / HTTP/1.1", changes.split("~")))).startsWith("HTTP/1.1 " + status + " ");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"PUT / HTTP/1.1, 405", "OPTIONS / HTTP/1.1, 405", "GET / HTTP/1.0, 400", "GARBAGE, 400"})
    void aRequestThatBeginsWith(String line, int status) throws IOException {
        assertThat(answer(request(line))).matches("(?s)HTTP/1\\.[01] " + status + " .*");
    }

    @Test
    void aRequestLineThatIsTooLong() throws IOException {
        assertThat(answer(request("GET /" + "a".repeat(5000) + " HTTP/1.1"))).startsWith("HTTP/1.1 414 ");
    }

    @Test
    void headersThatAreTooLarge() throws IOException {
        assertThat(answer(request("GET / HTTP/1.1", "+X: " + "a".repeat(9000)))).startsWith("HTTP/1.1 431 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade", "Sec-WebSocket-Version"})
    void anAnswerOf426NamesWhatWouldDo(String header) throws IOException {
        String answer = answer(request("GET / HTTP/1.1", header + ": 7"));
        assertThat(answer).startsWith("HTTP/1.1 426 ");
        assertThat(Handshake.header(answer, "Upgrade")).isEqualTo("websocket");
        assertThat(Handshake.header(answer, "Sec-WebSocket-Version")).isEqualTo(header.equals("Upgrade") ? null : "13");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            v2                                        | v2
            v3, v2, v1                                | v1
            v1, v2                                    | v1
            V1                                        | none
            v3                                        | none
            v3~+Sec-WebSocket-Protocol: v2            | v2
            """)
    void theSubprotocolThatTheServerWantsMostIsAgreedOn(String offer, String agreed) throws IOException {
        String answer = answer(request("GET / HTTP/1.1", ("+Sec-WebSocket-Protocol: " + offer).split("~")));
        Handshake.requireAccepted(answer);
        assertThat(Handshake.header(answer, "Sec-WebSocket-Protocol")).isEqualTo(agreed);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', nullValues = "declined", textBlock = """
            permessage-deflate                                                    | permessage-deflate
            permessage-deflate; client_max_window_bits                            | permessage-deflate
            permessage-deflate; client_max_window_bits=9                          | permessage-deflate
            permessage-deflate; server_max_window_bits=9                          | permessage-deflate; server_max_window_bits=9
            permessage-deflate; server_max_window_bits="10"                       | permessage-deflate; server_max_window_bits=10
            permessage-deflate; server_no_context_takeover                        | permessage-deflate; server_no_context_takeover
            permessage-deflate; client_no_context_takeover                        | permessage-deflate
            other, permessage-deflate                                             | permessage-deflate
            other~+Sec-WebSocket-Extensions: permessage-deflate                   | permessage-deflate
            permessage-deflate; x, permessage-deflate; server_max_window_bits=12  | permessage-deflate; server_max_window_bits=12
            other                                                                 | declined
            permessage-deflate; server_max_window_bits                            | declined
            permessage-deflate; server_max_window_bits=7                          | declined
            permessage-deflate; server_max_window_bits=16                         | declined
            permessage-deflate; server_max_window_bits=09                         | declined
            permessage-deflate; client_max_window_bits=0                          | declined
            permessage-deflate; server_no_context_takeover=1                      | declined
            permessage-deflate; server_no_context_takeover; server_no_context_takeover | declined
            permessage-deflate; unheard_of                                        | declined
            """)
    void compressionIsAgreedOnOrDeclined(String offer, String agreed) throws IOException {
        String answer = answer(request("GET / HTTP/1.1", ("+Sec-WebSocket-Extensions: " + offer).split("~")));
        Handshake.requireAccepted(answer);
        assertThat(Handshake.header(answer, "Sec-WebSocket-Extensions")).isEqualTo(agreed);
    }

    private static String request(String line, String... changes) {
        List<String> lines =
                new ArrayList<>(List.of(Handshake.request("/", null).strip().split("\r\n")));
        lines.set(0, line);
        for (String change : changes) {
            String name = change.replaceFirst("^[-+]", "").replaceFirst(":.*", "");
            switch (change.charAt(0)) {
                case '+' -> lines.add(change.substring(1));
                case '-' -> lines.removeIf(header -> header.startsWith(name + ":"));
                default -> lines.replaceAll(header -> header.startsWith(name + ":") ? change : header);
            }
        }
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    private static String answer(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), SERVER.port())) {
            SocketLink link = new SocketLink(socket);
            link.write(request);
            return link.readHead();
        }
    }
}
