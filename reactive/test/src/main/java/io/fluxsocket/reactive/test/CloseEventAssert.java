package io.fluxsocket.reactive.test;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import org.assertj.core.api.AbstractObjectAssert;
import org.jspecify.annotations.Nullable;

/** Assertions about how a connection has ended. */
public final class CloseEventAssert extends AbstractObjectAssert<CloseEventAssert, CloseEvent> {
    CloseEventAssert(@Nullable CloseEvent actual) {
        super(actual, CloseEventAssert.class);
    }

    /**
     * Asserts the code, whatever the reason.
     *
     * @param code of whoever began to close; 1005 for a close without one, 1006 for a connection that was lost
     * @return this
     */
    public CloseEventAssert hasCode(int code) {
        isNotNull();
        return has("code", code, actual.status().code());
    }

    /**
     * Asserts code and reason.
     *
     * @param status of whoever began to close
     * @return this
     */
    public CloseEventAssert hasStatus(CloseStatus status) {
        isNotNull();
        return has("status", status, actual.status());
    }

    /** {@return this, after asserting that this end began to close} */
    public CloseEventAssert isLocal() {
        isNotNull();
        return has("initiator", Initiator.LOCAL, actual.initiator());
    }

    /** {@return this, after asserting that the peer began to close} */
    public CloseEventAssert isRemote() {
        isNotNull();
        return has("initiator", Initiator.REMOTE, actual.initiator());
    }

    /** {@return this, after asserting that the connection was lost before anybody began to close it} */
    public CloseEventAssert isLost() {
        isNotNull();
        return has("initiator", Initiator.NONE, actual.initiator());
    }

    /** {@return this, after asserting that both ends have sent their close} */
    public CloseEventAssert isClean() {
        isNotNull();
        return has("clean", true, actual.clean());
    }

    /** {@return this, after asserting that an end has not sent its close} */
    public CloseEventAssert isNotClean() {
        isNotNull();
        return has("clean", false, actual.clean());
    }

    private CloseEventAssert has(String what, Object expected, Object found) {
        if (!expected.equals(found)) {
            throw failureWithActualExpected(
                    found, expected, "Expected %s of <%s> to be <%s> but was <%s>", what, actual, expected, found);
        }
        return this;
    }
}
