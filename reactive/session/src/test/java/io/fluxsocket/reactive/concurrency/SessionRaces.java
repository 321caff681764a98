package io.fluxsocket.reactive.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.WebSocketFrame;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The races. A result is the {@link Faults}, which must be none, and how many frames were delivered or sent. */
final class SessionRaces {
    private SessionRaces() {}

    /** Two threads request while the loop emits: the sum is emitted. */
    @JCStressTest
    @Outcome(id = "0, 2", expect = ACCEPTABLE, desc = "what both asked for")
    @Outcome(expect = FORBIDDEN)
    @State
    public static class RequestAndRequest {
        private final RacedSession session = new RacedSession(0);
        private final RacedSubscriber<WebSocketFrame> subscriber = session.subscriber();

        public RequestAndRequest() {
            session.connection.receive().subscribe(subscriber);
            session.arrive(3);
        }

        @Actor
        public void one() {
            session.actor(() -> subscriber.request(1));
        }

        @Actor
        public void other() {
            session.actor(() -> subscriber.request(1));
        }

        @Arbiter
        public void arbiter(II_Result r) {
            session.settle();
            r.r2 = subscriber.received();
            r.r1 = session.judge();
        }
    }

    /** A thread requests while another closes: frames that are there are emitted before the end. */
    @JCStressTest
    @Outcome(id = "0, [0-3]", expect = ACCEPTABLE, desc = "emitted before the end")
    @Outcome(expect = FORBIDDEN)
    @State
    public static class RequestAndClose {
        private final RacedSession session = new RacedSession(1 << 10);
        private final RacedSubscriber<WebSocketFrame> subscriber = session.subscriber();
        private final RacedSubscriber<Void> close = session.subscriber();

        public RequestAndClose() {
            session.connection.receive().subscribe(subscriber);
            session.arrive(3);
        }

        @Actor
        public void request() {
            session.actor(() -> {
                subscriber.request(1);
                subscriber.request(2);
            });
        }

        @Actor
        public void close() {
            session.actor(() -> session.connection.close(CloseStatus.NORMAL).subscribe(close));
        }

        @Arbiter
        public void arbiter(II_Result r) {
            r.r1 = session.judge();
            r.r2 = subscriber.received();
        }
    }

    /** A subscriber is cancelled by one thread while another requests for it; the next subscriber gets what it did not. */
    @JCStressTest
    @Outcome(id = "0, 3", expect = ACCEPTABLE, desc = "each frame goes to one of them")
    @Outcome(expect = FORBIDDEN)
    @State
    public static class RequestAndCancel {
        private final RacedSession session = new RacedSession(1 << 10);
        private final RacedSubscriber<WebSocketFrame> first = session.subscriber();
        private final RacedSubscriber<WebSocketFrame> second = session.subscriber();

        public RequestAndCancel() {
            session.connection.receive().subscribe(first);
            session.arrive(3);
        }

        @Actor
        public void request() {
            session.actor(() -> {
                first.request(1);
                first.request(1);
            });
        }

        @Actor
        public void cancel() {
            session.actor(() -> {
                first.cancel();
                session.connection.receive().subscribe(second);
                second.request(3);
            });
        }

        @Arbiter
        public void arbiter(II_Result r) {
            session.settle();
            r.r2 = first.received() + second.received();
            r.r1 = session.judge(first);
        }
    }

    /** A source emits on its own thread while another thread closes: a frame is sent before the close, or discarded. */
    @JCStressTest
    @Outcome(id = "0, [0-2]", expect = ACCEPTABLE, desc = "sent before the close")
    @Outcome(expect = FORBIDDEN)
    @State
    public static class SendAndClose {
        private final RacedSession session = new RacedSession(0);
        private final RacedSubscriber<Void> send = session.subscriber();
        private final RacedSubscriber<Void> close = session.subscriber();
        private final RacedSource source = session.source();

        @Actor
        public void send() {
            session.actor(() -> {
                session.send(source).subscribe(send);
                source.emit(2);
            });
        }

        @Actor
        public void close() {
            session.actor(() -> session.connection.close(CloseStatus.NORMAL).subscribe(close));
        }

        @Arbiter
        public void arbiter(II_Result r) {
            r.r1 = session.judge();
            r.r2 = session.sent();
        }
    }

    /** A source emits on its own thread while another cancels the send. */
    @JCStressTest
    @Outcome(id = "0, [0-2]", expect = ACCEPTABLE, desc = "sent before the cancel")
    @Outcome(expect = FORBIDDEN)
    @State
    public static class SendAndCancel {
        private final RacedSession session = new RacedSession(0);
        private final RacedSubscriber<Void> send = session.subscriber();
        private final RacedSource source = session.source();

        public SendAndCancel() {
            session.send(source).subscribe(send);
        }

        @Actor
        public void send() {
            session.actor(() -> source.emit(2));
        }

        @Actor
        public void cancel() {
            session.actor(send::cancel);
        }

        @Arbiter
        public void arbiter(II_Result r) {
            r.r1 = session.judge(send);
            r.r2 = session.sent();
        }
    }

    /** Two sources emit on threads of their own. */
    @JCStressTest
    @Outcome(id = "0, 4", expect = ACCEPTABLE, desc = "all of both")
    @Outcome(id = "0, [0-3]", expect = ACCEPTABLE, desc = "a source was not asked for long and gave up")
    @Outcome(expect = FORBIDDEN)
    @State
    public static class SendAndSend {
        private final RacedSession session = new RacedSession(0);
        private final RacedSubscriber<Void> one = session.subscriber();
        private final RacedSubscriber<Void> other = session.subscriber();
        private final RacedSource oneSource = session.source();
        private final RacedSource otherSource = session.source();

        @Actor
        public void one() {
            session.actor(() -> {
                session.send(oneSource).subscribe(one);
                oneSource.emit(2);
            });
        }

        @Actor
        public void other() {
            session.actor(() -> {
                session.send(otherSource).subscribe(other);
                otherSource.emit(2);
            });
        }

        @Arbiter
        public void arbiter(II_Result r) {
            r.r1 = session.judge();
            r.r2 = session.sent();
        }
    }
}
