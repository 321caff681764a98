package io.fluxsocket.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.core.WebSocketEngine;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import io.fluxsocket.reactive.FaultyTransport.Fault;
import io.fluxsocket.reactive.FaultyTransport.Loop;
import io.fluxsocket.reactive.FaultyTransport.Operation;
import io.fluxsocket.reactive.FaultyTransport.Plan;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.test.subscriber.TestSubscriber;

/**
 * A conversation in which each call of each operation of a transport meets each fault, at either end, whoever closes: whatever
 * happens, every publisher terminates, everything is given back, and {@code closed()} tells the truth. What a fault does not
 * end arrives whole.
 */
class FaultsTest {
    private static final int PENDING = 20;

    /** Who ends the conversation. */
    private enum Ending {
        CLIENT_CLOSES,
        SERVER_SHUTS_DOWN
    }

    @BeforeEach
    void expectDroppedErrors() {
        Hooks.onErrorDropped(error -> {});
    }

    @AfterEach
    void resetHooks() {
        Hooks.resetOnErrorDropped();
    }

    /** The faults that make sense. Without the last resort, {@code abort}, and without its loop, no session can end. */
    private static Set<Fault> faultsOf(Operation operation) {
        return switch (operation) {
            case EXECUTE -> EnumSet.of(Fault.FAIL, Fault.DELAY);
            case READ, FLUSH -> EnumSet.allOf(Fault.class);
            case OUTPUT, PENDING_BYTES -> EnumSet.of(Fault.FAIL, Fault.THROW);
            case IS_WRITABLE, SHUTDOWN_OUTPUT -> EnumSet.of(Fault.FAIL, Fault.THROW, Fault.STALL, Fault.DELAY);
            case ABORT -> EnumSet.of(Fault.FAIL, Fault.DELAY);
        };
    }

    static Stream<Arguments> faults() {
        return Stream.of(Ending.values())
                .flatMap(ending -> Stream.of(true, false)
                        .flatMap(client -> Stream.of(Operation.values())
                                .flatMap(operation -> faultsOf(operation).stream()
                                        .map(fault -> Arguments.of(ending, client, operation, fault)))));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aFaultOfAnyCallEndsEverythingAndIsToldTruly(Ending ending, boolean client, Operation operation, Fault fault) {
        Run faultless = new Run(ending, client, null);
        faultless.play();
        faultless.assertEnded();
        assertThat(faultless.client.event()).isEqualTo(faultless.expected(true));
        assertThat(faultless.server.event()).isEqualTo(faultless.expected(false));
        assertThat(faultless.received()).isEqualTo(Run.SENT);
        int calls = Math.max(1, faultless.calls(operation));

        // What is thrown while a connection is opened is its opener's to catch.
        int first = fault == Fault.THROW ? faultless.whenOpen[operation.ordinal()] + 1 : 1;
        for (int call = first; call <= calls; call++) {
            Run run = new Run(ending, client, new Plan(operation, call, fault));
            run.play();
            try {
                run.assertEnded();
                if (fault == Fault.DELAY) {
                    assertThat(run.received()).isEqualTo(Run.SENT);
                    assertThat(run.client.event()).isEqualTo(run.expected(true));
                    assertThat(run.server.event()).isEqualTo(run.expected(false));
                }
            } catch (AssertionError e) {
                throw new AssertionError("call " + call + " of " + calls + ": " + e.getMessage(), e);
            }
        }
    }

    /** One end, and all who wait for something of it. */
    private static final class End {
        final FaultyTransport transport;
        final WebSocketEngine engine;
        final Session session;
        final List<TestSubscriber<?>> subscribers = new ArrayList<>();

        End(Loop loop, boolean client, FaultyTransport transport) {
            this.transport = transport;
            SessionSettings settings = SessionSettings.builder()
                    .scheduler(loop.time)
                    .receiveWindow(1000)
                    .stalledConsumerTimeout(Duration.ofMinutes(1))
                    .maxPendingSends(PENDING)
                    .build();
            engine = client
                    ? WebSocketEngine.client(settings.engineSettings())
                    : WebSocketEngine.server(settings.engineSettings());
            session = Session.open(
                    transport,
                    engine,
                    settings,
                    HandshakeInfo.builder(URI.create("/")).build(),
                    null);
        }

        <T> TestSubscriber<T> subscribe(Publisher<T> publisher) {
            TestSubscriber<T> subscriber = TestSubscriber.create();
            subscribers.add(subscriber);
            publisher.subscribe(subscriber);
            return subscriber;
        }

        CloseEvent event() {
            CloseEvent event = session.closed().toFuture().getNow(null);
            assertThat(event).as("closed()").isNotNull();
            return event;
        }

        void assertGivenBack() {
            assertThat(subscribers).allMatch(TestSubscriber::isTerminatedOrCancelled);
            assertThat(transport.isGivenBack())
                    .as("the read buffer is given back")
                    .isTrue();
            assertThat(engine.pendingSends()).as("contexts of sends").isZero();
            assertThat(engine.pendingReceives()).as("contexts of receives").isZero();
            assertThat(session.driver().outbound().heldBytes()).isZero();
            for (int i = 0; i < PENDING; i++) {
                assertThat(session.driver().outbound().reserve())
                        .as("place %s", i)
                        .isTrue();
            }
        }

        void assertTruth() {
            CloseEvent event = event();
            @Nullable Integer got = closeIn(transport.received.toByteArray());
            @Nullable Integer sent = closeIn(transport.sent.toByteArray());
            assertThat(event.status().code() == CloseStatus.ABNORMAL.code())
                    .as("1006 means nobody began: %s", event)
                    .isEqualTo(event.initiator() == Initiator.NONE);
            if (event.clean()) {
                assertThat(got)
                        .as("%s, but the peer's close did not come", event)
                        .isNotNull();
                assertThat(sent).as("%s, but our close did not leave", event).isNotNull();
            }
            if (event.initiator() == Initiator.REMOTE) {
                assertThat(got).isEqualTo(event.status().code());
            } else if (event.initiator() == Initiator.NONE) {
                assertThat(got).as("the peer has closed, and is not named").isNull();
            }
        }

        /** The code of the close frame in a stream; null if there is none. */
        private static @Nullable Integer closeIn(byte[] stream) {
            ByteBuffer bytes = ByteBuffer.wrap(stream);
            while (bytes.remaining() >= 2) {
                int opcode = bytes.get() & 0x0F;
                int second = bytes.get();
                long length = second & 0x7F;
                int more = (length == 126 ? 2 : length == 127 ? 8 : 0) + (second < 0 ? 4 : 0);
                if (bytes.remaining() < more) {
                    return null;
                }
                length = length == 126 ? bytes.getShort() & 0xFFFF : length == 127 ? bytes.getLong() : length;
                int mask = second < 0 ? bytes.getInt() : 0;
                if (bytes.remaining() < length) {
                    return null;
                }
                if (opcode == 8) {
                    return (bytes.getShort() ^ mask >>> 16) & 0xFFFF;
                }
                bytes.position(bytes.position() + (int) length);
            }
            return null;
        }
    }

    private static final class Run {
        static final List<String> SENT = List.of("one", "t", "wo", "three", "", "b300000");

        final Ending ending;
        final Loop loop = new Loop();
        final boolean clientHasFault;
        final End client;
        final End server;
        /** How often each operation had been called when both ends were open. */
        final int[] whenOpen;

        private final List<String> received = new ArrayList<>();
        private int binary;

        Run(Ending ending, boolean clientHasFault, @Nullable Plan plan) {
            this.ending = ending;
            this.clientHasFault = clientHasFault;
            FaultyTransport ofClient = new FaultyTransport(loop, clientHasFault ? plan : null);
            FaultyTransport ofServer = new FaultyTransport(loop, clientHasFault ? null : plan);
            ofClient.connect(ofServer);
            client = new End(loop, true, ofClient);
            server = new End(loop, false, ofServer);
            whenOpen = (clientHasFault ? ofClient : ofServer).calls.clone();
        }

        int calls(Operation operation) {
            return (clientHasFault ? client : server).transport.calls[operation.ordinal()];
        }

        CloseEvent expected(boolean ofClient) {
            boolean local = ofClient == (ending == Ending.CLIENT_CLOSES);
            return new CloseEvent(
                    ending == Ending.CLIENT_CLOSES ? CloseStatus.of(4000, "done") : CloseStatus.GOING_AWAY,
                    local ? Initiator.LOCAL : Initiator.REMOTE,
                    true);
        }

        List<String> received() {
            List<String> all = new ArrayList<>(received);
            all.add("b" + binary);
            return all;
        }

        /** Each step in turn; a fault that lasts may keep one from being finished, but not the next from being tried. */
        void play() {
            server.subscribe(
                    WebSocketConnections.handle(server.session, connection -> connection.send(connection.receive())));
            client.subscribe(client.session.receive().doOnNext(frame -> {
                if (frame.type() == WebSocketFrame.Type.TEXT) {
                    received.add(frame.text());
                } else {
                    binary += frame.length();
                }
            }));
            step();
            client.subscribe(client.session.send(Mono.just(WebSocketFrame.text("one"))));
            step();
            client.subscribe(client.session.send(Flux.just(
                    WebSocketFrame.text("t", false),
                    WebSocketFrame.text("wo", false),
                    WebSocketFrame.text("three", true))));
            client.subscribe(client.session.ping());
            step();
            client.subscribe(
                    client.session.send(Flux.just(WebSocketFrame.text(""), WebSocketFrame.binary(new byte[300_000]))));
            server.subscribe(server.session.ping());
            step();
            client.subscribe(client.session.send(Flux.never()));
            if (ending == Ending.CLIENT_CLOSES) {
                client.subscribe(client.session.close(CloseStatus.of(4000, "done")));
            } else {
                server.transport.shutdown();
            }
            step();
            pass(Duration.ofMinutes(5));
        }

        private void step() {
            loop.run();
            pass(Duration.ofSeconds(2));
        }

        private void pass(Duration time) {
            IntStream.range(0, (int) time.toMillis() / 500).forEach(i -> {
                loop.time.advanceTimeBy(Duration.ofMillis(500));
                loop.run();
            });
        }

        void assertEnded() {
            client.assertTruth();
            server.assertTruth();
            client.assertGivenBack();
            server.assertGivenBack();
            CloseEvent ofClient = client.event();
            CloseEvent ofServer = server.event();
            assertThat(ofClient.initiator() == Initiator.REMOTE && ofServer.initiator() == Initiator.REMOTE)
                    .as("each names the other")
                    .isFalse();
            long timers = loop.time.getScheduledTaskCount();
            for (int i = 0; i < 10; i++) {
                loop.time.advanceTimeBy(Duration.ofHours(1));
                loop.run();
            }
            assertThat(loop.time.getScheduledTaskCount()).as("timers ever set").isEqualTo(timers);
        }
    }
}
