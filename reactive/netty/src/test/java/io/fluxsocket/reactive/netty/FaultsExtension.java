package io.fluxsocket.reactive.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Level;
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
        Loggers.useCustomLoggers(Recorder::new);
    }

    /** What was found so far; it counts no longer. */
    static List<String> take() {
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
            ReferenceQueue<Object> collected = new ReferenceQueue<>();
            PhantomReference<Object> garbage = new PhantomReference<>(new Object(), collected);
            do {
                System.gc();
            } while (collected.remove(50) == null);
            Reference.reachabilityFence(garbage);
            ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer(1);
            buffer.release();
        }
    }

    /** A logger of Reactor and Reactor Netty. */
    private record Recorder(String name) implements Logger {
        private static void record(Level level, String name, @Nullable String message, @Nullable Object... arguments) {
            StringBuilder fault = new StringBuilder(level + " " + name + ": " + message);
            for (Object argument : arguments) {
                fault.append(' ').append(argument);
            }
            // Of a malformed request, which is its sender's fault.
            if (!fault.toString().contains("Decoding failed: ")) {
                FAULTS.add(fault.toString());
            }
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public void trace(String message) {}

        @Override
        public void trace(String format, @Nullable Object... arguments) {}

        @Override
        public void trace(String message, Throwable error) {}

        @Override
        public boolean isDebugEnabled() {
            return false;
        }

        @Override
        public void debug(String message) {}

        @Override
        public void debug(String format, @Nullable Object... arguments) {}

        @Override
        public void debug(String message, Throwable error) {}

        @Override
        public boolean isInfoEnabled() {
            return false;
        }

        @Override
        public void info(String message) {}

        @Override
        public void info(String format, @Nullable Object... arguments) {}

        @Override
        public void info(String message, Throwable error) {}

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public void warn(String message) {
            record(Level.WARNING, name, message);
        }

        @Override
        public void warn(String format, @Nullable Object... arguments) {
            record(Level.WARNING, name, format, arguments);
        }

        @Override
        public void warn(String message, Throwable error) {
            record(Level.WARNING, name, message, error);
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }

        @Override
        public void error(String message) {
            record(Level.SEVERE, name, message);
        }

        @Override
        public void error(String format, @Nullable Object... arguments) {
            record(Level.SEVERE, name, format, arguments);
        }

        @Override
        public void error(String message, Throwable error) {
            record(Level.SEVERE, name, message, error);
        }
    }
}
