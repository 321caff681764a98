package io.fluxsocket.reactive.watch;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** What blocks an event loop and is none of our business. */
public final class AllowedBlocking implements BlockHoundIntegration {
    @Override
    public void applyTo(BlockHound.Builder builder) {
        // Netty's allocator takes a lock when loops contend for its memory; its own integration knows its older
        // allocator.
        builder.allowBlockingCallsInside(
                "io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "tryExpandMagazines");
    }
}
