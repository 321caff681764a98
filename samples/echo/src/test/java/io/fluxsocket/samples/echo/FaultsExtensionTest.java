package io.fluxsocket.samples.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;
import reactor.test.StepVerifier;
import reactor.util.context.Context;

/** The watchmen are awake. */
class FaultsExtensionTest {
    @Test
    void everyBufferIsTracked() {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
    }

    @Test
    void leakedBufferIsFound() throws InterruptedException {
        leak();
        FaultsExtension.findLeaks();
        assertThat(FaultsExtension.take()).singleElement().asString().contains("FaultsExtensionTest.leak");
    }

    @Test
    void releasedBufferIsNoFault() throws InterruptedException {
        ByteBufAllocator.DEFAULT.buffer(1).release();
        FaultsExtension.findLeaks();
        assertThat(FaultsExtension.take()).isEmpty();
    }

    @Test
    void droppedErrorIsFound() {
        Operators.onErrorDropped(new IllegalStateException("too late"), Context.empty());
        assertThat(FaultsExtension.take()).singleElement().asString().contains("too late");
    }

    @Test
    void blockingAnEventLoopFails() {
        LoopResources loops = LoopResources.create("blocked", 1, true);
        StepVerifier.create(Mono.fromRunnable(FaultsExtensionTest::pause)
                        .subscribeOn(Schedulers.fromExecutor(loops.onServer(false))))
                .expectErrorMatches(error ->
                        error instanceof BlockingOperationError || error.getCause() instanceof BlockingOperationError)
                .verify(TestServer.PATIENCE);
        loops.disposeLater().block(TestServer.PATIENCE);
    }

    private static void leak() {
        ByteBufAllocator.DEFAULT.buffer(1).writeByte(1);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(1);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
