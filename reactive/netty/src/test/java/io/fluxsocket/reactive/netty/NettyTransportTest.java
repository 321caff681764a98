package io.fluxsocket.reactive.netty;

import static io.fluxsocket.reactive.ByteTransport.NO_REPORT;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.reactive.ByteTransport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The transport on a channel without a network; {@link TakeoverTest} has one. */
class NettyTransportTest {
    private final FakeNetwork channel = new FakeNetwork();
    private final NettyTransport transport = new NettyTransport(channel, null);
    private final Session session = new Session(transport);

    NettyTransportTest() {
        channel.pipeline().addLast(channel.socketReads);
        ChannelInboundHandlerAdapter codec = new ChannelInboundHandlerAdapter();
        channel.pipeline().addLast(codec);
        transport.takeOver(codec);
        transport.start(session);
    }

    @AfterEach
    void nothingLeaks() {
        channel.runPendingTasks();
        channel.finishAndReleaseAll();
        channel.runPendingTasks();
        assertThat(session.closed).hasSize(1);
    }

    // ---- reading

    @Test
    void nothingIsReadBeforeTheSessionAsks() {
        channel.read();

        assertThat(channel.socketReads.count).isZero();
        assertThat(channel.config().isAutoRead()).isFalse();
    }

    @Test
    void eachReadOfTheSessionIsOneReadOfTheSocket() {
        transport.read();
        assertThat(channel.socketReads.count).isEqualTo(1);

        channel.writeInbound(bytes("one"));
        assertThat(session.read).containsExactly("one");
        assertThat(channel.socketReads.count).isEqualTo(1);

        transport.read();
        assertThat(channel.socketReads.count).isEqualTo(2);
    }

    @Test
    void whatCameUnaskedIsHeldAndServedFirst() {
        channel.writeInbound(bytes("early"), bytes("bird"));
        assertThat(session.read).isEmpty();

        transport.read();
        assertThat(session.read).containsExactly("early");
        transport.read();
        assertThat(session.read).containsExactly("early", "bird");
        assertThat(channel.socketReads.count).isZero();

        transport.read();
        assertThat(channel.socketReads.count).isEqualTo(1);
    }

    @Test
    void aReadWithinOnReadIsServedAtOnceFromWhatIsHeld() {
        channel.writeInbound(bytes("1"), bytes("2"), bytes("3"));
        session.readAgain = 2;

        transport.read();

        assertThat(session.read).containsExactly("1", "2", "3");
    }

    @Test
    void aLoopThatBroughtNothingIsFollowedByAnotherRead() {
        transport.read();
        channel.pipeline().fireChannelReadComplete();
        assertThat(channel.socketReads.count).isEqualTo(2);

        channel.pipeline().fireChannelRead(Unpooled.EMPTY_BUFFER);
        channel.pipeline().fireChannelReadComplete();
        assertThat(channel.socketReads.count).isEqualTo(3);
    }

    @Test
    void aLoopThatBroughtSomethingIsNotFollowedByAnotherRead() {
        session.readAgain = 1;
        transport.read();

        channel.writeInbound(bytes("one"));

        assertThat(channel.socketReads.count).isEqualTo(2);
    }

    @Test
    void autoReadThatWasSwitchedOnBehindItsBackIsSwitchedOffAgain() {
        channel.config().setAutoRead(true);

        channel.writeInbound(bytes("unasked"));

        assertThat(channel.config().isAutoRead()).isFalse();
    }

    @Test
    void theBufferIsTheSessionsUntilItsNextRead() {
        ByteBuf one = bytes("one");
        transport.read();
        channel.writeInbound(one);
        assertThat(one.refCnt()).isEqualTo(1);

        transport.read();
        assertThat(one.refCnt()).isZero();
    }

    @Test
    void bytesAreWritableInPlace() {
        ByteBuf one = bytes("one");
        session.onRead = view -> view.put(view.position(), (byte) 'O');
        transport.read();

        channel.writeInbound(one);

        assertThat(one.toString(StandardCharsets.UTF_8)).isEqualTo("One");
    }

    @Test
    void aBufferOfSeveralPiecesArrivesInOne() {
        CompositeByteBuf pieces =
                Unpooled.compositeBuffer().addComponents(true, bytes("one "), bytes("two "), bytes("three"));
        transport.read();

        channel.writeInbound(pieces);

        assertThat(session.read).containsExactly("one two three");
        assertThat(pieces.refCnt()).isZero();
    }

    @Test
    void aReadOnlyBufferIsCopiedSoThatItCanBeUnmasked() {
        session.onRead = view -> view.put(view.position(), (byte) 'O');
        transport.read();

        channel.writeInbound(bytes("one").asReadOnly());

        assertThat(session.read).containsExactly("One");
    }

    @Test
    void aBufferThatSomebodyElseAlsoHoldsIsCopiedSoThatHeSeesNoChange() {
        ByteBuf shared = bytes("one").retain();
        session.onRead = view -> view.put(view.position(), (byte) 'O');
        transport.read();

        channel.writeInbound(shared);

        assertThat(shared.toString(StandardCharsets.UTF_8)).isEqualTo("one");
        shared.release();
    }

    @Test
    void aHeapBufferIsFine() {
        transport.read();

        channel.writeInbound(Unpooled.copiedBuffer("heap", StandardCharsets.UTF_8));

        assertThat(session.read).containsExactly("heap");
    }

    @Test
    void whatIsNotBytesIsReleased() {
        channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
        transport.read();

        channel.writeInbound("text", bytes("one"));

        assertThat(session.read).containsExactly("one");
    }

    // ---- writing

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

        transport.flush(NO_REPORT);

        assertThat(written()).containsExactly("onetwo");
        assertThat(transport.pendingBytes()).isZero();
        assertThat(channel.flushes).isEqualTo(1);
    }

    @Test
    void aFlushWithNothingPutIsNone() {
        transport.flush(NO_REPORT);

        assertThat(channel.flushes).isZero();
    }

    @Test
    void aFullBufferIsWrittenAndFlushedWithTheRest() {
        put("a".repeat(10_000));
        put("b".repeat(10_000));
        assertThat(channel.flushes).isZero();

        transport.flush(NO_REPORT);

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
        transport.flush(NO_REPORT);
        transport.flush(1);
        put("two");
        transport.flush(2);
        assertThat(session.flushed).isEmpty();

        channel.congested = false;
        channel.flush();
        transport.flush(NO_REPORT);
        channel.unsafe().flush();

        assertThat(session.flushed).containsExactly(1L, 2L);
    }

    @Test
    void aReportWithNothingPendingIsGivenAtOnce() {
        transport.flush(7);

        assertThat(session.flushed).containsExactly(7L);
    }

    @Test
    void noReportIsGivenOfWhatWasNeverTaken() {
        channel.congested = true;
        put("one");
        transport.flush(1);

        transport.abort();
        channel.runPendingTasks();

        assertThat(session.flushed).isEmpty();
    }

    @Test
    void fewBytesBehindACongestedSocketDoNotKeepAWholeBuffer() {
        channel.congested = true;
        put("first");
        transport.flush(NO_REPORT);
        put("second");
        transport.flush(NO_REPORT);
        put("third");
        transport.flush(NO_REPORT);

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
        transport.flush(NO_REPORT);
        assertThat(transport.isWritable()).isTrue();
        put("x".repeat(60 * 1024));
        transport.flush(NO_REPORT);
        assertThat(transport.isWritable()).isFalse();
        assertThat(session.writabilityChanges).isEqualTo(1);

        channel.congested = false;
        channel.unsafe().flush();

        assertThat(transport.isWritable()).isTrue();
        assertThat(session.writabilityChanges).isEqualTo(2);
    }

    // ---- ending

    @Test
    void thePeersEndIsToldToASessionThatReads() {
        transport.read();

        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        assertThat(session.closed).containsExactly("ended");
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void thePeersEndIsToldBehindEverythingThatIsHeldAndMeanwhileTheOutputIsOpen() {
        channel.writeInbound(bytes("one"), bytes("two"));
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        transport.read();
        transport.read();
        assertThat(session.read).containsExactly("one", "two");
        assertThat(session.closed).isEmpty();
        put("answer");
        transport.flush(NO_REPORT);
        assertThat(written()).containsExactly("answer");

        transport.read();
        assertThat(session.closed).containsExactly("ended");
    }

    @Test
    void aCloseNotifyOfTlsIsThePeersEndAndGoesNoFurther() {
        List<Object> behind = new ArrayList<>();
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                behind.add(event);
            }
        });
        transport.read();

        channel.pipeline().fireUserEventTriggered("some event");
        channel.pipeline().fireUserEventTriggered(SslCloseCompletionEvent.SUCCESS);

        assertThat(behind).containsExactly("some event");
        assertThat(session.closed).containsExactly("ended");
    }

    @Test
    void aFailureIsToldAtOnceAlsoToASessionThatDoesNotRead() {
        ByteBuf held = bytes("held");
        channel.writeInbound(held);

        channel.pipeline().fireExceptionCaught(new IOException("reset"));

        assertThat(session.closed).containsExactly("reset");
        assertThat(held.refCnt()).isZero();
    }

    @Test
    void theLentBufferOutlivesAFailureUntilTheSessionHasReturned() {
        ByteBuf lent = bytes("lent");
        session.onRead = view -> {
            channel.pipeline().fireExceptionCaught(new IOException("reset"));
            assertThat(lent.refCnt()).isEqualTo(1);
        };
        transport.read();

        channel.writeInbound(lent);
        channel.runPendingTasks();

        assertThat(lent.refCnt()).isZero();
    }

    @Test
    void anAbortIsToldAfterwardsAndGivesEverythingBack() {
        ByteBuf lent = bytes("lent");
        ByteBuf held = bytes("held");
        transport.read();
        channel.writeInbound(lent, held);
        put("never flushed");

        transport.abort();
        transport.abort();
        assertThat(session.closed).isEmpty();
        assertThat(lent.refCnt()).isEqualTo(1);

        channel.runPendingTasks();
        assertThat(session.closed).containsExactly("ended");
        assertThat(lent.refCnt()).isZero();
        assertThat(held.refCnt()).isZero();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void afterAnAbortNothingMoreIsRead() {
        transport.read();
        transport.abort();

        channel.writeInbound(bytes("late"));

        assertThat(session.read).isEmpty();
    }

    @Test
    void aWriteThatFailsIsTheEnd() {
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                ReferenceCountUtil.release(message);
                ctx.pipeline().fireExceptionCaught(new IOException("broken pipe"));
            }
        });
        put("a".repeat(10_000));

        put("b".repeat(10_000));

        assertThat(session.closed).containsExactly("broken pipe");
    }

    @Test
    void afterTheEndEveryCallIsHarmless() {
        transport.abort();
        channel.runPendingTasks();

        transport.read();
        transport.output(20_000).put(new byte[20_000]);
        transport.flush(1);
        transport.shutdownOutput();
        transport.abort();
        transport.shutdown();
        channel.runPendingTasks();

        assertThat(transport.isWritable()).isFalse();
        assertThat(session.flushed).isEmpty();
        assertThat(session.shutdowns).isZero();
        assertThat(channel.<ByteBuf>readOutbound()).isNull();
    }

    @Test
    void aChannelThatClosedBeforeTheStartIsToldAfterIt() {
        EmbeddedChannel closed = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
        NettyTransport late = new NettyTransport(closed, null);
        late.takeOver(closed.pipeline().first());
        closed.close();
        Session lateSession = new Session(late);

        late.start(lateSession);
        closed.runPendingTasks();

        assertThat(lateSession.closed).containsExactly("ended");
    }

    @Test
    void theServersShutdownIsToldToTheSession() {
        transport.shutdown();
        channel.runPendingTasks();

        assertThat(session.shutdowns).isEqualTo(1);
    }

    private void put(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        transport.output(bytes.length).put(bytes);
    }

    private List<String> written() {
        List<String> all = new ArrayList<>();
        for (ByteBuf message; (message = channel.readOutbound()) != null; ) {
            all.add(message.toString(StandardCharsets.UTF_8));
            message.release();
        }
        return all;
    }

    private static ByteBuf bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Unpooled.directBuffer(bytes.length).writeBytes(bytes);
    }

    /** A channel whose socket can be full, and that counts what reaches it. */
    private static final class FakeNetwork extends EmbeddedChannel {
        final SocketReads socketReads = new SocketReads();
        boolean congested;
        int flushes;

        @Override
        protected void doWrite(ChannelOutboundBuffer in) throws Exception {
            if (!congested) {
                super.doWrite(in);
            }
        }

        private final class SocketReads extends ChannelOutboundHandlerAdapter {
            int count;

            @Override
            public void read(ChannelHandlerContext ctx) {
                count++;
            }

            @Override
            public void flush(ChannelHandlerContext ctx) {
                flushes++;
                ctx.flush();
            }
        }
    }

    private static final class Session implements ByteTransport.Listener {
        final ByteTransport transport;
        final List<String> read = new ArrayList<>();
        final List<Long> flushed = new ArrayList<>();
        final List<String> closed = new ArrayList<>();
        java.util.function.@Nullable Consumer<ByteBuffer> onRead;
        int readAgain;
        int writabilityChanges;
        int shutdowns;

        Session(ByteTransport transport) {
            this.transport = transport;
        }

        @Override
        public void onRead(ByteBuffer bytes) {
            if (onRead != null) {
                onRead.accept(bytes);
            }
            read.add(StandardCharsets.UTF_8.decode(bytes.duplicate()).toString());
            if (readAgain-- > 0) {
                transport.read();
            }
        }

        @Override
        public void onWritabilityChanged() {
            writabilityChanges++;
        }

        @Override
        public void onFlushed(long report) {
            flushed.add(report);
        }

        @Override
        public void onShutdown() {
            shutdowns++;
        }

        @Override
        public void onClosed(@Nullable Throwable cause) {
            closed.add(cause == null ? "ended" : String.valueOf(cause.getMessage()));
        }
    }
}
