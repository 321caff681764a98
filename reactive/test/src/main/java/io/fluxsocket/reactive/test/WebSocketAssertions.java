package io.fluxsocket.reactive.test;

import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketMessage;
import org.jspecify.annotations.Nullable;

/**
 * AssertJ's {@code assertThat} for frames, messages, closes and connections; import it statically beside AssertJ's own. Needs AssertJ,
 * which is no dependency of whoever does without.
 *
 * <p>Under a StepVerifier: {@code .assertNext(frame -> assertThat(frame).isText("Hello"))}. Frames and messages are equal if
 * what they hold is, so {@code expectNext(WebSocketMessage.text("Hello"))} does as well.
 */
public final class WebSocketAssertions {
    private WebSocketAssertions() {}

    /**
     * Begins assertions about a frame.
     *
     * @param actual what {@code receive()} has emitted
     * @return assertions
     */
    public static WebSocketFrameAssert assertThat(@Nullable WebSocketFrame actual) {
        return new WebSocketFrameAssert(actual);
    }

    /**
     * Begins assertions about a message.
     *
     * @param actual what {@code receiveMessages()} has emitted
     * @return assertions
     */
    public static WebSocketMessageAssert assertThat(@Nullable WebSocketMessage actual) {
        return new WebSocketMessageAssert(actual);
    }

    /**
     * Begins assertions about how a connection has ended.
     *
     * @param actual what {@code closed()} has emitted
     * @return assertions
     */
    public static CloseEventAssert assertThat(@Nullable CloseEvent actual) {
        return new CloseEventAssert(actual);
    }

    /**
     * Begins assertions about a connection as it is at this moment; nothing is waited for.
     *
     * @param actual of any transport
     * @return assertions
     */
    public static WebSocketConnectionAssert assertThat(@Nullable WebSocketConnection actual) {
        return new WebSocketConnectionAssert(actual);
    }
}
