package io.fluxsocket.reactive.netty;

import io.fluxsocket.core.handshake.HandshakeHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Map;

/** Netty's headers as the handshake's. */
final class NettyHeaders {
    private NettyHeaders() {}

    /**
     * A copy, which keeps nothing of the HTTP message alive but the strings.
     *
     * @throws IllegalArgumentException if a name or value is not allowed in HTTP
     */
    static HandshakeHeaders copy(HttpHeaders headers) {
        HandshakeHeaders.Builder copy = HandshakeHeaders.builder();
        for (Map.Entry<String, String> line : headers) {
            copy.add(line.getKey(), line.getValue());
        }
        return copy.build();
    }
}
