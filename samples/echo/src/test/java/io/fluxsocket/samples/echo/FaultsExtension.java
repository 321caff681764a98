package io.fluxsocket.samples.echo;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import reactor.core.publisher.Hooks;

/** Fails a test class if Netty found a leaked buffer or Reactor dropped an error: neither fails a test by itself. */
public final class FaultsExtension implements BeforeAllCallback, AfterAllCallback {
    private static final Queue<String> FAULTS = new ConcurrentLinkedQueue<>();

    static {
        ByteBufUtil.setLeakListener((type, records) -> FAULTS.add("leaked " + type + ": " + records));
        Hooks.onErrorDropped(error -> FAULTS.add("dropped " + error));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        FAULTS.clear();
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        findLeaks();
        List<String> found = take();
        if (!found.isEmpty()) {
            throw new AssertionError(
                    "Found behind the tests of " + context.getDisplayName() + ":\n" + String.join("\n", found));
        }
    }

    /** What was found since the last call. */
    static List<String> take() {
        List<String> found = new ArrayList<>();
        for (String fault = FAULTS.poll(); fault != null; fault = FAULTS.poll()) {
            found.add(fault);
        }
        return found;
    }

    /** Collects the garbage, and has the detector look at what was collected: it does when a buffer is made. */
    static void findLeaks() throws InterruptedException {
        for (int i = 0; i < 2; i++) {
            ReferenceQueue<Object> collected = new ReferenceQueue<>();
            PhantomReference<Object> garbage = new PhantomReference<>(new Object(), collected);
            do {
                System.gc();
            } while (collected.remove(50) == null);
            Reference.reachabilityFence(garbage);
            ByteBufAllocator.DEFAULT.buffer(1).release();
        }
    }
}
