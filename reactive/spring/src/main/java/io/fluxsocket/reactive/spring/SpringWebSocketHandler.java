package io.fluxsocket.reactive.spring;

import io.fluxsocket.core.handshake.HandshakeHeaders;
import io.fluxsocket.reactive.SessionSettings;
import io.fluxsocket.reactive.WebSocketConnection;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.util.StringUtils;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketHandler;
import reactor.core.publisher.Mono;

/**
 * A handler of Spring's as one of ours: for servers and clients of Fluxsocket itself, and for the test kit, where it needs
 * neither a server nor an application context:
 *
 * <pre>{@code
 * ScriptedPeer.client(SpringWebSocketHandler.of(new EchoHandler()))
 *         .sendText("Hello")
 *         .expectText("Hello")
 *         .verify();
 * }</pre>
 *
 * <p>Its completion closes the connection with 1000, its error with 1011, as {@link io.fluxsocket.reactive.WebSocketHandler}
 * says. Pings and pongs are received if the connection emits them.
 */
public final class SpringWebSocketHandler implements io.fluxsocket.reactive.WebSocketHandler {
    private final WebSocketHandler handler;
    private final Function<? super WebSocketConnection, HandshakeInfo> handshakeInfo;
    private final int maxMessageSize;
    private final boolean pings;

    SpringWebSocketHandler(
            WebSocketHandler handler,
            Function<? super WebSocketConnection, HandshakeInfo> handshakeInfo,
            int maxMessageSize,
            boolean pings) {
        this.handler = Objects.requireNonNull(handler, "handler");
        this.handshakeInfo = handshakeInfo;
        this.maxMessageSize = maxMessageSize;
        this.pings = pings;
    }

    /**
     * Adapts a handler. Its sessions take messages of at most 1 MiB; their handshake info is that of the connection: URI,
     * headers, cookies, principal, subprotocol and address.
     *
     * @param handler gets a session for each connection
     * @return the same handler, for connections of ours
     */
    public static SpringWebSocketHandler of(WebSocketHandler handler) {
        return of(handler, SessionSettings.DEFAULT.maxMessageSize());
    }

    /**
     * Adapts a handler, as {@link #of(WebSocketHandler)} does.
     *
     * @param handler gets a session for each connection
     * @param maxMessageSize bytes of the largest message that it receives; a larger one is answered with 1009
     * @return the same handler, for connections of ours
     */
    public static SpringWebSocketHandler of(WebSocketHandler handler, int maxMessageSize) {
        return new SpringWebSocketHandler(handler, SpringWebSocketHandler::handshakeInfo, maxMessageSize, true);
    }

    @Override
    public Publisher<Void> handle(WebSocketConnection connection) {
        FluxsocketWebSocketSession session = session(connection);
        return handler.handle(session).doOnTerminate(session.whenHandled());
    }

    FluxsocketWebSocketSession session(WebSocketConnection connection) {
        return new FluxsocketWebSocketSession(connection, handshakeInfo.apply(connection), maxMessageSize, pings);
    }

    private static HandshakeInfo handshakeInfo(WebSocketConnection connection) {
        io.fluxsocket.reactive.HandshakeInfo info = connection.handshakeInfo();
        HttpHeaders headers = httpHeaders(info.headers());
        return new HandshakeInfo(
                info.uri(),
                headers,
                cookies(info.headers()),
                Mono.justOrEmpty(info.principal()),
                info.subprotocol(),
                info.remoteAddress() instanceof InetSocketAddress address ? address : null,
                Map.of(),
                null);
    }

    static HttpHeaders httpHeaders(HandshakeHeaders headers) {
        HttpHeaders copy = new HttpHeaders();
        headers.forEach(copy::add);
        return copy;
    }

    private static MultiValueMap<String, HttpCookie> cookies(HandshakeHeaders headers) {
        MultiValueMap<String, HttpCookie> cookies = new LinkedMultiValueMap<>();
        for (String line : headers.all(HttpHeaders.COOKIE)) {
            for (String pair : StringUtils.tokenizeToStringArray(line, ";")) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    String name = pair.substring(0, equals).strip();
                    cookies.add(
                            name,
                            new HttpCookie(name, pair.substring(equals + 1).strip()));
                }
            }
        }
        return cookies;
    }
}
