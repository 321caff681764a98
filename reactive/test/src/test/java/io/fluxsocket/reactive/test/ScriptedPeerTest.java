package io.fluxsocket.reactive.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketHandler;
import io.fluxsocket.reactive.WebSocketMessage;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class ScriptedPeerTest {
    private static final WebSocketHandler SHOUT = connection -> connection.send(
            connection.receiveMessages().map(m -> WebSocketFrame.text(m.text().toUpperCase(Locale.ROOT))));
    private static final WebSocketHandler ECHO = connection -> connection.send(connection.receive());
    private static final WebSocketHandler SILENT = connection -> Mono.never();

    // ---- what succeeds

    @Test
    void aClientsConversationIsScripted() {
        ScriptedPeer peer = ScriptedPeer.client(SHOUT)
                .sendText("Hello")
                .expectText("HELLO")
                .sendFragment("a")
                .sendFragment("b")
                .sendLastFragment("c")
                .expectText("ABC")
                .sendPing((byte) 7)
                .expectPong((byte) 7)
                .thenCloseWith(1000)
                .expectEnd();
        peer.verify();

        assertThat(peer.connection().closed().block())
                .isEqualTo(new CloseEvent(CloseStatus.NORMAL, CloseEvent.Initiator.REMOTE, true));
        assertThat(peer.handlerErrors()).isEmpty();
    }

    @Test
    void aServersConversationIsScripted() {
        ScriptedPeer peer = InMemoryWebSocket.create()
                .scriptedServer(connection -> connection
                        .send(Mono.just(WebSocketFrame.binary(new byte[] {1, 2})))
                        .thenMany(connection.receive().take(1))
                        .then());
        peer.expectFrame("a masked frame", WireFrame::isMasked)
                .sendBinary((byte) 3)
                .expectClose(1000)
                .verify();

        assertThat(peer.connection().closed().block())
                .isEqualTo(new CloseEvent(CloseStatus.NORMAL, CloseEvent.Initiator.LOCAL, true));
    }

    @Test
    void aConnectionUnderTestNeedsNoHandler() {
        ScriptedPeer peer = ScriptedPeer.server();

        StepVerifier.create(peer.connection().receiveMessages())
                .then(() -> peer.sendText("one").verify())
                .expectNext(WebSocketMessage.text("one"))
                .then(() ->
                        peer.sendFragment((byte) 2).sendLastFragment((byte) 3).verify())
                .expectNext(WebSocketMessage.binary(new byte[] {2, 3}))
                .then(() -> peer.thenCloseWith(4000).verify())
                .verifyComplete();
    }

    @Test
    void aMessageMayComeInSeveralFramesWithControlFramesBetween() {
        ScriptedPeer peer = InMemoryWebSocket.create().scriptedClient();
        Flux<WebSocketFrame> message = Flux.just(
                WebSocketFrame.text("a", false), WebSocketFrame.ping(new byte[] {1}), WebSocketFrame.text("b", true));

        peer.then(() -> peer.connection().send(message).subscribe())
                .expectText("ab")
                .expectPing()
                .verify();
    }

    @Test
    void framesAreLookedAtOneByOne() {
        ScriptedPeer.client(ECHO)
                .sendFragment("a")
                .expectFrame(f -> f.opcode() == WireFrame.TEXT && !f.isFinal())
                .sendLastFragment("b")
                .expectFrame(f -> f.opcode() == WireFrame.CONTINUATION
                        && f.isFinal()
                        && f.text().equals("b"))
                .verify();
    }

    @Test
    void rawBytesBreakTheProtocol() {
        ScriptedPeer.client(ECHO)
                .sendRaw("81 05 'Hello'  # not masked")
                .expectClose(1002)
                .verify();
        ScriptedPeer.client(ECHO)
                .sendFrame(WireFrame.text("x").rsv(4))
                .expectClose(1002)
                .verify();
        ScriptedPeer.client(ECHO)
                .sendFrame(WireFrame.of(WireFrame.TEXT, (byte) 0xFF))
                .expectClose(1007)
                .verify();
    }

    @Test
    void silenceIsExpectedInVirtualTime() {
        ScriptedPeer.client(SILENT)
                .expectNoFrameFor(Duration.ofSeconds(29))
                .thenAwait(Duration.ofSeconds(1))
                .expectPing()
                .sendPong((byte) 0)
                .expectNoFrameFor(Duration.ofSeconds(29))
                .verify();
    }

    @Test
    void pingsAreAnsweredIfTheScriptSaysSo() {
        ScriptedPeer.client(SILENT)
                .answerPings()
                .thenAwait(Duration.ofHours(1))
                .sendText("still there")
                .expectNoFrameFor(Duration.ofHours(1))
                .verify();
    }

    @Test
    void aPeerThatHangsIsCutOff() {
        ScriptedPeer peer = InMemoryWebSocket.create()
                .serverSettings(s -> s.closeTimeout(Duration.ofSeconds(3)))
                .scriptedClient(connection -> Mono.empty());
        peer.expectCloseUnanswered(1000)
                .expectNoFrameFor(Duration.ofSeconds(2))
                .then(() -> assertThat(peer.connection().closed().toFuture()).isNotDone())
                .thenAwait(Duration.ofSeconds(1))
                .expectEnd()
                .verify();

        assertThat(peer.connection().closed().block()).returns(false, CloseEvent::clean);
    }

    @Test
    void aPeerThatHasSentACloseDoesNotAnswerOne() {
        ScriptedPeer peer = ScriptedPeer.client(SILENT).sendClose(1001, "off").expectClose(1001, "off");
        peer.verify();

        assertThat(peer.transcript().lines())
                .filteredOn(line -> line.contains("CLOSE"))
                .hasSize(2);
        assertThat(peer.connection().closed().block())
                .isEqualTo(new CloseEvent(CloseStatus.of(1001, "off"), CloseEvent.Initiator.REMOTE, true));
    }

    @Test
    void aCloseMayHaveAReason() {
        ScriptedPeer peer = ScriptedPeer.client(SILENT).thenCloseWith(4000, "bye");
        peer.verify();

        assertThat(peer.connection().closed().block())
                .isEqualTo(new CloseEvent(CloseStatus.of(4000, "bye"), CloseEvent.Initiator.REMOTE, true));
    }

    @Test
    void aLostConnectionHasNoEndOfStream() {
        ScriptedPeer peer = ScriptedPeer.client(SILENT).thenDrop();
        peer.verify();

        assertThat(peer.transcript().lines()).containsExactly("    0.000 s  network  (connection lost)");
    }

    @Test
    void theConnectionIsDroppedOrEnded() {
        ScriptedPeer dropped = ScriptedPeer.client(SILENT).thenDrop();
        dropped.verify();
        assertThat(dropped.connection().closed().block())
                .returns(1006, e -> e.status().code());

        ScriptedPeer ended = ScriptedPeer.client(SILENT).thenEnd().expectEnd();
        ended.verify();
        assertThat(ended.connection().closed().block())
                .returns(1006, e -> e.status().code());
    }

    @Test
    void otherThreadsAreWaitedFor() {
        ScriptedPeer.client(connection -> connection.send(connection.receive().publishOn(Schedulers.parallel())))
                .sendText("a")
                .expectText("a")
                .verify(Duration.ofSeconds(30));
    }

    @Test
    void aFloodMeetsBackPressureAtThePeerToo() {
        ScriptedPeer peer = ScriptedPeer.client(connection ->
                connection.send(Flux.<WebSocketFrame>generate(s -> s.next(WebSocketFrame.text("flood")))));

        assertThat(peer.toPeer().isWritable()).isFalse();
        peer.expectText("flood").expectText("flood");
        assertThatThrownBy(peer::verify).hasMessageStartingWith("at the end: expected no more frames, but got TEXT");
    }

    // ---- what fails

    private static void assertFails(ScriptedPeer peer, String... messageParts) {
        assertThatThrownBy(peer::verify).isInstanceOf(AssertionError.class).hasMessageContainingAll(messageParts);
    }

    @Test
    void aFailureTellsTheStepTheStepsAndTheTranscript() {
        ScriptedPeer peer = ScriptedPeer.client(SHOUT)
                .thenAwait(Duration.ofMillis(1500))
                .sendText("Hello")
                .expectText("hello")
                .thenCloseWith(1000);

        assertThatThrownBy(peer::verify).isInstanceOf(AssertionError.class).hasMessage("""
                        step 3, expectText("hello"): expected TEXT "hello", but got \
                        TEXT fin, 5 bytes: "HELLO"

                        steps
                          ok 1 thenAwait(1500 ms)
                          ok 2 sendText("Hello")
                          -> 3 expectText("hello")
                             4 thenCloseWith(1000)

                        transcript
                            1.500 s  peer → server  TEXT          fin masked       5 bytes  "Hello"
                            1.500 s  server → peer  TEXT          fin              5 bytes  "HELLO"
                        """);
    }

    @Test
    void aFailureTellsWhatTheHandlerFailedWith() {
        IllegalStateException boom = new IllegalStateException("boom");
        ScriptedPeer peer = ScriptedPeer.client(
                        connection -> connection.receive().then(Mono.error(boom)))
                .sendText("x")
                .sendClose(1000, "")
                .expectText("y");

        assertThatThrownBy(peer::verify)
                .hasMessageContainingAll("the handler failed: java.lang.IllegalStateException: boom", "CLOSE")
                .hasCause(boom);
    }

    @Test
    void whatATaskOrPredicateThrowsComesWithTheStepsAndTheTranscript() {
        AssertionError wrong = new AssertionError("wrong");
        ScriptedPeer peer = ScriptedPeer.client(SHOUT).sendPing().then(() -> {
            throw wrong;
        });

        assertThatThrownBy(peer::verify).isSameAs(wrong);
        assertThat(wrong.getSuppressed())
                .singleElement()
                .extracting(Throwable::getMessage)
                .asString()
                .contains("step 2, then(…): failed", "ok 1 sendPing()", "server → peer  PONG");
    }

    @Test
    void stepsAreToldAsTheyWereWritten() {
        ScriptedPeer peer = ScriptedPeer.client(SILENT)
                .sendPing((byte) 1)
                .sendPong((byte) 2)
                .sendClose(1000, "bye")
                .expectText("x");

        assertFails(peer, "ok 1 sendPing(01)", "ok 2 sendPong(02)", "ok 3 sendClose(1000, \"bye\")");
    }

    @Test
    void whatDoesNotComeIsNotWaitedFor() {
        assertFails(ScriptedPeer.client(SILENT).expectText("x"), "expected TEXT \"x\", but nothing came");
        assertFails(ScriptedPeer.client(SILENT).expectClose(1000), "expected CLOSE 1000, but nothing came");
        assertFails(ScriptedPeer.client(SILENT).expectPing(), "expected PING, but nothing came");
        assertFails(ScriptedPeer.client(SILENT).expectEnd(), "expected the end of the stream, but nothing came");
    }

    @Test
    void whatMayHaveBeenOverlookedIsToldWhenNothingComes() {
        String threads = "verify(Duration) alone";
        String timers = "VirtualTimeScheduler.getOrSet()";
        assertThatThrownBy(ScriptedPeer.client(SILENT).expectText("x")::verify)
                .hasMessageContaining(threads)
                .hasMessageNotContaining(timers);
        assertThatThrownBy(ScriptedPeer.client(SILENT)
                        .thenAwait(Duration.ofSeconds(1))
                        .expectText("x")::verify)
                .hasMessageContainingAll(threads, timers);
        assertThatThrownBy(() -> ScriptedPeer.client(SILENT).expectText("x").verify(Duration.ofMillis(1)))
                .hasMessageNotContaining(threads);
    }

    @Test
    void whereLongMessagesDifferIsTold() {
        String same = "0123456789abcdef".repeat(100) + "é";
        assertFails(
                ScriptedPeer.client(ECHO).sendText(same + "one").expectText(same + "two"),
                "from byte 1594 on, expected \"abcdefétwo\", but got \"abcdeféone\"");
        String accents = "é".repeat(100) + "x"; // the excerpt begins with a whole character
        assertFails(
                ScriptedPeer.client(ECHO).sendText(accents + 1).expectText(accents + 2),
                "from byte 192 on, expected \"ééééx2\", but got \"ééééx1\"");
        assertFails(
                ScriptedPeer.client(ECHO).sendText(same).expectText(same + "!"),
                "expected \"abcdefé!\", but got \"abcdefé\"");
        assertFails(
                ScriptedPeer.client(ECHO).sendBinary(new byte[40]).expectBinary(new byte[41]),
                "from byte 32 on, expected 00 00 00 00 00 00 00 00 00, but got 00 00 00 00 00 00 00 00\n");
    }

    @Test
    void whatComesInsteadIsTold() {
        assertFails(
                ScriptedPeer.client(ECHO).sendText("x").expectBinary((byte) 'x'), "expected BINARY 78, but got TEXT");
        assertFails(ScriptedPeer.client(ECHO).sendText("x").expectPing(), "expected PING, but got TEXT");
        assertFails(
                ScriptedPeer.client(ECHO).sendText("x").expectEnd(), "expected the end of the stream, but got TEXT");
        assertFails(
                ScriptedPeer.client(ECHO).sendPing((byte) 1).expectPong((byte) 2), "expected PONG 02, but got PONG");
        assertFails(
                ScriptedPeer.client(ECHO).sendText("x").expectFrame("a frame from Mars", f -> f.rsv() != 0),
                "expected a frame from Mars, but got TEXT");
        assertFails(
                ScriptedPeer.client(connection -> Mono.empty()).expectClose(1001),
                "expected CLOSE 1001, but got CLOSE");
        assertFails(
                ScriptedPeer.client(connection -> Mono.empty()).expectClose(1000, "bye"),
                "expected CLOSE 1000 bye, but got CLOSE");
        assertFails(ScriptedPeer.client(SILENT).thenDrop().expectText("x"), "the loss of the connection");
        assertFails(ScriptedPeer.client(SILENT).thenDrop().sendText("x"), "nothing can be sent any more");
        assertFails(
                ScriptedPeer.client(SILENT).expectNoFrameFor(Duration.ofSeconds(30)),
                "expected no more frames, but got PING");
    }

    @Test
    void whatIsLeftOverFails() {
        assertFails(ScriptedPeer.client(ECHO).sendText("x"), "at the end: expected no more frames, but got TEXT");
    }

    @Test
    void aTestIsVerifiedOutsideOfHandlers() {
        ScriptedPeer peer = ScriptedPeer.server();
        StepVerifier.create(peer.connection().receive().doOnNext(f -> peer.verify()))
                .then(() -> peer.sendText("x").verify())
                .verifyError(IllegalStateException.class);
    }
}
