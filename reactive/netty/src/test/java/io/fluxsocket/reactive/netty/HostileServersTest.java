package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import io.fluxsocket.reactive.WebSocketClosedException;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketTimeoutException;
import io.fluxsocket.reactive.watch.FaultsExtension;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;

/** Servers that break the handshake or the conversation: what a client makes of it, and that it gives every buffer back. */
class HostileServersTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final MeteredAllocator memory = new MeteredAllocator();
    private RawServer server;

    @BeforeEach
    void serve() throws IOException {
        server = new RawServer();
    }

    @AfterEach
    void everyBufferIsGivenBack() throws IOException {
        server.close();
        Stage.until(() -> memory.used() == 0, "all buffers given back");
    }

    private WebSocketClient client() {
        return WebSocketClient.create()
                .uri(server.uri("/"))
                .settings(settings -> settings.closeTimeout(SHORT))
                .httpClient(http -> http.option(ChannelOption.ALLOCATOR, memory));
    }

    @Test
    void aResetAtAnyPointOfThe101IsAnErrorOrALostConnection() {
        int length = RawServer.upgrade(RawPeer.KEY).length();
        AtomicInteger bytes = new AtomicInteger();
        server.handle(peer -> {
            String answer = RawServer.upgrade(RawServer.keyOf(peer.readHead()));
            peer.send(answer.substring(0, bytes.get()));
            peer.reset();
        });
        for (; bytes.get() <= length; bytes.incrementAndGet()) {
            try {
                CloseEvent end =
                        client().connect().flatMap(WebSocketConnection::closed).block(SOON);
                assertThat(bytes).hasValue(length);
                assertThat(end).isEqualTo(new CloseEvent(CloseStatus.ABNORMAL, Initiator.NONE, false));
            } catch (RuntimeException lost) {
                assertThat(Exceptions.unwrap(lost)).isInstanceOf(IOException.class);
            }
        }
        // Reactor Netty says so of each that was reset before its answer was whole.
        assertThat(FaultsExtension.take()).allMatch(fault -> fault.contains("Connection reset"));
    }

    @Test
    void a101ThatTricklesInGainsNoTime() {
        server.handle(peer -> {
            peer.readHead();
            peer.send("HTTP/1.1 101 Switching Protocols\r\nX-Slow: ");
            peer.sendsUntilClosed("a", Duration.ofMillis(20));
        });

        assertThatThrownBy(() -> client().handshakeTimeout(SHORT).connect().block(SOON))
                .isInstanceOf(WebSocketTimeoutException.class);
    }

    @Test
    void aResponseWithoutAnEndIsRefused() {
        server.handle(peer -> {
            peer.readHead();
            try {
                peer.send("HTTP/1.1 101 Switching Protocols\r\nX-Long: ");
                for (; ; ) {
                    peer.send("a".repeat(100_000));
                }
            } catch (SocketException closed) {
                // The client has heard enough.
            }
        });

        assertThatThrownBy(() -> client().connect().block(SOON)).isNotInstanceOf(IllegalStateException.class);
        assertThat(memory.takePeak()).isLessThan(4 << 20);
    }

    @Test
    void garbageBehindThe101IsAnsweredWith1002() throws Exception {
        server.answerWith101And("\u00F3\u00A5garbage");

        CloseEvent end = client().connect().flatMap(WebSocketConnection::closed).block(SOON);

        assertThat(server.lastPeer().readMaskedFrame().closeCode()).isEqualTo(1002);
        assertThat(Objects.requireNonNull(end).status().code()).isEqualTo(1002);
    }

    @Test
    void aServerThatNeverReadsStopsAFastSourceAndIsCutOff() throws Exception {
        server.answerWith101And("");
        AtomicInteger asked = new AtomicInteger();
        WebSocketConnection connection =
                Objects.requireNonNull(client().connect().block(SOON));
        var send = connection
                .send(Flux.generate(sink -> {
                    asked.incrementAndGet();
                    sink.next(WebSocketFrame.binary(new byte[1 << 20]));
                }))
                .toFuture();
        RawPeer.untilNothingChanges(asked::get);

        connection.close().block(SOON);

        assertThat(send).failsWithin(SOON).withThrowableThat().withCauseInstanceOf(WebSocketClosedException.class);
        assertThat(connection.closed().block(SOON))
                .isEqualTo(new CloseEvent(CloseStatus.NORMAL, Initiator.LOCAL, false));
        assertThat(memory.takePeak()).isLessThanOrEqualTo(Stage.OUTBOUND);
        assertThat(server.lastPeer().readToEnd()).isLessThan(asked.get() * (1L << 20));
    }

    @Test
    void aServerThatAnswersTheCloseButDoesNotEndTheStreamIsCutOff() throws Exception {
        server.answerWith101And("");
        WebSocketConnection connection =
                Objects.requireNonNull(client().connect().block(SOON));
        connection.close().subscribe();
        RawPeer peer = server.lastPeer();
        assertThat(peer.readMaskedFrame().closeCode()).isEqualTo(1000);
        peer.send("\u0088\u0002\u0003\u00E8");

        assertThat(connection.closed().block(SOON))
                .isEqualTo(new CloseEvent(CloseStatus.NORMAL, Initiator.LOCAL, true));
        assertThat(peer.isAtEnd()).isTrue();
    }
}
