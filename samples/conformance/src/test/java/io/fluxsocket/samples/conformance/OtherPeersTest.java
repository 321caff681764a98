package io.fluxsocket.samples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.resources.ConnectionProvider;

/** The judge judged: two other implementations have to get the figures that the Autobahn suite itself gives them. */
@Tag("conformance")
class OtherPeersTest {
    private static final int LARGEST_FRAME = 16 << 20;

    /** What is known of sections 12 and 13 follows from the parameters, not from how many messages there are. */
    private static final int FEW_MESSAGES = 20;

    private final List<Case> cases = Catalogue.all(FEW_MESSAGES);

    @Test
    void wsAsServerIsLateWithInvalidTextInFourCases() throws Exception {
        NodePeer node = NodePeer.run("ws-echo-server.mjs");
        wsIsLateWithInvalidTextInFourCases(
                judge("ws-server", new ServerSubject(Integer.parseInt(node.firstLine()), node)));
    }

    @Test
    void wsAsClientIsLateWithInvalidTextInFourCases() throws Exception {
        wsIsLateWithInvalidTextInFourCases(
                judge("ws-client", new ClientSubject(cases, url -> NodePeer.run("ws-echo-client.mjs", url))));
    }

    private static void wsIsLateWithInvalidTextInFourCases(Report report) {
        assertThat(report.count(1, 10, Outcome::behavior)).hasToString("{OK=294, NON-STRICT=4, INFORMATIONAL=3}");
        assertThat(report.count(12, 13, Outcome::behavior)).hasToString("{OK=216}");
        assertThat(report.idsOf(Verdict.NON_STRICT)).containsExactly("6.4.1", "6.4.2", "6.4.3", "6.4.4");
    }

    @Test
    void reactorNettyAsServerFails78Cases() throws Exception {
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.ws(
                        "/",
                        (in, out) -> out.sendObject(in.receiveFrames().map(WebSocketFrame::retain)),
                        WebsocketServerSpec.builder()
                                .maxFramePayloadLength(LARGEST_FRAME)
                                .compress(true)
                                .build()))
                .bindNow();
        Report report = judge(
                "reactor-netty-server",
                new ServerSubject(server.port(), () -> server.disposeNow(Duration.ofSeconds(20))));
        reactorNettyFails78Cases(report);
        assertThat(report.count(13, 13, Outcome::behavior)).hasToString("{OK=36, UNIMPLEMENTED=90}");
    }

    @Test
    void reactorNettyAsClientFails78Cases() throws Exception {
        List<Case> withoutDeflate = Catalogue.withoutDeflate();
        Judge.Subject subject = new ClientSubject(withoutDeflate, url -> {
            CountDownLatch ended = new CountDownLatch(1);
            reactorNettyClient(url).doFinally(end -> ended.countDown()).subscribe();
            return () -> assertThat(ended.await(60, TimeUnit.SECONDS))
                    .as("the client has ended")
                    .isTrue();
        });
        reactorNettyFails78Cases(judge("reactor-netty-client", withoutDeflate, subject));
    }

    private static void reactorNettyFails78Cases(Report report) {
        assertThat(report.count(1, 10, Outcome::behavior)).hasToString("{OK=220, INFORMATIONAL=3, FAILED=78}");
        assertThat(report.count(6, 6, Outcome::behavior)).hasToString("{OK=70, FAILED=75}");
        // It echoes the pongs that nobody asked for, and whatever has a reserved bit set.
        assertThat(report.count(2, 2, Outcome::behavior)).hasToString("{OK=8, FAILED=3}");
        assertThat(report.count(1, 10, Outcome::close)).hasToString("{OK=216, INFORMATIONAL=3, FAILED=82}");
    }

    private Mono<Void> reactorNettyClient(String url) {
        HttpClient.WebsocketSender client = HttpClient.create(ConnectionProvider.newConnection())
                .websocket(WebsocketClientSpec.builder()
                        .maxFramePayloadLength(LARGEST_FRAME)
                        .compress(true)
                        .build());
        return client.uri(url + "/getCaseCount")
                .handle((in, out) -> in.receive().asString())
                .next()
                .flatMapMany(count -> Flux.range(1, Integer.parseInt(count)))
                .concatMap(number -> client.uri(url + "/runCase?case=" + number + "&agent=reactor-netty")
                        .handle((in, out) -> out.sendObject(in.receiveFrames().map(WebSocketFrame::retain)))
                        .then()
                        .onErrorComplete())
                .then(client.uri(url + "/updateReports?agent=reactor-netty")
                        .handle((in, out) -> in.receive().then())
                        .then());
    }

    private Report judge(String name, Judge.Subject subject) throws Exception {
        return judge(name, cases, subject);
    }

    private static Report judge(String name, List<Case> cases, Judge.Subject subject) throws Exception {
        Report report = new Report(name);
        try (subject) {
            for (Case test : cases) {
                report.add(Judge.judge(test, subject));
            }
        } finally {
            report.write();
        }
        return report;
    }
}
