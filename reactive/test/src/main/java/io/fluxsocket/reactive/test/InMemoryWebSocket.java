package io.fluxsocket.reactive.test;

import io.fluxsocket.core.handshake.HandshakeHeaders;
import io.fluxsocket.reactive.HandshakeInfo;
import io.fluxsocket.reactive.SessionSettings;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketConnections;
import io.fluxsocket.reactive.WebSocketHandler;
import java.net.URI;
import java.security.Principal;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

/**
 * Opens connections in memory: says what the handshake would have agreed on and how each end is set, and then opens a {@link #pair()}, a
 * conversation with a {@linkplain #scriptedClient scripted peer}, or a {@linkplain #server() server} to connect to.
 *
 * <p>Immutable: each method returns a changed copy, and any number of connections may be opened. There is no handshake; whoever
 * tests that tests the transport. Only permessage-deflate is negotiated as in production: it is used if the settings of both ends
 * have {@link SessionSettings#deflate()}, those of an end that a scripted peer plays included.
 */
public final class InMemoryWebSocket {
    /** As much as Netty lets wait before a channel is not writable. */
    private static final int DEFAULT_BUFFER_SIZE = 64 << 10;

    /** Where Reactor looks for the hook that a Context brings along. */
    private static final String ON_ERROR_DROPPED = "reactor.onErrorDropped.local";

    private URI uri = URI.create("ws://localhost/");
    private @Nullable String subprotocol;
    private HandshakeHeaders requestHeaders = HandshakeHeaders.of();
    private HandshakeHeaders responseHeaders = HandshakeHeaders.of();
    private @Nullable Principal principal;
    private UnaryOperator<HandshakeInfo.Builder> serverHandshakeInfo = UnaryOperator.identity();
    private UnaryOperator<HandshakeInfo.Builder> clientHandshakeInfo = UnaryOperator.identity();
    private SessionSettings serverSettings = SessionSettings.DEFAULT;
    private SessionSettings clientSettings = SessionSettings.DEFAULT;
    private int bufferSize = DEFAULT_BUFFER_SIZE;
    private @Nullable VirtualTimeScheduler time;
    private Function<Context, Context> context = c -> c;

    private InMemoryWebSocket() {}

    private InMemoryWebSocket(InMemoryWebSocket other) {
        uri = other.uri;
        subprotocol = other.subprotocol;
        requestHeaders = other.requestHeaders;
        responseHeaders = other.responseHeaders;
        principal = other.principal;
        serverHandshakeInfo = other.serverHandshakeInfo;
        clientHandshakeInfo = other.clientHandshakeInfo;
        serverSettings = other.serverSettings;
        clientSettings = other.clientSettings;
        bufferSize = other.bufferSize;
        time = other.time;
        context = other.context;
    }

    /** {@return all defaults: those of {@link SessionSettings}, {@code ws://localhost/}, no subprotocol, no headers} */
    public static InMemoryWebSocket create() {
        return new InMemoryWebSocket();
    }

    private InMemoryWebSocket with(Consumer<InMemoryWebSocket> change) {
        InMemoryWebSocket copy = new InMemoryWebSocket(this);
        change.accept(copy);
        return copy;
    }

    // ---- the handshake

    /**
     * Sets what the client has asked for.
     *
     * @param asked absolute, or path and query alone. The client's {@link HandshakeInfo#uri()}; the server's is its path and query
     * @return a copy
     * @throws IllegalArgumentException if it is no URI
     */
    public InMemoryWebSocket uri(String asked) {
        URI absolute = URI.create("ws://localhost/").resolve(asked);
        return with(copy -> copy.uri = absolute);
    }

    /**
     * Sets the subprotocol that both ends agreed on.
     *
     * @param agreed null for none
     * @return a copy
     */
    public InMemoryWebSocket subprotocol(@Nullable String agreed) {
        return with(copy -> copy.subprotocol = agreed);
    }

    /**
     * Adds a header of the client's request: {@link HandshakeInfo#headers()} of the server.
     *
     * @param name of the header
     * @param value of the header
     * @return a copy
     */
    public InMemoryWebSocket requestHeader(String name, String value) {
        HandshakeHeaders headers = requestHeaders.toBuilder().add(name, value).build();
        return with(copy -> copy.requestHeaders = headers);
    }

    /**
     * Adds a header of the server's response: {@link HandshakeInfo#headers()} of the client.
     *
     * @param name of the header
     * @param value of the header
     * @return a copy
     */
    public InMemoryWebSocket responseHeader(String name, String value) {
        HandshakeHeaders headers = responseHeaders.toBuilder().add(name, value).build();
        return with(copy -> copy.responseHeaders = headers);
    }

    /**
     * Sets who the client was found to be: {@link HandshakeInfo#principal()} of the server.
     *
     * @param found null for nobody
     * @return a copy
     */
    public InMemoryWebSocket principal(@Nullable Principal found) {
        return with(copy -> copy.principal = found);
    }

    /**
     * Changes whatever else the server's {@link HandshakeInfo} tells: addresses, the TLS session, attributes.
     *
     * @param change of what the other methods have made of it; called for each connection, after earlier changes
     * @return a copy
     */
    public InMemoryWebSocket serverHandshakeInfo(UnaryOperator<HandshakeInfo.Builder> change) {
        UnaryOperator<HandshakeInfo.Builder> before = serverHandshakeInfo;
        return with(copy -> copy.serverHandshakeInfo = info -> change.apply(before.apply(info)));
    }

    /**
     * Changes whatever else the client's {@link HandshakeInfo} tells. See {@link #serverHandshakeInfo}.
     *
     * @param change of what the other methods have made of it; called for each connection, after earlier changes
     * @return a copy
     */
    public InMemoryWebSocket clientHandshakeInfo(UnaryOperator<HandshakeInfo.Builder> change) {
        UnaryOperator<HandshakeInfo.Builder> before = clientHandshakeInfo;
        return with(copy -> copy.clientHandshakeInfo = info -> change.apply(before.apply(info)));
    }

    // ---- the ends

    /**
     * Changes the settings of the server's session.
     *
     * @param change of what they are so far; a scheduler is replaced by the virtual time
     * @return a copy
     */
    public InMemoryWebSocket serverSettings(UnaryOperator<SessionSettings.Builder> change) {
        SessionSettings changed = change.apply(serverSettings.toBuilder()).build();
        return with(copy -> copy.serverSettings = changed);
    }

    /**
     * Changes the settings of the client's session.
     *
     * @param change of what they are so far; a scheduler is replaced by the virtual time
     * @return a copy
     */
    public InMemoryWebSocket clientSettings(UnaryOperator<SessionSettings.Builder> change) {
        SessionSettings changed = change.apply(clientSettings.toBuilder()).build();
        return with(copy -> copy.clientSettings = changed);
    }

    /**
     * Changes the settings of both sessions.
     *
     * @param change of what they are so far, called for each; a scheduler is replaced by the virtual time
     * @return a copy
     */
    public InMemoryWebSocket settings(UnaryOperator<SessionSettings.Builder> change) {
        return serverSettings(change).clientSettings(change);
    }

    /**
     * Adds to the Reactor Context of the handlers.
     *
     * @param change of what it is so far
     * @return a copy
     */
    public InMemoryWebSocket contextWrite(UnaryOperator<Context> change) {
        Function<Context, Context> before = context;
        return with(copy -> copy.context = before.andThen(change));
    }

    /**
     * Sets how much each {@link Wire} holds: what may be under way unread, and again what may wait to be sent before the transport is
     * not writable. Small values make back pressure visible with few frames.
     *
     * @param bytes above zero; 64 KiB if it is not set
     * @return a copy
     * @throws IllegalArgumentException if it is not above zero
     */
    public InMemoryWebSocket bufferSize(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a buffer of " + bytes + " bytes holds nothing; it needs one at least");
        }
        return with(copy -> copy.bufferSize = bytes);
    }

    /**
     * Sets the time. If this is not called, it is the one that {@code StepVerifier.withVirtualTime} or {@link
     * VirtualTimeScheduler#getOrSet()} has installed when the connection is opened, else one of the connection's own.
     *
     * @param scheduler shared by all connections
     * @return a copy
     */
    public InMemoryWebSocket time(VirtualTimeScheduler scheduler) {
        Objects.requireNonNull(scheduler, "scheduler");
        return with(copy -> copy.time = scheduler);
    }

    // ---- opening

    /** {@return two sessions, without handlers} */
    public WebSocketPair pair() {
        return pair(null, null);
    }

    /**
     * Two sessions, with a handler on the server.
     *
     * @param serverHandler run before this returns, as far as it goes
     * @return an open pair
     */
    public WebSocketPair pair(WebSocketHandler serverHandler) {
        return pair(Objects.requireNonNull(serverHandler, "serverHandler"), null);
    }

    /**
     * Two sessions, with a handler where one is given.
     *
     * @param serverHandler run before this returns, as far as it goes; null for none
     * @param clientHandler run before this returns, as far as it goes; null for none
     * @return an open pair
     */
    public WebSocketPair pair(@Nullable WebSocketHandler serverHandler, @Nullable WebSocketHandler clientHandler) {
        MemoryNetwork network = network("client", "server");
        List<Throwable> errors = new CopyOnWriteArrayList<>();
        return network.loop().call(() -> {
            WebSocketConnection server = session(network, false);
            WebSocketConnection client = session(network, true);
            handle(server, serverHandler, errors);
            handle(client, clientHandler, errors);
            return new WebSocketPair(network, client, server, errors);
        });
    }

    /**
     * A session of a server, and a scripted peer that plays its client.
     *
     * @param serverHandler what is tested; run before this returns, as far as it goes
     * @return the peer
     */
    public ScriptedPeer scriptedClient(WebSocketHandler serverHandler) {
        return scripted(true, Objects.requireNonNull(serverHandler, "serverHandler"));
    }

    /**
     * A session of a server without a handler, and a scripted peer that plays its client.
     *
     * @return the peer; {@link ScriptedPeer#connection()} is the server's
     */
    public ScriptedPeer scriptedClient() {
        return scripted(true, null);
    }

    /**
     * A session of a client, and a scripted peer that plays its server.
     *
     * @param clientHandler what is tested; run before this returns, as far as it goes
     * @return the peer
     */
    public ScriptedPeer scriptedServer(WebSocketHandler clientHandler) {
        return scripted(false, Objects.requireNonNull(clientHandler, "clientHandler"));
    }

    /**
     * A session of a client without a handler, and a scripted peer that plays its server.
     *
     * @return the peer; {@link ScriptedPeer#connection()} is the client's
     */
    public ScriptedPeer scriptedServer() {
        return scripted(false, null);
    }

    private ScriptedPeer scripted(boolean peerIsClient, @Nullable WebSocketHandler handler) {
        MemoryNetwork network = network(peerIsClient ? "peer" : "client", peerIsClient ? "server" : "peer");
        List<Throwable> errors = new CopyOnWriteArrayList<>();
        return network.loop().call(() -> {
            WebSocketConnection connection = session(network, !peerIsClient);
            PeerEnd end = network.peer(peerIsClient);
            handle(connection, handler, errors);
            return new ScriptedPeer(network, end, peerIsClient, connection, errors);
        });
    }

    /** {@return a server that a client under test connects to, as often as it likes; a scripted peer plays it each time} */
    public InMemoryServer server() {
        return new InMemoryServer(this);
    }

    VirtualTimeScheduler time() {
        VirtualTimeScheduler chosen = time;
        if (chosen != null) {
            return chosen;
        }
        return VirtualTimeScheduler.isFactoryEnabled() ? VirtualTimeScheduler.get() : VirtualTimeScheduler.create();
    }

    private MemoryNetwork network(String clientName, String serverName) {
        DeflateNegotiation deflate = DeflateNegotiation.of(clientSettings, serverSettings);
        return new MemoryNetwork(time(), bufferSize, deflate, clientName, serverName);
    }

    private WebSocketConnection session(MemoryNetwork network, boolean isClient) {
        String path = uri.getRawQuery() == null ? uri.getRawPath() : uri.getRawPath() + "?" + uri.getRawQuery();
        HandshakeInfo.Builder info = HandshakeInfo.builder(isClient ? uri : URI.create(path))
                .headers(isClient ? responseHeaders : requestHeaders)
                .subprotocol(subprotocol)
                .extensions(network.deflate().extensions())
                .principal(isClient ? null : principal);
        return isClient
                ? network.session(
                        true, clientSettings, clientHandshakeInfo.apply(info).build())
                : network.session(
                        false, serverSettings, serverHandshakeInfo.apply(info).build());
    }

    private void handle(WebSocketConnection connection, @Nullable WebSocketHandler handler, List<Throwable> errors) {
        if (handler != null) {
            Consumer<Throwable> onErrorDropped = errors::add;
            WebSocketConnections.handle(connection, handler)
                    .contextWrite(c -> context.apply(c.put(ON_ERROR_DROPPED, onErrorDropped)))
                    .subscribe();
        }
    }
}
