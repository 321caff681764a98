package io.fluxsocket.reactive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxsocket.core.BufferType;
import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.core.WebSocketProtocolException;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

/** Each row of the table in {@link WebSocketConnection}, as a server and as a client. */
class LifecycleTest {
    private static final Duration CLOSE_TIMEOUT = SessionSettings.DEFAULT.closeTimeout();

    private static Conversation conversation(boolean server, SessionSettings.Builder settings) {
        return server ? Conversation.asServer(settings) : Conversation.asClient(settings);
    }

    private static Conversation conversation(boolean server) {
        return conversation(server, SessionSettings.builder());
    }

    private static <T> TestSubscriber<T> subscribe(org.reactivestreams.Publisher<T> publisher) {
        TestSubscriber<T> s = TestSubscriber.create();
        publisher.subscribe(s);
        return s;
    }

    private static CloseEvent local(CloseStatus status, boolean clean) {
        return new CloseEvent(status, Initiator.LOCAL, clean);
    }

    private static void assertClosedException(Throwable t, Initiator initiator, int code) {
        assertThat(t).isInstanceOf(WebSocketClosedException.class);
        CloseEvent event = ((WebSocketClosedException) t).event();
        assertThat(event.initiator()).isEqualTo(initiator);
        assertThat(event.status().code()).isEqualTo(code);
    }

    /** After both closes the server ends the stream; the client waits for that. */
    private static void endsTheStreamInTurn(Conversation c, boolean server) {
        assertThat(c.transport.outputShutdown).isEqualTo(server);
        assertThat(c.transport.aborted).isFalse();
        assertThat(c.closed()).isNull();
        c.transport.arrive(new byte[] {1, 2, 3});
        c.transport.peerEnds();
        assertThat(c.closed()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thePeerCloses(boolean server) {
        Conversation c = conversation(server);
        TestSubscriber<WebSocketFrame> receive = subscribe(c.connection.receive());
        TestSubscriber<Void> send = subscribe(c.connection.send(Flux.never()));
        c.text("last");
        c.close(CloseStatus.of(4001, "enough"));
        assertThat(receive.getReceivedOnNext()).containsExactly(WebSocketFrame.text("last"));
        assertThat(receive.isTerminatedComplete()).isTrue();
        assertClosedException(send.expectTerminalError(), Initiator.REMOTE, 4001);
        assertThat(c.got()).containsExactly("close 4001 enough");
        endsTheStreamInTurn(c, server);
        assertThat(c.closed()).isEqualTo(new CloseEvent(CloseStatus.of(4001, "enough"), Initiator.REMOTE, true));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPeerThatClosesAndGoesAtOnceIsHeard(boolean server) {
        Conversation c = conversation(server);
        c.transport.setWritable(false);
        c.close(CloseStatus.NORMAL);
        c.transport.end(null);
        assertThat(c.closed()).isEqualTo(new CloseEvent(CloseStatus.NORMAL, Initiator.REMOTE, false));
        StepVerifier.create(c.connection.receive()).verifyComplete();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theFrameOnTheWireIsFinishedBeforeTheEcho(boolean server) {
        Conversation c = conversation(server);
        TestPublisher<WebSocketFrame> source = TestPublisher.create();
        TestSubscriber<Void> send = subscribe(c.connection.send(source));
        c.transport.outputsTaken = 1;
        source.next(WebSocketFrame.binary(new byte[1 << 20]));
        c.transport.arrive(closeOfPeer(c));
        assertThat(c.got()).as("a part of a frame").isEmpty();
        assertThat(send.isTerminated()).isFalse();
        c.transport.setWritable(true);
        c.transport.runTasks();
        assertThat(c.got()).containsExactly("binary 1048576", "close 1000");
        assertClosedException(send.expectTerminalError(), Initiator.REMOTE, 1000);
    }

    private static byte[] closeOfPeer(Conversation c) {
        return c.wire(BufferType.CLOSE, new byte[] {3, (byte) 0xE8});
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEchoCompletesWhenThePeerCloses(boolean server) {
        Conversation c = conversation(server);
        TestSubscriber<Void> send = subscribe(c.connection.send(c.connection.receive()));
        c.text("a");
        c.close(CloseStatus.NORMAL);
        assertThat(send.isTerminatedComplete()).isTrue();
        assertThat(c.got()).containsExactly("text a", "close 1000");
    }

    /** It is the peer who has broken the message off, so the echo is told of the close, and not of a fault of its own. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anEchoOfAMessageThatThePeersCloseCutsIsToldOfTheClose(boolean server) {
        Conversation c = conversation(server);
        TestSubscriber<Void> send = subscribe(c.connection.send(c.connection.receive()));
        c.textFragment("a");
        c.close(CloseStatus.NORMAL);
        assertClosedException(send.expectTerminalError(), Initiator.REMOTE, 1000);
        assertThat(c.got()).containsExactly("text… a", "close 1000");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thisEndCloses(boolean server) {
        Conversation c = conversation(server);
        TestSubscriber<WebSocketFrame> receive = subscribe(c.connection.receive());
        TestSubscriber<Void> send = subscribe(c.connection.send(Flux.never()));
        Mono<Void> close = c.connection.close(CloseStatus.of(1000, "done"));
        assertThat(c.got()).as("lazy").isEmpty();
        TestSubscriber<Void> closing = subscribe(close);
        assertClosedException(send.expectTerminalError(), Initiator.LOCAL, 1000);
        c.text("still under way");
        c.answersClose = false;
        assertThat(c.got()).containsExactly("close 1000 done");
        assertThat(receive.getReceivedOnNext()).hasSize(1);
        assertThat(c.transport.outputShutdown).isFalse();
        c.answerClose();
        assertThat(receive.isTerminatedComplete()).isTrue();
        assertThat(closing.isTerminated()).isFalse();
        endsTheStreamInTurn(c, server);
        assertThat(c.closed()).isEqualTo(local(CloseStatus.of(1000, "done"), true));
        assertThat(closing.isTerminatedComplete()).isTrue();
        StepVerifier.create(c.connection.close()).verifyComplete();
        StepVerifier.create(c.connection.closed()).expectNextCount(1).verifyComplete();
    }

    @Test
    void closeIsIdempotentAndCancellingItChangesNothing() {
        Conversation c = Conversation.asServer();
        c.connection.close(CloseStatus.NORMAL).subscribe().dispose();
        c.connection.close(CloseStatus.GOING_AWAY).subscribe();
        assertThat(c.got()).containsExactly("close 1000");
        c.transport.peerEnds();
        assertThat(c.closed()).isEqualTo(local(CloseStatus.NORMAL, true));
    }

    @Test
    void closeRefuses1006() {
        Conversation c = Conversation.asServer();
        assertThatThrownBy(() -> c.connection.close(CloseStatus.ABNORMAL)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closingFinishesTheMessageInProgressAndFramesThatHaveArrived(boolean server) {
        Conversation c = conversation(server);
        TestPublisher<WebSocketFrame> source = TestPublisher.create();
        TestPublisher<WebSocketFrame> other = TestPublisher.create();
        TestPublisher<WebSocketFrame> third = TestPublisher.create();
        TestSubscriber<Void> first = subscribe(c.connection.send(source));
        c.connection.send(other).subscribe(null, t -> {});
        TestSubscriber<Void> begun = subscribe(c.connection.send(third));
        source.next(WebSocketFrame.text("a", false));
        other.next(WebSocketFrame.text("whole"));
        third.next(WebSocketFrame.text("part", false));
        c.connection.close().subscribe();
        assertThat(c.got()).containsExactly("text… a");
        assertClosedException(begun.expectTerminalError(), Initiator.LOCAL, 1000);
        source.next(WebSocketFrame.text("b", true)).complete();
        assertThat(c.got()).containsExactly("text b", "text whole", "close 1000");
        assertClosedException(first.expectTerminalError(), Initiator.LOCAL, 1000);
    }

    @Test
    void aMessageThatIsNotFinishedInTimeIsLeftUnfinished() {
        Conversation c = Conversation.asServer();
        TestPublisher<WebSocketFrame> source = TestPublisher.create();
        TestSubscriber<Void> send = subscribe(c.connection.send(source));
        source.next(WebSocketFrame.text("a", false));
        c.connection.close().subscribe();
        c.pass(CLOSE_TIMEOUT.minusMillis(1));
        assertThat(send.isTerminated()).isFalse();
        c.pass(Duration.ofMillis(1));
        assertThat(c.got()).containsExactly("text… a", "close 1000");
        assertClosedException(send.expectTerminalError(), Initiator.LOCAL, 1000);
        c.transport.peerEnds();
        assertThat(c.closed()).isEqualTo(local(CloseStatus.NORMAL, true));
    }

    @Test
    void theAnswerToACloseThatWaitedForAMessageHasTheWholeCloseTimeout() {
        Conversation c = Conversation.asServer();
        TestPublisher<WebSocketFrame> source = TestPublisher.create();
        c.connection.send(source).subscribe(null, t -> {});
        source.next(WebSocketFrame.text("a", false));
        c.connection.close().subscribe();
        c.pass(CLOSE_TIMEOUT);
        c.pass(CLOSE_TIMEOUT.minusMillis(1));
        assertThat(c.transport.aborted).isFalse();
        c.pass(Duration.ofMillis(1));
        assertThat(c.transport.aborted).isTrue();
        assertThat(c.closed()).isEqualTo(local(CloseStatus.NORMAL, false));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPeerThatDoesNotAnswerIsCutOffAfterTheCloseTimeout(boolean server) {
        Conversation c = conversation(server);
        TestSubscriber<WebSocketFrame> receive = subscribe(c.connection.receive());
        c.connection.close().subscribe();
        c.pass(CLOSE_TIMEOUT.minusMillis(1));
        assertThat(c.transport.aborted).isFalse();
        c.pass(Duration.ofMillis(1));
        assertThat(c.transport.aborted).isTrue();
        assertThat(c.closed()).isEqualTo(local(CloseStatus.NORMAL, false));
        assertThat(receive.isTerminatedComplete()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPeerThatDoesNotEndTheStreamIsCutOffAndTheCloseIsClean(boolean server) {
        Conversation c = conversation(server);
        c.connection.close().subscribe();
        assertThat(c.got()).containsExactly("close 1000");
        c.pass(CLOSE_TIMEOUT);
        assertThat(c.transport.aborted).isTrue();
        assertThat(c.closed()).isEqualTo(local(CloseStatus.NORMAL, true));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPeerThatReadsNothingIsCutOffAfterTheCloseTimeout(boolean server) {
        Conversation c = conversation(server);
        c.transport.setWritable(false);
        c.connection.close().subscribe();
        c.pass(CLOSE_TIMEOUT);
        assertThat(c.got()).isEmpty();
        assertThat(c.closed()).isEqualTo(local(CloseStatus.NORMAL, false));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLocalCloseIsDrainedWhetherOrNotSomebodyConsumes(boolean server) {
        Conversation c = conversation(server, Conversation.lockStep());
        c.connection.close().subscribe();
        for (int i = 0; i < 100; i++) {
            c.send(BufferType.BINARY_MESSAGE, new byte[100]);
        }
        assertThat(c.got()).containsExactly("close 1000");
        c.transport.peerEnds();
        assertThat(c.closed()).isEqualTo(local(CloseStatus.NORMAL, true));
    }

    @Test
    void whatFindsNoRoomWhileALocalCloseIsDrainedIsDroppedWithAllThatFollows() {
        Conversation c = Conversation.asServer(SessionSettings.builder().receiveWindow(500));
        c.connection.close().subscribe();
        for (int i = 0; i < 5; i++) {
            c.send(BufferType.BINARY_MESSAGE, new byte[200]);
        }
        c.text("after the gap");
        assertThat(c.got()).containsExactly("close 1000");
        StepVerifier.create(c.connection.receive())
                .expectNext(WebSocketFrame.binary(new byte[200]), WebSocketFrame.binary(new byte[200]))
                .verifyComplete();
    }

    @Test
    void sendsThatWaitForTheirTurnLearnThatThePeerHasClosed() {
        Conversation c = Conversation.asServer();
        TestPublisher<WebSocketFrame> holder = TestPublisher.create();
        TestPublisher<WebSocketFrame> waiting = TestPublisher.create();
        TestSubscriber<Void> first = subscribe(c.connection.send(holder));
        TestSubscriber<Void> second = subscribe(c.connection.send(waiting));
        holder.next(WebSocketFrame.text("a", false));
        waiting.next(WebSocketFrame.text("b"));
        c.close(CloseStatus.NORMAL);
        assertClosedException(first.expectTerminalError(), Initiator.REMOTE, 1000);
        assertClosedException(second.expectTerminalError(), Initiator.REMOTE, 1000);
        assertThat(c.connection.queuedBytes()).isZero();
    }

    @Test
    void withoutASchedulerACloseIsNotWaitedFor() {
        Conversation c = Conversation.asServer();
        c.time.dispose();
        c.connection.close().subscribe();
        assertThat(c.transport.aborted).isTrue();
        assertThat(c.closed()).isEqualTo(local(CloseStatus.NORMAL, false));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thePeerBreaksTheProtocol(boolean server) {
        Conversation c = conversation(server);
        TestSubscriber<Void> send = subscribe(c.connection.send(Flux.never()));
        c.text("good");
        c.transport.arrive(new byte[] {(byte) 0xF1, 0});
        assertThat(c.got()).containsExactly("close 1002");
        StepVerifier.create(c.connection.receive())
                .expectNext(WebSocketFrame.text("good"))
                .verifyErrorMatches(t -> t instanceof WebSocketProtocolException);
        assertClosedException(send.expectTerminalError(), Initiator.LOCAL, 1002);
        assertThat(c.transport.outputShutdown).isTrue();
        c.transport.arrive(new byte[1000]);
        c.transport.peerEnds();
        assertThat(c.closed()).isEqualTo(local(CloseStatus.PROTOCOL_ERROR, false));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theCloseAfterAProtocolErrorWaitsUntilTheTransportIsWritable(boolean server) {
        Conversation c = conversation(server);
        c.transport.setWritable(false);
        c.ping("p");
        c.transport.arrive(new byte[] {(byte) 0xF1, 0});
        assertThat(c.got()).isEmpty();
        assertThat(c.transport.outputShutdown).isFalse();
        c.transport.setWritable(true);
        assertThat(c.got()).containsExactly("pong p", "close 1002");
        assertThat(c.transport.outputShutdown).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void afterAProtocolErrorTheStreamIsCutOffAfterTheCloseTimeout(boolean server) {
        Conversation c = conversation(server);
        c.transport.arrive(new byte[] {(byte) 0xF1, 0});
        c.pass(CLOSE_TIMEOUT);
        assertThat(c.transport.aborted).isTrue();
        assertThat(c.closed()).isEqualTo(local(CloseStatus.PROTOCOL_ERROR, false));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aProtocolErrorWhileThisEndClosesEndsIt(boolean server) {
        Conversation c = conversation(server);
        TestSubscriber<WebSocketFrame> receive = subscribe(c.connection.receive());
        c.connection.close().subscribe();
        c.transport.arrive(new byte[] {(byte) 0xF1, 0});
        assertThat(receive.isTerminatedComplete()).isTrue();
        assertThat(c.transport.outputShutdown).isTrue();
        c.transport.peerEnds();
        assertThat(c.closed()).isEqualTo(local(CloseStatus.NORMAL, false));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theConnectionIsLost(boolean server) {
        Conversation c = conversation(server);
        c.text("before");
        TestSubscriber<Void> send = subscribe(c.connection.send(Flux.never()));
        TestSubscriber<Duration> ping = subscribe(c.connection.ping());
        IOException reset = new IOException("connection reset");
        c.transport.end(reset);
        assertThat(c.closed()).isEqualTo(new CloseEvent(CloseStatus.ABNORMAL, Initiator.NONE, false));
        assertClosedException(send.expectTerminalError(), Initiator.NONE, 1006);
        assertClosedException(ping.expectTerminalError(), Initiator.NONE, 1006);
        StepVerifier.create(c.connection.receive())
                .expectNext(WebSocketFrame.text("before"))
                .verifyErrorSatisfies(t -> {
                    assertClosedException(t, Initiator.NONE, 1006);
                    assertThat(t).hasCause(reset);
                });
        StepVerifier.create(c.connection.send(Flux.never())).verifyError(WebSocketClosedException.class);
        StepVerifier.create(c.connection.ping()).verifyError(WebSocketClosedException.class);
        StepVerifier.create(c.connection.close()).verifyComplete();
    }

    @Test
    void whatWasReadBeforeTheStreamEndedIsNotLost() {
        Conversation c = Conversation.asServer(Conversation.lockStep());
        TestSubscriber<WebSocketFrame> s =
                TestSubscriber.builder().initialRequest(1).build();
        c.connection.receive().subscribe(s);
        byte[] two = new byte[200];
        byte[] a = c.wire(BufferType.UTF8_MESSAGE, "a".getBytes());
        byte[] b = c.wire(BufferType.UTF8_MESSAGE, "b".getBytes());
        byte[] close = closeOfPeer(c);
        System.arraycopy(a, 0, two, 0, a.length);
        System.arraycopy(b, 0, two, a.length, b.length);
        System.arraycopy(close, 0, two, a.length + b.length, close.length);
        c.transport.arrive(java.util.Arrays.copyOf(two, a.length + b.length + close.length));
        c.transport.end(null);
        assertThat(s.getReceivedOnNext()).hasSize(1);
        assertThat(c.closed()).isEqualTo(new CloseEvent(CloseStatus.NORMAL, Initiator.REMOTE, false));
        s.request(1);
        assertThat(s.getReceivedOnNext()).containsExactly(WebSocketFrame.text("a"), WebSocketFrame.text("b"));
        assertThat(s.isTerminatedComplete()).isTrue();
    }

    @Test
    void aTransportThatBreaksWhenItsOutputIsAskedForIsALostConnection() {
        Conversation c = Conversation.asServer();
        c.transport.closesOnOutput = true;
        TestSubscriber<WebSocketFrame> receive = subscribe(c.connection.receive());
        TestSubscriber<Void> send = subscribe(c.connection.send(Flux.just(WebSocketFrame.text("a"))));
        assertClosedException(send.expectTerminalError(), Initiator.NONE, 1006);
        assertClosedException(receive.expectTerminalError(), Initiator.NONE, 1006);
        assertThat(c.got()).isEmpty();
    }

    @Test
    void aTransportThatBreaksWithinAFlushIsALostConnection() {
        Conversation c = Conversation.asServer();
        c.transport.closesOnFlush = true;
        TestSubscriber<WebSocketFrame> receive = subscribe(c.connection.receive());
        TestSubscriber<Void> send =
                subscribe(c.connection.send(Flux.just(WebSocketFrame.text("a"), WebSocketFrame.text("b"))));
        assertClosedException(send.expectTerminalError(), Initiator.NONE, 1006);
        assertClosedException(receive.expectTerminalError(), Initiator.NONE, 1006);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theTransportIsShutDown(boolean server) {
        Conversation c = conversation(server);
        TestSubscriber<WebSocketFrame> receive = subscribe(c.connection.receive());
        c.transport.shutdown();
        assertThat(c.got()).containsExactly("close 1001");
        assertThat(receive.isTerminatedComplete()).isTrue();
        endsTheStreamInTurn(c, server);
        assertThat(c.closed()).isEqualTo(local(CloseStatus.GOING_AWAY, true));
    }

    @Test
    void whoeverSendsAfterACloseLearnsOfIt() {
        Conversation c = Conversation.asServer();
        c.connection.close().subscribe();
        StepVerifier.create(c.connection.send(Mono.just(WebSocketFrame.text("late"))))
                .verifyErrorSatisfies(t -> assertClosedException(t, Initiator.LOCAL, 1000));
        assertThat(c.got()).containsExactly("close 1000");
    }

    @Test
    void closesThatCrossAreClean() {
        Conversation c = Conversation.asServer();
        c.transport.setWritable(false);
        c.connection.close(CloseStatus.NORMAL).subscribe();
        c.close(CloseStatus.GOING_AWAY);
        c.transport.setWritable(true);
        assertThat(c.got()).containsExactly("close 1000");
        c.transport.peerEnds();
        assertThat(c.closed()).isEqualTo(local(CloseStatus.NORMAL, true));
    }

    @Test
    void closingWithinOnNextEmitsNothingBeforeItReturns() {
        Conversation c = Conversation.asServer();
        c.text("a");
        c.text("b");
        List<String> log = new ArrayList<>();
        c.connection
                .receive()
                .doOnNext(frame -> {
                    log.add("in " + frame.text());
                    c.connection.close().subscribe();
                    c.connection.ping().subscribe(d -> {}, t -> log.add("ping failed"));
                    log.add("out " + frame.text());
                })
                .subscribe();
        assertThat(log).containsExactly("in a", "ping failed", "out a", "in b", "ping failed", "out b");
        assertThat(c.got()).containsExactly("close 1000");
    }

    @Test
    void aSubscriberThatThrowsEndsTheConnectionWith1011() {
        Conversation c = Conversation.asServer();
        c.connection.receive().subscribe(new reactor.core.CoreSubscriber<>() {
            @Override
            public void onSubscribe(org.reactivestreams.Subscription s) {
                s.request(10);
            }

            @Override
            public void onNext(WebSocketFrame frame) {
                throw new IllegalStateException("mine");
            }

            @Override
            public void onError(Throwable t) {}

            @Override
            public void onComplete() {}
        });
        c.text("a");
        assertThat(c.got()).containsExactly("close 1011");
    }
}
