package io.fluxsocket.samples.echo;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * What Netty's own integration with BlockHound omits: its allocator takes a lock, held for a few instructions, when threads
 * contend for it.
 */
public final class AllocatorIntegration implements BlockHoundIntegration {
    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside(
                "io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "tryExpandMagazines");
    }
}
