package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketHandler;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** A server that goes away says 1001 to everybody, waits a while, then closes what is left. */
class ShutdownTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final WebSocketHandler ECHO = connection -> connection.send(connection.receive());

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void everyWebSocketIsClosedWith1001AndWaitedFor(Network network) throws Exception {
        DisposableServer server = network.server().handle(ECHO).bindNow();
        List<RawPeer> peers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            peers.add(RawPeer.open(server.port(), "/"));
        }

        CompletableFuture<Void> disposed = CompletableFuture.runAsync(() -> server.disposeNow(SOON));
        for (RawPeer peer : peers) {
            assertThat(peer.readFrame().closeCode()).isEqualTo(1001);
        }
        assertThat(disposed).isNotDone();
        for (RawPeer peer : peers) {
            peer.send(RawPeer.maskedClose(1001));
            assertThat(peer.isAtEnd()).isTrue();
            peer.close();
        }

        disposed.get();
    }

    @Test
    void disposeSaysTheSameAndDoesNotWait() throws IOException {
        DisposableServer server = WebSocketServer.create().port(0).handle(ECHO).bindNow();
        try (RawPeer peer = RawPeer.open(server.port(), "/")) {
            server.dispose();

            assertThat(peer.readFrame().closeCode()).isEqualTo(1001);
            peer.send(RawPeer.maskedClose(1001));
            assertThat(peer.isAtEnd()).isTrue();
        }
    }

    @Test
    void aPeerThatDoesNotAnswerIsClosedHardWhenTheTimeIsUp() throws IOException {
        DisposableServer server = WebSocketServer.create().port(0).handle(ECHO).bindNow();
        try (RawPeer peer = RawPeer.open(server.port(), "/")) {
            assertThatIllegalStateException().isThrownBy(() -> server.disposeNow(Duration.ofMillis(200)));

            assertThat(peer.readFrame().closeCode()).isEqualTo(1001);
            assertThat(peer.isAtEnd()).isTrue();
        }
    }

    @Test
    void anExistingHttpServerDoesTheSame() throws Exception {
        DisposableServer server = HttpServer.create()
                .channelGroup(new DefaultChannelGroup(GlobalEventExecutor.INSTANCE))
                .route(routes -> routes.get("/ws", WebSocketUpgrade.of(ECHO)))
                .bindNow();
        try (RawPeer peer = RawPeer.open(server.port(), "/ws")) {
            CompletableFuture<Void> disposed = CompletableFuture.runAsync(() -> server.disposeNow(SOON));

            assertThat(peer.readFrame().closeCode()).isEqualTo(1001);
            assertThat(disposed).isNotDone();
            peer.send(RawPeer.maskedClose(1001));
            assertThat(peer.isAtEnd()).isTrue();
            peer.socket.shutdownOutput();
            disposed.get();
        }
    }

    @Test
    void aConnectionThatIsUpgradedDuringTheShutdownIsClosedAtOnce() throws IOException {
        DisposableServer server = WebSocketServer.create()
                .port(0)
                .handle(ECHO)
                .httpRoutes(routes -> routes.get("/page", (request, response) -> response.send()))
                .bindNow();
        try (RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.get("/page"));
            peer.readResponse();
            server.dispose();
            server.onDispose().block(SOON);

            peer.send(RawPeer.request("/"));

            assertThat(peer.readHead()).startsWith("HTTP/1.1 101 ");
            assertThat(peer.readFrame().closeCode()).isEqualTo(1001);
        }
    }

    @Test
    void whatWasSentBeforeTheShutdownArrives() throws IOException {
        DisposableServer server = WebSocketServer.create()
                .port(0)
                .handle(connection -> connection
                        .send(Mono.just(WebSocketFrame.text("first")))
                        .then(connection.receive().then()))
                .bindNow();
        try (RawPeer peer = RawPeer.open(server.port(), "/")) {
            assertThat(peer.readFrame().text()).isEqualTo("first");
            server.dispose();

            assertThat(peer.readFrame().closeCode()).isEqualTo(1001);
            peer.send(RawPeer.maskedClose(1001));
            assertThat(peer.isAtEnd()).isTrue();
        }
    }
}
