package io.fluxsocket.reactive.test;

import io.fluxsocket.reactive.WebSocketMessage;
import org.assertj.core.api.AbstractObjectAssert;
import org.jspecify.annotations.Nullable;

/** Assertions about a message. */
public final class WebSocketMessageAssert extends AbstractObjectAssert<WebSocketMessageAssert, WebSocketMessage> {
    WebSocketMessageAssert(@Nullable WebSocketMessage actual) {
        super(actual, WebSocketMessageAssert.class);
    }

    /**
     * Asserts that it is text.
     *
     * @param text the whole message
     * @return this
     */
    public WebSocketMessageAssert isText(String text) {
        isNotNull();
        return has("type", WebSocketMessage.Type.TEXT, actual.type()).has("text", text, actual.text());
    }

    /**
     * Asserts that it is binary.
     *
     * @param payload the whole message
     * @return this
     */
    public WebSocketMessageAssert isBinary(byte... payload) {
        isNotNull();
        return has("type", WebSocketMessage.Type.BINARY, actual.type())
                .has("payload", FrameVectors.hex(payload), FrameVectors.hex(actual.toByteArray()));
    }

    /**
     * Asserts its size.
     *
     * @param bytes of the payload
     * @return this
     */
    public WebSocketMessageAssert hasLength(int bytes) {
        isNotNull();
        return has("length", bytes, actual.length());
    }

    private WebSocketMessageAssert has(String what, Object expected, Object found) {
        if (!expected.equals(found)) {
            throw failureWithActualExpected(
                    found,
                    expected,
                    "Expected %s of message <%s> to be <%s> but was <%s>",
                    what,
                    actual,
                    expected,
                    found);
        }
        return this;
    }
}
