package io.fluxsocket.reactive.test;

import static io.fluxsocket.reactive.test.WebSocketAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketMessage;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class WebSocketAssertionsTest {
    private static void fails(ThrowingCallable assertion, String message) {
        assertThatThrownBy(assertion).isInstanceOf(AssertionError.class).hasMessageContaining(message);
    }

    @Test
    void frames() {
        assertThat(WebSocketFrame.text("a")).isText("a").isFinal();
        assertThat(WebSocketFrame.binary(new byte[] {1}, false))
                .isBinary((byte) 1)
                .isNotFinal();
        assertThat(WebSocketFrame.ping()).isPing();
        assertThat(WebSocketFrame.pong(new byte[] {2})).isPong((byte) 2).hasPayload((byte) 2);
        assertThat(WebSocketFrame.close(CloseStatus.NORMAL)).isClose(CloseStatus.NORMAL);

        fails(
                () -> assertThat(WebSocketFrame.text("a")).isText("b"),
                "Expected text of frame <TEXT, 1 byte: a> to be <b>");
        fails(() -> assertThat(WebSocketFrame.text("a")).isBinary((byte) 'a'), "to be <BINARY> but was <TEXT>");
        fails(() -> assertThat(WebSocketFrame.binary(new byte[] {1})).isBinary((byte) 2), "to be <02> but was <01>");
        fails(() -> assertThat(WebSocketFrame.text("a")).isNotFinal(), "Expected final of frame");
        fails(() -> assertThat(WebSocketFrame.text("a", false)).isFinal(), "Expected final of frame");
        fails(() -> assertThat(WebSocketFrame.ping()).isPong(), "to be <PONG> but was <PING>");
        fails(() -> assertThat(WebSocketFrame.pong()).isPing(), "to be <PING> but was <PONG>");
        fails(() -> assertThat(WebSocketFrame.close(CloseStatus.NORMAL)).isClose(CloseStatus.GOING_AWAY), "<1001>");
        fails(() -> assertThat((WebSocketFrame) null).isFinal(), "not to be null");
    }

    @Test
    void messages() {
        assertThat(WebSocketMessage.text("a")).isText("a").hasLength(1);
        assertThat(WebSocketMessage.binary(new byte[] {1})).isBinary((byte) 1);

        fails(() -> assertThat(WebSocketMessage.text("a")).isText("b"), "Expected text of message");
        fails(() -> assertThat(WebSocketMessage.text("a")).isBinary((byte) 'a'), "Expected type of message");
        fails(() -> assertThat(WebSocketMessage.binary(new byte[1])).isText("\0"), "Expected type of message");
        fails(() -> assertThat(WebSocketMessage.text("a")).hasLength(2), "to be <2> but was <1>");
    }

    @Test
    void closeEvents() {
        CloseEvent local = new CloseEvent(CloseStatus.of(4000, "bye"), Initiator.LOCAL, true);
        CloseEvent lost = new CloseEvent(CloseStatus.ABNORMAL, Initiator.NONE, false);
        assertThat(local)
                .hasCode(4000)
                .hasStatus(CloseStatus.of(4000, "bye"))
                .isLocal()
                .isClean();
        assertThat(lost).hasCode(1006).isLost().isNotClean();
        assertThat(new CloseEvent(CloseStatus.NORMAL, Initiator.REMOTE, true)).isRemote();

        fails(() -> assertThat(local).hasCode(1000), "Expected code");
        fails(() -> assertThat(local).hasStatus(CloseStatus.of(4000)), "Expected status");
        fails(() -> assertThat(lost).isLocal(), "to be <LOCAL> but was <NONE>");
        fails(() -> assertThat(local).isRemote(), "to be <REMOTE> but was <LOCAL>");
        fails(() -> assertThat(local).isLost(), "to be <NONE> but was <LOCAL>");
        fails(() -> assertThat(lost).isClean(), "Expected clean");
        fails(() -> assertThat(local).isNotClean(), "Expected clean");
    }

    @Test
    void connections() {
        WebSocketPair pair = InMemoryWebSocket.create().subprotocol("chat").pair();
        assertThat(pair.client()).isOpen().hasQueuedBytes(0).hasSubprotocol("chat");
        fails(() -> assertThat(pair.client()).isClosed(), "open or still closing");
        fails(() -> assertThat(pair.client()).hasQueuedBytes(1), "Expected <1> bytes to be queued");
        fails(() -> assertThat(pair.client()).hasSubprotocol(null), "to be <null> but was <chat>");

        pair.client().close().subscribe();

        assertThat(pair.server()).isClosedWith(1000).isRemote();
        fails(() -> assertThat(pair.server()).isOpen(), "it has ended");
        fails(() -> assertThat(pair.server()).isClosedWith(1001), "Expected code");
    }
}
