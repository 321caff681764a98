package io.fluxsocket.samples.conformance;

import io.fluxsocket.core.deflate.DeflateSettings;
import io.fluxsocket.reactive.WebSocketHandler;
import io.fluxsocket.reactive.WebSocketMessage;
import io.fluxsocket.reactive.netty.WebSocketClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Drives the fuzzing server of the Autobahn suite: asks how many cases there are, plays each by echoing on a connection of
 * its own, and has the reports written.
 */
public final class ConformanceClient {
    private final WebSocketClient client;
    private final WebSocketHandler echo;
    private final String url;
    private final String agent;

    /**
     * @param client with its settings
     * @param echo what each case is played with
     * @param url of the fuzzing server, without a path
     * @param agent the name under which it reports
     */
    ConformanceClient(WebSocketClient client, WebSocketHandler echo, String url, String agent) {
        this.client = client;
        this.echo = echo;
        this.url = url;
        this.agent = URLEncoder.encode(agent, StandardCharsets.UTF_8);
    }

    /**
     * The client that passes: it offers permessage-deflate so that a server can accept it in every case of sections 12 and
     * 13. The suite asks a client to give up its context between messages only where the client has said that it can.
     */
    static ConformanceClient create(String url, String agent) {
        DeflateSettings offer = DeflateSettings.builder()
                .threshold(0)
                .clientNoContextTakeover(true)
                .build();
        return new ConformanceClient(
                WebSocketClient.create().settings(settings -> settings.deflate(offer)),
                connection -> connection.send(connection.receive()),
                url,
                agent);
    }

    /**
     * Runs all cases.
     *
     * @param arguments the URL of the fuzzing server, and the name under which it reports
     */
    public static void main(String[] arguments) {
        String url = arguments.length > 0 ? arguments[0] : "ws://localhost:9001";
        String agent = arguments.length > 1 ? arguments[1] : "Fluxsocket";
        try {
            create(url, agent).run().block();
        } catch (RuntimeException e) {
            System.err.println(Exceptions.unwrap(e).getMessage());
            System.exit(1);
        }
    }

    /** Completes when all cases have been played and the reports are written. */
    Mono<Void> run() {
        return caseCount().flatMap(this::playAll).then(updateReports());
    }

    private Mono<Integer> caseCount() {
        return client.uri(url + "/getCaseCount")
                .connect()
                .flatMap(connection -> connection
                        .receiveMessages()
                        .next()
                        .map(WebSocketMessage::text)
                        .map(count -> Integer.parseInt(count.strip()))
                        .flatMap(count -> connection.close().thenReturn(count)));
    }

    private Mono<Void> playAll(int count) {
        return Flux.range(1, count)
                .concatMap(number -> play(number).doFirst(() -> System.out.println("case " + number + " of " + count)))
                .then();
    }

    /** A case may break the connection off: what became of it, the server judges. */
    private Mono<Void> play(int number) {
        return client.uri(url + "/runCase?case=" + number + "&agent=" + agent)
                .handle(echo)
                .onErrorComplete();
    }

    private Mono<Void> updateReports() {
        return client.uri(url + "/updateReports?agent=" + agent)
                .handle(connection -> connection.receive().then());
    }
}
