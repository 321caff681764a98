package io.fluxsocket.reactive;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.core.WebSocketEngine;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The connection that applications see: hands their wishes to the driver. */
final class Session implements WebSocketConnection, Scannable {
    static final int NO_LOOK = -1;

    private final EngineDriver driver;
    private final HandshakeInfo handshakeInfo;

    private Session(EngineDriver driver, HandshakeInfo handshakeInfo) {
        this.driver = driver;
        this.handshakeInfo = handshakeInfo;
    }

    static Session open(
            ByteTransport transport,
            WebSocketEngine engine,
            SessionSettings settings,
            HandshakeInfo handshakeInfo,
            @Nullable SessionObserver observer) {
        EngineDriver driver = new EngineDriver(transport, engine, settings, observer);
        Session session = new Session(driver, Objects.requireNonNull(handshakeInfo, "handshakeInfo"));
        if (observer != null) {
            observer.opened(session);
        }
        driver.start();
        return session;
    }

    EngineDriver driver() {
        return driver;
    }

    SessionSettings settings() {
        return driver.settings();
    }

    /** Has a handler's run told of the end, on the loop: for each connection has one, and few have anybody else who asks. */
    void whenClosed(Runnable run) {
        Closing closing = driver.closing();
        if (driver.inEventLoop()) {
            closing.whenClosed(run); // Without a drain: nothing has changed.
        } else {
            driver.loop().later(() -> closing.whenClosed(run));
        }
    }

    // ---- how long a handler is left to itself after the connection has closed: while there is something to be
    // consumed

    /** What waited when it was looked after last is {@link #NO_LOOK} the first time. */
    boolean mayHandlerGoOn(int waitedBefore) {
        Inbound inbound = driver.inbound();
        return waitedBefore == NO_LOOK
                ? inbound.isConsumed()
                : inbound.isBeingConsumed()
                        && (stalledConsumerTimeout().isZero() || inbound.waitingBytes() < waitedBefore);
    }

    int waitingBytes() {
        return driver.inbound().waitingBytes();
    }

    Duration nextLook() {
        boolean mayStall =
                driver.inbound().isBeingConsumed() && !stalledConsumerTimeout().isZero();
        return mayStall ? stalledConsumerTimeout() : settings().closeTimeout();
    }

    private Duration stalledConsumerTimeout() {
        return settings().stalledConsumerTimeout();
    }

    @Override
    public HandshakeInfo handshakeInfo() {
        return handshakeInfo;
    }

    @Override
    public Flux<WebSocketFrame> receive() {
        return ReceiveFlux.frames(driver.inbound());
    }

    @Override
    public Flux<WebSocketMessage> receiveMessages() {
        return ReceiveFlux.messages(driver.inbound());
    }

    @Override
    public Mono<Void> send(Publisher<? extends WebSocketFrame> frames) {
        return SendMono.of(driver.outbound(), Objects.requireNonNull(frames, "frames"));
    }

    @Override
    public Mono<Duration> ping() {
        return Ping.mono(driver);
    }

    @Override
    public Mono<Void> close(CloseStatus status) {
        if (status.code() == CloseStatus.ABNORMAL.code()) {
            throw new IllegalArgumentException("1006 is never sent (RFC 6455 §7.4.1); use another status");
        }
        Closing closing = driver.closing();
        Mono<Void> closed = closed().then();
        return Mono.defer(() -> {
            driver.loop().run(() -> closing.begin(status, null));
            return closed;
        });
    }

    @Override
    public Mono<CloseEvent> closed() {
        return driver.closing().closed();
    }

    @Override
    public void discardInbound() {
        driver.loop().run(driver.inbound()::discard);
    }

    @Override
    public long queuedBytes() {
        return driver.queuedBytes();
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.NAME) {
            return "WebSocket " + handshakeInfo;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }
}
