package io.fluxsocket.reactive.netty;

import io.fluxsocket.core.handshake.HandshakeHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Netty's headers as the handshake's. */
final class NettyHeaders {
    /** Every opening request has these, and nobody asks for them afterwards. */
    private static final List<String> OF_THE_HANDSHAKE =
            List.of("Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version");

    /** What browsers send, in both spellings: names that need not be kept once for each connection. */
    private static final Map<String, String> COMMON_NAMES = Stream.of(
                    "Accept",
                    "Accept-Encoding",
                    "Accept-Language",
                    "Authorization",
                    "Cache-Control",
                    "Cookie",
                    "Forwarded",
                    "Host",
                    "Origin",
                    "Pragma",
                    "Sec-Fetch-Dest",
                    "Sec-Fetch-Mode",
                    "Sec-Fetch-Site",
                    "Sec-WebSocket-Extensions",
                    "Sec-WebSocket-Protocol",
                    "User-Agent",
                    "X-Forwarded-For",
                    "X-Forwarded-Host",
                    "X-Forwarded-Port",
                    "X-Forwarded-Proto",
                    "X-Real-IP",
                    "X-Request-Id")
            .flatMap(name -> Stream.of(name, name.toLowerCase(Locale.ROOT)))
            .collect(Collectors.toUnmodifiableMap(UnaryOperator.identity(), UnaryOperator.identity()));

    private NettyHeaders() {}

    /**
     * A copy, which keeps nothing of the HTTP message alive but the values.
     *
     * @throws IllegalArgumentException if a name or value is not allowed in HTTP
     */
    static HandshakeHeaders copy(HttpHeaders headers) {
        HandshakeHeaders.Builder copy = HandshakeHeaders.builder();
        for (Map.Entry<String, String> line : headers) {
            copy.add(COMMON_NAMES.getOrDefault(line.getKey(), line.getKey()), line.getValue());
        }
        return copy.build();
    }

    /** What of a request's headers is worth keeping as long as the connection. */
    static HandshakeHeaders worthKeeping(HandshakeHeaders headers) {
        HandshakeHeaders.Builder kept = headers.toBuilder();
        OF_THE_HANDSHAKE.forEach(kept::remove);
        return kept.build();
    }
}
