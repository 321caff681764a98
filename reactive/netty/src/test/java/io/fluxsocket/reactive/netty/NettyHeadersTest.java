package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fluxsocket.core.handshake.HandshakeHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;

class NettyHeadersTest {
    private final HttpHeaders headers =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();

    @Test
    void linesAreCopiedInTheirOrder() {
        headers.add("X-One", "1").add("Host", "localhost").add("x-one", "2").add("X-Empty", "");

        assertThat(NettyHeaders.copy(headers))
                .isEqualTo(HandshakeHeaders.of("X-One", "1", "Host", "localhost", "x-one", "2", "X-Empty", ""));
    }

    @Test
    void whatIsNotAllowedInHttpIsRefused() {
        headers.add("X-Split", "a\r\nX-Injected: b");

        assertThatIllegalArgumentException().isThrownBy(() -> NettyHeaders.copy(headers));
    }

    @Test
    void whatEveryOpeningRequestHasIsNotKept() {
        HandshakeHeaders request = HandshakeHeaders.of(
                "Host", "localhost",
                "upgrade", "websocket",
                "Connection", "Upgrade",
                "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version", "13",
                "Sec-WebSocket-Protocol", "chat",
                "Cookie", "sid=1");

        assertThat(NettyHeaders.worthKeeping(request))
                .isEqualTo(
                        HandshakeHeaders.of("Host", "localhost", "Sec-WebSocket-Protocol", "chat", "Cookie", "sid=1"));
    }

    @Test
    void theNameOfACommonHeaderIsNotKeptForEachConnection() {
        headers.add(new String("User-Agent"), "test");

        assertThat(NettyHeaders.copy(headers).names().get(0)).isSameAs("User-Agent");
    }
}
