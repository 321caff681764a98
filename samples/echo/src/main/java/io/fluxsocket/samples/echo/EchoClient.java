package io.fluxsocket.samples.echo;

import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketMessage;
import io.fluxsocket.reactive.netty.WebSocketClient;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.Objects;
import java.util.function.Consumer;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Sends messages to an echo server and prints what comes back, then how the connection ended. */
public final class EchoClient {
    private EchoClient() {}

    /**
     * Runs the client until every message is back or the server has closed.
     *
     * @param arguments the URL, then the messages; without messages, the lines of the standard input are sent
     */
    public static void main(String[] arguments) {
        String url = arguments.length == 0 ? "ws://localhost:8080/echo" : arguments[0];
        Flux<String> messages = arguments.length > 1 ? Flux.fromArray(arguments).skip(1) : linesOfStandardInput();
        try {
            CloseEvent end = WebSocketClient.create()
                    .uri(url)
                    .connect()
                    .flatMap(connection -> talk(connection, messages, System.out::println))
                    .block();
            System.out.println("closed: " + Objects.requireNonNull(end).status());
        } catch (RuntimeException e) {
            System.err.println(Exceptions.unwrap(e).getMessage());
            System.exit(1);
        }
    }

    /** Sends the messages, hands on their echoes, and closes when there is an echo for each. */
    static Mono<CloseEvent> talk(WebSocketConnection connection, Flux<String> messages, Consumer<String> echoes) {
        Flux<String> sent = messages.concatMap(message ->
                connection.send(Mono.just(WebSocketFrame.text(message))).thenReturn(message));
        Flux<String> received = connection.receiveMessages().map(WebSocketMessage::text);
        // Both sides are asked for a few dozen messages ahead and no more: a slow server slows the reading of the
        // lines.
        return Flux.zip(sent, received, (message, echo) -> echo)
                .doOnNext(echoes)
                .then(connection.close())
                .then(connection.closed());
    }

    /** On a thread of its own: reading them blocks. */
    private static Flux<String> linesOfStandardInput() {
        return Flux.fromStream(
                        () -> new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).lines())
                .subscribeOn(Schedulers.boundedElastic());
    }
}
