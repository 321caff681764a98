package io.fluxsocket.reactive.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * What the session has put and the channel has not been given yet: one pooled direct buffer for many small frames, written
 * when it is full and when the session flushes. On the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends the channel.
final class OutputBuffer {
    /** 8 KiB is where copying small frames together stops to pay; twice that leaves room. */
    private static final int SIZE = 16 * 1024;

    /** Behind a congested socket, less than this part of a buffer is copied out, so that few bytes do not keep all of it. */
    private static final int WORTH_A_BUFFER = 4;

    private final ChannelHandlerContext context;
    private final LoopBuffers buffers;
    private @Nullable ByteBuf buffer;
    private @Nullable ByteBuffer view;
    private boolean flushNeeded;
    private boolean released;

    OutputBuffer(ChannelHandlerContext context, LoopBuffers buffers) {
        this.context = context;
        this.buffers = buffers;
    }

    /**
     * Room for at least so many bytes, to be filled by moving the position; after {@link #release}, room that goes nowhere. In
     * the byte order in which the engine masks.
     *
     * @param inRead a read is being delivered, and its end will flush: before the next connection has its turn
     */
    ByteBuffer room(int minimum, boolean inRead) {
        ByteBuffer room = view;
        return room != null && room.remaining() >= minimum ? room : nextRoom(minimum, inRead);
    }

    /** Apart, so that the JIT inlines the common case, room that is there: it is asked for with each frame. */
    private ByteBuffer nextRoom(int minimum, boolean inRead) {
        write(context.voidPromise());
        releaseBuffer();
        if (released) {
            return ByteBuffer.allocate(minimum);
        }
        int size = Math.max(minimum, SIZE);
        ByteBuf larger = inRead ? buffers.output(size) : buffers.pool().directBuffer(size);
        ByteBuffer room = larger.internalNioBuffer(0, larger.capacity()).order(ByteOrder.LITTLE_ENDIAN);
        buffer = larger;
        view = room;
        return room;
    }

    /** Writes what was put, with this promise; without anything, the promise is not used. */
    void write(ChannelPromise promise) {
        ByteBuf filled = buffer;
        ByteBuffer room = view;
        if (filled == null || room == null || room.position() == 0) {
            return;
        }
        int length = room.position();
        buffer = null;
        view = null;
        // Netty keeps it and hands it out again.
        room.order(ByteOrder.BIG_ENDIAN);
        ByteBuf message = filled.setIndex(0, length);
        if (length < filled.capacity() / WORTH_A_BUFFER && networkBacklog() > 0) {
            message = buffers.pool().directBuffer(length).writeBytes(filled);
            filled.release();
        }
        flushNeeded = true;
        context.write(message, promise);
    }

    /** Writes what was put, and makes the promise stand for everything that was ever put. */
    void writeAll(ChannelPromise promise) {
        if (pendingBytes() == 0) {
            promise.setSuccess();
        } else if (view != null && view.position() > 0) {
            write(promise);
        } else {
            flushNeeded = true;
            context.write(Unpooled.EMPTY_BUFFER, promise);
        }
    }

    /** Flushes what was written since the last time, if anything was. */
    void flush() {
        if (flushNeeded) {
            flushNeeded = false;
            context.flush();
        }
    }

    /** What was put and not yet taken by the socket, in bytes, with Netty's bookkeeping of 96 for each buffer. */
    long pendingBytes() {
        return networkBacklog() + (view == null ? 0 : view.position());
    }

    private long networkBacklog() {
        ChannelOutboundBuffer outbound = context.channel().unsafe().outboundBuffer();
        return outbound == null ? 0 : outbound.totalPendingWriteBytes();
    }

    /** Drops what was put and not written, and what will be put. */
    void release() {
        released = true;
        releaseBuffer();
    }

    private void releaseBuffer() {
        ByteBuf unused = buffer;
        ByteBuffer room = view;
        if (unused != null && room != null) {
            room.order(ByteOrder.BIG_ENDIAN);
            buffer = null;
            view = null;
            unused.release();
        }
    }
}
