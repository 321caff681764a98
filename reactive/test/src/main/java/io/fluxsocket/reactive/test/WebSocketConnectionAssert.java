package io.fluxsocket.reactive.test;

import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.WebSocketConnection;
import java.util.Objects;
import org.assertj.core.api.AbstractObjectAssert;
import org.jspecify.annotations.Nullable;

/** Assertions about a connection as it is at this moment. */
public final class WebSocketConnectionAssert
        extends AbstractObjectAssert<WebSocketConnectionAssert, WebSocketConnection> {
    WebSocketConnectionAssert(@Nullable WebSocketConnection actual) {
        super(actual, WebSocketConnectionAssert.class);
    }

    /** {@return this, after asserting that the connection has not ended, though it may be closing} */
    public WebSocketConnectionAssert isOpen() {
        CloseEvent event = closeEvent();
        if (event != null) {
            throw failure("Expected the connection to be open, but it has ended: <%s>", event);
        }
        return this;
    }

    /** {@return assertions about how it has ended, after asserting that it has} */
    public CloseEventAssert isClosed() {
        CloseEvent event = closeEvent();
        if (event == null) {
            throw failure("Expected the connection to be closed, but it is open or still closing");
        }
        return new CloseEventAssert(event);
    }

    /**
     * Asserts that the connection has ended with this code.
     *
     * @param code see {@link CloseEventAssert#hasCode}
     * @return assertions about how it has ended
     */
    public CloseEventAssert isClosedWith(int code) {
        return isClosed().hasCode(code);
    }

    /**
     * Asserts how much waits to be sent.
     *
     * @param bytes see {@link WebSocketConnection#queuedBytes()}
     * @return this
     */
    public WebSocketConnectionAssert hasQueuedBytes(long bytes) {
        isNotNull();
        if (actual.queuedBytes() != bytes) {
            throw failureWithActualExpected(
                    actual.queuedBytes(),
                    bytes,
                    "Expected <%s> bytes to be queued, but <%s> are",
                    bytes,
                    actual.queuedBytes());
        }
        return this;
    }

    /**
     * Asserts which subprotocol was agreed on.
     *
     * @param subprotocol null for none
     * @return this
     */
    public WebSocketConnectionAssert hasSubprotocol(@Nullable String subprotocol) {
        isNotNull();
        String found = actual.handshakeInfo().subprotocol();
        if (!Objects.equals(found, subprotocol)) {
            throw failureWithActualExpected(
                    found, subprotocol, "Expected the subprotocol to be <%s> but was <%s>", subprotocol, found);
        }
        return this;
    }

    private @Nullable CloseEvent closeEvent() {
        isNotNull();
        return actual.closed().toFuture().getNow(null);
    }
}
