package io.fluxsocket.reactive.spring;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test class if Netty found a leaked buffer. */
public final class LeaksExtension implements BeforeAllCallback, AfterAllCallback {
    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

    static {
        ByteBufUtil.setLeakListener((type, records) -> LEAKS.add(type + ": " + records));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        LEAKS.clear();
    }

    /** Collects the garbage, and has the detector look at what was collected: it does when a buffer is made. */
    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        for (int i = 0; i < 2; i++) {
            ReferenceQueue<Object> collected = new ReferenceQueue<>();
            PhantomReference<Object> garbage = new PhantomReference<>(new Object(), collected);
            do {
                System.gc();
            } while (collected.remove(50) == null);
            Reference.reachabilityFence(garbage);
            ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer(1);
            buffer.release();
        }
        if (!LEAKS.isEmpty()) {
            throw new AssertionError("Leaked in " + context.getDisplayName() + ":\n" + String.join("\n", LEAKS));
        }
    }
}
