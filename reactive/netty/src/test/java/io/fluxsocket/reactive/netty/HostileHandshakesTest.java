package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import io.fluxsocket.reactive.WebSocketHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/** Peers that break the opening or the closing handshake, or try to be too many. */
@ParameterizedClass
@EnumSource(
        value = Network.class,
        names = {"NIO", "EPOLL"})
class HostileHandshakesTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final WebSocketHandler ECHO = connection -> connection.send(connection.receive());
    private static final String REQUEST = RawPeer.request("/");

    /** What a connection may cost before it is a WebSocket: Netty's first read buffer, and room for a large head. */
    private static final long HEAD = 32 << 10;

    @Parameter
    Network network;

    // ---- the opening handshake

    @Test
    void garbageInsteadOfARequestIsABadRequest() throws Exception {
        try (Stage stage = new Stage(network, server -> server.handshakeTimeout(SHORT), ECHO)) {
            for (int seed = 0; seed < 50; seed++) {
                byte[] garbage = new byte[100 + 200 * seed];
                new Random(seed).nextBytes(garbage);
                try (RawPeer peer = stage.connect()) {
                    peer.send(new String(garbage, StandardCharsets.ISO_8859_1) + "\r\n\r\n");

                    // Or at least the end, if what looks like a request line never ends.
                    assertThat(peer.readToEnd()).isLessThan(1000);
                }
            }
            assertThat(stage.connections()).isZero();
            stage.row(network, "garbage instead of a request", "400, the end of the stream", Stage.INBOUND);
        }
    }

    @Test
    void requestsThatTrickleInAreCutOffTogether() throws Exception {
        int peers = 200;
        try (Stage stage = new Stage(network, server -> server.handshakeTimeout(Duration.ofSeconds(1)), ECHO)) {
            List<RawPeer> slow = new ArrayList<>();
            for (int i = 0; i < peers; i++) {
                RawPeer peer = stage.connect();
                peer.send("GET / HTTP/1.1\r\nX-Slow: ");
                slow.add(peer);
            }
            for (int round = 0; round < 3; round++) {
                for (RawPeer peer : slow) {
                    peer.send("a");
                }
                stage.bystanderIsServed();
            }

            for (RawPeer peer : slow) {
                peer.readToEnd();
                peer.close();
            }

            assertThat(stage.connections()).isZero();
            stage.row(
                    network,
                    "200 requests, header by header (slow-loris)",
                    "the end of the stream when the handshake timeout is over",
                    peers * HEAD);
        }
    }

    @Test
    void aRequestWhoseHeadDoesNotEndIsRefused() throws Exception {
        try (Stage stage = new Stage(network, server -> server, ECHO);
                RawPeer peer = stage.connect()) {
            String head = REQUEST.substring(0, REQUEST.length() - 2);
            peer.send(head + "X-Long: " + "a".repeat(100_000));

            assertThat(peer.readResponse()).startsWith("HTTP/1.1 4");
            assertThat(stage.connections()).isZero();
            stage.row(network, "a head without end", "431, the end of the stream", Stage.INBOUND);
        }
    }

    @Test
    void framesBehindTheRequestAreServed() throws Exception {
        try (Stage stage = new Stage(network, server -> server, ECHO);
                RawPeer peer = stage.connect()) {
            String frames = RawPeer.masked(RawPeer.TEXT, "x".repeat(10_000)).repeat(20);
            peer.send(REQUEST + frames);

            assertThat(peer.readHead()).startsWith("HTTP/1.1 101 ");
            for (int i = 0; i < 20; i++) {
                assertThat(peer.readFrame().payload()).hasSize(10_000);
            }
            stage.row(
                    network, "200 KB of frames in the packet of the request", "101, and is served", 2 * Stage.INBOUND);
        }
    }

    @Test
    void aRequestOfAnotherOriginIsRefused() throws Exception {
        try (Stage stage = new Stage(network, server -> server, ECHO);
                RawPeer peer = stage.connect()) {
            peer.send(RawPeer.request("/", "Origin: https://evil.example"));

            assertThat(peer.readResponse()).startsWith("HTTP/1.1 403 ");
            assertThat(stage.connections()).isZero();
            stage.row(network, "wrong Origin", "403", HEAD);
        }
    }

    @Test
    void connectionsBeyondTheMostAreRefusedAndTheOthersServed() throws Exception {
        try (Stage stage = new Stage(network, server -> server.maxConnections(10), ECHO)) {
            List<RawPeer> peers = new ArrayList<>();
            for (int i = 0; i < 9; i++) { // and the bystander
                peers.add(stage.open());
            }
            for (int i = 0; i < 100; i++) {
                RawPeer refused = stage.connect();
                refused.send(REQUEST);
                assertThat(refused.readResponse()).startsWith("HTTP/1.1 503 ");
                peers.add(refused);
            }
            peers.get(0).send(RawPeer.masked(RawPeer.TEXT, "served"));
            assertThat(peers.get(0).readFrame().text()).isEqualTo("served");
            for (RawPeer peer : peers) {
                peer.close();
            }
            stage.row(network, "100 connections more than allowed", "503 each", 109 * HEAD);
        }
    }

    @Test
    void aPeerThatEndsItsHalfBehindTheRequestIsUpgradedAndLost() throws Exception {
        try (Stage stage = new Stage(network, server -> server, ECHO);
                RawPeer peer = stage.connect()) {
            peer.send(REQUEST + RawPeer.masked(RawPeer.TEXT, "all"));
            peer.socket.shutdownOutput();

            long answer = peer.readToEnd();

            // Whether the 101 still goes out depends on what the server sees first: the request, or the end behind it.
            assertThat(answer).isLessThan(200);
            stage.row(network, "ends its half behind the request", "101 or nothing, the end of the stream", HEAD);
        }
    }

    @Test
    void aResetAtAnyPointOfTheOpeningHandshakeLeavesNothingBehind() throws Exception {
        try (Stage stage = new Stage(network, server -> server, ECHO)) {
            for (int sent = 0; sent <= REQUEST.length(); sent++) {
                RawPeer peer = stage.connect();
                peer.send(REQUEST.substring(0, sent));
                peer.reset();
            }
            for (int read = 0; read < 100; read += 7) {
                RawPeer peer = stage.connect();
                peer.send(REQUEST);
                peer.socket.getInputStream().readNBytes(read);
                peer.reset();
                if (read != 0) {
                    assertThat(stage.closed().initiator()).isEqualTo(Initiator.NONE);
                }
            }
            stage.row(
                    network,
                    "a reset behind each byte of the request, and within the 101",
                    "nothing; 1006 where a WebSocket was open",
                    REQUEST.length() * HEAD);
        }
    }

    // ---- the closing handshake

    @Test
    void aResetAtAnyPointOfThePeersCloseIsTold() throws Exception {
        String close = RawPeer.maskedClose(4000);
        int points = 0;
        try (Stage stage = new Stage(network, server -> server, ECHO)) {
            for (int sent = 0; sent <= close.length(); sent++) {
                for (int read = 0; read <= (sent < close.length() ? 0 : 4); read++) {
                    RawPeer peer = stage.open();
                    peer.send(close.substring(0, sent));
                    peer.socket.getInputStream().readNBytes(read);
                    peer.reset();
                    CloseEvent end = stage.closed();
                    if (end.initiator() == Initiator.REMOTE) {
                        assertThat(sent).isEqualTo(close.length());
                        assertThat(end.status().code()).isEqualTo(4000);
                    } else {
                        assertThat(end).isEqualTo(new CloseEvent(end.status(), Initiator.NONE, false));
                        assertThat(read).as("the answer was read").isZero();
                    }
                    points++;
                }
            }
            stage.row(
                    network,
                    "a reset at each of " + points + " points of its close",
                    "its own close if that came whole, else 1006",
                    Stage.INBOUND);
        }
    }

    @Test
    void aResetAtAnyPointOfTheServersCloseIsTold() throws Exception {
        String answer = RawPeer.maskedClose(1000);
        int points = 0;
        try (Stage stage = new Stage(network, server -> server, connection -> Mono.empty())) {
            for (int read = 0; read <= 4; read++) {
                for (int sent = 0; sent <= answer.length(); sent++) {
                    RawPeer peer = stage.open();
                    peer.socket.getInputStream().readNBytes(read);
                    peer.send(answer.substring(0, sent));
                    peer.reset();
                    CloseEvent end = stage.closed();
                    assertThat(end.initiator()).isEqualTo(Initiator.LOCAL);
                    assertThat(end.status().code()).isEqualTo(1000);
                    assertThat(sent == answer.length() || !end.clean())
                            .as("clean though the answer did not come")
                            .isTrue();
                    points++;
                }
            }
            stage.row(
                    network,
                    "a reset at each of " + points + " points of the server's close",
                    "1000, clean only if the answer came whole",
                    Stage.INBOUND);
        }
    }

    // ---- many

    @Test
    void thousandsOfConnectionsThatAreOpenedAndDroppedLeaveNoPlaceTaken() throws Exception {
        int peers = 3000;
        try (Stage stage = new Stage(network, server -> server.maxConnections(100), ECHO)) {
            for (int i = 0; i < peers; i++) {
                RawPeer peer = openWhenThereIsAPlace(stage);
                stage.connection();
                if (i % 2 == 0) {
                    peer.reset();
                } else {
                    peer.close();
                }
            }
            for (int i = 0; i < peers; i++) {
                assertThat(stage.closed().status().code()).isEqualTo(1006);
            }
            assertThat(stage.heapGrowth()).isLessThan(4 << 20);
            stage.row(network, "3,000 connections opened and dropped", "1006 each", 100 * HEAD);
        }
    }

    /** The server may not have heard of the last ones' end yet. */
    private static RawPeer openWhenThereIsAPlace(Stage stage) throws IOException {
        for (; ; ) {
            RawPeer peer = stage.connect();
            peer.send(REQUEST);
            if (peer.readHead().startsWith("HTTP/1.1 101 ")) {
                return peer;
            }
            peer.close();
        }
    }
}
