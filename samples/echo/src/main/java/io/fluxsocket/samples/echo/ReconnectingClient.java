package io.fluxsocket.samples.echo;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.WebSocketClosedException;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketMessage;
import io.fluxsocket.reactive.netty.WebSocketClient;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Receives for as long as its subscriber wants, over as many connections as that takes. To watch it, run it beside an
 * {@link EchoServer}, and stop and start that. It takes a {@code Mono} in place of a client, so that its test connects it to a server in
 * memory.
 */
public final class ReconnectingClient {
    private ReconnectingClient() {}

    /**
     * Runs the client until it is interrupted.
     *
     * @param arguments the URL; the echo server's if there is none
     */
    public static void main(String[] arguments) {
        String url = arguments.length == 0 ? "ws://localhost:8080/echo" : arguments[0];
        messages(WebSocketClient.create().uri(url).connect(), Duration.ofMillis(500))
                .doOnNext(message -> System.out.println(message.text()))
                .blockLast();
    }

    /** The messages of all connections; completes when the server closes with 1000. Its cancel closes the connection. */
    static Flux<WebSocketMessage> messages(Mono<WebSocketConnection> connect, Duration firstBackoff) {
        return Flux.usingWhen(connect, ReconnectingClient::conversation, connection -> connection.close())
                .retryWhen(Retry.backoff(Long.MAX_VALUE, firstBackoff)
                        .maxBackoff(Duration.ofSeconds(30))
                        .transientErrors(true)); // a message received ends the row of failures
    }

    /** One connection's messages. A close is their completion; here any but 1000 is a reason to connect again. */
    private static Flux<WebSocketMessage> conversation(WebSocketConnection connection) {
        return connection
                .send(Mono.just(WebSocketFrame.text("hello")))
                .thenMany(connection.receiveMessages())
                .concatWith(connection
                        .closed()
                        .flatMap(end -> end.status().code() == CloseStatus.NORMAL.code()
                                ? Mono.empty()
                                : Mono.error(new WebSocketClosedException(end))));
    }
}
