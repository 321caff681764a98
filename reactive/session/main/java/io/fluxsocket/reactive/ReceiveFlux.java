package io.fluxsocket.reactive;

import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;

/** {@link WebSocketConnection#receive()} and {@link WebSocketConnection#receiveMessages()}. */
final class ReceiveFlux<T> extends Flux<T> implements Scannable {
    private final Inbound inbound;
    private final boolean messages;

    private ReceiveFlux(Inbound inbound, boolean messages) {
        this.inbound = inbound;
        this.messages = messages;
    }

    static Flux<WebSocketFrame> frames(Inbound inbound) {
        return onAssembly(new ReceiveFlux<>(inbound, false));
    }

    static Flux<WebSocketMessage> messages(Inbound inbound) {
        return onAssembly(new ReceiveFlux<>(inbound, true));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        Receiver.subscribe(inbound, actual, messages);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }
}
