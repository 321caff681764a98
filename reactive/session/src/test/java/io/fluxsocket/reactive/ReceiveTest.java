package io.fluxsocket.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.BufferType;
import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.core.WebSocketProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.test.StepVerifier;
import reactor.test.subscriber.TestSubscriber;

class ReceiveTest {
    private static TestSubscriber<WebSocketFrame> subscriber(long demand) {
        return TestSubscriber.builder().initialRequest(demand).build();
    }

    @Test
    void withoutAWindowExactlyAsManyReceivesCompleteAsWereRequestedAndNoReadIsIssuedAtDemandZero() {
        Conversation c = Conversation.asServer(Conversation.lockStep());
        TestSubscriber<WebSocketFrame> s = subscriber(0);
        c.connection.receive().subscribe(s);
        c.transport.arrive(c.wire(BufferType.UTF8_MESSAGE, new byte[] {'a'}));
        c.transport.arrive(c.wire(BufferType.UTF8_MESSAGE, new byte[] {'b'}));
        c.transport.arrive(c.wire(BufferType.UTF8_MESSAGE, new byte[] {'c'}));
        assertThat(c.transport.reads).isZero();
        assertThat(c.engine.pendingReceives()).isZero();
        s.request(2);
        assertThat(s.getReceivedOnNext()).containsExactly(WebSocketFrame.text("a"), WebSocketFrame.text("b"));
        assertThat(c.transport.reads).isEqualTo(2);
        assertThat(c.engine.pendingReceives()).isZero();
        s.request(1);
        assertThat(s.getReceivedOnNext()).hasSize(3);
        assertThat(c.transport.reads).isEqualTo(3);
        assertThat(c.engine.pendingReceives()).isZero();
    }

    @Test
    void withoutAWindowFramesOfOneReadWaitInTheEngine() {
        Conversation c = Conversation.asServer(Conversation.lockStep());
        TestSubscriber<WebSocketFrame> s = subscriber(1);
        c.connection.receive().subscribe(s);
        byte[] wire = join(
                c.wire(BufferType.UTF8_MESSAGE, new byte[] {'a'}), c.wire(BufferType.UTF8_MESSAGE, new byte[] {'b'}));
        c.transport.arrive(wire);
        assertThat(s.getReceivedOnNext()).containsExactly(WebSocketFrame.text("a"));
        s.request(1);
        assertThat(s.getReceivedOnNext()).hasSize(2);
        assertThat(c.transport.reads).isEqualTo(1);
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] both = java.util.Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    @Test
    void receivesRunAheadOnlyWhileTheWindowHasRoom() {
        Conversation c = Conversation.asServer(SessionSettings.builder().receiveWindow(1000));
        for (int i = 0; i < 10; i++) {
            c.transport.arrive(c.wire(BufferType.BINARY_MESSAGE, new byte[236]));
        }
        assertThat(c.transport.reads)
                .as("4 frames of 236 + 64 bytes are more than 1,000")
                .isEqualTo(4);
        assertThat(c.engine.pendingReceives()).isZero();
        TestSubscriber<WebSocketFrame> s = subscriber(1);
        c.connection.receive().subscribe(s);
        assertThat(s.getReceivedOnNext()).hasSize(1);
        assertThat(c.transport.reads).isEqualTo(5);
        s.request(Long.MAX_VALUE);
        assertThat(s.getReceivedOnNext()).hasSize(10);
    }

    @Test
    void emptyMessagesFillTheWindowToo() {
        Conversation c = Conversation.asServer(SessionSettings.builder().receiveWindow(1000));
        for (int i = 0; i < 100; i++) {
            c.transport.arrive(c.wire(BufferType.BINARY_MESSAGE, new byte[0]));
        }
        assertThat(c.transport.reads).isEqualTo(16);
    }

    @Test
    void withinTheWindowPingsAreAnsweredAndACloseIsSeenThoughNobodyConsumes() {
        Conversation c = Conversation.asServer();
        c.text("unread");
        c.ping("x");
        assertThat(c.got()).containsExactly("pong x");
        c.close(CloseStatus.NORMAL);
        assertThat(c.got()).containsExactly("close 1000");
        StepVerifier.create(c.connection.receive())
                .expectNext(WebSocketFrame.text("unread"))
                .verifyComplete();
    }

    @Test
    void pingsCostNoDemand() {
        Conversation c = Conversation.asServer(Conversation.lockStep());
        TestSubscriber<WebSocketFrame> s = subscriber(1);
        c.connection.receive().subscribe(s);
        c.ping("a");
        c.ping("b");
        assertThat(c.got()).containsExactly("pong a", "pong b");
        assertThat(s.getReceivedOnNext()).isEmpty();
        c.text("t");
        assertThat(s.getReceivedOnNext()).hasSize(1);
    }

    @Test
    void controlFramesAreEmittedIfWanted() {
        Conversation c = Conversation.asServer(SessionSettings.builder().emitControlFrames(true));
        c.ping("p");
        c.send(BufferType.UNSOLICITED_PONG, new byte[] {'q'});
        assertThat(c.got()).containsExactly("pong p");
        StepVerifier.create(c.connection.receive().take(2))
                .expectNext(WebSocketFrame.ping(new byte[] {'p'}), WebSocketFrame.pong(new byte[] {'q'}))
                .verifyComplete();
    }

    @Test
    void aFrameThatFitsAChunkIsEmittedWholeHoweverItArrives() {
        Conversation c = Conversation.asServer();
        TestSubscriber<WebSocketFrame> s = subscriber(Long.MAX_VALUE);
        c.connection.receive().subscribe(s);
        byte[] payload = new byte[65536];
        new Random(1).nextBytes(payload);
        byte[] wire = c.wire(BufferType.BINARY_MESSAGE, payload);
        for (int at = 0; at < wire.length; at += 997) {
            c.transport.arrive(java.util.Arrays.copyOfRange(wire, at, Math.min(wire.length, at + 997)));
        }
        assertThat(s.getReceivedOnNext()).containsExactly(WebSocketFrame.binary(payload));
    }

    @Test
    void aLargerFrameIsEmittedAsItArrivesInChunks() {
        Conversation c = Conversation.asServer();
        TestSubscriber<WebSocketFrame> s = subscriber(Long.MAX_VALUE);
        c.connection.receive().subscribe(s);
        byte[] wire = c.wire(BufferType.BINARY_MESSAGE, new byte[200_000]);
        c.transport.arrive(java.util.Arrays.copyOf(wire, 30_014));
        assertThat(s.getReceivedOnNext()).hasSize(1);
        assertThat(s.getReceivedOnNext().get(0).length()).isEqualTo(30_000);
        assertThat(s.getReceivedOnNext().get(0).isFinal()).isFalse();
        c.transport.arrive(java.util.Arrays.copyOfRange(wire, 30_014, wire.length));
        assertThat(s.getReceivedOnNext().stream()
                        .mapToInt(WebSocketFrame::length)
                        .max())
                .hasValue(65536);
        assertThat(s.getReceivedOnNext().stream()
                        .mapToInt(WebSocketFrame::length)
                        .sum())
                .isEqualTo(200_000);
        assertThat(s.getReceivedOnNext().stream().filter(WebSocketFrame::isFinal))
                .hasSize(1);
    }

    @Test
    void textDecodesWhereverItIsSplit() {
        String text = "aä€😀z";
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i <= utf8.length; i++) {
            for (int j = i; j <= utf8.length; j++) {
                Conversation c = Conversation.asServer();
                c.send(BufferType.UTF8_FRAGMENT, java.util.Arrays.copyOfRange(utf8, 0, i));
                c.send(BufferType.UTF8_FRAGMENT, java.util.Arrays.copyOfRange(utf8, i, j));
                c.send(BufferType.UTF8_MESSAGE, java.util.Arrays.copyOfRange(utf8, j, utf8.length));
                List<WebSocketFrame> frames = new ArrayList<>();
                c.connection.receive().subscribe(frames::add);
                StringBuilder all = new StringBuilder();
                for (WebSocketFrame f : frames) {
                    assertThat(f.text()).doesNotContain("\uFFFD");
                    assertThat(f.length() != 0 || f.isFinal())
                            .as("no empty frame but the last")
                            .isTrue();
                    all.append(f.text());
                }
                assertThat(all).hasToString(text);
                assertThat(frames.get(frames.size() - 1).isFinal()).isTrue();
            }
        }
    }

    @Test
    void emptyFragmentsAreSwallowedWithoutCostingDemand() {
        Conversation c = Conversation.asServer(Conversation.lockStep());
        TestSubscriber<WebSocketFrame> s = subscriber(1);
        c.connection.receive().subscribe(s);
        c.send(BufferType.BINARY_FRAGMENT, new byte[0]);
        c.send(BufferType.BINARY_FRAGMENT, new byte[0]);
        assertThat(s.getReceivedOnNext()).isEmpty();
        c.send(BufferType.BINARY_MESSAGE, new byte[0]);
        assertThat(s.getReceivedOnNext()).containsExactly(WebSocketFrame.binary(new byte[0]));
    }

    @Test
    void aCancelledSubscriberTakesNothingWithIt() {
        Conversation c = Conversation.asServer();
        c.text("a");
        c.text("b");
        StepVerifier.create(c.connection.receive().take(1))
                .expectNext(WebSocketFrame.text("a"))
                .verifyComplete();
        c.text("c");
        StepVerifier.create(c.connection.receive().take(2))
                .expectNext(WebSocketFrame.text("b"), WebSocketFrame.text("c"))
                .verifyComplete();
        assertThat(c.closed()).isNull();
    }

    @Test
    void theReceiveThatACancelLeavesBehindServesTheNextSubscriber() {
        Conversation c = Conversation.asServer(Conversation.lockStep());
        c.connection.receive().subscribe().dispose();
        c.leftOver = true;
        assertThat(c.engine.pendingReceives()).isEqualTo(1);
        c.text("a");
        c.leftOver = false;
        c.text("b");
        assertThat(c.engine.pendingReceives()).isZero();
        assertThat(c.transport.reads).isEqualTo(1);
        StepVerifier.create(c.connection.receive().take(2))
                .expectNext(WebSocketFrame.text("a"), WebSocketFrame.text("b"))
                .verifyComplete();
    }

    @Test
    void onlyOneSubscriberAtATime() {
        Conversation c = Conversation.asServer();
        var first = c.connection.receive().subscribe();
        StepVerifier.create(c.connection.receive()).verifyError(IllegalStateException.class);
        StepVerifier.create(c.connection.receiveMessages()).verifyError(IllegalStateException.class);
        first.dispose();
        c.text("a");
        StepVerifier.create(c.connection.receiveMessages().take(1))
                .expectNext(WebSocketMessage.text("a"))
                .verifyComplete();
    }

    @Test
    void aRequestThatIsNotPositiveIsAnErrorAndFreesThePlace() {
        for (long n : new long[] {0, -1}) {
            Conversation c = Conversation.asServer();
            TestSubscriber<WebSocketFrame> s =
                    TestSubscriber.builder().initialRequest(0).build();
            List<Throwable> errors = new ArrayList<>();
            c.connection.receive().subscribe(new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {
                    subscription.request(n);
                }

                @Override
                protected void hookOnError(Throwable throwable) {
                    errors.add(throwable);
                }
            });
            c.transport.runTasks();
            assertThat(errors).singleElement().isInstanceOf(IllegalArgumentException.class);
            c.connection.receive().subscribe(s);
            assertThat(s.isTerminated()).isFalse();
        }
    }

    @Test
    void nothingIsEmittedAfterACancelWithinOnNext() {
        Conversation c = Conversation.asServer();
        c.text("a");
        c.text("b");
        List<WebSocketFrame> got = new ArrayList<>();
        c.connection.receive().subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnNext(WebSocketFrame value) {
                got.add(value);
                cancel();
            }
        });
        assertThat(got).hasSize(1);
    }

    @Test
    void unboundedDemandFromWithinOnNextDoesNotRecurse() {
        Conversation c = Conversation.asServer(SessionSettings.builder().receiveWindow(1 << 24));
        for (int i = 0; i < 20_000; i++) {
            c.transport.arrive(c.wire(BufferType.UTF8_MESSAGE, new byte[] {'x'}));
        }
        int[] count = {0};
        c.connection.receive().subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnNext(WebSocketFrame value) {
                count[0]++;
                request(1);
            }
        });
        c.transport.runTasks();
        assertThat(count[0]).isEqualTo(20_000);
    }

    @Test
    void messagesAreAssembledFromChunksAndFragments() {
        Conversation c = Conversation.asServer();
        TestSubscriber<WebSocketMessage> s =
                TestSubscriber.builder().initialRequest(0).build();
        c.textFragment("ab");
        c.connection.receiveMessages().subscribe(s);
        s.request(2);
        c.ping("between");
        c.textFragment("cd");
        c.text("ef");
        assertThat(s.getReceivedOnNext()).containsExactly(WebSocketMessage.text("abcdef"));
        byte[] large = new byte[1 << 20];
        new Random(3).nextBytes(large);
        byte[] wire = c.wire(BufferType.BINARY_MESSAGE, large);
        for (int at = 0; at < wire.length; at += 100_000) {
            c.transport.arrive(java.util.Arrays.copyOfRange(wire, at, Math.min(wire.length, at + 100_000)));
        }
        assertThat(s.getReceivedOnNext()).last().isEqualTo(WebSocketMessage.binary(large));
    }

    @Test
    void aMessageThatIsGoingToBeTooBigIsRefusedAtItsFirstChunk() {
        Conversation c = Conversation.asServer(SessionSettings.builder().maxMessageSize(1000));
        TestSubscriber<WebSocketMessage> s = TestSubscriber.create();
        c.connection.receiveMessages().subscribe(s);
        c.send(BufferType.BINARY_FRAGMENT, new byte[600]);
        byte[] wire = c.wire(BufferType.BINARY_MESSAGE, new byte[401]);
        c.transport.arrive(java.util.Arrays.copyOf(wire, 10));
        c.transport.arrive(java.util.Arrays.copyOfRange(wire, 10, wire.length));
        assertThat(s.expectTerminalError()).isInstanceOf(WebSocketProtocolException.class);
        assertThat(c.got()).containsExactly("close 1009");
        c.transport.peerEnds();
        assertThat(c.closed()).isEqualTo(new CloseEvent(CloseStatus.MESSAGE_TOO_BIG, CloseEvent.Initiator.LOCAL, true));
    }

    @Test
    void aMessageTooBigFromTheWindowIsRefusedToo() {
        Conversation c = Conversation.asServer(SessionSettings.builder().maxMessageSize(1000));
        c.send(BufferType.BINARY_FRAGMENT, new byte[600]);
        c.send(BufferType.BINARY_FRAGMENT, new byte[600]);
        c.send(BufferType.BINARY_MESSAGE, new byte[60]);
        StepVerifier.create(c.connection.receiveMessages()).verifyError(WebSocketProtocolException.class);
        assertThat(c.got()).containsExactly("close 1009");
    }

    @Test
    void whatWasAssembledWhenTheSubscriberCancelsIsLeftToTheNext() {
        byte[] utf8 = "aä€😀z".getBytes(StandardCharsets.UTF_8);
        for (int i = 1; i < utf8.length; i++) {
            for (boolean early : new boolean[] {true, false}) {
                Conversation c = Conversation.asServer();
                var messages = c.connection.receiveMessages().subscribe();
                c.send(BufferType.UTF8_FRAGMENT, java.util.Arrays.copyOf(utf8, i));
                messages.dispose();
                List<WebSocketFrame> frames = new ArrayList<>();
                if (early) {
                    c.connection.receive().subscribe(frames::add);
                }
                c.send(BufferType.UTF8_MESSAGE, java.util.Arrays.copyOfRange(utf8, i, utf8.length));
                if (!early) {
                    c.connection.receive().subscribe(frames::add);
                }
                StringBuilder all = new StringBuilder();
                frames.forEach(f -> all.append(f.text()));
                assertThat(all).hasToString("aä€😀z");
            }
        }
    }

    @Test
    void discardInboundReadsOnAndEmitsTheEndOnly() {
        Conversation c = Conversation.asServer();
        c.text("before");
        c.connection.discardInbound();
        for (int i = 0; i < 100; i++) {
            c.send(BufferType.BINARY_MESSAGE, new byte[10_000]);
        }
        c.ping("x");
        c.close(CloseStatus.NORMAL);
        assertThat(c.got()).containsExactly("pong x", "close 1000");
        StepVerifier.create(c.connection.receive()).verifyComplete();
    }

    @Test
    void droppedFramesReachTheDiscardHook() {
        Conversation c = Conversation.asServer();
        List<Object> discarded = new ArrayList<>();
        c.text("waiting");
        TestSubscriber<WebSocketFrame> s = subscriber(0);
        c.connection.receive().doOnDiscard(WebSocketFrame.class, discarded::add).subscribe(s);
        c.connection.discardInbound();
        assertThat(discarded).containsExactly(WebSocketFrame.text("waiting"));
    }
}
