package io.fluxsocket.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.BufferType;
import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

/** What other threads ask for is done on the loop. */
class ThreadsTest {
    @Test
    void manyRequestsOfAnotherThreadScheduleOneDrain() {
        Conversation c = Conversation.asServer(Conversation.lockStep());
        TestSubscriber<WebSocketFrame> s =
                TestSubscriber.builder().initialRequest(0).build();
        c.connection.receive().subscribe(s);
        for (int i = 0; i < 10; i++) {
            c.transport.arrive(c.wire(BufferType.UTF8_MESSAGE, new byte[] {'x'}));
        }
        int before = c.transport.scheduled;
        c.transport.offLoop(() -> {
            s.request(1);
            s.request(1);
            s.request(1);
        });
        assertThat(c.transport.scheduled).isEqualTo(before + 1);
        assertThat(s.getReceivedOnNext()).isEmpty();
        c.transport.runTasks();
        assertThat(s.getReceivedOnNext()).hasSize(3);
        assertThat(c.transport.reads).isEqualTo(3);
    }

    @Test
    void onTheLoopNothingIsScheduled() {
        Conversation c = Conversation.asServer();
        c.connection.send(c.connection.receive()).subscribe();
        for (int i = 0; i < 10; i++) {
            c.text("x");
        }
        assertThat(c.got()).hasSize(10);
        assertThat(c.transport.scheduled).isZero();
    }

    @Test
    void subscribeSendPingAndCloseWorkFromAnotherThread() {
        Conversation c = Conversation.asServer();
        TestSubscriber<WebSocketFrame> receive = TestSubscriber.create();
        TestPublisher<WebSocketFrame> source = TestPublisher.create();
        TestSubscriber<Void> send = TestSubscriber.create();
        c.transport.offLoop(() -> {
            c.connection.receive().subscribe(receive);
            c.connection.send(source).subscribe(send);
            c.connection.ping().subscribe();
        });
        assertThat(c.got()).isEmpty();
        c.transport.runTasks();
        c.transport.offLoop(() -> source.next(WebSocketFrame.text("a")).complete());
        c.transport.runTasks();
        assertThat(c.got()).containsExactly("ping", "text a");
        assertThat(send.isTerminatedComplete()).isTrue();
        c.text("b");
        assertThat(receive.getReceivedOnNext()).hasSize(1);
        c.transport.offLoop(() -> c.connection.close().subscribe());
        c.transport.runTasks();
        assertThat(c.got()).containsExactly("close 1000");
        assertThat(receive.isTerminatedComplete()).isTrue();
    }

    @Test
    void whatAThreadAsksForHappensInItsOrder() {
        Conversation c = Conversation.asServer();
        c.transport.offLoop(() -> {
            c.connection.send(Mono.just(WebSocketFrame.text("a"))).subscribe();
            c.connection.send(Mono.just(WebSocketFrame.text("b"))).subscribe();
            c.connection.close().subscribe();
        });
        c.transport.runTasks();
        assertThat(c.got()).containsExactly("text a", "text b", "close 1000");
    }

    @Test
    void aSignalOnTheLoopDoesNotOvertakeAFrameOfAnotherThread() {
        Conversation c = Conversation.asServer();
        TestPublisher<WebSocketFrame> source = TestPublisher.create();
        TestSubscriber<Void> send = TestSubscriber.create();
        c.connection.send(source).subscribe(send);
        c.transport.offLoop(() -> source.next(WebSocketFrame.text("a")));
        source.complete();
        c.transport.runTasks();
        assertThat(c.got()).containsExactly("text a");
        assertThat(send.isTerminatedComplete()).isTrue();
    }

    @Test
    void aSubscriberThatComesTooLateFromAnotherThreadGetsTheEnd() {
        Conversation c = Conversation.asServer();
        c.text("a");
        c.transport.end(null);
        TestSubscriber<WebSocketFrame> s = TestSubscriber.create();
        c.transport.offLoop(() -> c.connection.receive().subscribe(s));
        c.transport.runTasks();
        assertThat(s.getReceivedOnNext()).hasSize(1);
        assertThat(s.expectTerminalError()).isInstanceOf(WebSocketClosedException.class);
    }

    @Test
    void aCancelFromAnotherThreadFreesThePlaceAtOnce() {
        Conversation c = Conversation.asServer();
        TestSubscriber<WebSocketFrame> second = TestSubscriber.create();
        var first = c.connection.receive().subscribe();
        c.transport.offLoop(() -> {
            first.dispose();
            c.connection.receive().subscribe(second);
        });
        c.transport.runTasks();
        c.text("a");
        assertThat(second.getReceivedOnNext()).hasSize(1);
    }

    @Test
    void aLoopThatHasEndedIsALostConnection() {
        Conversation c = Conversation.asServer();
        TestSubscriber<WebSocketFrame> receive = TestSubscriber.create();
        TestSubscriber<Void> send = TestSubscriber.create();
        c.connection.receive().subscribe(receive);
        c.connection.send(Flux.never()).subscribe(send);
        c.transport.rejects = true;
        c.transport.offLoop(() -> {
            TestSubscriber<Void> late = TestSubscriber.create();
            c.connection.send(Flux.never()).subscribe(late);
            assertThat(late.expectTerminalError()).isInstanceOf(WebSocketClosedException.class);
        });
        assertThat(receive.expectTerminalError()).hasCauseInstanceOf(RejectedExecutionException.class);
        assertThat(send.expectTerminalError()).isInstanceOf(WebSocketClosedException.class);
        assertThat(c.closed()).isEqualTo(new CloseEvent(CloseStatus.ABNORMAL, Initiator.NONE, false));
    }

    @Test
    void queuedBytesCanBeReadFromAnotherThread() {
        Conversation c = Conversation.asServer();
        c.transport.stuck = true;
        c.connection.send(Mono.just(WebSocketFrame.binary(new byte[100]))).subscribe();
        long[] seen = new long[1];
        c.transport.offLoop(() -> seen[0] = c.connection.queuedBytes());
        assertThat(seen[0]).isEqualTo(102);
    }

    @Test
    void aLoopThatEndsWhileADrainYieldsIsALostConnection() {
        Conversation c = Conversation.asServer(SessionSettings.builder().receiveWindow(1 << 20));
        for (int i = 0; i < 1000; i++) {
            c.text("x");
        }
        c.transport.rejects = true;

        TestSubscriber<WebSocketFrame> receive = TestSubscriber.create();
        c.connection.receive().subscribe(receive);

        assertThat(receive.getReceivedOnNext()).hasSize(1000);
        assertThat(receive.expectTerminalError()).hasCauseInstanceOf(RejectedExecutionException.class);
        assertThat(c.closed()).isEqualTo(new CloseEvent(CloseStatus.ABNORMAL, Initiator.NONE, false));
    }

    @Test
    void aSourceOfAnotherThreadThatEmitsUnaskedFailsItsSend() {
        Conversation c = Conversation.asServer();
        TestPublisher<WebSocketFrame> source =
                TestPublisher.createNoncompliant(TestPublisher.Violation.REQUEST_OVERFLOW);
        TestSubscriber<Void> send = TestSubscriber.create();
        c.connection.send(source).subscribe(send);

        c.transport.offLoop(() -> source.next(WebSocketFrame.text("a")).next(WebSocketFrame.text("b")));
        c.transport.runTasks();

        assertThat(send.expectTerminalError()).matches(Exceptions::isOverflow);
        assertThat(c.got()).containsExactly("text a");
    }
}
