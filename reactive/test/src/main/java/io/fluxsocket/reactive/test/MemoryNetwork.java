package io.fluxsocket.reactive.test;

import io.fluxsocket.core.EngineSettings;
import io.fluxsocket.core.WebSocketEngine;
import io.fluxsocket.reactive.HandshakeInfo;
import io.fluxsocket.reactive.SessionSettings;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketConnections;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Two wires between a client and a server, and what they share: the loop, the time, the transcript. */
final class MemoryNetwork {
    /** The key of the examples in RFC 6455 §5.7: always the same, so that the bytes of a test are. */
    static final int MASK_KEY = 0x37FA213D;
    /** The engine holds the first byte as the lowest. */
    private static final int ENGINE_MASK_KEY = Integer.reverseBytes(MASK_KEY);

    private final Loop loop = new Loop();
    private final VirtualTimeScheduler time;
    private final DeflateNegotiation deflate;
    private final Transcript transcript;
    private final Wire toServer;
    private final Wire toClient;
    private End client;
    private End server;

    /**
     * @param clientName how the client is called in the transcript
     * @param serverName how the server is called in it
     */
    MemoryNetwork(
            VirtualTimeScheduler time,
            int bufferSize,
            DeflateNegotiation deflate,
            String clientName,
            String serverName) {
        this.time = time;
        this.deflate = deflate;
        transcript = new Transcript(time, deflate.isDeflated());
        String up = clientName + " → " + serverName;
        String down = serverName + " → " + clientName;
        toServer = new Wire(this, new Pipe(this, up, bufferSize, transcript.tap(up)));
        toClient = new Wire(this, new Pipe(this, down, bufferSize, transcript.tap(down)));
        client = new PeerEnd(this, true);
        server = new PeerEnd(this, false);
        connect();
    }

    private void connect() {
        toServer.pipe().connect(client, server);
        toClient.pipe().connect(server, client);
    }

    Loop loop() {
        return loop;
    }

    VirtualTimeScheduler time() {
        return time;
    }

    long nanos() {
        return time.now(TimeUnit.NANOSECONDS);
    }

    DeflateNegotiation deflate() {
        return deflate;
    }

    Transcript transcript() {
        return transcript;
    }

    Wire toServer() {
        return toServer;
    }

    Wire toClient() {
        return toClient;
    }

    // ---- on the loop

    /** Puts a session at an end. */
    WebSocketConnection session(boolean isClient, SessionSettings settings, HandshakeInfo handshakeInfo) {
        SessionSettings timed = settings.toBuilder().scheduler(time).build();
        EngineSettings engineSettings = timed.engineSettings();
        WebSocketEngine engine = isClient
                ? WebSocketEngine.client(engineSettings, () -> ENGINE_MASK_KEY, null, deflate.client())
                : WebSocketEngine.server(engineSettings, deflate.server());
        MemoryTransport transport = isClient
                ? new MemoryTransport(loop, engine, toClient.pipe(), toServer.pipe())
                : new MemoryTransport(loop, engine, toServer.pipe(), toClient.pipe());
        if (isClient) {
            client = transport;
        } else {
            server = transport;
        }
        connect();
        return WebSocketConnections.open(transport, engine, timed, handshakeInfo);
    }

    /** Puts a scripted peer at an end. */
    PeerEnd peer(boolean isClient) {
        PeerEnd peer = (PeerEnd) (isClient ? client : server);
        peer.start();
        return peer;
    }

    void reset() {
        IOException cause = new IOException("Connection reset by peer");
        transcript.note("network", "connection lost");
        client.lost(cause);
        server.lost(cause);
    }

    void shutdownServer() {
        if (server instanceof MemoryTransport session) {
            session.shutdown();
        }
    }

    // ---- not on the loop

    /** Lets time pass; what is due happens at its own time. */
    void advance(Duration duration) {
        if (loop.isCurrent()) {
            throw new IllegalStateException(
                    "time passes between the steps of a test, not within a handler or subscriber:"
                            + " there, what is due could not happen at its time");
        }
        if (duration.isNegative()) {
            throw new IllegalArgumentException("time does not pass by " + duration + "; it only goes on");
        }
        time.advanceTimeBy(duration);
    }
}
