package io.fluxsocket.reactive;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.core.WebSocketProtocolException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** {@link WebSocketConnections#handle}: a handler's run on a connection. */
final class HandlerMono extends Mono<Void> implements Scannable {
    private final WebSocketConnection connection;
    private final WebSocketHandler handler;

    private HandlerMono(WebSocketConnection connection, WebSocketHandler handler) {
        this.connection = connection;
        this.handler = handler;
    }

    static Mono<Void> of(WebSocketConnection connection, WebSocketHandler handler) {
        return onAssembly(new HandlerMono(connection, handler));
    }

    @Override
    public void subscribe(CoreSubscriber<? super Void> actual) {
        Run run = new Run(connection, actual);
        actual.onSubscribe(run);
        run.start(handler);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }

    /** Subscribes to the handler's publisher, and is the subscription of whoever waits for the connection's end. */
    private static final class Run implements CoreSubscriber<Void>, Subscription, Runnable {
        private final WebSocketConnection connection;
        private final CoreSubscriber<? super Void> actual;
        private volatile @Nullable Subscription upstream;
        private volatile boolean terminated;
        private volatile boolean cancelled;

        Run(WebSocketConnection connection, CoreSubscriber<? super Void> actual) {
            this.connection = connection;
            this.actual = actual;
        }

        /** The handler first: to one that finds the connection closed already, what was received is left all the same. */
        void start(WebSocketHandler handler) {
            subscribe(handler);
            if (connection instanceof Session session) {
                session.whenClosed(this);
            } else {
                connection.closed().subscribe(event -> run());
            }
        }

        private void subscribe(WebSocketHandler handler) {
            Publisher<Void> publisher;
            try {
                publisher = handler.handle(connection);
            } catch (Throwable t) {
                onError(t);
                return;
            }
            if (publisher == null) {
                onError(new NullPointerException("the handler returned null instead of a Publisher"));
            } else {
                publisher.subscribe(this);
            }
        }

        @Override
        public Context currentContext() {
            return actual.currentContext();
        }

        @Override
        public void onSubscribe(Subscription s) {
            if (Operators.validate(upstream, s)) {
                upstream = s;
                if (cancelled) {
                    s.cancel();
                } else {
                    s.request(Long.MAX_VALUE);
                }
            }
        }

        @Override
        public void onNext(Void ignored) {}

        @Override
        public void onComplete() {
            terminated = true;
            connection.close().subscribe();
        }

        /** The peer learns 1011 and nothing else, if it is not being told something already; the hook learns the error. */
        @Override
        public void onError(Throwable t) {
            terminated = true;
            connection.close(CloseStatus.INTERNAL_ERROR).subscribe();
            if (!(t instanceof WebSocketClosedException
                    || t instanceof WebSocketProtocolException
                    || t instanceof WebSocketTimeoutException)) {
                Operators.onErrorDropped(t, currentContext());
            }
        }

        @Override
        public void request(long n) {
            Operators.validate(n);
        }

        @Override
        public void cancel() {
            connection.close(CloseStatus.GOING_AWAY).subscribe();
            cancelHandler();
        }

        private void cancelHandler() {
            cancelled = true;
            Subscription s = upstream;
            if (s != null && !terminated) {
                s.cancel();
            }
        }

        /** The connection has closed. */
        @Override
        public void run() {
            boolean awaited = !cancelled; // before the handler is cancelled, which is no cancel of who waits
            endHandler(Session.NO_LOOK);
            if (awaited) {
                actual.onComplete();
            }
        }

        /**
         * A handler that is still consuming what was received is left to it, with a stalled-consumer timeout as long as it goes
         * on; one that has got everything has the close timeout to finish; any other is cancelled.
         *
         * @param waitedBefore what waited to be consumed when the handler was looked after last; NO_LOOK the first time
         */
        private void endHandler(int waitedBefore) {
            if (terminated || cancelled) {
                return;
            }
            if (!(connection instanceof Session session) || !session.mayHandlerGoOn(waitedBefore)) {
                cancelHandler();
                return;
            }
            int waiting = session.waitingBytes();
            Runnable lookAgain = () -> session.driver().loop().run(() -> endHandler(waiting));
            try {
                session.settings()
                        .scheduler()
                        .schedule(lookAgain, session.nextLook().toNanos(), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                cancelHandler();
            }
        }
    }
}
