package io.fluxsocket.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code connect}, as the jar that is delivered, against our own server. */
class ConnectJarTest {
    private final PartnerServer server = new PartnerServer(partner -> partner);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void linesOfTheInputAreSentItsEndClosesAndOnlyMessagesGoToTheOutput() throws Exception {
        Jar.Result result = Jar.runWith("Grüße, 世界\n/close\nlast", "connect", server.url("/echo"));
        assertThat(result.out()).containsExactly("Grüße, 世界", "/close", "last");
        assertThat(result.err())
                .contains("* connected to " + server.url("/echo"))
                .contains("* closed with 1000")
                .doesNotContain("\u001b", "> ");
        assertThat(result.status()).isZero();
        assertThat(server.nextClose()).isEqualTo(new CloseEvent(CloseStatus.NORMAL, Initiator.REMOTE, true));
    }

    @Test
    void headersUserOriginAndSubprotocolReachTheServer() throws Exception {
        Jar.Result result = Jar.run(
                "connect",
                "-H=X-One: 1",
                "--header=X-Two: a: b",
                "--user=Aladdin:open sesame",
                "--origin=" + server.url("").replace("ws", "http"),
                "-s=v0",
                "-s=v1",
                "--stay",
                server.url("/headers"));
        assertThat(result.out())
                .containsExactly(
                        "X-One=1",
                        "X-Two=a: b",
                        "Authorization=Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
                        "Origin=" + server.url("").replace("ws", "http"));
        assertThat(result.err()).contains("subprotocol v1", "closed by the server with 1000");
        assertThat(result.status()).isZero();
    }

    @Test
    void givenMessagesAreSentAnsweredAndThatIsAll() throws Exception {
        Jar.Result result = Jar.runWith("not read", "connect", "-q", "-m=one", "-m=two", server.url("/echo"));
        assertThat(result).isEqualTo(new Jar.Result(0, List.of("one", "two"), ""));
    }

    @Test
    void binaryMessagesAreGivenAndShownAsHexadecimalDigits() throws Exception {
        assertThat(Jar.run("connect", "-q", "--hex", "-m=00 ff 1b", server.url("/echo"))
                        .out())
                .containsExactly("00ff1b");
        assertThat(Jar.run("connect", "-q", "--binary", "-m=AZ", server.url("/echo"))
                        .out())
                .containsExactly("415a");
    }

    @Test
    void closeCodeAndReasonReachTheServer() throws Exception {
        Jar.Result result = Jar.run("connect", "--close-code=4001", "--close-reason=bye", server.url("/echo"));
        assertThat(result.status()).isZero();
        assertThat(server.nextClose()).isEqualTo(new CloseEvent(CloseStatus.of(4001, "bye"), Initiator.REMOTE, true));
    }

    @ParameterizedTest
    @CsvSource({"1000, 0", "1001, 11", "1011, 21", "3999, 30", "4001, 40"})
    void exitStatusTellsTheCloseStatus(int code, int status) throws Exception {
        Jar.Result result = Jar.run("connect", "--stay", server.url("/close/" + code));
        assertThat(result.status()).isEqualTo(status);
        assertThat(result.err()).contains("closed by the server with " + code + " as asked");
    }

    @Test
    void noAnswerInTimeIsSaidAndHasItsOwnExitStatus() throws Exception {
        Jar.Result result = Jar.run("connect", "-m=hello", "--wait=100ms", server.url("/silent"));
        assertThat(result.status()).isEqualTo(5);
        assertThat(result.err()).contains("no answer within 100 ms; more time: --wait=1m, no answer: --answers=0");
        assertThat(Jar.run("connect", "-m=hello", "--answers=0", server.url("/silent"))
                        .status())
                .isZero();
    }

    @Test
    void refusalIsToldWithAdvice() throws Exception {
        Jar.Result result = Jar.run("connect", "--reconnect", server.url("/secret"));
        assertThat(result.status()).isEqualTo(4);
        assertThat(result.err())
                .contains("status 401 instead of 101; give a name and password with --user=NAME:PASSWORD")
                .contains("Who are you?");
    }

    @Test
    void traceTellsFramesAndMessagesWithTimes() throws Exception {
        List<JsonObject> trace = trace("connect", "--json", "--deflate", "-m=" + "x".repeat(2000), server.url("/echo"));
        assertThat(trace.stream().map(ConnectJarTest::kind).sorted())
                .containsExactlyInAnyOrder(
                        "open",
                        "message out",
                        "frame out text compressed",
                        "frame in text compressed",
                        "message in",
                        "frame out close",
                        "frame in close",
                        "close",
                        "statistics");
        trace.forEach(line -> Instant.parse(line.get("time").getAsString()));
        JsonObject open = trace.get(0);
        assertThat(open.get("extensions").toString()).contains("permessage-deflate");
        JsonObject out = trace.get(trace.size() - 1).getAsJsonObject("out");
        assertThat(out.get("payloadBytes").getAsInt()).isEqualTo(2000);
        assertThat(out.get("compressedMessages").getAsInt()).isEqualTo(1);
        assertThat(out.get("wireBytes").getAsInt()).isBetween(10, 100);
        JsonObject in = trace.get(trace.size() - 1).getAsJsonObject("in");
        assertThat(in.get("payloadBytes").getAsInt()).isEqualTo(2000);
        assertThat(in.get("wireBytes").getAsInt()).isBetween(10, 100);
    }

    private static List<JsonObject> trace(String... arguments) throws Exception {
        Jar.Result result = Jar.run(arguments);
        assertThat(result.err()).isEmpty();
        return result.out().stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }

    private static String kind(JsonObject line) {
        String kind = line.get("event").getAsString();
        if (line.has("direction")) {
            kind += " " + line.get("direction").getAsString();
        }
        if (line.has("opcode")) {
            kind += " " + line.get("opcode").getAsString();
        }
        return line.has("compressed") && line.get("compressed").getAsBoolean() ? kind + " compressed" : kind;
    }

    @Test
    void statisticsOfDeflateAreToldAtTheEnd() throws Exception {
        Jar.Result result = Jar.run("connect", "-z", "-m=" + "abc".repeat(1000), server.url("/echo"));
        assertThat(result.err())
                .containsPattern(
                        "sent 1 message \\(1 compressed\\), 3,000 bytes, on the wire \\d\\d bytes in 1 frame \\(\\d %\\)")
                .containsPattern("received 1 message \\(1 compressed\\), 3,000 bytes, on the wire \\d\\d bytes");
    }

    @Test
    void pingsAndPongsAreShownOnDemand() throws Exception {
        try (Jar jar = Jar.start("connect", "--show-pings", server.url("/ping"))) {
            jar.awaitLine("go");
            jar.write("said\n");
            jar.endInput();
            assertThat(jar.result().err()).contains("received ping: are you there", "sent pong: are you there");
        }
    }

    @Test
    void roundTripsAreToldWhileItRuns() throws Exception {
        List<String> out;
        try (Jar jar = Jar.start("connect", "--json", "--ping=10ms", server.url("/silent"))) {
            jar.awaitLine("roundTripMillis");
            jar.awaitLine("roundTripMillis");
            jar.endInput();
            out = jar.result().out();
        }
        assertThat(out).anyMatch(line -> line.contains("\"opcode\":\"pong\""));
    }

    @Test
    void connectsAgainUntilTheServerClosesWith1000AndLosesNoInput() throws Exception {
        try (Jar jar = Jar.start("connect", "--reconnect", "--backoff=10ms", server.url("/restarts"))) {
            jar.awaitLine("connection 1");
            jar.write("first\n");
            jar.awaitLine("first");
            jar.awaitLine("connection 2");
            jar.write("second\n");
            Jar.Result result = jar.result();
            assertThat(result.out()).containsExactly("connection 1", "first", "connection 2", "second");
            assertThat(result.err()).contains("closed by the server with 1012", "connecting again in");
            assertThat(result.status()).isZero();
        }
    }

    @Test
    void givesUpAfterAsManyAttemptsAsItWasTold() throws Exception {
        int port = portOfNobody();
        Jar.Result result =
                Jar.run("connect", "--reconnect", "--attempts=2", "--backoff=10ms", "ws://127.0.0.1:" + port + "/");
        assertThat(result.status()).isEqualTo(3);
        assertThat(result.err().lines().filter(line -> line.contains("nobody listens there")))
                .hasSize(3);
        assertThat(result.err()).contains("(attempt 2)").doesNotContain("(attempt 3)");
    }

    private static int portOfNobody() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void interruptClosesInAnOrderlyWay() throws Exception {
        try (Jar jar = Jar.start("connect", "--json", server.url("/echo"))) {
            jar.awaitLine("\"open\"");
            jar.interrupt();
            assertThat(jar.result().status()).isEqualTo(130);
        }
        assertThat(server.nextClose()).isEqualTo(new CloseEvent(CloseStatus.GOING_AWAY, Initiator.REMOTE, true));
    }

    @Test
    void terminalHasPromptCommandsAndColoursAndShowsNoEscapesOfThePeer() throws Exception {
        Peers.requireThat(Peers.isExecutable("script"), "script, which makes a terminal, is absent");
        try (Jar jar = inTerminal(server.url("/echo"))) {
            jar.awaitLine("connected to");
            jar.write("hello\n");
            assertThat(jar.awaitLine("< hello")).contains("\u001b[");
            jar.write("/ping\n");
            jar.awaitLine("pong after");
            jar.write("/nonsense\n");
            jar.awaitLine("there is no /nonsense here; /help tells what there is");
            jar.write("/close 4001 bye\n");
            jar.awaitLine("closed with 4001 bye");
            assertThat(jar.result().status()).isZero();
        }
        try (Jar jar = inTerminal(server.url("/escape"))) {
            jar.awaitLine("< \u241b[31mred");
        }
    }

    private static Jar inTerminal(String url) throws IOException {
        String command = Stream.concat(Jar.command("connect").stream(), Stream.of(url))
                .map(word -> "'" + word + "'")
                .reduce((a, b) -> a + " " + b)
                .orElseThrow();
        return Jar.start(List.of("script", "--quiet", "--return", "--flush", "--command", command, "/dev/null"));
    }

    @Test
    void bashCompletesCommandsAndOptions() throws Exception {
        Peers.requireThat(Peers.isExecutable("bash"), "bash is absent");
        Path script = Files.createTempFile(Path.of("target"), "completion", ".bash");
        Files.write(script, Jar.run("generate-completion").out());
        try (Jar bash = Jar.start(List.of("bash", "--norc", "-c", """
                source "$0"
                COMP_WORDS=(fluxsocket conn); COMP_CWORD=1; COMP_LINE='fluxsocket conn'; _complete_fluxsocket; echo "${COMPREPLY[@]}"
                COMP_WORDS=(fluxsocket connect --subp); COMP_CWORD=2; _complete_fluxsocket; echo "${COMPREPLY[@]}"
                """, script.toString()))) {
            assertThat(bash.result().out()).containsExactly("connect", "--subprotocol");
        }
    }
}
