package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What the session is given to read. */
class NettyTransportReadTest extends TransportFixture {
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
    void whatIsConsumedServesTheNextReadOfTheLoop() {
        ByteBufAllocator ofLoop = channel.config().getAllocator();
        ByteBuf one = ofLoop.directBuffer(64).writeBytes("one".getBytes(StandardCharsets.UTF_8));
        transport.read();
        channel.writeInbound(one);
        ByteBuf meanwhile = ofLoop.directBuffer(64);
        assertThat(meanwhile).isNotSameAs(one);
        meanwhile.release();

        transport.read();

        ByteBuf next = ofLoop.directBuffer(64);
        assertThat(next).isSameAs(one);
        next.release();
    }

    @Test
    void whatIsNotConsumedWhenTheConnectionEndsIsReleased() {
        ByteBuf one =
                channel.config().getAllocator().directBuffer(64).writeBytes("one".getBytes(StandardCharsets.UTF_8));
        transport.read();
        channel.writeInbound(one);

        channel.close();
        channel.runPendingTasks();

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
}
