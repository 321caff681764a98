package io.fluxsocket.samples.echo;

import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.netty.WebSocketClient;
import reactor.core.publisher.Mono;

/** Says hello, prints the first answer and closes. */
public final class HelloClient {
    public static void main(String[] arguments) {
        WebSocketClient.create()
                .uri("ws://localhost:8080/echo")
                .handle(connection -> connection
                        .send(Mono.just(WebSocketFrame.text("hello")))
                        .then(connection.receiveMessages().next())
                        .doOnNext(answer -> System.out.println(answer.text()))
                        .then())
                .block();
    }
}
