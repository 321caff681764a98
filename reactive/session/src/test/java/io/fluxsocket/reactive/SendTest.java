package io.fluxsocket.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.BufferType;
import io.fluxsocket.core.CloseStatus;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;
import reactor.util.context.Context;

class SendTest {
    private static TestSubscriber<Void> subscribe(Mono<Void> mono) {
        TestSubscriber<Void> s = TestSubscriber.create();
        mono.subscribe(s);
        return s;
    }

    @Test
    void aSourceIsNeverAskedForASecondFrameBeforeTheFirstWasTaken() {
        Conversation c = Conversation.asServer();
        AtomicLong asked = new AtomicLong();
        TestPublisher<WebSocketFrame> source = TestPublisher.create();
        c.connection.send(source.flux().doOnRequest(asked::addAndGet)).subscribe();
        assertThat(asked).hasValue(1);
        c.transport.writable = false;
        source.next(WebSocketFrame.text("a"));
        assertThat(asked).as("the frame was not taken").hasValue(1);
        c.transport.setWritable(true);
        assertThat(asked).hasValue(2);
        assertThat(c.got()).containsExactly("text a");
    }

    @Test
    void anUnwritableTransportStopsTheRequests() {
        Conversation c = Conversation.asServer();
        c.transport.setWritable(false);
        AtomicLong asked = new AtomicLong();
        c.connection
                .send(Flux.just(WebSocketFrame.text("a"), WebSocketFrame.text("b"))
                        .doOnRequest(asked::addAndGet))
                .subscribe();
        assertThat(asked).hasValue(0);
        assertThat(c.got()).isEmpty();
        c.transport.setWritable(true);
        assertThat(asked).hasValueGreaterThanOrEqualTo(2);
        assertThat(c.got()).containsExactly("text a", "text b");
    }

    /** One that is asked ahead emits in a loop of its own, so that the session is called, and does not call. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSourceThatAlwaysHasAFrameKeepsNobodyFromReading(boolean ahead) {
        Conversation c = Conversation.asServer();
        WebSocketFrame frame = WebSocketFrame.text("endless");
        Flux<WebSocketFrame> endless =
                Flux.<WebSocketFrame>generate(sink -> sink.next(frame)).take(100_000);
        TestSubscriber<Void> s = subscribe(c.connection.send(ahead ? endless.limitRate(64) : endless));
        for (String ping : List.of("one", "two")) {
            c.ping(ping);
            c.transport.runTask();
            assertThat(c.got()).contains("text endless", "pong " + ping).hasSizeLessThan(1000);
        }
        c.close(CloseStatus.NORMAL);
        c.transport.runTask();
        assertThat(c.got()).endsWith("close 1000");
        assertThat(s.isTerminatedError()).isTrue();
    }

    @Test
    void betweenTwoPartsOfALargeFrameTheTransportMayBecomeUnwritable() {
        for (boolean server : new boolean[] {true, false}) {
            Conversation c = server ? Conversation.asServer() : Conversation.asClient(SessionSettings.builder());
            c.transport.outputsTaken = 1;
            TestSubscriber<Void> s = subscribe(c.connection.send(Mono.just(WebSocketFrame.binary(new byte[1 << 20]))));
            c.ping("between");
            assertThat(c.transport.writable).isFalse();
            assertThat(c.got()).as("a part of a frame").isEmpty();
            c.transport.setWritable(true);
            c.transport.runTasks();
            assertThat(c.got()).containsExactly("binary 1048576", "pong between");
            assertThat(s.isTerminatedComplete()).isTrue();
        }
    }

    @Test
    void aSendCompletesWhenItsLastByteWasFlushed() {
        Conversation c = Conversation.asServer();
        c.transport.stuck = true;
        TestSubscriber<Void> s = subscribe(c.connection.send(Mono.just(WebSocketFrame.text("a"))));
        assertThat(s.isTerminated()).isFalse();
        assertThat(c.connection.queuedBytes()).isEqualTo(3);
        c.transport.unstick();
        assertThat(s.isTerminatedComplete()).isTrue();
    }

    @Test
    void aSendDoesNotCompleteByTheFlushOfAnEarlierOne() {
        Conversation c = Conversation.asServer();
        c.transport.stuck = true;
        TestSubscriber<Void> first = subscribe(c.connection.send(Mono.just(WebSocketFrame.text("a"))));
        TestSubscriber<Void> second = subscribe(c.connection.send(Mono.just(WebSocketFrame.text("b"))));
        c.transport.reportOldest();
        assertThat(first.isTerminatedComplete()).isTrue();
        assertThat(second.isTerminated()).isFalse();
        c.transport.reportOldest();
        assertThat(second.isTerminatedComplete()).isTrue();
    }

    @Test
    void anEmptySendCompletes() {
        StepVerifier.create(Conversation.asServer().connection.send(Flux.empty()))
                .verifyComplete();
    }

    /** Reactive Streams §2.3. */
    @Test
    void aSourceThatHasEndedIsNotCancelled() {
        for (boolean completes : new boolean[] {true, false}) {
            AtomicLong cancels = new AtomicLong();
            TestPublisher<WebSocketFrame> source =
                    TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
            TestSubscriber<Void> s = subscribe(
                    Conversation.asServer().connection.send(source.flux().doOnCancel(cancels::incrementAndGet)));
            source.next(WebSocketFrame.text("a", false));
            if (completes) {
                source.complete();
            } else {
                source.error(new IllegalStateException("mine"));
            }
            assertThat(s.isTerminatedError()).isTrue();
            assertThat(cancels).hasValue(0);
        }
    }

    @Test
    void nothingIsSentBeforeASubscription() {
        Conversation c = Conversation.asServer();
        Mono<Void> send = c.connection.send(Mono.just(WebSocketFrame.text("a")));
        assertThat(c.got()).isEmpty();
        send.subscribe();
        send.subscribe();
        assertThat(c.got()).containsExactly("text a", "text a");
    }

    @Test
    void aTurnLastsFromAFramesArrivalToTheEndOfItsMessage() {
        Conversation c = Conversation.asServer();
        TestPublisher<WebSocketFrame> a = TestPublisher.create();
        TestPublisher<WebSocketFrame> b = TestPublisher.create();
        TestPublisher<WebSocketFrame> idle = TestPublisher.create();
        c.connection.send(idle).subscribe();
        c.connection.send(a).subscribe();
        c.connection.send(b).subscribe();
        a.next(WebSocketFrame.text("a1", false));
        b.next(WebSocketFrame.text("b1", false));
        a.next(WebSocketFrame.text("a2", false));
        idle.next(WebSocketFrame.ping());
        a.next(WebSocketFrame.text("a3", true));
        b.next(WebSocketFrame.text("b2", true));
        a.next(WebSocketFrame.text("a4"));
        assertThat(c.got())
                .containsExactly("text… a1", "text… a2", "ping", "text a3", "text… b1", "text b2", "text a4");
    }

    @Test
    void turnsAreTakenInTheOrderOfArrival() {
        Conversation c = Conversation.asServer();
        List<TestPublisher<WebSocketFrame>> sources = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            TestPublisher<WebSocketFrame> p = TestPublisher.create();
            sources.add(p);
            c.connection.send(p).subscribe();
        }
        sources.get(4).next(WebSocketFrame.text("4", false));
        for (int i : new int[] {2, 0, 3, 1}) {
            sources.get(i).next(WebSocketFrame.text("" + i));
        }
        sources.get(4).next(WebSocketFrame.text(".", true));
        assertThat(c.got()).containsExactly("text… 4", "text .", "text 2", "text 0", "text 3", "text 1");
    }

    @Test
    void pendingSendsAreBounded() {
        Conversation c = Conversation.asServer(SessionSettings.builder().maxPendingSends(2));
        var first = c.connection.send(Flux.never()).subscribe();
        c.connection.send(Flux.never()).subscribe();
        StepVerifier.create(c.connection.send(Flux.never())).verifyErrorMatches(Exceptions::isOverflow);
        first.dispose();
        StepVerifier.create(c.connection.send(Flux.empty())).verifyComplete();
    }

    @Test
    void aSendThatIsCancelledInMidMessageClosesWith1011() {
        Conversation c = Conversation.asServer();
        TestPublisher<WebSocketFrame> source = TestPublisher.create();
        var send = c.connection.send(source).subscribe();
        source.next(WebSocketFrame.text("a", false));
        send.dispose();
        source.assertCancelled();
        assertThat(c.got()).containsExactly("text… a", "close 1011");
    }

    @Test
    void aSendThatFailsInMidMessageClosesWith1011() {
        Conversation c = Conversation.asServer();
        TestPublisher<WebSocketFrame> source = TestPublisher.create();
        TestSubscriber<Void> s = subscribe(c.connection.send(source));
        source.next(WebSocketFrame.text("a", false)).error(new IllegalStateException("mine"));
        assertThat(s.expectTerminalError()).hasMessage("mine");
        assertThat(c.got()).containsExactly("text… a", "close 1011");
    }

    @Test
    void aSendThatCompletesInMidMessageErrorsAndClosesWith1011() {
        Conversation c = Conversation.asServer();
        TestSubscriber<Void> s = subscribe(c.connection.send(Mono.just(WebSocketFrame.text("a", false))));
        assertThat(s.expectTerminalError()).isInstanceOf(IllegalStateException.class);
        assertThat(c.got()).containsExactly("text… a", "close 1011");
    }

    @Test
    void betweenMessagesAFailureOrCancelLeavesTheConnectionOpen() {
        Conversation c = Conversation.asServer();
        TestPublisher<WebSocketFrame> source = TestPublisher.create();
        TestSubscriber<Void> s = subscribe(c.connection.send(source));
        source.next(WebSocketFrame.text("a")).error(new IllegalStateException("mine"));
        assertThat(s.expectTerminalError()).hasMessage("mine");
        c.connection.send(Flux.never()).subscribe().dispose();
        subscribe(c.connection.send(Mono.just(WebSocketFrame.text("b"))));
        assertThat(c.got()).containsExactly("text a", "text b");
    }

    @Test
    void textWithinABinaryMessageFailsItsSendAndClosesWith1011() {
        Conversation c = Conversation.asServer();
        TestSubscriber<Void> s = subscribe(
                c.connection.send(Flux.just(WebSocketFrame.binary(new byte[1], false), WebSocketFrame.text("x"))));
        assertThat(s.expectTerminalError()).isInstanceOf(IllegalStateException.class);
        assertThat(c.got()).containsExactly("binary… 1", "close 1011");
    }

    @Test
    void aCloseFrameOfASourceEqualsClose() {
        Conversation c = Conversation.asServer();
        TestPublisher<WebSocketFrame> source = TestPublisher.create();
        TestSubscriber<Void> s = subscribe(c.connection.send(source));
        source.next(WebSocketFrame.text("a"));
        source.next(WebSocketFrame.close(CloseStatus.of(4000, "bye")));
        source.assertCancelled();
        assertThat(s.isTerminatedComplete()).isTrue();
        assertThat(c.got()).containsExactly("text a", "close 4000 bye");
        c.transport.peerEnds();
        assertThat(c.closed()).isEqualTo(new CloseEvent(CloseStatus.of(4000, "bye"), CloseEvent.Initiator.LOCAL, true));
    }

    @Test
    void theContextOfTheSubscriberReachesTheSource() {
        Conversation c = Conversation.asServer();
        c.connection
                .send(Mono.deferContextual(view -> Mono.just(WebSocketFrame.text(view.get("key")))))
                .contextWrite(Context.of("key", "value"))
                .subscribe();
        assertThat(c.got()).containsExactly("text value");
    }

    @Test
    void aFrameThatWasNotTakenReachesTheDiscardHook() {
        Conversation c = Conversation.asServer();
        List<Object> discarded = new ArrayList<>();
        TestPublisher<WebSocketFrame> holder = TestPublisher.create();
        TestPublisher<WebSocketFrame> waiting = TestPublisher.create();
        c.connection.send(holder).subscribe();
        holder.next(WebSocketFrame.text("a", false));
        var send = c.connection
                .send(waiting)
                .doOnDiscard(WebSocketFrame.class, discarded::add)
                .subscribe();
        waiting.next(WebSocketFrame.text("dropped"));
        assertThat(c.connection.queuedBytes()).isEqualTo(7);
        send.dispose();
        assertThat(discarded).containsExactly(WebSocketFrame.text("dropped"));
        assertThat(c.connection.queuedBytes()).isZero();
        holder.next(WebSocketFrame.text("b", true));
        assertThat(c.got()).containsExactly("text… a", "text b");
    }

    @Test
    void aSourceThatEmitsUnaskedFailsItsSend() {
        Conversation c = Conversation.asServer();
        TestPublisher<WebSocketFrame> source =
                TestPublisher.createNoncompliant(TestPublisher.Violation.REQUEST_OVERFLOW);
        TestSubscriber<Void> s = subscribe(c.connection.send(source));
        c.transport.writable = false;
        source.next(WebSocketFrame.text("a"));
        source.next(WebSocketFrame.text("b"));
        assertThat(s.expectTerminalError()).matches(Exceptions::isOverflow);
    }

    @Test
    void anEchoMovesByDemandAlone() {
        Conversation c = Conversation.asServer(Conversation.lockStep());
        c.connection.send(c.connection.receive()).subscribe();
        c.transport.setWritable(false);
        for (int i = 0; i < 3; i++) {
            c.transport.arrive(c.wire(BufferType.UTF8_MESSAGE, ("" + i).getBytes()));
        }
        assertThat(c.transport.reads)
                .as("one frame was asked for and is not taken")
                .isEqualTo(1);
        assertThat(c.engine.pendingReceives()).isZero();
        c.transport.setWritable(true);
        assertThat(c.got()).containsExactly("text 0", "text 1", "text 2");
    }

    @Test
    void aBurstIsFlushedOnce() {
        Conversation c = Conversation.asServer();
        c.connection.send(c.connection.receive()).subscribe();
        ByteBuffer wire = ByteBuffer.allocate(10_000);
        for (int i = 0; i < 50; i++) {
            wire.put(c.wire(BufferType.UTF8_MESSAGE, "hello".getBytes()));
        }
        int before = c.transport.flushes;
        c.transport.arrive(java.util.Arrays.copyOf(wire.array(), wire.position()));
        assertThat(c.transport.flushes).isEqualTo(before + 1);
        assertThat(c.got()).hasSize(50);
    }

    @Test
    void whatSeveralReadsThatAreServedAtOnceCauseIsFlushedOnce() {
        Conversation c = Conversation.asServer(Conversation.lockStep());
        for (int i = 0; i < 5; i++) {
            c.transport.arrive(c.wire(BufferType.UTF8_MESSAGE, "hello".getBytes()));
        }
        c.connection.send(c.connection.receive()).subscribe();
        assertThat(c.transport.reads).isEqualTo(6);
        assertThat(c.transport.flushes).isEqualTo(1);
        assertThat(c.got()).hasSize(5);
    }

    @Test
    void aDrainYieldsAfter128Frames() {
        Conversation c = Conversation.asServer();
        c.connection.send(c.connection.receive()).subscribe();
        ByteBuffer wire = ByteBuffer.allocate(100_000);
        for (int i = 0; i < 300; i++) {
            wire.put(c.wire(BufferType.UTF8_MESSAGE, "x".getBytes()));
        }
        c.transport.arrive(java.util.Arrays.copyOf(wire.array(), wire.position()));
        assertThat(c.got()).hasSizeBetween(127, 129);
        c.transport.runTasks();
        assertThat(c.got()).hasSizeBetween(171, 173);
    }

    @Test
    void aPongThatCannotBeWrittenWaitsAndDoesNotStopReceiving() {
        Conversation c = Conversation.asServer();
        c.transport.setWritable(false);
        TestSubscriber<WebSocketFrame> s = TestSubscriber.create();
        c.connection.receive().subscribe(s);
        c.ping("a");
        c.text("t");
        c.ping("b");
        assertThat(s.getReceivedOnNext()).hasSize(1);
        assertThat(c.got()).isEmpty();
        c.transport.setWritable(true);
        assertThat(c.got()).containsExactly("pong a", "pong b");
    }

    /** A line that is looked through for each sender would take minutes for so many. */
    @Test
    void veryManyPendingSendsEndInTheTimeThatEachTakes() {
        int sends = 1 << 19;
        Conversation c = Conversation.asServer(SessionSettings.builder().maxPendingSends(sends));
        c.transport.setWritable(false);
        AtomicLong ended = new AtomicLong();
        for (int i = 0; i < sends; i++) {
            c.connection.send(Flux.never()).subscribe(null, error -> ended.incrementAndGet());
        }

        c.transport.end(null);

        assertThat(ended).hasValue(sends);
    }
}
