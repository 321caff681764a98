package io.fluxsocket.reactive.spring.boot;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The properties {@code fluxsocket.*}. What they mean in detail, and where the defaults come from: {@link
 * io.fluxsocket.reactive.SessionSettings}.
 *
 * @param receiveWindow how much may be received before the application asks for it; 0 reads on demand alone
 * @param maxMessageSize largest message that is received; a larger one closes the session with 1009
 * @param maxFrameSize largest frame of the wire that is received; a larger one closes the session with 1009
 * @param maxPendingSends how many sends of one session may be pending; one more fails
 * @param closeTimeout how long the closing handshake may take before the connection is cut
 * @param idleTimeout after how long without messages a session is closed with 1001; 0 for never
 * @param stalledConsumerTimeout after how long a session is closed with 1011 whose handler does not ask for what was received; 0
 *     for never
 * @param maxControlFramesPerSecond how many pings and pongs are accepted in one second; 0 for any number
 * @param maxMessagesPerSecond how many messages are accepted in one second; 0 for any number
 * @param receivePings whether handlers receive pings, which have been answered already
 * @param keepAlive how silent peers are looked after
 * @param compression permessage-deflate
 * @param server the server
 * @param client the client that is offered as a bean
 */
@ConfigurationProperties("fluxsocket")
public record FluxsocketProperties(
        @DefaultValue("64KB") DataSize receiveWindow,
        @DefaultValue("1MB") DataSize maxMessageSize,
        @DefaultValue("16MB") DataSize maxFrameSize,
        @DefaultValue("1024") int maxPendingSends,
        @DefaultValue("10s") Duration closeTimeout,
        @DefaultValue("0s") Duration idleTimeout,
        @DefaultValue("0s") Duration stalledConsumerTimeout,
        @DefaultValue("100") int maxControlFramesPerSecond,
        @DefaultValue("0") int maxMessagesPerSecond,
        @DefaultValue("false") boolean receivePings,
        @DefaultValue KeepAlive keepAlive,
        @DefaultValue Compression compression,
        @DefaultValue Server server,
        @DefaultValue Client client) {

    /**
     * How silent peers are looked after.
     *
     * @param interval how often a silent peer is pinged; 0 for never
     * @param pongTimeout how long is waited for a sign of life
     * @param allowedMisses how many pings in a row may stay unanswered; one more closes the session with 1011
     */
    public record KeepAlive(
            @DefaultValue("30s") Duration interval,
            @DefaultValue("10s") Duration pongTimeout,
            @DefaultValue("1") int allowedMisses) {}

    /**
     * Permessage-deflate (RFC 7692).
     *
     * @param enabled whether messages are compressed if the peer wants it, too
     * @param level from 0, none, to 9, smallest
     * @param threshold smallest message that is compressed
     * @param serverNoContextTakeover whether the server begins each message with an empty window
     * @param clientNoContextTakeover whether the client begins each message with an empty window
     * @param serverMaxWindowBits largest window of the server, as a power of 2, from 8 to 15
     * @param clientMaxWindowBits largest window of the client, as a power of 2, from 8 to 15
     */
    public record Compression(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("6") int level,
            @DefaultValue("1KB") DataSize threshold,
            @DefaultValue("false") boolean serverNoContextTakeover,
            @DefaultValue("false") boolean clientNoContextTakeover,
            @DefaultValue("15") int serverMaxWindowBits,
            @DefaultValue("15") int clientMaxWindowBits) {}

    /**
     * The server.
     *
     * @param enabled whether the application's WebSockets run on Fluxsocket
     * @param maxConnections how many sessions may be open; a request beyond is answered with 503
     * @param allowedOrigins origins whose pages may connect, beside the server's own: each scheme://host or scheme://host:port,
     *     or * for all; what Spring's CORS configuration lets in may connect as well
     */
    public record Server(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("65536") int maxConnections,
            @DefaultValue List<String> allowedOrigins) {}

    /**
     * The client that is offered as a bean.
     *
     * @param enabled whether there is such a bean
     * @param handshakeTimeout how long it may take to open a connection
     * @param followRedirects whether redirects are followed
     */
    public record Client(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("10s") Duration handshakeTimeout,
            @DefaultValue("false") boolean followRedirects) {}
}
