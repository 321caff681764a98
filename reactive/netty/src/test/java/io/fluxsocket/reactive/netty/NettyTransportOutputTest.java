package io.fluxsocket.reactive.netty;

import static io.fluxsocket.reactive.ByteTransport.NO_REPORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the session writes, when it leaves, and what is told of it. */
class NettyTransportOutputTest extends TransportFixture {
    @Test
    void whatTheEndedHttpExchangeWritesIsSwallowedAndSucceeds() {
        ByteBuf leftover = bytes("leftover");

        assertThat(channel.writeAndFlush(leftover).isSuccess()).isTrue();

        assertThat(leftover.refCnt()).isZero();
        assertThat(channel.<ByteBuf>readOutbound()).isNull();
    }

    @Test
    void smallFramesLeaveTogetherWithTheFlush() {
        put("one");
        put("two");
        assertThat(channel.<ByteBuf>readOutbound()).isNull();
        assertThat(transport.pendingBytes()).isEqualTo(6);

        flush(NO_REPORT);

        assertThat(written()).containsExactly("onetwo");
        assertThat(transport.pendingBytes()).isZero();
        assertThat(channel.flushes).isEqualTo(1);
    }

    @Test
    void whatIsSentWithinATurnOfTheLoopLeavesTogetherAtItsEnd() {
        put("one");
        transport.flush(NO_REPORT);
        put("two");
        transport.flush(1);
        put("three");
        transport.flush(2);
        put("four");
        transport.flush(NO_REPORT);
        assertThat(channel.flushes).isZero();

        channel.runPendingTasks();

        assertThat(written()).containsExactly("onetwothreefour");
        assertThat(channel.flushes).isEqualTo(1);
        assertThat(session.flushed).containsExactly(2L);
    }

    @Test
    void whatIsSentWhileAReadIsDeliveredLeavesAtItsEnd() {
        session.onRead = bytes -> {
            put("one");
            transport.flush(NO_REPORT);
            put("two");
            transport.flush(1);
        };
        transport.read();

        channel.pipeline().fireChannelRead(bytes("ask"));
        assertThat(channel.flushes).isZero();
        channel.pipeline().fireChannelReadComplete();

        assertThat(written()).containsExactly("onetwo");
        assertThat(channel.flushes).isEqualTo(1);
        assertThat(session.flushed).containsExactly(1L);
        channel.runPendingTasks();
        assertThat(channel.flushes).isEqualTo(1);
    }

    @Test
    void whatIsSentWhileAReadIsDeliveredHasTheBufferOfTheLoop() {
        List<Integer> rooms = new ArrayList<>();
        session.onRead = bytes -> rooms.add(transport.output(1).remaining());
        transport.read();

        channel.writeInbound(bytes("ask"));

        assertThat(rooms).containsExactly(80 * 1024);
    }

    @Test
    void whatIsSentAfterAReadLeavesAtTheEndOfTheTurnAgain() {
        transport.read();
        channel.pipeline().fireChannelRead(bytes("ask"));
        channel.pipeline().fireChannelReadComplete();

        put("late");
        transport.flush(NO_REPORT);
        assertThat(channel.flushes).isZero();
        channel.runPendingTasks();

        assertThat(written()).containsExactly("late");
    }

    @Test
    void aFlushWithNothingPutIsNone() {
        flush(NO_REPORT);

        assertThat(channel.flushes).isZero();
    }

    @Test
    void aFullBufferIsWrittenAndFlushedWithTheRest() {
        put("a".repeat(10_000));
        put("b".repeat(10_000));
        assertThat(channel.flushes).isZero();

        flush(NO_REPORT);

        assertThat(written()).containsExactly("a".repeat(10_000), "b".repeat(10_000));
        assertThat(channel.flushes).isEqualTo(1);
    }

    @Test
    void theOutputHasAsMuchRoomAsIsAskedFor() {
        int largest = 256 * 1024 + 14;

        assertThat(transport.output(1).remaining()).isGreaterThanOrEqualTo(16 * 1024);
        assertThat(transport.output(largest).remaining()).isGreaterThanOrEqualTo(largest);
    }

    @Test
    void aReportIsGivenWhenTheSocketTookEverythingPutBefore() {
        channel.congested = true;
        put("one");
        flush(NO_REPORT);
        flush(1);
        put("two");
        flush(2);
        assertThat(session.flushed).isEmpty();

        channel.congested = false;
        channel.flush();
        flush(NO_REPORT);
        channel.unsafe().flush();

        assertThat(session.flushed).containsExactly(1L, 2L);
    }

    @Test
    void aReportWithNothingPendingIsGivenAtOnce() {
        flush(7);

        assertThat(session.flushed).containsExactly(7L);
    }

    @Test
    void noReportIsGivenOfWhatWasNeverTaken() {
        channel.congested = true;
        put("one");
        flush(1);

        transport.abort();
        channel.runPendingTasks();

        assertThat(session.flushed).isEmpty();
    }

    @Test
    void fewBytesBehindACongestedSocketDoNotKeepAWholeBuffer() {
        channel.congested = true;
        put("first");
        flush(NO_REPORT);
        put("second");
        flush(NO_REPORT);
        put("third");
        flush(NO_REPORT);

        channel.congested = false;
        channel.unsafe().flush();

        ByteBuf first = channel.readOutbound();
        ByteBuf second = channel.readOutbound();
        ByteBuf third = channel.readOutbound();
        assertThat(first.capacity()).isEqualTo(16 * 1024);
        assertThat(second.capacity()).isEqualTo("second".length());
        assertThat(third.toString(StandardCharsets.UTF_8)).isEqualTo("third");
        first.release();
        second.release();
        third.release();
    }

    @Test
    void itIsUnwritableFromTheHighMarkToTheLow() {
        channel.congested = true;
        put("x".repeat(200 * 1024));
        flush(NO_REPORT);
        assertThat(transport.isWritable()).isTrue();
        put("x".repeat(60 * 1024));
        flush(NO_REPORT);
        assertThat(transport.isWritable()).isFalse();
        assertThat(session.writabilityChanges).isEqualTo(1);

        channel.congested = false;
        channel.unsafe().flush();

        assertThat(transport.isWritable()).isTrue();
        assertThat(session.writabilityChanges).isEqualTo(2);
    }
}
