package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelConfig;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an event loop keeps for its connections, when they get it, and when the pool gets it back. */
class LoopBuffersTest {
    private static final int SMALL = 16 * 1024;
    private static final int LARGE = 128 * 1024;

    private final MeteredAllocator pool = new MeteredAllocator();
    private final ChannelConfig channel = new EmbeddedChannel().config();
    private final LoopBuffers buffers;

    LoopBuffersTest() {
        channel.setAllocator(pool);
        channel.setRecvByteBufAllocator(LoopBuffers.receiveBuffers(false));
        buffers = LoopBuffers.join(channel);
    }

    @AfterEach
    void nothingLeaks() {
        buffers.leave();
        assertThat(pool.used()).isZero();
    }

    @Test
    void inputThatIsConsumedServesTheNextRead() {
        ByteBuf first = buffers.ioBuffer(64).writeZero(50);
        first.skipBytes(20);
        buffers.giveBack(first);

        ByteBuf second = buffers.directBuffer(2048);

        assertThat(second).isSameAs(first);
        assertThat(second.isReadable()).isFalse();
        assertThat(second.writableBytes()).isEqualTo(SMALL);
        second.release();
    }

    @Test
    void inputThatIsNotConsumedIsItsHoldersAndTheLoopTakesAnother() {
        ByteBuf held = buffers.directBuffer(64);
        ByteBuf other = buffers.directBuffer(64);
        assertThat(other).isNotSameAs(held);

        buffers.giveBack(other);
        buffers.giveBack(held);

        assertThat(held.refCnt()).isZero();
        assertThat(pool.used()).isEqualTo(SMALL);
    }

    @Test
    void smallReadsDoNotTakeTheMemoryOfLargeOnes() {
        ByteBuf small = buffers.directBuffer(SMALL);
        ByteBuf large = buffers.directBuffer(SMALL + 1);

        assertThat(small.capacity()).isEqualTo(SMALL);
        assertThat(large.writableBytes()).isEqualTo(LARGE);
        buffers.giveBack(small);
        buffers.giveBack(large);
        assertThat(buffers.directBuffer(LARGE)).isSameAs(large);
        large.release();
    }

    @Test
    void aReadThatTheApplicationHasBoundedGetsNoMoreRoomThanItAsksFor() {
        channel.setRecvByteBufAllocator(new FixedRecvByteBufAllocator(1000));
        LoopBuffers bounded = LoopBuffers.join(channel);
        ByteBuf first = bounded.directBuffer(1000);
        assertThat(first.writableBytes()).isEqualTo(1000);
        first.writeZero(1000);
        bounded.giveBack(first);

        ByteBuf second = bounded.directBuffer(1000);
        ByteBuf larger = bounded.directBuffer(64 * 1024 + 1);

        assertThat(second).isSameAs(first);
        assertThat(second.writableBytes()).isEqualTo(1000);
        assertThat(larger.capacity()).isEqualTo(64 * 1024 + 1);
        second.release();
        bounded.giveBack(larger);
        assertThat(larger.refCnt()).isZero();
        bounded.leave();
    }

    @Test
    void inputOnTheHeapOrOfAnotherSizeIsReleased() {
        ByteBuf heap = pool.heapBuffer(SMALL, SMALL);
        ByteBuf odd = pool.directBuffer(SMALL - 1);

        buffers.giveBack(heap);
        buffers.giveBack(odd);

        assertThat(pool.used()).isZero();
    }

    @Test
    void outputServesTheNextOnceTheSocketHasTakenIt() {
        ByteBuf first = buffers.output(SMALL).writeZero(100);
        ByteBuf meanwhile = buffers.output(SMALL);
        assertThat(meanwhile).isNotSameAs(first);
        first.release();
        assertThat(first.refCnt()).isZero();

        meanwhile.writeZero(100).release();
        ByteBuf next = buffers.output(80 * 1024);

        assertThat(next).isSameAs(meanwhile);
        assertThat(next.isReadable()).isFalse();
        next.release();
    }

    @Test
    void outputThatIsLargerIsNotKept() {
        ByteBuf kept = buffers.output(SMALL);
        ByteBuf larger = buffers.output(256 * 1024 + 14);

        assertThat(larger.writableBytes()).isEqualTo(256 * 1024 + 14);
        larger.release();
        kept.release();
        assertThat(pool.used()).isEqualTo(80 * 1024);
        assertThat(buffers.output(SMALL)).isSameAs(kept);
        kept.release();
    }

    @Test
    void withTheLastConnectionThePoolGetsEverythingBack() {
        LoopBuffers same = LoopBuffers.join(channel);
        assertThat(same).isSameAs(buffers);
        buffers.giveBack(buffers.directBuffer(1));
        buffers.giveBack(buffers.directBuffer(LARGE));
        buffers.output(1).release();
        assertThat(pool.used()).isEqualTo(SMALL + LARGE + 80 * 1024);

        same.leave();
        assertThat(pool.used()).isPositive();

        buffers.leave();
        assertThat(pool.used()).isZero();
        ByteBuf late = buffers.directBuffer(1);
        buffers.giveBack(late);
        assertThat(late.refCnt()).isZero();
        assertThat(LoopBuffers.join(channel)).isNotSameAs(buffers).satisfies(LoopBuffers::leave);
        // As nothingLeaks leaves once more.
        assertThat(pool.used()).isZero();
    }

    @Test
    void anotherThreadThatEndsAConnectionTouchesNothing() throws InterruptedException {
        buffers.output(1).release();

        Thread other = new Thread(buffers::leave);
        other.start();
        other.join();

        assertThat(pool.used()).isEqualTo(80 * 1024);
    }
}
