package io.fluxsocket.reactive.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * Closes a connection whose next request does not come in time: from the connection, TLS handshake included, to the end of
 * the request's head, and again from the end of each response. Unlike an idle timeout it cannot be drawn out by sending the
 * head byte by byte. It leaves with the upgrade.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Who waits for a write holds its promise; nobody waits for the close.
final class RequestDeadline extends ChannelDuplexHandler {
    static final String NAME = "fluxsocket.requestDeadline";

    private final Duration timeout;
    private final Scheduler scheduler;
    private int unanswered;
    private @Nullable Disposable timer;

    private RequestDeadline(Duration timeout, Scheduler scheduler) {
        this.timeout = timeout;
        this.scheduler = scheduler;
    }

    /**
     * Adds one behind the codec of HTTP/1.1; a connection that may choose another version has none.
     *
     * @param scheduler what the time is measured by, as all times of the sessions are
     */
    static void addTo(Channel channel, Duration timeout, Scheduler scheduler) {
        ChannelPipeline pipeline = channel.pipeline();
        ChannelHandler codec = pipeline.get(HttpServerCodec.class);
        if (codec != null) {
            pipeline.addAfter(pipeline.context(codec).name(), NAME, new RequestDeadline(timeout, scheduler));
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        start(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest) {
            unanswered++;
            stop();
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof LastHttpContent && !isInterim(message) && --unanswered == 0) {
            start(ctx);
        }
        ctx.write(message, promise);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stop();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        stop();
    }

    private static boolean isInterim(Object message) {
        return message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    private void start(ChannelHandlerContext ctx) {
        Disposable.Swap running = Disposables.swap();
        timer = running;
        try {
            running.update(scheduler.schedule(
                    () -> ctx.executor().execute(() -> expire(ctx, running)), timeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (RejectedExecutionException e) {
            // A scheduler that takes no tasks any more ends the times of sessions too.
        }
    }

    /** On the event loop: a request may have come while the timer's task was on its way. */
    private void expire(ChannelHandlerContext ctx, Disposable expired) {
        if (timer == expired) {
            ctx.close();
        }
    }

    private void stop() {
        Disposable running = timer;
        if (running != null) {
            timer = null;
            running.dispose();
        }
    }
}
