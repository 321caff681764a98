package io.fluxsocket.reactive.netty;

import io.fluxsocket.reactive.ByteTransport;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A channel after its upgrade, as the session's byte transport. It stands in the place of the HTTP codec and owns all bytes:
 * what the handlers behind it still read or write belongs to the ended HTTP exchange and goes no further.
 *
 * <pre>
 *   socket ─▶ (TLS) ─▶ channelRead ── wanted ─▶ lent ─▶ onRead      until the next read()
 *                          └───────── not wanted ─▶ held            served by the next read()
 *   output() ─▶ OutputBuffer ── full, or flush() ─▶ write ─▶ (TLS) ─▶ socket
 * </pre>
 *
 * <p><b>What is held.</b> Plain TCP delivers one buffer for each read, so nothing is. TLS delivers all records of one read,
 * which is why reads are smaller there. Native epoll, once the peer has ended its half, reads all that the kernel has left
 * without being asked (Netty's {@code epollRdHupReady}); what is held then is bounded by the socket's receive buffer.
 *
 * <p><b>When it flushes.</b> What is sent while a read is being delivered, such as an echo, leaves when that is done: with one
 * system call, and its buffer serves the next connection ({@link LoopBuffers}). All else leaves at the end of the event loop's
 * turn: what a source emits to a thousand connections, one frame after the other, leaves with one system call for each of them.
 * Measured beside a flush at once: such a broadcast costs half as much.
 *
 * <p><b>How it ends.</b> When the peer ends its half, the session is told at its next read, after everything that is held;
 * the other half stays open for the answer to a close. A failure is told at once, also to a session that does not read, or it
 * would never know; bytes still held are then dropped, as TCP itself drops them at a reset.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A close that fails has no other effect than one that does not.
final class NettyTransport extends ChannelDuplexHandler implements ByteTransport, Runnable {
    static final String NAME = "fluxsocket.transport";

    /** Above the high mark the session hands out no data until the low one is reached. High: the largest part of a frame. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    private final Channel channel;
    private final EventLoop eventLoop;
    private final @Nullable OpenSessions openSessions;
    /** Where it stands among these; theirs. */
    int place;

    // Set once, when the handler is added.
    private @Nullable ChannelHandlerContext context;
    private @Nullable OutputBuffer output;
    private @Nullable LoopBuffers buffers;
    /** What is read comes from these buffers; with TLS it is decrypted elsewhere. */
    private boolean readsIntoThem;

    private @Nullable Listener listener;
    private boolean writable;
    private boolean ended;

    private @Nullable ByteBuf lent;
    private @Nullable ByteBuffer lentView;
    private @Nullable ArrayDeque<ByteBuf> held;
    /** Something came with the handshake. By the loop's next turn whoever opens the session is there to listen. */
    private boolean early;

    /** The end of this read, or a task at the end of the loop's turn, will flush. */
    private boolean flushComes;
    /** To be given by that flush; it stands for those before it. */
    private long report = NO_REPORT;

    private boolean readWanted;
    private boolean readInThisLoop;
    private boolean inputEnded;

    /** Stands for everything that was put before the output was ended; null until then. */
    private @Nullable ChannelPromise lastBytes;

    /** @param openSessions to be taken out of when the channel closes; null on a client */
    NettyTransport(Channel channel, @Nullable OpenSessions openSessions) {
        this.channel = channel;
        eventLoop = channel.eventLoop();
        this.openSessions = openSessions;
    }

    /**
     * Takes the channel over, in the place of its HTTP codec. What the codec has read beyond the handshake is held. On the
     * event loop.
     */
    void takeOver(ChannelHandler codec) {
        ChannelConfig config = channel.config();
        config.setAutoRead(false);
        config.setWriteBufferWaterMark(WATER_MARK);
        config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        LoopBuffers ofLoop = LoopBuffers.join(config);
        buffers = ofLoop;
        if (channel.pipeline().get(SslHandler.class) == null) {
            readsIntoThem = true;
            config.setAllocator(ofLoop);
        }
        channel.pipeline().replace(codec, NAME, this);
    }

    // ---- the session's side

    @Override
    public void execute(Runnable task) {
        eventLoop.execute(task);
    }

    @Override
    public boolean inEventLoop() {
        return eventLoop.inEventLoop();
    }

    @Override
    public void start(Listener listener) {
        this.listener = listener;
        early = held != null;
        if (ended) {
            later(() -> listener.onClosed(null));
        } else if (!channel.isActive()) {
            later(() -> end(null));
        }
    }

    @Override
    public void read() {
        releaseLent();
        if (ended) {
            return;
        }
        if (early) {
            early = false;
            later(this::read);
            return;
        }
        ByteBuf next = held == null ? null : held.poll();
        if (next != null) {
            lend(next);
        } else if (inputEnded) {
            endBehindFlush();
        } else {
            readWanted = true;
            context().read();
        }
    }

    @Override
    public ByteBuffer output(int minimum) {
        return output().room(minimum, readInThisLoop);
    }

    @Override
    public void flush(long report) {
        if (report != NO_REPORT) {
            this.report = report;
        }
        if (!flushComes) {
            flushComes = true;
            if (!readInThisLoop) {
                later(this);
            }
        }
    }

    /** The flush at the end of a read, or of the event loop's turn. */
    @Override
    public void run() {
        flushComes = false;
        if (ended) {
            return;
        }
        long wanted = report;
        report = NO_REPORT;
        if (wanted == NO_REPORT) {
            output().write(context().voidPromise());
        } else if (lastBytes == null) {
            output().writeAll(whenFlushed(() -> flushed(wanted)));
        } else {
            onSuccess(lastBytes, () -> flushed(wanted));
        }
        output().flush();
    }

    private void flushed(long report) {
        if (!ended && listener != null) {
            listener.onFlushed(report);
        }
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    @Override
    public long pendingBytes() {
        return output().pendingBytes();
    }

    @Override
    public void shutdownOutput() {
        if (ended || lastBytes != null) {
            return;
        }
        lastBytes = whenFlushed(this::endOutput);
        output().writeAll(lastBytes);
        output().flush();
    }

    @Override
    public void abort() {
        readWanted = false;
        // Later, as the session may still be at work on the buffer that it was lent.
        later(this::cut);
    }

    /** The server goes away: the session says so to its peer. On any thread. */
    void shutdown() {
        try {
            execute(() -> {
                if (!ended && listener != null) {
                    listener.onShutdown();
                }
            });
        } catch (RejectedExecutionException loopHasEnded) {
            // With its loop the connection has ended, too.
        }
    }

    // ---- the channel's side

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        output = new OutputBuffer(ctx, added(buffers));
        writable = channel.isWritable();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (ended || !bytes.isReadable()) {
            bytes.release();
            return;
        }
        readInThisLoop = true;
        bytes = exclusive(bytes);
        if (readWanted) {
            lend(bytes);
            return;
        }
        ArrayDeque<ByteBuf> queue = held;
        if (queue == null) {
            queue = new ArrayDeque<>(4);
            held = queue;
        }
        queue.add(bytes);
        // Somebody may have switched it on again.
        ctx.channel().config().setAutoRead(false);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        boolean nothingCame = !readInThisLoop;
        readInThisLoop = false;
        if (flushComes && !nothingCame) {
            run();
        }
        if (readWanted && nothingCame && !ended) {
            ctx.read();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ended) {
            return;
        }
        writable = channel.isWritable();
        if (listener != null) {
            listener.onWritabilityChanged();
        }
    }

    /** What the ended HTTP exchange and the reactive bridge ask for: only the session reads. */
    @Override
    public void read(ChannelHandlerContext ctx) {}

    /** The end of the HTTP response arrives here. Nobody but the session writes. */
    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        ReferenceCountUtil.release(message);
        promise.trySuccess();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE || event == ChannelInputShutdownReadComplete.INSTANCE) {
            endInput();
        } else if (event instanceof SslCloseCompletionEvent) {
            // Not passed on: Reactor Netty would close the channel at once, with frames held and our close unsent.
            endInput();
            return;
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (openSessions != null) {
            openSessions.remove(this);
        }
        end(null);
        ctx.fireChannelInactive();
        SessionConnection.closed(channel);
    }

    // ---- input

    private void lend(ByteBuf bytes) {
        readWanted = false;
        lent = bytes;
        Listener session = listener;
        if (session != null) {
            ByteBuffer view = bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes());
            lentView = view;
            session.onRead(view);
        }
    }

    private void endInput() {
        inputEnded = true;
        if (readWanted) {
            endBehindFlush();
        }
    }

    /** A peer that has ended its half may still read: it gets what was sent in this turn of the loop, like the echo of a close. */
    private void endBehindFlush() {
        if (flushComes) {
            run();
        }
        end(null);
    }

    /** The session unmasks in place, in one piece: what is read-only, shared or in several pieces is copied. */
    private static ByteBuf exclusive(ByteBuf bytes) {
        if (bytes.nioBufferCount() == 1 && !bytes.isReadOnly() && bytes.refCnt() == 1) {
            return bytes;
        }
        try {
            return bytes.copy();
        } finally {
            bytes.release();
        }
    }

    // ---- output

    private ChannelPromise whenFlushed(Runnable action) {
        ChannelPromise flushed = channel.newPromise();
        onSuccess(flushed, action);
        return flushed;
    }

    private static void onSuccess(ChannelPromise promise, Runnable action) {
        promise.addListener(future -> {
            if (future.isSuccess()) {
                action.run();
            }
        });
    }

    /** TLS says so itself before TCP does (RFC 8446 §6.1). */
    private void endOutput() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null || ended) {
            endSocketOutput();
        } else {
            tls.closeOutbound().addListener(closeNotify -> endSocketOutput());
        }
    }

    private void endSocketOutput() {
        if (!ended && channel instanceof DuplexChannel duplex && !duplex.isOutputShutdown()) {
            duplex.shutdownOutput();
        }
    }

    // ---- the end

    private void end(@Nullable Throwable cause) {
        if (ended) {
            return;
        }
        ended = true;
        writable = false;
        readWanted = false;
        if (held != null) {
            held.forEach(ByteBuf::release);
            held = null;
        }
        output().release();
        added(buffers).leave();
        if (listener != null) {
            listener.onClosed(cause);
        }
        // The session may have been at work on it when the channel failed underneath.
        later(this::releaseLent);
        context().flush();
        context().close();
    }

    /** Ends at once: TLS would first wait until a peer that does not read has taken its farewell. */
    private void cut() {
        ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
        end(null);
        if (tls != null) {
            tls.close();
        }
    }

    private void releaseLent() {
        ByteBuf bytes = lent;
        ByteBuffer view = lentView;
        if (view != null) {
            // Netty keeps it and hands it out again, and the engine has set its order.
            view.order(ByteOrder.BIG_ENDIAN);
            lentView = null;
        }
        if (bytes != null) {
            lent = null;
            if (readsIntoThem && !ended) {
                added(buffers).giveBack(bytes);
            } else {
                bytes.release();
            }
        }
    }

    private void later(Runnable task) {
        try {
            execute(task);
        } catch (RejectedExecutionException loopHasEnded) {
            task.run();
        }
    }

    private ChannelHandlerContext context() {
        return added(context);
    }

    private OutputBuffer output() {
        return added(output);
    }

    private static <T> T added(@Nullable T setWhenAdded) {
        if (setWhenAdded == null) {
            throw new IllegalStateException("The transport stands in no pipeline yet");
        }
        return setWhenAdded;
    }
}
