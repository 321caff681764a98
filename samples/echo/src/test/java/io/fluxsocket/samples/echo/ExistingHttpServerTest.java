package io.fluxsocket.samples.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.reactive.WebSocketMessage;
import io.fluxsocket.reactive.netty.WebSocketClient;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.test.StepVerifier;

class ExistingHttpServerTest {
    @Test
    void webSocketStandsBesideAnOrdinaryRoute() {
        DisposableServer server =
                ExistingHttpServer.create().host("127.0.0.1").port(0).bindNow();
        String host = "127.0.0.1:" + server.port();
        assertThat(HttpClient.create()
                        .get()
                        .uri("http://" + host + "/")
                        .responseContent()
                        .aggregate()
                        .asString()
                        .block(TestServer.PATIENCE))
                .isEqualTo("hello");
        WebSocketMessage hello = WebSocketMessage.text("hello");
        StepVerifier.create(WebSocketClient.create()
                        .uri("ws://" + host + "/echo")
                        .connect()
                        .flatMap(connection -> connection
                                .send(Mono.just(hello.toFrame()))
                                .then(connection.receiveMessages().next())
                                .delayUntil(echo -> connection.close())))
                .expectNext(hello)
                .expectComplete()
                .verify(TestServer.PATIENCE);
        server.disposeNow(TestServer.PATIENCE);
    }
}
