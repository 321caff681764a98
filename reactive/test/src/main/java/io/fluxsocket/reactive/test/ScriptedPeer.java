package io.fluxsocket.reactive.test;

import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A peer that follows a script, frame by frame, in the manner of StepVerifier: for what a real peer does, and for what none should.
 *
 * <pre>{@code
 * ScriptedPeer.client(handler)
 *         .sendText("Hello")
 *         .expectText("HELLO")
 *         .thenCloseWith(1000)
 *         .verify();
 * }</pre>
 *
 * <p><b>Steps.</b> Nothing happens before {@link #verify()}, which carries out the steps one by one, on the test's thread. A peer may
 * be verified again and again; each time it carries out the steps that were added since. So it goes together with a
 * StepVerifier: {@code .then(() -> peer.sendText("Hello").verify())}.
 *
 * <p><b>Strict.</b> The frames must come in the order in which they are expected, and all of them must be expected, pings as well (but see
 * {@link #answerPings()}). A message may come in any number of frames, unless {@link #expectFrame} looks at each.
 *
 * <p><b>Time</b> is virtual and passes in {@link #thenAwait} and {@link #expectNoFrameFor} alone. An expectation does not wait: what
 * follows from a step has happened when the step is over. Only code that goes to other threads needs {@link #verify(Duration)}.
 *
 * <p><b>Failures</b> are {@link AssertionError}s whose message tells the step, all steps, and the {@link Transcript}; their cause is
 * what the handler failed with, if it has. What a task of {@link #then} or a predicate throws is thrown as it is, with all that as a
 * suppressed error.
 *
 * <p>For the test's thread. The scripts of several peers may be verified in turn.
 */
public final class ScriptedPeer {
    private final MemoryNetwork network;
    private final PeerEnd end;
    private final boolean client;
    private final WebSocketConnection connection;
    private final List<Throwable> handlerErrors;
    private final Script script;

    ScriptedPeer(
            MemoryNetwork network,
            PeerEnd end,
            boolean client,
            WebSocketConnection connection,
            List<Throwable> errors) {
        this.network = network;
        this.end = end;
        this.client = client;
        this.connection = connection;
        this.handlerErrors = errors;
        script = new Script(network, end, errors);
    }

    /**
     * A peer that plays the client of a server's handler, with all defaults. For settings see {@link
     * InMemoryWebSocket#scriptedClient}.
     *
     * @param handler what is tested; it runs already
     * @return a new peer
     */
    public static ScriptedPeer client(WebSocketHandler handler) {
        return InMemoryWebSocket.create().scriptedClient(handler);
    }

    /**
     * A peer that plays the server for a client's {@link #connection()}, with all defaults. For settings see {@link
     * InMemoryWebSocket#scriptedServer()}.
     *
     * @return a new peer
     */
    public static ScriptedPeer server() {
        return InMemoryWebSocket.create().scriptedServer();
    }

    // ---- what there is beside the script

    /** {@return the connection under test, at the other end} */
    public WebSocketConnection connection() {
        return connection;
    }

    /** {@return what this peer sends: the place for faults, and for what the connection under test has read} */
    public Wire toConnection() {
        return client ? network.toServer() : network.toClient();
    }

    /** {@return what the connection under test sends} */
    public Wire toPeer() {
        return client ? network.toClient() : network.toServer();
    }

    /** {@return the time of this conversation} */
    public VirtualTimeScheduler time() {
        return network.time();
    }

    /** {@return all frames so far} */
    public Transcript transcript() {
        return network.transcript();
    }

    /** {@return what the handler under test has failed with, which in production goes to Reactor's onErrorDropped; a copy} */
    public List<Throwable> handlerErrors() {
        return List.copyOf(handlerErrors);
    }

    // ---- the peer sends

    /**
     * Sends a text message.
     *
     * @param text in one frame
     * @return this peer
     */
    public ScriptedPeer sendText(String text) {
        return sendPart("sendText(" + Script.quote(text) + ")", WireFrame.TEXT, true, utf8(text));
    }

    /**
     * Sends a binary message.
     *
     * @param payload in one frame
     * @return this peer
     */
    public ScriptedPeer sendBinary(byte... payload) {
        return sendPart("sendBinary(" + FrameVectors.preview(payload) + ")", WireFrame.BINARY, true, payload.clone());
    }

    /**
     * Sends a text message, compressed (RFC 7692). The step fails unless both ends have settings with {@code deflate}.
     *
     * @param text in one frame, with RSV1
     * @return this peer
     */
    public ScriptedPeer sendCompressedText(String text) {
        return step(
                "sendCompressedText(" + Script.quote(text) + ")",
                () -> script.send(() -> end.sendCompressed(WireFrame.TEXT, utf8(text))));
    }

    /**
     * Sends a binary message, compressed (RFC 7692). See {@link #sendCompressedText}.
     *
     * @param payload in one frame, with RSV1
     * @return this peer
     */
    public ScriptedPeer sendCompressedBinary(byte... payload) {
        byte[] copy = payload.clone();
        return step(
                "sendCompressedBinary(" + FrameVectors.preview(copy) + ")",
                () -> script.send(() -> end.sendCompressed(WireFrame.BINARY, copy)));
    }

    /**
     * Sends a part of a text message, of which more follows. The second one and all that follow are continuations.
     *
     * @param text in one frame, which is not final
     * @return this peer
     */
    public ScriptedPeer sendFragment(String text) {
        return sendPart("sendFragment(" + Script.quote(text) + ")", WireFrame.TEXT, false, utf8(text));
    }

    /**
     * Sends a part of a binary message, of which more follows.
     *
     * @param payload in one frame, which is not final
     * @return this peer
     */
    public ScriptedPeer sendFragment(byte... payload) {
        return sendPart(
                "sendFragment(" + FrameVectors.preview(payload) + ")", WireFrame.BINARY, false, payload.clone());
    }

    /**
     * Sends the last part of a text message.
     *
     * @param text in one frame, which is final
     * @return this peer
     */
    public ScriptedPeer sendLastFragment(String text) {
        return sendPart("sendLastFragment(" + Script.quote(text) + ")", WireFrame.TEXT, true, utf8(text));
    }

    /**
     * Sends the last part of a binary message.
     *
     * @param payload in one frame, which is final
     * @return this peer
     */
    public ScriptedPeer sendLastFragment(byte... payload) {
        return sendPart(
                "sendLastFragment(" + FrameVectors.preview(payload) + ")", WireFrame.BINARY, true, payload.clone());
    }

    private ScriptedPeer sendPart(String name, int opcode, boolean isFinal, byte[] payload) {
        return step(name, () -> script.send(() -> end.sendPart(opcode, isFinal, payload)));
    }

    /**
     * Sends a ping.
     *
     * @param payload copied; more than 125 bytes break the protocol
     * @return this peer
     */
    public ScriptedPeer sendPing(byte... payload) {
        return sendControl("sendPing(" + FrameVectors.preview(payload) + ")", WireFrame.ping(payload));
    }

    /**
     * Sends a pong, asked for or not.
     *
     * @param payload copied; more than 125 bytes break the protocol
     * @return this peer
     */
    public ScriptedPeer sendPong(byte... payload) {
        return sendControl("sendPong(" + FrameVectors.preview(payload) + ")", WireFrame.pong(payload));
    }

    /**
     * Sends a close and goes on, where {@link #thenCloseWith} does what follows too.
     *
     * @param code any, allowed or not; 1005 for an empty body
     * @param reason why; may be empty
     * @return this peer
     */
    public ScriptedPeer sendClose(int code, String reason) {
        return sendControl("sendClose(" + code + ", " + Script.quote(reason) + ")", WireFrame.close(code, reason));
    }

    private ScriptedPeer sendControl(String name, WireFrame frame) {
        return step(name, () -> script.send(() -> end.send(frame)));
    }

    /**
     * Sends a frame as it is, right or wrong. If the peer plays the client, one that is not masked gets masked.
     *
     * @param frame any
     * @return this peer
     */
    public ScriptedPeer sendFrame(WireFrame frame) {
        return step("sendFrame(" + frame + ")", () -> script.send(() -> end.send(frame)));
    }

    /**
     * Sends bytes as they are.
     *
     * @param vector in the form of {@link FrameVectors}
     * @return this peer
     * @throws IllegalArgumentException if it is not in that form
     */
    public ScriptedPeer sendRaw(String vector) {
        byte[] bytes = FrameVectors.bytes(vector);
        return step(
                "sendRaw(" + FrameVectors.preview(bytes) + ")", () -> script.send(() -> end.sendRaw(bytes.clone())));
    }

    /**
     * From here on answers each ping at once, as RFC 6455 §5.5.2 demands, and does not expect it to be expected.
     *
     * @return this peer
     */
    public ScriptedPeer answerPings() {
        return step("answerPings()", () -> network.loop().run(end::answerPings));
    }

    // ---- the peer expects

    /**
     * Expects a whole text message, in however many frames, compressed or not.
     *
     * @param text all of it
     * @return this peer
     */
    public ScriptedPeer expectText(String text) {
        String quoted = Script.quote(text);
        return step("expectText(" + quoted + ")", () -> script.message(WireFrame.TEXT, utf8(text), "TEXT " + quoted));
    }

    /**
     * Expects a whole binary message, in however many frames, compressed or not.
     *
     * @param payload all of it
     * @return this peer
     */
    public ScriptedPeer expectBinary(byte... payload) {
        byte[] copy = payload.clone();
        String preview = FrameVectors.preview(copy);
        return step("expectBinary(" + preview + ")", () -> script.message(WireFrame.BINARY, copy, "BINARY " + preview));
    }

    /**
     * Expects a ping. It is not answered; see {@link #sendPong} and {@link #answerPings()}.
     *
     * @return this peer
     */
    public ScriptedPeer expectPing() {
        return step("expectPing()", () -> script.frame(WireFrame.PING, "PING"));
    }

    /**
     * Expects a pong.
     *
     * @param payload that of the ping it answers
     * @return this peer
     */
    public ScriptedPeer expectPong(byte... payload) {
        byte[] copy = payload.clone();
        String preview = FrameVectors.preview(copy);
        return step(
                "expectPong(" + preview + ")", () -> script.message(WireFrame.PONG, copy, ("PONG " + preview).strip()));
    }

    /**
     * Expects a frame that this predicate is true of.
     *
     * @param predicate of one frame of the wire
     * @return this peer
     */
    public ScriptedPeer expectFrame(Predicate<? super WireFrame> predicate) {
        return expectFrame("a frame that the predicate is true of", predicate);
    }

    /**
     * Expects a frame that this predicate is true of.
     *
     * @param description for the message of a failure: "expected <em>description</em>, but got …"
     * @param predicate of one frame of the wire
     * @return this peer
     */
    public ScriptedPeer expectFrame(String description, Predicate<? super WireFrame> predicate) {
        return step("expectFrame(" + description + ")", () -> {
            WireFrame frame = script.frame(description);
            Script.require(predicate.test(frame), description, frame);
        });
    }

    /**
     * Expects a close with this code, whatever its reason, and answers it unless this peer has sent a close already; a peer that plays
     * the server then ends the stream.
     *
     * @param code 1005 for an empty body
     * @return this peer
     */
    public ScriptedPeer expectClose(int code) {
        return step("expectClose(" + code + ")", () -> closed(code, null));
    }

    /**
     * Expects a close with this code and reason, and answers it unless this peer has sent a close already; a peer that plays the server
     * then ends the stream.
     *
     * @param code 1005 for an empty body
     * @param reason all of it
     * @return this peer
     */
    public ScriptedPeer expectClose(int code, String reason) {
        return step("expectClose(" + code + ", " + Script.quote(reason) + ")", () -> closed(code, reason));
    }

    private void closed(int code, @Nullable String reason) throws InterruptedException {
        script.close(code, reason, true);
        endIfServer();
    }

    /**
     * Expects a close with this code and does not answer it, as a peer that hangs.
     *
     * @param code 1005 for an empty body
     * @return this peer
     */
    public ScriptedPeer expectCloseUnanswered(int code) {
        return step("expectCloseUnanswered(" + code + ")", () -> script.close(code, null, false));
    }

    /**
     * Expects that the connection under test has ended its half of the stream.
     *
     * @return this peer
     */
    public ScriptedPeer expectEnd() {
        return step("expectEnd()", script::end);
    }

    /**
     * Expects that nothing comes while this time passes. What was sent before counts as well.
     *
     * @param time virtual; not negative
     * @return this peer
     */
    public ScriptedPeer expectNoFrameFor(Duration time) {
        return step("expectNoFrameFor(" + time.toMillis() + " ms)", () -> {
            script.expectNothing();
            script.advance(time);
            script.expectNothing();
        });
    }

    // ---- what else happens

    /**
     * Lets time pass; what is due happens at its own time.
     *
     * @param time virtual; not negative
     * @return this peer
     */
    public ScriptedPeer thenAwait(Duration time) {
        return step("thenAwait(" + time.toMillis() + " ms)", () -> script.advance(time));
    }

    /**
     * Does something else, such as a fault, a send of the connection under test, or an assertion.
     *
     * @param task run on the test's thread
     * @return this peer
     */
    public ScriptedPeer then(Runnable task) {
        return step("then(…)", task::run);
    }

    /**
     * Sends a close, expects the answer with the same code, and ends the stream as its role demands (RFC 6455 §7.1.1).
     *
     * @param code of both closes; 1005 for an empty body
     * @return this peer
     */
    public ScriptedPeer thenCloseWith(int code) {
        return step("thenCloseWith(" + code + ")", () -> close(code, ""));
    }

    /**
     * As {@link #thenCloseWith(int)}, with a reason.
     *
     * @param code of both closes
     * @param reason of this peer's close
     * @return this peer
     */
    public ScriptedPeer thenCloseWith(int code, String reason) {
        return step("thenCloseWith(" + code + ", " + Script.quote(reason) + ")", () -> close(code, reason));
    }

    private void close(int code, String reason) throws InterruptedException {
        script.send(() -> end.send(WireFrame.close(code, reason)));
        script.close(code, null, false);
        endIfServer();
    }

    private void endIfServer() {
        if (!client) {
            network.loop().run(end::end);
        }
    }

    /**
     * Ends the peer's half of the stream, without a close.
     *
     * @return this peer
     */
    public ScriptedPeer thenEnd() {
        return step("thenEnd()", () -> network.loop().run(end::end));
    }

    /**
     * Loses the connection: the other end gets an IOException.
     *
     * @return this peer
     */
    public ScriptedPeer thenDrop() {
        return step("thenDrop()", () -> network.loop().run(network::reset));
    }

    private ScriptedPeer step(String name, Script.Action action) {
        script.add(name, action);
        return this;
    }

    // ---- the end of a script

    /**
     * Carries out the steps that were added since the last time, and expects that no frame is left.
     *
     * @throws AssertionError if something else happens than was expected
     * @throws IllegalStateException within a handler or subscriber
     */
    public void verify() {
        verify(Duration.ZERO);
    }

    /**
     * As {@link #verify()}, for code that goes to other threads.
     *
     * @param timeout how long is waited for them in all, in real time
     * @throws AssertionError if something else happens than was expected, or nothing
     * @throws IllegalStateException within a handler or subscriber
     */
    public void verify(Duration timeout) {
        script.verify(timeout);
    }

    /** Runs a task as the connection's event loop would. */
    void onLoop(Runnable task) {
        network.loop().run(task);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
