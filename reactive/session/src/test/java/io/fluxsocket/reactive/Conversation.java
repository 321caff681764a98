package io.fluxsocket.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.Action;
import io.fluxsocket.core.ActionQueue;
import io.fluxsocket.core.BufferType;
import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.core.EngineSettings;
import io.fluxsocket.core.WebSocketEngine;
import io.fluxsocket.core.deflate.DeflateAgreement;
import io.fluxsocket.core.deflate.DeflateParameters;
import io.fluxsocket.core.deflate.DeflateSettings;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A session over a {@link MemoryTransport}, and its peer, which is an engine worked by hand. In every test it asserts: at most
 * one Receive is outstanding, and none while nobody asks and the window is full, unless a local close is being drained.
 */
final class Conversation {
    /** Where permessage-deflate is used, the peer compresses everything. */
    private static final DeflateSettings COMPRESSING =
            DeflateSettings.builder().threshold(0).build();

    final MemoryTransport transport = new MemoryTransport();
    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final WebSocketEngine engine;
    final WebSocketEngine peer;
    final EngineDriver driver;
    final WebSocketConnection connection;
    /** A cancelled subscriber may leave a Receive behind. */
    boolean leftOver;

    private Conversation(
            boolean server,
            SessionSettings.Builder builder,
            UnaryOperator<Scheduler> scheduler,
            @Nullable SessionObserver observer) {
        SessionSettings settings = builder.scheduler(scheduler.apply(time)).build();
        DeflateAgreement ours = agreement(settings.deflate());
        engine = server
                ? WebSocketEngine.server(settings.engineSettings(), ours)
                : WebSocketEngine.client(settings.engineSettings(), ours);
        EngineSettings peers = EngineSettings.builder()
                .receiveBufferSize(1 << 24)
                .indicatePings(true)
                .build();
        DeflateAgreement theirs = ours == null ? null : agreement(COMPRESSING);
        peer = server ? WebSocketEngine.client(peers, theirs) : WebSocketEngine.server(peers, theirs);
        Session session = Session.open(
                transport,
                engine,
                settings,
                HandshakeInfo.builder(URI.create("/test")).build(),
                observer);
        connection = session;
        driver = session.driver();
        transport.invariants(this::invariants);
        invariants();
    }

    private static @Nullable DeflateAgreement agreement(@Nullable DeflateSettings settings) {
        return settings == null ? null : new DeflateAgreement(DeflateParameters.DEFAULT, settings);
    }

    static Conversation asServer(SessionSettings.Builder settings) {
        return asServer(settings, UnaryOperator.identity());
    }

    /** As a server that is observed. */
    static Conversation observed(SessionSettings.Builder settings, SessionObserver observer) {
        return new Conversation(true, settings, UnaryOperator.identity(), observer);
    }

    /** With a scheduler made of that of the virtual time. */
    static Conversation asServer(SessionSettings.Builder settings, UnaryOperator<Scheduler> scheduler) {
        return new Conversation(true, settings, scheduler, null);
    }

    static Conversation asServer() {
        return asServer(SessionSettings.builder());
    }

    static Conversation asClient(SessionSettings.Builder settings) {
        return new Conversation(false, settings, UnaryOperator.identity(), null);
    }

    /** Nothing is read ahead. */
    static SessionSettings.Builder lockStep() {
        return SessionSettings.builder().receiveWindow(0);
    }

    private void invariants() {
        assertThat(engine.pendingReceives()).as("outstanding Receives").isLessThanOrEqualTo(1);
        Inbound inbound = driver.inbound();
        if (!inbound.wantsReceive() && !driver.closing().isDraining() && !leftOver) {
            assertThat(engine.pendingReceives())
                    .as("outstanding Receives at demand 0 and a full window")
                    .isZero();
        }
        if (transport.reading) {
            assertThat(engine.pendingReceives() == 1 || driver.closing().isDraining())
                    .as("a read without a Receive")
                    .isTrue();
        }
    }

    // ---- what the peer does

    void send(BufferType type, byte[] payload) {
        peer.send(type, payload, null);
        transport.arrive(bytesOfPeer());
    }

    void text(String text) {
        send(BufferType.UTF8_MESSAGE, text.getBytes(StandardCharsets.UTF_8));
    }

    void textFragment(String text) {
        send(BufferType.UTF8_FRAGMENT, text.getBytes(StandardCharsets.UTF_8));
    }

    void ping(String payload) {
        send(BufferType.PING_PONG, payload.getBytes(StandardCharsets.UTF_8));
    }

    void close(CloseStatus status) {
        peer.close(status, null);
        transport.arrive(bytesOfPeer());
    }

    /** A frame as it stands on the wire, without sending it. */
    byte[] wire(BufferType type, byte[] payload) {
        peer.send(type, payload, null);
        return bytesOfPeer();
    }

    private byte[] bytesOfPeer() {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (Action a = peer.getAction(ActionQueue.SEND);
                a.kind() != Action.Kind.NO_ACTION;
                a = peer.getAction(ActionQueue.SEND)) {
            if (a.kind() == Action.Kind.SEND_TO_NETWORK) {
                ByteBuffer part = ByteBuffer.allocate(a.length());
                a.writeTo(part);
                wire.writeBytes(part.array());
                peer.completeAction(a, part.capacity());
            } else {
                peer.completeAction(a);
            }
        }
        return wire.toByteArray();
    }

    /**
     * What the peer has got since the last call, frame by frame: {@code "text a"}, {@code "text… a"} if not final,
     * {@code "binary 3"}, {@code "pong a"}, {@code "close 1000"}; pings are answered.
     */
    List<String> got() {
        byte[] bytes = transport.takeFlushed();
        List<String> frames = new ArrayList<>();
        List<byte[]> replies = new ArrayList<>();
        if (bytes.length == 0) {
            return frames;
        }
        boolean given = false;
        while (peer.closeReceived() == null) {
            if (peer.pendingReceives() == 0) {
                peer.receive(null);
            }
            Action a = peer.getAction(ActionQueue.RECEIVE);
            switch (a.kind()) {
                case RECEIVE_FROM_NETWORK -> {
                    if (given) {
                        peerRead = a;
                        replies.forEach(transport::arrive);
                        return frames;
                    }
                }
                case SEND_TO_NETWORK -> {
                    ByteBuffer reply = ByteBuffer.allocate(a.length());
                    a.writeTo(reply);
                    replies.add(reply.array());
                    peer.completeAction(a, reply.capacity());
                    continue;
                }
                case INDICATE_RECEIVE_COMPLETE -> {
                    frames.add(describe(a));
                    peer.completeAction(a);
                    continue;
                }
                case NO_ACTION, INDICATE_SEND_COMPLETE -> {}
            }
            Action read = peerRead != null ? peerRead : a;
            peerRead = null;
            given = true;
            peer.completeAction(read, ByteBuffer.wrap(bytes));
        }
        replies.forEach(transport::arrive);
        if (answersClose) {
            answerClose();
        }
        return frames;
    }

    private @Nullable Action peerRead;
    /** Whether {@link #got()} answers a close. */
    boolean answersClose = true;

    /** The answer to our close, which the peer has got. */
    void answerClose() {
        Action a = peer.getAction(ActionQueue.ALL);
        if (a.kind() == Action.Kind.SEND_TO_NETWORK) {
            ByteBuffer reply = ByteBuffer.allocate(a.length());
            a.writeTo(reply);
            peer.completeAction(a, reply.capacity());
            transport.arrive(reply.array());
        }
    }

    private static String describe(Action a) {
        String end =
                a.bufferType() == BufferType.UTF8_FRAGMENT || a.bufferType() == BufferType.BINARY_FRAGMENT ? "… " : " ";
        return switch (a.bufferType()) {
            case UTF8_MESSAGE, UTF8_FRAGMENT -> "text" + end + new String(a.toByteArray(), StandardCharsets.UTF_8);
            case BINARY_MESSAGE, BINARY_FRAGMENT -> "binary" + end + a.length();
            case PING_PONG, UNSOLICITED_PONG -> "pong " + new String(a.toByteArray(), StandardCharsets.UTF_8);
            case PING -> "ping";
            case CLOSE -> "close " + a.closeStatus();
        };
    }

    void pass(Duration duration) {
        time.advanceTimeBy(duration);
        transport.runTasks();
    }

    /** How it ended; null if it has not. */
    @Nullable
    CloseEvent closed() {
        transport.runTasks();
        return connection.closed().toFuture().getNow(null);
    }
}
