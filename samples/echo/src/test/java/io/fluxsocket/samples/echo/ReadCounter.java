package io.fluxsocket.samples.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Counts the bytes that channels have read, so that what is written next is certain to be read apart. */
@Sharable
final class ReadCounter extends ChannelInboundHandlerAdapter {
    private final Semaphore bytes = new Semaphore(0);

    /** To be called before anything else reads. */
    void addTo(Channel channel) {
        channel.pipeline().addFirst(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        int read = ((ByteBuf) message).readableBytes();
        context.fireChannelRead(message);
        bytes.release(read);
    }

    /** Returns when this many bytes more have been read and gone through the pipeline. */
    void await(int count) throws InterruptedException {
        assertThat(bytes.tryAcquire(count, TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("%s bytes were read", count)
                .isTrue();
    }
}
