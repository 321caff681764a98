package io.fluxsocket.reactive;

import io.fluxsocket.core.Action;
import io.fluxsocket.core.BufferType;
import io.fluxsocket.core.CloseStatus;
import org.jspecify.annotations.Nullable;

/** What was received, by type: counts it, and passes it on to whom it concerns. Each indication is completed on the way. */
final class Arrivals {
    private final EngineDriver driver;
    /** Made with the first ping or pong. */
    private @Nullable RateLimit controlRate;

    private final @Nullable RateLimit messageRate;

    Arrivals(EngineDriver driver, SessionSettings settings) {
        this.driver = driver;
        messageRate = RateLimit.perSecond(settings.maxMessagesPerSecond());
    }

    /** Takes an INDICATE_RECEIVE_COMPLETE. */
    void take(Action action) {
        BufferType type = action.bufferType();
        if (type == null) {
            driver.complete(action);
            return;
        }
        switch (type) {
            case UTF8_MESSAGE, UTF8_FRAGMENT, BINARY_MESSAGE, BINARY_FRAGMENT -> data(action, type);
            case PING, PING_PONG, UNSOLICITED_PONG -> control(action, type == BufferType.PING);
            case CLOSE -> close(action);
        }
    }

    private void data(Action action, BufferType type) {
        driver.watchdog().data();
        SessionObserver observer = driver.observer();
        if (observer != null) {
            observer.received(action.length(), type.isFinal());
        }
        if (type.isFinal() && messageRate != null && isTooMuch(messageRate, "messages")) {
            driver.complete(action);
        } else {
            driver.inbound().chunk(action, type);
        }
    }

    private void control(Action action, boolean isPing) {
        byte[] payload = action.toByteArray();
        driver.complete(action);
        if (controlRate == null) {
            controlRate = RateLimit.perSecond(driver.settings().maxControlFramesPerSecond());
        }
        if (controlRate != null && isTooMuch(controlRate, "pings and pongs")) {
            return;
        }
        boolean isOwn = !isPing && driver.pings().pong(payload);
        if (driver.settings().emitControlFrames() && !isOwn) {
            driver.inbound().control(isPing ? WebSocketFrame.ownedPing(payload) : WebSocketFrame.ownedPong(payload));
        }
    }

    /** Counts one more. Too many end the conversation. */
    private boolean isTooMuch(RateLimit rate, String what) {
        if (!driver.closing().isOpen() || rate.permits(driver.now())) {
            return false;
        }
        driver.closing().exceeded(rate, what);
        return true;
    }

    private void close(Action action) {
        CloseStatus status = action.closeStatus();
        driver.complete(action);
        driver.closing().peerClosed(status == null ? CloseStatus.NO_STATUS : status);
    }
}
