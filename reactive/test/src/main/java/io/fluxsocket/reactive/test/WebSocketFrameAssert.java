package io.fluxsocket.reactive.test;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.WebSocketFrame;
import org.assertj.core.api.AbstractObjectAssert;
import org.jspecify.annotations.Nullable;

/** Assertions about a frame. */
public final class WebSocketFrameAssert extends AbstractObjectAssert<WebSocketFrameAssert, WebSocketFrame> {
    WebSocketFrameAssert(@Nullable WebSocketFrame actual) {
        super(actual, WebSocketFrameAssert.class);
    }

    /**
     * Asserts that it is text, whether it ends its message or not.
     *
     * @param text the whole payload
     * @return this
     */
    public WebSocketFrameAssert isText(String text) {
        return hasType(WebSocketFrame.Type.TEXT).has("text", text, actual.text());
    }

    /**
     * Asserts that it is binary, whether it ends its message or not.
     *
     * @param payload all of it
     * @return this
     */
    public WebSocketFrameAssert isBinary(byte... payload) {
        return hasType(WebSocketFrame.Type.BINARY).hasPayload(payload);
    }

    /**
     * Asserts that it is a ping.
     *
     * @param payload all of it
     * @return this
     */
    public WebSocketFrameAssert isPing(byte... payload) {
        return hasType(WebSocketFrame.Type.PING).hasPayload(payload);
    }

    /**
     * Asserts that it is a pong.
     *
     * @param payload all of it
     * @return this
     */
    public WebSocketFrameAssert isPong(byte... payload) {
        return hasType(WebSocketFrame.Type.PONG).hasPayload(payload);
    }

    /**
     * Asserts that it is a close with this status.
     *
     * @param status code and reason
     * @return this
     */
    public WebSocketFrameAssert isClose(CloseStatus status) {
        hasType(WebSocketFrame.Type.CLOSE);
        return has("status", status, ((WebSocketFrame.Close) actual).status());
    }

    /**
     * Asserts what kind of frame it is.
     *
     * @param type one of them
     * @return this
     */
    public WebSocketFrameAssert hasType(WebSocketFrame.Type type) {
        isNotNull();
        return has("type", type, actual.type());
    }

    /**
     * Asserts what it holds.
     *
     * @param payload all of it
     * @return this
     */
    public WebSocketFrameAssert hasPayload(byte... payload) {
        isNotNull();
        return has("payload", FrameVectors.hex(payload), FrameVectors.hex(actual.toByteArray()));
    }

    /** {@return this, after asserting that the frame ends its message} */
    public WebSocketFrameAssert isFinal() {
        isNotNull();
        return has("final", true, actual.isFinal());
    }

    /** {@return this, after asserting that more of the message follows the frame} */
    public WebSocketFrameAssert isNotFinal() {
        isNotNull();
        return has("final", false, actual.isFinal());
    }

    private WebSocketFrameAssert has(String what, Object expected, Object found) {
        if (!expected.equals(found)) {
            throw failureWithActualExpected(
                    found,
                    expected,
                    "Expected %s of frame <%s> to be <%s> but was <%s>",
                    what,
                    actual,
                    expected,
                    found);
        }
        return this;
    }
}
