package io.fluxsocket.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The jar and npm's {@code ws}, each as the other's peer. */
class WsJarTest {
    @Test
    void connectTalksCompressedToWs() throws Exception {
        try (Jar ws = Jar.start(Peers.node("""
                const { WebSocketServer } = require('ws');
                const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: { threshold: 0 } });
                server.on('listening', () => console.log('ws://127.0.0.1:' + server.address().port + '/'));
                server.on('connection', socket => {
                  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
                  socket.on('close', (code, reason) => { console.log('closed ' + code + ' ' + reason); process.exit(); });
                });
                """))) {
            String url = ws.awaitLine("ws://");
            Jar.Result result = Jar.runWith(
                    "one\n" + "x".repeat(5000) + "\n", "connect", "-z", "-c=4002", "--close-reason=enough", url);
            assertThat(result.out()).containsExactly("one", "x".repeat(5000));
            assertThat(result.err()).contains("permessage-deflate", "received 2 messages (2 compressed), 5,003 bytes");
            assertThat(result.status()).isZero();
            ws.awaitLine("closed 4002 enough");
        }
    }

    @Test
    void lossWithoutACloseIsToldByTheExitStatus() throws Exception {
        try (Jar ws = Jar.start(Peers.node("""
                const { WebSocketServer } = require('ws');
                const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
                server.on('listening', () => console.log('ws://127.0.0.1:' + server.address().port + '/'));
                server.on('connection', socket => socket.on('message', () => socket.terminate()));
                """))) {
            Jar.Result result = Jar.run("connect", "-m=now", ws.awaitLine("ws://"));
            assertThat(result.status()).isEqualTo(16);
            assertThat(result.err()).contains("the connection was lost without a close (1006)");
        }
    }

    @Test
    void wsTalksCompressedToServe() throws Exception {
        try (Jar server = Jar.start("serve", "--deflate", "--subprotocol=chat", "--port=0")) {
            String url = server.awaitLine("fluxsocket connect").replaceAll(".*(ws://\\S+)", "$1");
            try (Jar ws = Jar.start(Peers.node("""
                    const { WebSocket } = require('ws');
                    const socket = new WebSocket('%s', 'chat', { perMessageDeflate: { threshold: 0 } });
                    socket.on('open', () => { console.log(socket.protocol + ' ' + socket.extensions); socket.send('x'.repeat(5000)); });
                    socket.on('message', data => { console.log(data.length); socket.close(1000); });
                    """.formatted(url)))) {
                assertThat(ws.result().out()).isEqualTo(List.of("chat permessage-deflate", "5000"));
            }
            assertThat(server.awaitLine("- ")).endsWith(" 1000");
        }
    }
}
