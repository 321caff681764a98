package io.fluxsocket.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.BufferType;
import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.core.WebSocketProtocolException;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.test.subscriber.TestSubscriber;

/** Every time, in virtual time. */
class TimeTest {
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration PONG = Duration.ofSeconds(10);

    private static SessionSettings.Builder keepAlive(int misses) {
        return SessionSettings.builder().keepAlive(INTERVAL, PONG, misses);
    }

    private static SessionSettings.Builder plain() {
        return SessionSettings.builder().noKeepAlive();
    }

    private static <T> TestSubscriber<T> subscribe(org.reactivestreams.Publisher<T> publisher) {
        TestSubscriber<T> s = TestSubscriber.create();
        publisher.subscribe(s);
        return s;
    }

    @Test
    void aSilentPeerIsPingedAndItsPongKeepsTheConnection() {
        Conversation c = Conversation.asServer(keepAlive(0));
        for (int i = 0; i < 10; i++) {
            c.pass(INTERVAL);
            assertThat(c.got()).containsExactly("ping");
            c.pass(PONG);
            assertThat(c.got()).isEmpty();
        }
        assertThat(c.closed()).isNull();
    }

    @Test
    void pongsOfKeepAliveAreNotEmittedNorKept() {
        Conversation c = Conversation.asServer(keepAlive(0).emitControlFrames(true));
        c.pass(INTERVAL);
        assertThat(c.got()).containsExactly("ping");
        c.pass(PONG);
        c.send(BufferType.UNSOLICITED_PONG, new byte[] {'q'});
        assertThat(subscribe(c.connection.receive()).getReceivedOnNext())
                .containsExactly(WebSocketFrame.pong(new byte[] {'q'}));
    }

    @Test
    void aPeerThatTalksIsNotPinged() {
        Conversation c = Conversation.asServer(keepAlive(0));
        c.connection.discardInbound();
        for (int i = 0; i < 10; i++) {
            c.text("x");
            c.pass(INTERVAL);
            assertThat(c.got()).isEmpty();
        }
    }

    @Test
    void aPeerThatAnswersNoPingIsClosedWith1011AfterTheAllowedMisses() {
        Conversation c = Conversation.asServer(keepAlive(1));
        TestSubscriber<WebSocketFrame> receive = subscribe(c.connection.receive());
        TestSubscriber<Void> send = subscribe(c.connection.send(Flux.never()));
        c.pass(INTERVAL);
        assertThat(c.transport.takeFlushed()).hasSize(10);
        c.pass(PONG.minusMillis(1));
        assertThat(c.transport.takeFlushed()).isEmpty();
        c.pass(Duration.ofMillis(1));
        assertThat(c.transport.takeFlushed()).as("one miss is allowed").hasSize(10);
        c.pass(PONG);
        assertThat(c.got()).containsExactly("close 1011 no pong");
        assertThat(receive.expectTerminalError()).isInstanceOf(WebSocketTimeoutException.class);
        assertThat(send.expectTerminalError()).isInstanceOf(WebSocketClosedException.class);
        c.transport.peerEnds();
        assertThat(c.closed().initiator()).isEqualTo(Initiator.LOCAL);
        assertThat(c.closed().status().code()).isEqualTo(1011);
    }

    @Test
    void aSlowConsumerIsNotTakenForADeadPeer() {
        Conversation c = Conversation.asServer(keepAlive(0).receiveWindow(0).idleTimeout(INTERVAL));
        c.text("unread");
        c.pass(Duration.ofHours(1));
        assertThat(c.closed()).isNull();
        assertThat(c.driver.closing().isOpen()).isTrue();
        subscribe(c.connection.receive());
        c.pass(PONG.minusSeconds(1));
        assertThat(c.driver.closing().isOpen()).isTrue();
    }

    @Test
    void aPeerThatReadsSlowlyIsNotTakenForADeadOne() {
        Conversation c = Conversation.asServer(keepAlive(0));
        c.transport.stuck = true;
        for (int i = 0; i < 60; i++) {
            c.connection
                    .send(Mono.just(WebSocketFrame.binary(new byte[60_000])))
                    .subscribe();
        }
        c.pass(INTERVAL);
        for (int i = 0; i < 20; i++) {
            c.transport.drip(10_000);
            c.pass(PONG);
        }
        assertThat(c.driver.closing().isOpen()).isTrue();
        c.pass(PONG);
        assertThat(c.driver.closing().isOpen()).as("nothing moves").isFalse();
    }

    @Test
    void anIdleConnectionIsClosedWith1001() {
        Conversation c = Conversation.asServer(plain().idleTimeout(Duration.ofMinutes(1)));
        TestSubscriber<WebSocketFrame> receive = subscribe(c.connection.receive());
        c.pass(Duration.ofSeconds(50));
        c.text("a");
        c.pass(Duration.ofSeconds(50));
        c.connection.send(Mono.just(WebSocketFrame.text("b"))).subscribe();
        c.pass(Duration.ofSeconds(50));
        c.ping("does not count");
        c.pass(Duration.ofSeconds(10).minusMillis(1));
        assertThat(c.got()).containsExactly("text b", "pong does not count");
        c.pass(Duration.ofMillis(1));
        assertThat(c.got()).containsExactly("close 1001 idle");
        assertThat(receive.expectTerminalError()).isInstanceOf(WebSocketTimeoutException.class);
    }

    @Test
    void aStalledConsumerIsClosedWith1011() {
        Conversation c = Conversation.asServer(plain().receiveWindow(0).stalledConsumerTimeout(Duration.ofSeconds(20)));
        TestSubscriber<WebSocketFrame> receive =
                TestSubscriber.builder().initialRequest(0).build();
        c.connection.receive().subscribe(receive);
        c.pass(Duration.ofSeconds(19));
        receive.request(1);
        c.pass(Duration.ofSeconds(100));
        c.text("a");
        c.pass(Duration.ofSeconds(20).minusMillis(1));
        assertThat(c.driver.closing().isOpen()).isTrue();
        c.pass(Duration.ofMillis(1));
        assertThat(receive.expectTerminalError()).isInstanceOf(WebSocketTimeoutException.class);
        assertThat(c.got()).containsExactly("close 1011 slow consumer");
    }

    @Test
    void pingTellsTheRoundTrip() {
        Conversation c = Conversation.asServer(plain());
        TestSubscriber<Duration> ping = subscribe(c.connection.ping());
        c.pass(Duration.ofMillis(42));
        assertThat(c.got()).containsExactly("ping");
        assertThat(ping.getReceivedOnNext()).containsExactly(Duration.ofMillis(42));
        assertThat(ping.isTerminatedComplete()).isTrue();
    }

    @Test
    void pingsThatWaitForTheEngineShareOne() {
        Conversation c = Conversation.asServer(plain());
        c.transport.setWritable(false);
        TestSubscriber<Duration> first = subscribe(c.connection.ping());
        TestSubscriber<Duration> second = subscribe(c.connection.ping());
        TestSubscriber<Duration> third = subscribe(c.connection.ping());
        c.transport.setWritable(true);
        assertThat(c.got()).containsExactly("ping", "ping");
        assertThat(first.isTerminatedComplete()).isTrue();
        assertThat(second.isTerminatedComplete()).isTrue();
        assertThat(third.isTerminatedComplete()).isTrue();
    }

    @Test
    void aPongAnswersItsPingAndAllBeforeIt() {
        Conversation c = Conversation.asServer(plain());
        TestSubscriber<Duration> first = subscribe(c.connection.ping());
        TestSubscriber<Duration> second = subscribe(c.connection.ping());
        TestSubscriber<Duration> third = subscribe(c.connection.ping());
        c.send(BufferType.UNSOLICITED_PONG, new byte[] {0, 0, 0, 0, 0, 0, 0, 9});
        c.send(BufferType.UNSOLICITED_PONG, new byte[] {2});
        assertThat(first.isTerminated()).as("unsolicited").isFalse();
        c.send(BufferType.UNSOLICITED_PONG, new byte[] {0, 0, 0, 0, 0, 0, 0, 2});
        assertThat(first.isTerminatedComplete()).isTrue();
        assertThat(second.isTerminatedComplete()).isTrue();
        assertThat(third.isTerminated()).isFalse();
    }

    @Test
    void pingFailsAfterThePongTimeoutAndTheConnectionGoesOn() {
        Conversation c = Conversation.asServer(plain().pongTimeout(PONG));
        TestSubscriber<Duration> ping = subscribe(c.connection.ping());
        c.pass(PONG.minusMillis(1));
        assertThat(ping.isTerminated()).isFalse();
        c.pass(Duration.ofMillis(1));
        assertThat(ping.expectTerminalError()).isInstanceOf(WebSocketTimeoutException.class);
        assertThat(c.closed()).isNull();
    }

    @Test
    void thePongTimeoutOfPingStandsStillWhileNothingIsRead() {
        Conversation c = Conversation.asServer(plain().receiveWindow(0));
        TestSubscriber<Duration> ping = subscribe(c.connection.ping());
        assertThat(c.got()).containsExactly("ping");
        c.pass(Duration.ofHours(1));
        assertThat(ping.isTerminated()).isFalse();
        subscribe(c.connection.receive());
        assertThat(ping.isTerminatedComplete()).isTrue();
    }

    @Test
    void tooManyControlFramesInASecondEndTheConnectionWith1008() {
        Conversation c = Conversation.asServer(plain().maxControlFramesPerSecond(3));
        TestSubscriber<WebSocketFrame> receive = subscribe(c.connection.receive());
        for (int second = 0; second < 3; second++) {
            for (int i = 0; i < 3; i++) {
                c.ping("x");
            }
            c.pass(Duration.ofSeconds(1));
        }
        assertThat(receive.isTerminated()).isFalse();
        for (int i = 0; i < 4; i++) {
            c.ping("x");
        }
        assertThat(receive.expectTerminalError()).isInstanceOf(WebSocketProtocolException.class);
        assertThat(c.got()).last().asString().startsWith("close 1008");
        c.transport.peerEnds();
        assertThat(c.closed().status().code()).isEqualTo(CloseStatus.POLICY_VIOLATION.code());
    }

    @Test
    void tooManyMessagesInASecondEndTheConnectionWith1008() {
        Conversation c = Conversation.asServer(plain().maxMessagesPerSecond(2));
        TestSubscriber<WebSocketFrame> receive = subscribe(c.connection.receive());
        c.textFragment("1");
        c.textFragment("2");
        c.text("3");
        c.text("4");
        assertThat(receive.isTerminated()).isFalse();
        c.text("5");
        assertThat(receive.getReceivedOnNext()).hasSize(4);
        assertThat(receive.expectTerminalError()).isInstanceOf(WebSocketProtocolException.class);
        assertThat(c.got()).last().asString().startsWith("close 1008");
    }

    // ---- a clock and its timers may disagree

    /** Each timer goes off when nine tenths of its time are over, as coarse ones may. */
    private record Hasty(Scheduler exact) implements Scheduler {
        @Override
        public Disposable schedule(Runnable task) {
            return exact.schedule(task);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return exact.schedule(task, delay - delay / 10, unit);
        }

        @Override
        public long now(TimeUnit unit) {
            return exact.now(unit);
        }

        @Override
        public Worker createWorker() {
            return exact.createWorker();
        }
    }

    @Test
    void aTimerOfKeepAliveThatGoesOffEarlyIsSetAgain() {
        Conversation c = Conversation.asServer(keepAlive(0), Hasty::new);
        c.pass(INTERVAL.minusMillis(1));
        assertThat(c.got()).isEmpty();
        c.pass(Duration.ofMillis(1));
        assertThat(c.transport.takeFlushed()).hasSize(10);
        c.pass(PONG);
        assertThat(c.got()).containsExactly("close 1011 no pong");
    }

    @Test
    void aTimerOfTheClosingThatGoesOffEarlyIsSetAgain() {
        Conversation c = Conversation.asServer(plain().closeTimeout(Duration.ofSeconds(5)), Hasty::new);
        c.connection.close().subscribe();
        c.pass(Duration.ofSeconds(5).minusMillis(1));
        assertThat(c.transport.aborted).isFalse();
        c.pass(Duration.ofMillis(1));
        assertThat(c.closed()).isEqualTo(new CloseEvent(CloseStatus.NORMAL, Initiator.LOCAL, false));
    }
}
