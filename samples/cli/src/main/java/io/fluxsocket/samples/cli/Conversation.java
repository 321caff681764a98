package io.fluxsocket.samples.cli;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.WebSocketClosedException;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketHandshakeException;
import io.fluxsocket.reactive.WebSocketMessage;
import io.fluxsocket.reactive.netty.WebSocketClient;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/** All connections of one command, one after the other, until one of them was the last. */
final class Conversation {
    /** Answers of 4xx that may be others next time: request timeout, too early, too many requests. */
    private static final Set<Integer> PASSING = Set.of(408, 425, 429);

    /** This connection is over, and another one is wanted. */
    private static final class Again extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Again() {
            super("again", null, false, false);
        }
    }

    private final WebSocketClient client;
    private final TalkOptions talk;
    private final ReconnectOptions again;
    private final Screen screen;
    private final Traffic sent;
    private final Traffic received;

    private final Scheduler printer = Schedulers.newSingle("screen", true);
    private final AtomicInteger awaited;
    private final Sinks.Empty<Void> answered = Sinks.empty();
    private final Sinks.Empty<Void> left = Sinks.empty();
    private final AtomicBoolean closeWanted = new AtomicBoolean();
    private volatile @Nullable WebSocketConnection current;
    private volatile int exitStatus = ExitStatus.FAILED;

    Conversation(
            WebSocketClient client,
            TalkOptions talk,
            ReconnectOptions again,
            Screen screen,
            Traffic sent,
            Traffic received) {
        this.client = client;
        this.talk = talk;
        this.again = again;
        this.screen = screen;
        this.sent = sent;
        this.received = received;
        this.awaited = new AtomicInteger(talk.awaited());
    }

    /**
     * Blocks until it is over.
     *
     * @return what to exit with
     */
    int run(Input input) {
        Flux.defer(() -> connection(input))
                .retryWhen(Retry.from(failures -> failures.concatMap(this::delay)))
                .takeUntilOther(left.asMono())
                .blockLast();
        printer.dispose();
        return exitStatus;
    }

    /** Ends it in an orderly way, be there a connection or not. */
    Mono<Void> leave(CloseStatus status) {
        return Mono.defer(() -> {
            WebSocketConnection connection = current;
            if (connection == null) {
                exitStatus = ExitStatus.DONE;
                left.tryEmitEmpty();
                return Mono.empty();
            }
            closeWanted.set(true);
            return connection.close(status);
        });
    }

    /** One connection. Completes if it was the last, and errors if there is to be another one. */
    private Flux<WebSocketMessage> connection(Input input) {
        long began = System.nanoTime();
        return client.connect().onErrorResume(this::notConnected).flatMapMany(connection -> {
            current = connection;
            screen.opened(connection, Duration.ofNanos(System.nanoTime() - began));
            AtomicReference<@Nullable Throwable> problem = new AtomicReference<>();
            Disposable pings = pings(connection);
            return receive(connection)
                    .mergeWith(send(connection, input).then(Mono.empty()))
                    .onErrorResume(error -> {
                        problem.set(error);
                        return Flux.empty();
                    })
                    .concatWith(connection.closed().flatMap(end -> {
                        current = null;
                        pings.dispose();
                        return closed(end, problem.get());
                    }));
        });
    }

    private Mono<WebSocketConnection> notConnected(Throwable error) {
        screen.failed(Sentences.of(error));
        boolean refused = error instanceof WebSocketHandshakeException;
        exitStatus = refused ? ExitStatus.REFUSED : ExitStatus.NOT_CONNECTED;
        return again.reconnect() && !isFinal(error) ? Mono.error(new Again()) : Mono.empty();
    }

    private static boolean isFinal(Throwable error) {
        return error instanceof WebSocketHandshakeException refused
                && refused.statusCode() >= 400
                && refused.statusCode() < 500
                && !PASSING.contains(refused.statusCode());
    }

    /** A message is asked for when the one before has been printed. */
    private Flux<WebSocketMessage> receive(WebSocketConnection connection) {
        return connection.receiveMessages().publishOn(printer, 1).doOnNext(message -> {
            received.message(message.length());
            screen.received(message);
            if (awaited.decrementAndGet() <= 0) {
                answered.tryEmitEmpty();
            }
        });
    }

    /** Sends the input, then closes, if it has come to its end. That the connection closes before is no error. */
    private Mono<Void> send(WebSocketConnection connection, Input input) {
        Flux<WebSocketFrame> frames = input.entries()
                .takeUntil(entry -> entry instanceof Entry.End)
                .handle((entry, sink) -> {
                    WebSocketFrame frame = frame(connection, entry);
                    if (frame != null) {
                        sink.next(frame);
                    }
                });
        return connection
                .send(frames)
                .then(Mono.defer(() -> talk.stay() ? connection.closed().then() : answers(connection)))
                .onErrorResume(WebSocketClosedException.class, closed -> Mono.empty());
    }

    private @Nullable WebSocketFrame frame(WebSocketConnection connection, Entry entry) {
        if (entry instanceof Entry.Line line) {
            try {
                WebSocketFrame frame = talk.frame(line.text());
                sent.message(frame.length());
                screen.sent(frame);
                return frame;
            } catch (IllegalArgumentException e) {
                screen.failed(String.valueOf(e.getMessage()));
            }
        } else if (entry instanceof Entry.Ping) {
            connection.ping().subscribe(screen::pong, error -> screen.failed("no pong: " + error.getMessage()));
        } else if (entry instanceof Entry.Close wanted) {
            closeWanted.set(true);
            return WebSocketFrame.close(wanted.status() == null ? talk.closeStatus() : wanted.status());
        } else if (entry instanceof Entry.Hint hint) {
            screen.failed(hint.text());
        }
        return null;
    }

    /** Closes when {@code --message} was answered, or that took too long; at once if there is none. */
    private Mono<Void> answers(WebSocketConnection connection) {
        Mono<Void> close = Mono.defer(() -> {
            closeWanted.set(true);
            return connection.close(talk.closeStatus());
        });
        if (talk.messages().isEmpty() || awaited.get() <= 0) {
            return close;
        }
        return Mono.firstWithSignal(answered.asMono(), connection.closed().then())
                .timeout(talk.patience())
                .onErrorResume(TimeoutException.class, late -> {
                    screen.failed("no answer within " + DurationConverter.text(talk.patience())
                            + "; more time: --wait=1m, no answer: --answers=0");
                    return Mono.empty();
                })
                .then(close);
    }

    private Disposable pings(WebSocketConnection connection) {
        Duration interval = talk.ping();
        return interval == null
                ? () -> {}
                : Flux.interval(interval)
                        .onBackpressureDrop()
                        .concatMap(tick -> connection.ping())
                        .subscribe(screen::pong, error -> {
                            if (!(error instanceof WebSocketClosedException)) {
                                screen.failed("no pong: " + error.getMessage());
                            }
                        });
    }

    private Mono<WebSocketMessage> closed(CloseEvent end, @Nullable Throwable problem) {
        boolean wanted = closeWanted.get();
        screen.closed(
                end, problem == null || problem instanceof WebSocketClosedException ? null : problem.getMessage());
        exitStatus = ExitStatus.of(end, wanted);
        boolean unanswered = wanted && !talk.messages().isEmpty() && awaited.get() > 0;
        if (exitStatus == ExitStatus.DONE && unanswered) {
            exitStatus = ExitStatus.NO_ANSWER;
        }
        return again.reconnect() && !wanted && exitStatus != ExitStatus.DONE ? Mono.error(new Again()) : Mono.empty();
    }

    private Mono<Long> delay(Retry.RetrySignal signal) {
        if (!(signal.failure() instanceof Again)) {
            return Mono.error(signal.failure());
        }
        long failures = signal.totalRetriesInARow();
        if (failures >= again.attempts()) {
            left.tryEmitEmpty();
            return Mono.never();
        }
        Duration delay = again.delay(failures);
        screen.retrying(failures + 1, delay);
        return Mono.delay(delay);
    }
}
