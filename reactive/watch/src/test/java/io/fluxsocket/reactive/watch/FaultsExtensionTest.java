package io.fluxsocket.reactive.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.util.Loggers;
import reactor.util.context.Context;

/** The watchmen are awake. */
class FaultsExtensionTest {
    @Test
    void everyBufferIsTracked() {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
    }

    @Test
    void aLeakedBufferIsFound() throws InterruptedException {
        leak();

        // Netty also logs it, which would look like a failure in the output of a build.
        PrintStream err = System.err;
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
        try {
            FaultsExtension.findLeaks();
        } finally {
            System.setErr(err);
        }

        assertThat(FaultsExtension.take())
                .singleElement()
                .asString()
                .startsWith("leaked ByteBuf")
                .contains("FaultsExtensionTest.leak");
    }

    private static void leak() {
        ByteBufAllocator.DEFAULT.buffer(16).writeByte(1);
    }

    @Test
    void aReleasedBufferIsNoFault() throws InterruptedException {
        ByteBufAllocator.DEFAULT.buffer(1).release();
        FaultsExtension.findLeaks();

        assertThat(FaultsExtension.take()).isEmpty();
    }

    @Test
    void aWarningOfReactorNettyIsFound() {
        Loggers.getLogger("reactor.netty.something").warn("beware of {}", "the dog");

        assertThat(FaultsExtension.take())
                .containsExactly("warn of reactor.netty.something: [beware of {}, [the dog]]");
    }

    @Test
    void aDroppedErrorIsFound() {
        Operators.onErrorDropped(new IllegalStateException("nobody listened"), Context.empty());

        assertThat(FaultsExtension.take()).singleElement().asString().contains("nobody listened");
    }

    @Test
    void blockingAnEventLoopFails() {
        StepVerifier.create(Mono.fromRunnable(FaultsExtensionTest::pause).subscribeOn(Schedulers.parallel()))
                .expectError(BlockingOperationError.class)
                .verify();
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(1);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
