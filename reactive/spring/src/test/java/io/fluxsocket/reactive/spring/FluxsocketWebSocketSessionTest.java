package io.fluxsocket.reactive.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.WebSocketProtocolException;
import io.fluxsocket.reactive.WebSocketClosedException;
import io.fluxsocket.reactive.test.InMemoryWebSocket;
import io.fluxsocket.reactive.test.ScriptedPeer;
import io.fluxsocket.reactive.test.WebSocketPair;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

/** Handlers of Spring's under the test kit: frame by frame, without a server. */
class FluxsocketWebSocketSessionTest {
    private final AtomicReference<WebSocketSession> opened = new AtomicReference<>();

    private ScriptedPeer serve(WebSocketHandler handler) {
        return InMemoryWebSocket.create()
                .settings(settings -> settings.emitControlFrames(true))
                .scriptedClient(SpringWebSocketHandler.of(handler));
    }

    /** A session that goes on until it is closed. */
    private ScriptedPeer open() {
        return serve(session -> {
            opened.set(session);
            return Mono.never();
        });
    }

    private static WebSocketMessage text(String text) {
        return new WebSocketMessage(
                WebSocketMessage.Type.TEXT,
                DefaultDataBufferFactory.sharedInstance.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String described(WebSocketMessage message) {
        return message.getType() + " " + message.getPayloadAsText();
    }

    /** With its handshake's headers it is most of what an idle connection would cost. */
    @Test
    void aSessionThatItsHandlerNeedsNoMoreIsNotHeldUntilTheHandlerEnds() {
        AtomicReference<WeakReference<WebSocketSession>> session = new AtomicReference<>();
        List<String> got = new ArrayList<>();
        ScriptedPeer peer = serve(s -> {
            session.set(new WeakReference<>(s));
            return s.receive()
                    .map(FluxsocketWebSocketSessionTest::described)
                    .doOnNext(got::add)
                    .then();
        });
        peer.sendText("one").verify();

        for (int i = 0; i < 20 && session.get().get() != null; i++) {
            System.gc();
        }

        assertThat(session.get().get()).isNull();
        peer.sendText("two").verify();
        assertThat(got).containsExactly("TEXT one", "TEXT two");
    }

    // ---- receiving

    @Test
    void textBinaryPingAndPongAreReceivedEachAsItsType() {
        ScriptedPeer peer = open();
        List<String> got = new ArrayList<>();
        opened.get().receive().map(FluxsocketWebSocketSessionTest::described).subscribe(got::add);

        peer.sendText("grüß")
                .sendBinary((byte) 'b')
                .sendPing((byte) 'i')
                .expectPong((byte) 'i')
                .sendPong((byte) 'o')
                .verify();

        assertThat(got).containsExactly("TEXT grüß", "BINARY b", "PING i", "PONG o");
    }

    @Test
    void aMessageInFragmentsIsReceivedAsOne() {
        ScriptedPeer peer = open();
        List<String> got = new ArrayList<>();
        opened.get().receive().map(FluxsocketWebSocketSessionTest::described).subscribe(got::add);

        peer.sendFragment("Hel").sendPong((byte) '!').sendLastFragment("lo").verify();

        assertThat(got).containsExactly("PONG !", "TEXT Hello");
    }

    @Test
    void aMessageInSingleBytesIsReceivedAsOneAndIsNotWorthAMultipleOfItsSize() {
        ScriptedPeer peer = open();
        List<byte[]> got = new ArrayList<>();
        ReceivedMessages received =
                new ReceivedMessages(((FluxsocketWebSocketSession) opened.get()).connection(), 20_000, false);
        received.flux().subscribe(message -> {
            byte[] payload = new byte[message.getPayload().readableByteCount()];
            message.getPayload().read(payload);
            got.add(payload);
        });

        byte[] sent = new byte[20_000];
        new SplittableRandom(1).nextBytes(sent);
        for (int round = 1; round <= 2; round++) {
            for (int i = 0; i < sent.length - 1; i++) {
                peer.sendFragment(sent[i]);
            }
            peer.verify();
            assertThat(received.chunksKept()).isLessThan(30);
            peer.sendLastFragment(sent[sent.length - 1]).verify();
        }

        assertThat(got).containsExactly(sent, sent);
    }

    @Test
    void aCancelInTheMiddleOfAMessageLosesNothing() {
        ScriptedPeer peer = open();
        opened.get().receive().subscribe().dispose();
        List<String> got = new ArrayList<>();
        var first = opened.get().receive().subscribe();
        peer.sendFragment("be").verify();
        first.dispose();
        opened.get().receive().map(FluxsocketWebSocketSessionTest::described).subscribe(got::add);
        peer.sendLastFragment("gun").verify();

        assertThat(got).containsExactly("TEXT begun");
    }

    @Test
    void aMessageCostsADemandOfOneHoweverManyFramesItHas() {
        ScriptedPeer peer = open();
        TestSubscriber<String> subscriber =
                TestSubscriber.builder().initialRequest(1).build();
        opened.get().receive().map(FluxsocketWebSocketSessionTest::described).subscribe(subscriber);

        peer.sendFragment("a")
                .sendFragment("b")
                .sendLastFragment("c")
                .sendText("d")
                .verify();
        assertThat(subscriber.getReceivedOnNext()).containsExactly("TEXT abc");

        subscriber.request(1);
        assertThat(subscriber.getReceivedOnNext()).containsExactly("TEXT abc", "TEXT d");
    }

    @Test
    void aMessageTooBigIsRefusedWith1009AndErrors() {
        AtomicReference<Throwable> error = new AtomicReference<>();
        ScriptedPeer peer = ScriptedPeer.client(SpringWebSocketHandler.of(
                session -> session.receive().doOnError(error::set).then(), 5));

        peer.sendText("12345")
                .sendFragment("123")
                .sendLastFragment("456")
                .expectClose(1009)
                .verify();

        assertThat(error.get()).isInstanceOf(WebSocketProtocolException.class).hasMessageContaining("larger than 5");
    }

    /** Whether it knows what to do with the error or not; and Reactor drops none, which would be logged at the peer's will. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEchoLearnsThatAMessageIsTooBigAndThePeerIsTold1009(boolean handled) {
        List<Throwable> dropped = new ArrayList<>();
        AtomicReference<Throwable> error = new AtomicReference<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            ScriptedPeer peer = ScriptedPeer.client(SpringWebSocketHandler.of(
                    session -> {
                        Mono<Void> echo = session.send(session.receive()).doOnError(error::set);
                        return handled ? echo.onErrorComplete() : echo;
                    },
                    5));
            peer.sendText("12345")
                    .expectText("12345")
                    .sendText("123456")
                    .expectClose(1009)
                    .verify();
        } finally {
            Hooks.resetOnErrorDropped();
        }
        assertThat(error.get()).isInstanceOf(WebSocketProtocolException.class).hasMessageContaining("larger than 5");
        assertThat(dropped).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "asInputStream", "slice", "retain and release twice"})
    void aPayloadCanBeUsedAsAnyDataBuffer(String way) {
        ScriptedPeer peer = serve(session -> session.send(session.receive().map(message -> {
            DataBuffer payload = message.getPayload();
            byte[] bytes = new byte[payload.readableByteCount()];
            switch (way) {
                case "read" -> payload.read(bytes);
                case "asInputStream" -> {
                    try (var in = payload.asInputStream()) {
                        assertThat(in.read(bytes)).isEqualTo(bytes.length);
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }
                case "slice" ->
                    DataBufferUtils.retain(payload.split(payload.readableByteCount()))
                            .read(bytes);
                default -> {
                    message.retain().release();
                    message.release();
                    payload.read(bytes);
                }
            }
            return session.textMessage(new String(bytes, StandardCharsets.UTF_8));
        })));

        peer.sendText("Hello").expectText("Hello").verify();
    }

    // ---- sending

    @Test
    void whatWasReceivedIsSentOnAsItIs() {
        serve(session -> session.send(session.receive().map(WebSocketMessage::retain)))
                .sendText("grüß")
                .expectText("grüß")
                .sendBinary((byte) 1, (byte) 2)
                .expectBinary((byte) 1, (byte) 2)
                .sendFragment("in ")
                .sendLastFragment("parts")
                .expectText("in parts")
                .verify();
    }

    @Test
    void ofAMessageThatWasReadInPartTheRestIsSent() {
        serve(session -> session.send(session.receive()
                        .doOnNext(message -> message.getPayload().readPosition(3))))
                .sendText("12345")
                .expectText("45")
                .verify();
    }

    @Test
    void everyTypeThatASessionMakesIsSentAsThatType() {
        serve(session -> session.send(Flux.just(
                                session.textMessage("grüß"),
                                session.binaryMessage(buffers -> buffers.wrap(new byte[] {7})),
                                session.pingMessage(buffers -> buffers.wrap(new byte[] {8})),
                                session.pongMessage(buffers -> buffers.wrap(new byte[] {9})),
                                text("made by hand")))
                        .then(Mono.never()))
                .expectText("grüß")
                .expectBinary((byte) 7)
                .expectPing()
                .expectPong((byte) 9)
                .expectText("made by hand")
                .verify();
    }

    @Test
    void aPooledBufferIsReleasedWhenItIsSent() {
        NettyDataBufferFactory pooled = new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT);
        ByteBuf one = UnpooledByteBufAllocator.DEFAULT.buffer().writeByte(1);
        ByteBuf two = UnpooledByteBufAllocator.DEFAULT
                .compositeBuffer()
                .addComponents(
                        true,
                        UnpooledByteBufAllocator.DEFAULT.buffer().writeByte(2),
                        UnpooledByteBufAllocator.DEFAULT.buffer().writeByte(3));

        serve(session -> session.send(Flux.just(one, two)
                                .map(buffer -> new WebSocketMessage(WebSocketMessage.Type.BINARY, pooled.wrap(buffer))))
                        .then(Mono.never()))
                .expectBinary((byte) 1)
                .expectBinary((byte) 2, (byte) 3)
                .verify();

        assertThat(one.refCnt()).isZero();
        assertThat(two.refCnt()).isZero();
    }

    @Test
    void pooledBuffersThatItsSourceHoldsBackAreReleasedWhenTheConnectionIsLost() {
        NettyDataBufferFactory pooled = new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT);
        List<ByteBuf> buffers = Stream.generate(
                        () -> UnpooledByteBufAllocator.DEFAULT.buffer().writeZero(10))
                .limit(20)
                .toList();
        Sinks.Empty<Void> stalled = Sinks.empty();
        ScriptedPeer peer = InMemoryWebSocket.create()
                .bufferSize(10)
                .scriptedClient(SpringWebSocketHandler.of(session -> session.send(Flux.fromIterable(buffers)
                        .<WebSocketMessage>map(
                                buffer -> new WebSocketMessage(WebSocketMessage.Type.BINARY, pooled.wrap(buffer)))
                        .hide()
                        .publishOn(Schedulers.immediate())
                        .delaySubscription(stalled.asMono()))));
        peer.toPeer().stallReads();
        stalled.tryEmitEmpty();
        assertThat(buffers).last().extracting(ByteBuf::refCnt).isEqualTo(1);
        peer.thenDrop().verify();

        assertThat(buffers).extracting(ByteBuf::refCnt).containsOnly(0);
    }

    @Test
    void severalSendsGoOutMessageByMessage() {
        Sinks.Many<String> idle = Sinks.many().unicast().onBackpressureBuffer();
        ScriptedPeer peer = serve(session -> Mono.when(
                session.send(idle.asFlux().map(session::textMessage)),
                session.send(Flux.just("a", "b").map(session::textMessage)),
                session.send(session.receive())));

        peer.expectText("a")
                .expectText("b")
                .sendText("echo")
                .expectText("echo")
                .then(() -> idle.tryEmitNext("late"))
                .expectText("late")
                .verify();
    }

    @Test
    void aSourceIsAskedForOneMessageAfterTheOther() {
        TestPublisher<WebSocketMessage> source = TestPublisher.create();
        ScriptedPeer peer = InMemoryWebSocket.create()
                .bufferSize(10)
                .scriptedClient(SpringWebSocketHandler.of(session -> session.send(source)));
        peer.toPeer().stallReads();
        source.next(text("0123456789"));
        source.next(text("0123456789"));
        // Nobody reads, both buffers are full: a third is not asked for.
        source.assertMaxRequested(1);
        assertThat(peer.connection().queuedBytes()).isPositive();
    }

    @Test
    void anErrorOfTheSourceEndsTheSendAndNotTheSession() {
        serve(session -> session.send(Flux.<WebSocketMessage>error(new IllegalStateException("expected"))
                                .startWith(text("before")))
                        .onErrorResume(error -> session.send(Mono.just(text(String.valueOf(error.getMessage()))))))
                .expectText("before")
                .expectText("expected")
                .expectClose(1000)
                .verify();
    }

    // ---- the end

    @Test
    void aHandlerThatCompletesClosesWith1000AndOneThatFailsWith1011() {
        serve(session -> Mono.empty()).expectClose(1000).verify();

        ScriptedPeer peer = serve(session -> Mono.error(new IllegalStateException("expected")));
        peer.expectClose(1011, "").verify();
        assertThat(peer.handlerErrors()).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aCloseHasTheStatusAndTheReason() {
        ScriptedPeer peer = open();
        opened.get().close(new CloseStatus(4000, "enough")).subscribe();
        peer.expectClose(4000, "enough").verify();

        StepVerifier.create(opened.get().closeStatus())
                .expectNext(new CloseStatus(4000, "enough"))
                .verifyComplete();
        assertThat(opened.get().isOpen()).isFalse();
    }

    @Test
    void aCloseWithoutAStatusHasNone() {
        ScriptedPeer peer = open();
        opened.get().close(CloseStatus.NO_STATUS_CODE).subscribe();
        peer.expectClose(1005).verify();
    }

    @Test
    void aStatusThatIsNeverSentIsAnErrorAndTheSessionStaysOpen() {
        open();
        StepVerifier.create(opened.get().close(CloseStatus.NO_CLOSE_FRAME)).verifyError(IllegalArgumentException.class);
        StepVerifier.create(opened.get().close(CloseStatus.NORMAL.withReason("r".repeat(124))))
                .verifyError(IllegalArgumentException.class);
        assertThat(opened.get().isOpen()).isTrue();
    }

    @Test
    void nothingIsClosedBeforeSomebodySubscribes() {
        open();
        Publisher<Void> close = opened.get().close();
        assertThat(opened.get().isOpen()).isTrue();
        assertThat(close).isNotNull();
    }

    @Test
    void theStatusOfThePeerIsTold() {
        ScriptedPeer peer = open();
        peer.sendClose(1008, "rules")
                .expectClose(1008, "rules")
                .expectEnd()
                .thenEnd()
                .verify();

        StepVerifier.create(opened.get().closeStatus())
                .expectNext(new CloseStatus(1008, "rules"))
                .verifyComplete();
    }

    @Test
    void aConnectionThatIsLostHasNoStatusAndFailsWhoReceivesOrSends() {
        ScriptedPeer peer = open();
        AtomicReference<Throwable> receive = new AtomicReference<>();
        AtomicReference<Throwable> send = new AtomicReference<>();
        opened.get().receive().subscribe(message -> {}, receive::set);
        opened.get().send(Flux.never()).subscribe(nothing -> {}, send::set);
        peer.thenDrop().verify();

        assertThat(receive.get()).isInstanceOf(WebSocketClosedException.class);
        assertThat(send.get()).isInstanceOf(WebSocketClosedException.class);
        StepVerifier.create(opened.get().closeStatus()).verifyComplete();
    }

    // ---- what a session knows

    @Test
    void theHandshakeInfoIsThatOfTheConnection() {
        Principal ada = () -> "ada";
        InMemoryWebSocket.create()
                .uri("/room?7")
                .subprotocol("chat")
                .requestHeader("X-Told", "so")
                .requestHeader("Cookie", "a=1; b=\"2\"; a=3")
                .principal(ada)
                .scriptedClient(SpringWebSocketHandler.of(session -> {
                    opened.set(session);
                    return session.send(session.getHandshakeInfo()
                            .getPrincipal()
                            .map(principal -> session.textMessage(principal.getName())));
                }))
                .expectText("ada")
                .expectClose(1000)
                .verify();

        var info = opened.get().getHandshakeInfo();
        assertThat(info.getUri().getQuery()).isEqualTo("7");
        assertThat(info.getSubProtocol()).isEqualTo("chat");
        assertThat(info.getHeaders().getFirst("x-told")).isEqualTo("so");
        assertThat(info.getCookies().get("a"))
                .extracting(cookie -> cookie.getValue())
                .containsExactly("1", "3");
        assertThat(info.getCookies().getFirst("b").getValue()).isEqualTo("\"2\"");
    }

    @Test
    void eachSessionHasItsOwnIdAndItsOwnAttributes() {
        open();
        WebSocketSession first = opened.get();
        first.getAttributes().put("name", "ada");
        open();

        assertThat(opened.get().getId()).isNotEqualTo(first.getId());
        assertThat(opened.get().getAttributes()).isEmpty();
        assertThat(first.getAttributes()).containsEntry("name", "ada");
        assertThat(first.toString()).contains(first.getId());
    }

    @Test
    void sessionsOfTwoRealEndsUnderstandEachOther() {
        WebSocketPair pair = WebSocketPair.open(SpringWebSocketHandler.of(session -> session.send(session.receive()
                .map(WebSocketMessage::getPayloadAsText)
                .map(name -> session.textMessage("Hello " + name)))));
        FluxsocketWebSocketSession client =
                SpringWebSocketHandler.of(session -> Mono.never()).session(pair.client());

        StepVerifier.create(client.send(Mono.just(client.textMessage("Ada")))
                        .thenMany(client.receive().map(WebSocketMessage::getPayloadAsText)))
                .expectNext("Hello Ada")
                .then(() -> client.close().subscribe())
                .verifyComplete();
    }
}
