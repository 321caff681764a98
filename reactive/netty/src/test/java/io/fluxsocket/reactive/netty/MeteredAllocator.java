package io.fluxsocket.reactive.netty;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.concurrent.atomic.AtomicLong;

/** Netty's unpooled allocator, which counts every byte that is not given back, with the most that it ever counted. */
final class MeteredAllocator extends AbstractByteBufAllocator {
    private final UnpooledByteBufAllocator actual = new UnpooledByteBufAllocator(true);
    private final AtomicLong peak = new AtomicLong();

    MeteredAllocator() {
        super(true);
    }

    /** Bytes of buffers that are in use, outside of the heap and on it. */
    long used() {
        return actual.metric().usedDirectMemory() + actual.metric().usedHeapMemory();
    }

    /** The most bytes that were in use at a time since the last call. */
    long takePeak() {
        return Math.max(used(), peak.getAndSet(0));
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        return noted(actual.heapBuffer(initialCapacity, maxCapacity));
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        return noted(actual.directBuffer(initialCapacity, maxCapacity));
    }

    private ByteBuf noted(ByteBuf made) {
        peak.accumulateAndGet(used(), Math::max);
        return made;
    }

    @Override
    public boolean isDirectBufferPooled() {
        return false;
    }
}
