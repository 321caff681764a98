package io.fluxsocket.samples.cli;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketHandler;
import io.fluxsocket.reactive.WebSocketMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.reactivestreams.Publisher;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** What {@code serve} can do with a connection. */
final class Serving {
    /** How many messages a client of a broadcast may lag behind; at 1 KiB each, 1 MiB. */
    private static final int LARGEST_LAG = 1024;

    private Serving() {}

    /** Sends each message back while it arrives. */
    static WebSocketHandler echo() {
        return connection -> connection.send(connection.receive());
    }

    /** Sends each message to everybody. Who does not keep up is closed with 1013, so that the others need not wait. */
    static WebSocketHandler broadcast() {
        Sinks.Many<WebSocketMessage> all = Sinks.many().multicast().directBestEffort();
        return connection -> {
            Publisher<WebSocketFrame> toThisOne =
                    all.asFlux().onBackpressureBuffer(LARGEST_LAG).map(WebSocketMessage::toFrame);
            Mono<Void> out = connection
                    .send(toThisOne)
                    .onErrorResume(
                            Exceptions::isOverflow,
                            lag -> connection.close(CloseStatus.TRY_AGAIN_LATER.withReason("too slow")));
            Mono<Void> in = connection
                    .receiveMessages()
                    .doOnNext(message ->
                            all.emitNext(message, Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(1))))
                    .then();
            return Mono.when(in, out);
        };
    }

    /** Sends the lines of a file, read when the client is ready for them, then closes. What comes in is dropped. */
    static WebSocketHandler lines(Path file, Duration interval, boolean repeat) {
        Flux<WebSocketFrame> once = Flux.using(() -> Files.newBufferedReader(file), Serving::lines, Serving::close)
                .subscribeOn(Schedulers.boundedElastic())
                .map(WebSocketFrame::text);
        Flux<WebSocketFrame> all = repeat ? once.repeat() : once;
        Flux<WebSocketFrame> paced =
                interval.isZero() ? all : all.concatMap(line -> Mono.just(line).delayElement(interval), 1);
        return connection -> {
            connection.discardInbound();
            return connection.send(paced);
        };
    }

    private static Flux<String> lines(BufferedReader reader) {
        return Flux.generate(sink -> {
            try {
                String line = reader.readLine();
                if (line == null) {
                    sink.complete();
                } else {
                    sink.next(line);
                }
            } catch (IOException e) {
                sink.error(e);
            }
        });
    }

    private static void close(BufferedReader reader) {
        try {
            reader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
