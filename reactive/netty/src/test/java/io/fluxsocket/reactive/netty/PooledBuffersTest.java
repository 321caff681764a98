package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.reactive.CloseEvent.Initiator;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.test.WireFrame;
import io.fluxsocket.reactive.watch.FaultsExtension;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Applications that make frames from pooled buffers: each buffer is released exactly once, however the send ends. */
@ParameterizedClass
@EnumSource(
        value = Network.class,
        names = {"NIO", "EPOLL"})
class PooledBuffersTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final int FETCHED_AHEAD = 64;

    @Parameter
    Network network;

    private final Queue<ByteBuf> made = new ConcurrentLinkedQueue<>();
    private final AtomicInteger released = new AtomicInteger();

    /** An error for which nobody waits is the expected answer here. */
    @BeforeEach
    void forgetFaults() {
        FaultsExtension.take();
    }

    private enum End {
        COMPLETES(Initiator.LOCAL),
        FAILS(Initiator.LOCAL),
        PEER_CLOSES(Initiator.REMOTE),
        PEER_RESETS(Initiator.NONE),
        PEER_NEVER_READS(Initiator.LOCAL);

        final Initiator initiator;

        End(Initiator initiator) {
            this.initiator = initiator;
        }
    }

    /** What stands between the buffers and the send. Those that wait in it are released by the discard hook. */
    private enum Ahead {
        /** Buffers wait, and frames are made when the connection asks. */
        LIMIT_RATE {
            @Override
            Flux<WebSocketFrame> frames(Flux<ByteBuf> buffers, PooledBuffersTest test) {
                return buffers.limitRate(FETCHED_AHEAD).map(test::frame);
            }
        },
        /** Frames wait, which own their bytes. */
        FRAMES_BEFORE_PUBLISH_ON {
            @Override
            Flux<WebSocketFrame> frames(Flux<ByteBuf> buffers, PooledBuffersTest test) {
                return buffers.map(test::frame).publishOn(Schedulers.parallel(), FETCHED_AHEAD);
            }
        },
        /** Buffers wait for another thread. With a scheduler of Reactor, its publishOn loses some: reactor-core issue 4396. */
        PUBLISH_ON_WHAT_LOSES_NO_TASK {
            @Override
            Flux<WebSocketFrame> frames(Flux<ByteBuf> buffers, PooledBuffersTest test) {
                return buffers.publishOn(new LosesNoTask(Schedulers.parallel()), FETCHED_AHEAD)
                        .map(test::frame);
            }
        };

        abstract Flux<WebSocketFrame> frames(Flux<ByteBuf> buffers, PooledBuffersTest test);
    }

    /** Its workers run what they were given, though they are disposed before that has begun. */
    private record LosesNoTask(Scheduler actual) implements Scheduler {
        @Override
        public Disposable schedule(Runnable task) {
            return actual.schedule(task);
        }

        @Override
        public Worker createWorker() {
            Worker worker = actual.createWorker();
            return new Worker() {
                @Override
                public Disposable schedule(Runnable task) {
                    return worker.schedule(task);
                }

                @Override
                public void dispose() {
                    worker.schedule(worker::dispose);
                }
            };
        }
    }

    static Stream<Arguments> waysToEnd() {
        return Stream.of(Ahead.values())
                .flatMap(ahead -> Stream.of(End.values()).map(end -> Arguments.of(ahead, end)));
    }

    @ParameterizedTest
    @MethodSource("waysToEnd")
    void aPooledBufferIsReleasedExactlyOnceHoweverItEnds(Ahead ahead, End end) throws Exception {
        Flux<ByteBuf> buffers = Flux.generate(sink -> {
            ByteBuf buffer = PooledByteBufAllocator.DEFAULT.buffer(1000).writeZero(1000);
            made.add(buffer);
            sink.next(buffer);
        });
        Flux<ByteBuf> ending = switch (end) {
            case COMPLETES -> buffers.take(1000);
            case FAILS -> buffers.take(1000).concatWith(Mono.error(new IllegalStateException("secret")));
            default -> buffers;
        };
        try (Stage stage = new Stage(
                        network,
                        server -> server.settings(settings -> settings.closeTimeout(SHORT)),
                        connection ->
                                connection.send(ahead.frames(ending, this).doOnDiscard(ByteBuf.class, this::release)));
                RawPeer peer = stage.open()) {
            peer.readFrame();
            switch (end) {
                case COMPLETES, FAILS -> {
                    WireFrame frame = peer.readFrame();
                    for (; frame.opcode() != RawPeer.CLOSE; frame = peer.readFrame()) {
                        assertThat(frame.payload()).hasSize(1000);
                    }
                    assertThat(frame.closeCode()).isEqualTo(end == End.COMPLETES ? 1000 : 1011);
                    peer.send(RawPeer.maskedClose(1000));
                }
                case PEER_CLOSES -> {
                    peer.send(RawPeer.maskedClose(1000));
                    peer.readToEnd();
                }
                case PEER_RESETS -> peer.reset();
                case PEER_NEVER_READS -> {
                    RawPeer.untilNothingChanges(made::size);
                    stage.connection().close().subscribe();
                }
            }
            assertThat(stage.closed().initiator()).isEqualTo(end.initiator);
            Stage.until(() -> made.size() == released.get(), "every buffer is released");
            RawPeer.untilNothingChanges(released::get);
            assertThat(released).hasValue(made.size());
            assertThat(made).allMatch(buffer -> buffer.refCnt() == 0);
        }
        assertThat(FaultsExtension.take()).allMatch(fault -> fault.contains("secret"));
    }

    private WebSocketFrame frame(ByteBuf buffer) {
        try {
            return WebSocketFrame.binary(buffer.nioBuffer());
        } finally {
            release(buffer);
        }
    }

    private void release(ByteBuf buffer) {
        buffer.release();
        released.incrementAndGet();
    }
}
