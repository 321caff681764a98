package io.fluxsocket.reactive.test.tck;

import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.test.WebSocketPair;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.SubscriberBlackboxVerification;
import org.reactivestreams.tck.SubscriberWhiteboxVerification;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** The rules of Reactive Streams 1.0.4, verified by its TCK: receive(), receiveMessages(), and the subscriber behind send. */
class ReactiveStreamsTckTest {
    private static final Map<String, String> NO_EXCEPTIONS = Map.of();

    /** Several subscribers at a time are optional (§1.11), and not supported. */
    private static final Map<String, String> ONE_SUBSCRIBER = Stream.of(
                    "maySupportMultiSubscribe",
                    "registeredSubscribersMustReceiveOnNextOrOnCompleteSignals",
                    "multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingManyUpfront",
                    "multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingManyUpfrontAndCompleteAsExpected",
                    "multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingOneByOne")
            .collect(Collectors.toMap(
                    "optional_spec111_"::concat,
                    rule -> "optional, and not supported: a connection has one subscriber at a time"));

    @TestFactory
    Stream<DynamicTest> receive() {
        return Rules.of(() -> new Receiving<>(WebSocketConnection::receive), ONE_SUBSCRIBER);
    }

    @TestFactory
    Stream<DynamicTest> receiveMessages() {
        return Rules.of(() -> new Receiving<>(WebSocketConnection::receiveMessages), ONE_SUBSCRIBER);
    }

    @TestFactory
    Stream<DynamicTest> sendAsABlackBox() {
        return Rules.of(SendingBlackbox::new, NO_EXCEPTIONS);
    }

    @TestFactory
    Stream<DynamicTest> sendAsAWhiteBox() {
        return Rules.of(SendingWhitebox::new, NO_EXCEPTIONS);
    }

    /** What a client receives of a server that sends so many messages, each in a frame, and closes. */
    private static final class Receiving<T> extends PublisherVerification<T> {
        private final Function<WebSocketConnection, Publisher<T>> view;

        Receiving(Function<WebSocketConnection, Publisher<T>> view) {
            super(Rules.environment(), 1_000);
            this.view = view;
        }

        @Override
        public Publisher<T> createPublisher(long elements) {
            WebSocketPair pair = WebSocketPair.open();
            Flux<WebSocketFrame> frames = Flux.generate(() -> 0L, (sent, sink) -> {
                if (sent == elements) {
                    sink.complete();
                } else {
                    sink.next(WebSocketFrame.text("message " + sent));
                }
                return sent + 1;
            });
            WebSocketConnection server = pair.server();
            server.send(frames).then(server.close()).subscribe();
            return view.apply(pair.client());
        }

        /** The second subscriber at a time gets an error. */
        @Override
        public Publisher<T> createFailedPublisher() {
            WebSocketConnection client = WebSocketPair.open().client();
            client.receive().subscribe();
            return view.apply(client);
        }
    }

    /** The subscriber that a source meets which is given to {@code send}; the peer reads all. */
    private static Subscriber<WebSocketFrame> subscriberOf(AtomicReference<Disposable> send) {
        WebSocketPair pair = WebSocketPair.open();
        pair.server().discardInbound();
        AtomicReference<Subscriber<? super WebSocketFrame>> captured = new AtomicReference<>();
        send.set(pair.client().send(captured::set).subscribe(done -> {}, error -> {}));
        @SuppressWarnings("unchecked")
        Subscriber<WebSocketFrame> subscriber = (Subscriber<WebSocketFrame>) captured.get();
        return subscriber;
    }

    private static final class SendingBlackbox extends SubscriberBlackboxVerification<WebSocketFrame> {
        SendingBlackbox() {
            super(Rules.environment());
        }

        @Override
        public Subscriber<WebSocketFrame> createSubscriber() {
            return subscriberOf(new AtomicReference<>());
        }

        @Override
        public WebSocketFrame createElement(int element) {
            return WebSocketFrame.text("message " + element);
        }
    }

    /** It asks for the next frame itself, when the one before was taken; a cancel of the send is what cancels it. */
    private static final class SendingWhitebox extends SubscriberWhiteboxVerification<WebSocketFrame> {
        SendingWhitebox() {
            super(Rules.environment());
        }

        @Override
        public Subscriber<WebSocketFrame> createSubscriber(WhiteboxSubscriberProbe<WebSocketFrame> probe) {
            AtomicReference<Disposable> send = new AtomicReference<>();
            Subscriber<WebSocketFrame> subscriber = subscriberOf(send);
            return new Subscriber<>() {
                @Override
                public void onSubscribe(Subscription subscription) {
                    subscriber.onSubscribe(subscription);
                    probe.registerOnSubscribe(new SubscriberPuppet() {
                        @Override
                        public void triggerRequest(long elements) {}

                        @Override
                        public void signalCancel() {
                            send.get().dispose();
                        }
                    });
                }

                @Override
                public void onNext(WebSocketFrame frame) {
                    subscriber.onNext(frame);
                    probe.registerOnNext(frame);
                }

                @Override
                public void onError(Throwable error) {
                    subscriber.onError(error);
                    probe.registerOnError(error);
                }

                @Override
                public void onComplete() {
                    subscriber.onComplete();
                    probe.registerOnComplete();
                }
            };
        }

        @Override
        public WebSocketFrame createElement(int element) {
            return WebSocketFrame.text("message " + element);
        }
    }
}
