package io.fluxsocket.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.CloseStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

/** Who cancels before it begins or after it has ended, asks within onSubscribe, never asks, or throws: nobody else suffers. */
class OddSubscribersTest {
    private static <T> TestSubscriber<T> subscribe(Publisher<T> publisher) {
        TestSubscriber<T> subscriber = TestSubscriber.create();
        publisher.subscribe(subscriber);
        return subscriber;
    }

    private static Conversation conversation() {
        return Conversation.asServer(SessionSettings.builder().noKeepAlive());
    }

    @Test
    void sendCancelledWithinOnSubscribeLeavesOtherSendsAlone() {
        Conversation c = conversation();
        TestSubscriber<Void> other = subscribe(c.connection.send(Flux.never()));
        c.connection
                .send(Flux.<WebSocketFrame>never())
                .takeUntilOther(Mono.empty())
                .subscribe();

        c.transport.end(null);

        assertThat(other.isTerminatedError()).isTrue();
    }

    @Test
    void sendThatCompletedWhileNothingCouldBeWrittenIsNotRevived() {
        Conversation c = conversation();
        c.transport.stuck = true;
        c.transport.outputsTaken = 1;
        subscribe(c.connection.send(Flux.just(WebSocketFrame.text("x"))));
        TestPublisher<WebSocketFrame> source = TestPublisher.create();
        TestSubscriber<Void> completed = subscribe(c.connection.send(source));
        source.complete();
        c.transport.unstick();
        c.transport.setWritable(true);
        c.transport.unstick();
        TestSubscriber<Void> other = subscribe(c.connection.send(Flux.never()));

        completed.cancel();
        c.transport.end(null);

        assertThat(completed.isTerminatedComplete()).isTrue();
        assertThat(other.isTerminatedError()).isTrue();
    }

    @Test
    void whatAMessageSubscriberLeavesBehindComesBeforeWhatWaits() {
        Conversation c = conversation();
        StringBuilder sent = new StringBuilder();
        for (int i = 0; i < 900; i++) {
            String letter = String.valueOf((char) ('A' + i / 100));
            sent.append(letter);
            c.textFragment(letter);
        }
        c.connection.receiveMessages().subscribe().dispose();

        TestSubscriber<WebSocketFrame> rest = subscribe(c.connection.receive());
        c.transport.runTasks();

        StringBuilder received = new StringBuilder();
        rest.getReceivedOnNext().forEach(frame -> received.append(frame.text()));
        assertThat(received.toString()).isEqualTo(sent.toString());
    }

    @Test
    void stalledConsumerLearnsOfItsTimeoutThoughFramesWait() {
        Conversation c = Conversation.asServer(SessionSettings.builder()
                .noKeepAlive()
                .receiveWindow(100)
                .stalledConsumerTimeout(Duration.ofSeconds(20)));
        AtomicReference<Throwable> error = new AtomicReference<>();
        c.connection
                .receive()
                .doOnError(error::set)
                .onErrorComplete()
                .concatMap(frame -> Mono.never(), 1)
                .subscribe();
        for (int i = 0; i < 4; i++) {
            c.text("a");
        }

        c.pass(Duration.ofSeconds(21));

        assertThat(c.got()).containsExactly("close 1011 slow consumer");
        assertThat(error.get()).isInstanceOf(WebSocketTimeoutException.class);
    }

    @Test
    void subscriberThatThrowsTakesNoOtherTaskWithIt() {
        Conversation c = conversation();
        AtomicReference<TestSubscriber<Void>> other = new AtomicReference<>();
        c.transport.offLoop(() -> {
            c.connection.send(Flux.empty()).subscribe(new Thrower());
            other.set(subscribe(c.connection.send(Flux.just(WebSocketFrame.text("a")))));
        });

        c.transport.runTasks();
        assertThat(c.got()).contains("close 1011");
        c.transport.peerEnds();
        c.transport.runTasks();

        assertThat(other.get().isTerminated()).isTrue();
    }

    @Test
    void nothingIsEmittedBeforeOnSubscribeHasReturned() {
        Conversation c = conversation();
        c.text("a");
        c.close(CloseStatus.NORMAL);
        List<String> log = new ArrayList<>();
        c.transport.offLoop(() -> c.connection.receive().subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(9);
                c.transport.foreignThread = false;
                c.transport.runTasks();
                c.transport.foreignThread = true;
                log.add("onSubscribe returns");
            }

            @Override
            protected void hookOnNext(WebSocketFrame frame) {
                log.add("onNext");
            }

            @Override
            protected void hookOnComplete() {
                log.add("onComplete");
            }
        }));
        c.transport.runTasks();

        assertThat(log).containsExactly("onSubscribe returns", "onNext", "onComplete");
    }

    private static final class Thrower implements CoreSubscriber<Void> {
        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(1);
        }

        @Override
        public void onNext(Void nothing) {}

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onComplete() {
            throw new IllegalStateException("the subscriber's fault");
        }
    }
}
