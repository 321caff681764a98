package io.fluxsocket.reactive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxsocket.core.BufferType;
import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.core.deflate.Compression;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebSocketFrameTest {
    @Test
    void whatAFrameIsMadeOfIsCopied() {
        byte[] bytes = {1, 2, 3};
        WebSocketFrame frame = WebSocketFrame.binary(bytes);
        WebSocketFrame ping = WebSocketFrame.ping(bytes);
        bytes[0] = 9;
        assertThat(frame.toByteArray()).containsExactly(1, 2, 3);
        assertThat(ping.toByteArray()).containsExactly(1, 2, 3);
        frame.toByteArray()[0] = 9;
        assertThat(frame.toByteArray()).containsExactly(1, 2, 3);
    }

    @Test
    void aBufferGivenIsNotMoved() {
        ByteBuffer buffer = ByteBuffer.wrap(new byte[] {0, 1, 2, 3}).position(1).limit(3);
        assertThat(WebSocketFrame.binary(buffer, false)).isEqualTo(WebSocketFrame.binary(new byte[] {1, 2}, false));
        assertThat(WebSocketMessage.binary(buffer)).isEqualTo(WebSocketMessage.binary(new byte[] {1, 2}));
        assertThat(buffer.position()).isEqualTo(1);
    }

    @Test
    void thePayloadIsAReadOnlyView() {
        WebSocketFrame frame = WebSocketFrame.text("abc");
        assertThat(frame.payload()).isEqualTo(ByteBuffer.wrap("abc".getBytes()));
        assertThatThrownBy(() -> frame.payload().put(0, (byte) 0)).isInstanceOf(ReadOnlyBufferException.class);
    }

    @Test
    void copyToChecksItsBounds() {
        byte[] destination = new byte[4];
        WebSocketFrame.text("abc").copyTo(destination, 1);
        assertThat(destination).containsExactly(0, 'a', 'b', 'c');
        assertThatThrownBy(() -> WebSocketFrame.text("abc").copyTo(destination, 2))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> WebSocketMessage.text("abc").copyTo(destination, -1))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void lengthIsInBytes() {
        assertThat(WebSocketFrame.text("ä€").length()).isEqualTo(5);
        assertThat(WebSocketFrame.text("ä€").text()).isEqualTo("ä€");
    }

    @Test
    void framesAreEqualByTypeFinalityAndPayload() {
        assertThat(WebSocketFrame.text("a"))
                .isEqualTo(WebSocketFrame.text("a"))
                .hasSameHashCodeAs(WebSocketFrame.text("a"));
        assertThat(WebSocketFrame.text("a")).isNotEqualTo(WebSocketFrame.text("a", false));
        assertThat(WebSocketFrame.text("a")).isNotEqualTo(WebSocketFrame.binary(new byte[] {'a'}));
        assertThat(WebSocketFrame.ping()).isNotEqualTo(WebSocketFrame.pong());
        assertThat(WebSocketMessage.text("a"))
                .isEqualTo(WebSocketMessage.text("a"))
                .isNotEqualTo(WebSocketMessage.text("b"));
    }

    @Test
    void chunksOfAMessageAreJoined() {
        WebSocketFrame first = WebSocketFrame.text("ä", false).withCompression(Compression.NEVER);
        List<WebSocketFrame> chunks = List.of(first, WebSocketFrame.text("", false), WebSocketFrame.text("bc"));
        assertThat(WebSocketFrame.join(chunks)).isEqualTo(WebSocketFrame.text("äbc"));
        assertThat(WebSocketFrame.join(chunks).compression()).isEqualTo(Compression.NEVER);
        assertThat(WebSocketFrame.join(List.of(WebSocketFrame.binary(new byte[] {1}, false))))
                .isEqualTo(WebSocketFrame.binary(new byte[] {1}));
    }

    @Test
    void whatIsNoMessageIsNotJoined() {
        WebSocketFrame text = WebSocketFrame.text("a", false);
        assertThatThrownBy(() -> WebSocketFrame.join(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a message has at least one chunk");
        assertThatThrownBy(() -> WebSocketFrame.join(List.of(text, WebSocketFrame.binary(new byte[0]))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("chunks of one message cannot be TEXT and BINARY");
        assertThatThrownBy(() -> WebSocketFrame.join(List.of(WebSocketFrame.ping())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("chunks of one message cannot be PING and PING");
        WebSocketFrame large = WebSocketFrame.binary(new byte[1 << 20], false);
        assertThatThrownBy(() -> WebSocketFrame.join(Collections.nCopies(2048, large)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a message of 2147483648 bytes is too large for one frame");
    }

    @Test
    void controlFramesAreFinalAndShort() {
        assertThat(WebSocketFrame.ping(new byte[125]).isFinal()).isTrue();
        assertThatThrownBy(() -> WebSocketFrame.ping(new byte[126])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WebSocketFrame.pong(new byte[126])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCloseHasItsStatusAsPayload() {
        WebSocketFrame close = WebSocketFrame.close(CloseStatus.of(1001, "bye"));
        assertThat(close.toByteArray()).containsExactly(3, (byte) 0xE9, 'b', 'y', 'e');
        assertThat(close.text()).isEqualTo("bye");
        assertThat(((WebSocketFrame.Close) close).status()).isEqualTo(CloseStatus.of(1001, "bye"));
        assertThat(WebSocketFrame.close(CloseStatus.NO_STATUS).length()).isZero();
        assertThatThrownBy(() -> WebSocketFrame.close(CloseStatus.ABNORMAL))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void eachTypeHasItsNameInTheEngine() {
        assertThat(WebSocketFrame.text("").bufferType()).isEqualTo(BufferType.UTF8_MESSAGE);
        assertThat(WebSocketFrame.text("", false).bufferType()).isEqualTo(BufferType.UTF8_FRAGMENT);
        assertThat(WebSocketFrame.binary(new byte[0]).bufferType()).isEqualTo(BufferType.BINARY_MESSAGE);
        assertThat(WebSocketFrame.binary(new byte[0], false).bufferType()).isEqualTo(BufferType.BINARY_FRAGMENT);
        assertThat(WebSocketFrame.ping().bufferType()).isEqualTo(BufferType.PING_PONG);
        assertThat(WebSocketFrame.pong().bufferType()).isEqualTo(BufferType.UNSOLICITED_PONG);
    }

    @Test
    void aMessageBecomesAFinalFrame() {
        assertThat(WebSocketMessage.text("a").toFrame()).isEqualTo(WebSocketFrame.text("a"));
        assertThat(WebSocketMessage.binary(new byte[] {1}).toFrame()).isEqualTo(WebSocketFrame.binary(new byte[] {1}));
    }

    @Test
    void logsShowTheBeginningOnly() {
        assertThat(WebSocketFrame.text("abc", false)).hasToString("TEXT (not final), 3 bytes: abc");
        assertThat(WebSocketFrame.binary(new byte[] {1})).hasToString("BINARY, 1 byte: 01");
        assertThat(WebSocketFrame.text("€".repeat(100)).toString())
                .endsWith("€…")
                .hasSizeLessThan(40);
    }
}
