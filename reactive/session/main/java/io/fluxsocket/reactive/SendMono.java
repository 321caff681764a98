package io.fluxsocket.reactive;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** {@link WebSocketConnection#send}: a new {@link Sender} for each subscription. */
final class SendMono extends Mono<Void> implements Scannable {
    private final Outbound outbound;
    private final Publisher<? extends WebSocketFrame> source;

    private SendMono(Outbound outbound, Publisher<? extends WebSocketFrame> source) {
        this.outbound = outbound;
        this.source = source;
    }

    static Mono<Void> of(Outbound outbound, Publisher<? extends WebSocketFrame> source) {
        return onAssembly(new SendMono(outbound, source));
    }

    @Override
    public void subscribe(CoreSubscriber<? super Void> actual) {
        if (outbound.reserve()) {
            source.subscribe(new Sender(outbound, actual));
        } else {
            Operators.error(
                    actual,
                    Exceptions.failWithOverflow(outbound.capacity() + " sends and pings are pending; wait"
                            + " for their completion, or send one stream of frames"));
        }
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return source;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }
}
