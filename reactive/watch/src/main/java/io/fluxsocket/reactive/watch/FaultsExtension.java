package io.fluxsocket.reactive.watch;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import reactor.core.publisher.Hooks;
import reactor.util.Logger;
import reactor.util.Loggers;

/**
 * Fails a test class if Netty found a leaked buffer, if Reactor Netty logged a warning or an error, or if Reactor dropped an
 * error: none of them fails a test by itself.
 */
public final class FaultsExtension implements BeforeAllCallback, AfterAllCallback {
    private static final Queue<String> FAULTS = new ConcurrentLinkedQueue<>();

    static {
        ByteBufUtil.setLeakListener((type, records) -> FAULTS.add("leaked " + type + ": " + records));
        Hooks.onErrorDropped(error -> FAULTS.add("dropped " + error));
        Loggers.useCustomLoggers(FaultsExtension::recorder);
    }

    /** {@return what was found so far; it counts no longer} */
    public static List<String> take() {
        List<String> found = new ArrayList<>();
        for (String fault; (fault = FAULTS.poll()) != null; ) {
            found.add(fault);
        }
        return found;
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

    /** Collects the garbage, and has the detector look at what was collected: it does when a buffer is made. */
    static void findLeaks() throws InterruptedException {
        for (int i = 0; i < 2; i++) {
            collectGarbage();
            ByteBufAllocator.DEFAULT.buffer(1).release();
        }
    }

    private static void collectGarbage() throws InterruptedException {
        ReferenceQueue<Object> collected = new ReferenceQueue<>();
        PhantomReference<Object> garbage = new PhantomReference<>(new Object(), collected);
        try {
            do {
                System.gc();
            } while (collected.remove(50) == null);
        } finally {
            Reference.reachabilityFence(garbage);
        }
    }

    /** A logger of Reactor and Reactor Netty: it takes down warnings and errors, and is deaf to anything else. */
    private static Logger recorder(String name) {
        return (Logger) Proxy.newProxyInstance(
                Logger.class.getClassLoader(),
                new Class<?>[] {Logger.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getName" -> name;
                    case "isWarnEnabled", "isErrorEnabled" -> true;
                    case "isTraceEnabled", "isDebugEnabled", "isInfoEnabled" -> false;
                    case "warn", "error" -> record(method.getName(), name, arguments);
                    default -> null;
                });
    }

    private static @Nullable Object record(String level, String name, Object[] messageAndArguments) {
        String fault = level + " of " + name + ": " + Arrays.deepToString(messageAndArguments);
        // Of a malformed request, which is its sender's fault.
        if (!fault.contains("Decoding failed: ")) {
            FAULTS.add(fault);
        }
        return null;
    }
}
