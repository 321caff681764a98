package io.fluxsocket.reactive.test;

import static io.fluxsocket.reactive.test.WebSocketAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

/** Faults, and what is to be seen of demand. */
class WireTest {
    private static TestSubscriber<WebSocketMessage> receive(WebSocketConnection connection) {
        TestSubscriber<WebSocketMessage> subscriber = TestSubscriber.create();
        connection.receiveMessages().subscribe(subscriber);
        return subscriber;
    }

    private static CompletableFuture<Void> send(WebSocketConnection connection, String text) {
        return connection.send(Mono.just(WebSocketFrame.text(text))).toFuture();
    }

    // ---- stalls

    @Test
    void stalledReadsAreMadeUpFor() {
        WebSocketPair pair = WebSocketPair.open();
        TestSubscriber<WebSocketMessage> received = receive(pair.server());
        pair.toServer().stallReads();

        CompletableFuture<Void> sent = send(pair.client(), "a");

        assertThat(received.getReceivedOnNext()).isEmpty();
        assertThat(sent).as("the network has taken it").isCompleted();
        assertThat(pair.toServer().bytesUnderWay()).isEqualTo(2 + 4 + 1);
        pair.toServer().resumeReads();
        assertThat(received.getReceivedOnNext()).containsExactly(WebSocketMessage.text("a"));
        assertThat(pair.toServer().readBytes()).isEqualTo(7);
        assertThat(pair.toServer().bytesUnderWay()).isZero();
    }

    @Test
    void stalledWritesKeepASendFromCompleting() {
        WebSocketPair pair = WebSocketPair.open();
        TestSubscriber<WebSocketMessage> received = receive(pair.server());
        pair.toServer().stallWrites();

        CompletableFuture<Void> sent = send(pair.client(), "a");

        assertThat(sent).isNotDone();
        assertThat(pair.client()).hasQueuedBytes(7);
        assertThat(pair.toServer().pendingBytes()).isEqualTo(7);
        pair.toServer().resumeWrites();
        assertThat(sent).isCompleted();
        assertThat(received.getReceivedOnNext()).hasSize(1);
        assertThat(pair.client()).hasQueuedBytes(0);
    }

    @Test
    void aSourceIsNotAskedWhileTheTransportIsUnwritable() {
        WebSocketPair pair = WebSocketPair.open();
        TestPublisher<WebSocketFrame> source = TestPublisher.create();
        pair.toServer().writable(false);

        pair.client().send(source).subscribe();

        assertThat(pair.toServer().isWritable()).isFalse();
        source.assertWasNotRequested();
        pair.toServer().writable(true);
        source.assertMinRequested(1);
        source.assertMaxRequested(1);
    }

    // ---- pieces

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 125, 4096})
    void bytesAreDeliveredInChunks(int size) {
        WebSocketPair pair = WebSocketPair.open(connection -> connection.send(connection.receive()));
        TestSubscriber<WebSocketMessage> received = receive(pair.client());
        pair.toServer().chunks(size);
        pair.toClient().chunks(size);

        send(pair.client(), "grüße");
        send(pair.client(), "x".repeat(300));

        assertThat(received.getReceivedOnNext())
                .containsExactly(WebSocketMessage.text("grüße"), WebSocketMessage.text("x".repeat(300)));
        pair.client().close().subscribe();
        assertThat(pair.client()).isClosedWith(1000).isLocal().isClean();
    }

    @Test
    void chunksFollowEachOtherAndTheLastGoesOn() {
        ScriptedPeer peer = ScriptedPeer.server();
        peer.toConnection().stallReads().chunks(3, 1);
        peer.sendRaw("89 04 'ping' | 82 00").verify();
        assertThat(peer.toConnection().readBytes()).isZero();

        peer.toConnection().resumeReads();

        peer.expectPong("ping".getBytes(StandardCharsets.UTF_8)).verify();
        assertThat(peer.toConnection().readBytes()).isEqualTo(8);
        assertThat(peer.toConnection()).hasToString("peer → client: 8 bytes sent, 8 read, 0 waiting");
    }

    // ---- damage

    @Test
    void aCorruptedOpcodeBreaksTheProtocol() {
        WebSocketPair pair = WebSocketPair.open();
        pair.toServer().corrupt(0, 0x02); // text becomes 0x3

        send(pair.client(), "a");

        assertThat(pair.server()).isClosedWith(1002).isLocal();
        assertThat(pair.client()).isClosedWith(1002).isRemote();
        assertThat(pair.transcript().toString()).contains("will corrupt byte 0", "opcode 0x3    fin masked");
    }

    @Test
    void aCorruptedByteIsInverted() {
        ScriptedPeer peer = ScriptedPeer.server();
        peer.toConnection().corrupt(2).corrupt(3, 1);
        TestSubscriber<WebSocketMessage> received = receive(peer.connection());

        peer.sendBinary((byte) 0x0F, (byte) 0, (byte) 0).verify();

        assertThat(received.getReceivedOnNext())
                .containsExactly(WebSocketMessage.binary(new byte[] {(byte) 0xF0, 1, 0}));
    }

    @Test
    void aTruncatedStreamEnds() {
        WebSocketPair pair = WebSocketPair.open();
        TestSubscriber<WebSocketMessage> received = receive(pair.server());
        pair.toServer().truncate(9);

        send(pair.client(), "a");
        send(pair.client(), "b");

        assertThat(received.getReceivedOnNext()).containsExactly(WebSocketMessage.text("a"));
        assertThat(received.expectTerminalError()).hasMessageContaining("lost without a close");
        assertThat(pair.server()).isClosedWith(1006).isLost().isNotClean();
        assertThat(pair.toServer().readBytes()).isEqualTo(9);
        assertThat(pair.transcript().toString()).contains("incomplete frame of 2 bytes so far: 81 81");
    }

    @Test
    void aConnectionIsResetAtAByte() {
        WebSocketPair pair = WebSocketPair.open();
        pair.toServer().resetAt(10);

        send(pair.client(), "a");
        assertThat(pair.client()).isOpen();
        send(pair.client(), "b");

        assertThat(pair.client()).isClosedWith(1006).isLost();
        assertThat(pair.server()).isClosedWith(1006).isLost();
    }

    @Test
    void aByteThatWasSentIsBeyondReach() {
        WebSocketPair pair = WebSocketPair.open();
        send(pair.client(), "a");

        assertThatThrownBy(() -> pair.toServer().corrupt(6))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("byte 6 was sent already; client → server is at byte 7");
        assertThatThrownBy(() -> pair.toServer().truncate(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no byte -1; the first one is 0");
        pair.toServer().corrupt(7);
    }

    @Test
    void bitsBeyondAByteAndNoneAtAllAreRefused() {
        Wire wire = WebSocketPair.open().toServer();
        for (int bits : new int[] {0, 0x100, -1}) {
            assertThatThrownBy(() -> wire.corrupt(0, bits))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith("0x" + Integer.toHexString(bits) + " is not of them");
        }
    }

    @Test
    void whoLeavesBytesUnreadResetsTheConnection() {
        ScriptedPeer peer = InMemoryWebSocket.create()
                .clientSettings(s -> s.receiveWindow(0).closeTimeout(Duration.ofSeconds(1)))
                .scriptedServer();
        peer.toConnection().stallReads();
        peer.sendText("never read").verify();

        peer.connection().close().subscribe();

        peer.expectCloseUnanswered(1000).thenAwait(Duration.ofSeconds(1)).sendText("x");
        assertThatThrownBy(peer::verify).hasMessageContaining("nothing can be sent any more");
        assertThat(peer.connection()).isClosed().isNotClean();
    }

    // ---- time

    @Test
    void whatIsDelayedComesInVirtualTimeAndInOrder() {
        WebSocketPair pair = WebSocketPair.open();
        TestSubscriber<WebSocketMessage> received = receive(pair.server());

        pair.toServer().delay(Duration.ofSeconds(2));
        send(pair.client(), "a");
        pair.toServer().delay(Duration.ZERO);
        send(pair.client(), "b");

        pair.advanceTimeBy(Duration.ofMillis(1999));
        assertThat(received.getReceivedOnNext()).isEmpty();
        pair.advanceTimeBy(Duration.ofMillis(1));
        assertThat(received.getReceivedOnNext())
                .containsExactly(WebSocketMessage.text("a"), WebSocketMessage.text("b"));
    }

    // ---- demand

    @Test
    void demandDecidesWhetherAReceiveIsOutstanding() {
        WebSocketPair pair = InMemoryWebSocket.create()
                .serverSettings(s -> s.receiveWindow(0))
                .pair();
        assertThat(pair.toServer().outstandingReceives()).isZero();
        assertThat(pair.toServer().isReading()).isFalse();

        StepVerifier.create(pair.server().receiveMessages(), 0)
                .then(() -> assertThat(pair.toServer().outstandingReceives()).isZero())
                .thenRequest(1)
                .then(() -> assertThat(pair.toServer().outstandingReceives()).isEqualTo(1))
                .then(() -> assertThat(pair.toServer().isReading()).isTrue())
                .then(() -> pair.client()
                        .send(Flux.just("a", "b").map(WebSocketFrame::text))
                        .subscribe())
                .expectNext(WebSocketMessage.text("a"))
                .then(() -> assertThat(pair.toServer().outstandingReceives()).isZero())
                .thenRequest(1)
                .expectNext(WebSocketMessage.text("b"))
                .thenCancel()
                .verify();
    }

    @Test
    void aSourceIsAskedForAsMuchAsTheBuffersHold() {
        WebSocketPair pair = InMemoryWebSocket.create()
                .bufferSize(100)
                .serverSettings(s -> s.receiveWindow(0))
                .pair();
        DemandProbe<WebSocketFrame> probe =
                DemandProbe.of(Flux.range(1, 1000).map(i -> WebSocketFrame.binary(new byte[44])));

        pair.client().send(probe.flux()).subscribe();

        // Frames of 50 bytes: two under way, two waiting; the transport is not writable then.
        assertThat(probe).hasToString("4 requested, 4 emitted");
        assertThat(pair.toServer().bytesUnderWay()).isEqualTo(100);
        assertThat(pair.toServer().pendingBytes()).isEqualTo(100);
        assertThat(probe.outstanding()).isZero();
        assertThat(probe.wasSubscribed()).isTrue();
        assertThat(probe.hasEnded()).isFalse();

        pair.server().receive().subscribe();
        assertThat(probe.emitted()).isEqualTo(1000);
        assertThat(probe.hasEnded()).isTrue();
        assertThat(probe.wasCancelled()).isFalse();
    }

    @Test
    void aProbeShowsACancel() {
        WebSocketPair pair = WebSocketPair.open();
        DemandProbe<WebSocketFrame> probe = DemandProbe.of(Flux.never());
        CompletableFuture<Void> sent = pair.client().send(probe.flux()).toFuture();
        assertThat(probe.outstanding()).isEqualTo(1);

        pair.client().close().subscribe();

        assertThat(probe.wasCancelled()).isTrue();
        assertThat(sent).isCompletedExceptionally();
    }
}
