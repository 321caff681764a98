package io.fluxsocket.reactive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.BufferType;
import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.core.deflate.Compression;
import io.fluxsocket.core.deflate.DeflateSettings;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.subscriber.TestSubscriber;

/** A session where permessage-deflate was agreed on (RFC 7692). */
class CompressionTest {
    private static final int RSV1 = 0x40;

    private static SessionSettings.Builder deflate() {
        return SessionSettings.builder().deflate(DeflateSettings.DEFAULT);
    }

    private static TestSubscriber<WebSocketFrame> received(Conversation c, long demand) {
        TestSubscriber<WebSocketFrame> s =
                TestSubscriber.builder().initialRequest(demand).build();
        c.connection.receive().subscribe(s);
        return s;
    }

    private static int bytesOf(TestSubscriber<WebSocketFrame> s) {
        return s.getReceivedOnNext().stream().mapToInt(WebSocketFrame::length).sum();
    }

    @Test
    void aCompressedMessageIsReceivedAsItWas() {
        Conversation c = Conversation.asServer(deflate());
        byte[] wire = c.wire(BufferType.UTF8_MESSAGE, "Hällo Hällo Hällo Hällo".getBytes(UTF_8));
        assertThat(wire[0] & RSV1).isNotZero();
        c.transport.arrive(wire);
        assertThat(received(c, 1).getReceivedOnNext()).containsExactly(WebSocketFrame.text("Hällo Hällo Hällo Hällo"));
    }

    @Test
    void aMessageIsInflatedChunkByChunkAsItIsAskedFor() {
        Conversation c = Conversation.asServer(deflate().receiveWindow(0).maxChunkSize(1000));
        TestSubscriber<WebSocketFrame> s = received(c, 1);
        c.send(BufferType.BINARY_MESSAGE, new byte[2500]);
        assertThat(bytesOf(s)).isEqualTo(1000);
        s.request(1);
        assertThat(bytesOf(s)).isEqualTo(2000);
        s.request(1);
        assertThat(bytesOf(s)).isEqualTo(2500);
        assertThat(s.getReceivedOnNext()).extracting(WebSocketFrame::isFinal).containsExactly(false, false, true);
    }

    /** A megabyte of zeros is a thousand bytes on the wire. */
    @Test
    void whatInflatesToMoreThanTheWindowWaitsDeflated() {
        Conversation c = Conversation.asServer(deflate().receiveWindow(10_000).maxChunkSize(1000));
        c.send(BufferType.BINARY_MESSAGE, new byte[1 << 20]);
        assertThat(c.driver.inbound().isStalled()).isTrue();
        TestSubscriber<WebSocketFrame> s = received(c, Long.MAX_VALUE);
        assertThat(bytesOf(s)).isLessThan(1 << 20); // a drain yields before it has inflated all
        c.transport.runTasks();
        assertThat(bytesOf(s)).isEqualTo(1 << 20);
    }

    /** The network's memory is gone then, and to inflate all of it would take any amount. */
    @Test
    void whenTheStreamEndsAMegabyteIsInflatedAtMost() {
        Conversation c = Conversation.asServer(deflate());
        c.send(BufferType.BINARY_MESSAGE, new byte[100 << 20]);
        c.transport.end(new IOException("gone"));
        TestSubscriber<WebSocketFrame> s = received(c, Long.MAX_VALUE);
        c.transport.runTasks();
        assertThat(s.expectTerminalError()).isInstanceOf(WebSocketClosedException.class);
        assertThat(bytesOf(s)).isBetween(1 << 20, (1 << 20) + (128 << 10));
        assertThat(c.closed()).isNotNull().extracting(CloseEvent::status).isEqualTo(CloseStatus.ABNORMAL);
    }

    @Test
    void whatWasInflatedCountsForTheLimitOfAMessage() {
        Conversation c = Conversation.asServer(deflate().maxMessageSize(10_000));
        TestSubscriber<WebSocketMessage> s = TestSubscriber.create();
        c.connection.receiveMessages().subscribe(s);
        c.send(BufferType.BINARY_MESSAGE, new byte[10_000]);
        assertThat(s.getReceivedOnNext()).hasSize(1);
        c.send(BufferType.BINARY_MESSAGE, new byte[10_001]);
        assertThat(c.got()).singleElement().asString().startsWith("close 1009");
    }

    @Test
    void dataThatDoesNotInflateIsAnsweredWith1007() {
        Conversation c = Conversation.asServer(deflate());
        byte[] wire = c.wire(BufferType.BINARY_MESSAGE, new byte[100]);
        Arrays.fill(wire, 6, wire.length, (byte) 0);
        wire[6] = (byte) (0x06 ^ wire[2]); // a block of the type that there is not, masked
        c.transport.arrive(wire);
        assertThat(c.got()).singleElement().asString().startsWith("close 1007");
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void eachMessageIsCompressedOrNotAsItSays(Compression choice) {
        Conversation c = Conversation.asServer(deflate());
        byte[] small = new byte[100];
        c.connection
                .send(Mono.just(WebSocketFrame.binary(small).withCompression(choice)))
                .subscribe();
        boolean compressed = (c.transport.takeFlushed()[0] & RSV1) != 0;
        assertThat(compressed).isEqualTo(choice == Compression.ALWAYS);
    }

    @Test
    void aMessageIsCompressedFromTheThresholdOn() {
        Conversation c = Conversation.asServer(deflate());
        c.connection
                .send(Flux.just(WebSocketFrame.binary(new byte[1023]), WebSocketFrame.binary(new byte[1024])))
                .subscribe();
        byte[] wire = c.transport.takeFlushed();
        assertThat(wire[0] & RSV1).isZero();
        assertThat(wire[4 + 1023] & RSV1).isNotZero();
        assertThat(wire.length).isLessThan(4 + 1023 + 100);
    }

    @Test
    void aMessageInPartsArrivesWhole() {
        Conversation c = Conversation.asServer(deflate());
        c.connection
                .send(Flux.just(WebSocketFrame.text("one, ", false), WebSocketFrame.text("two", true)))
                .subscribe();
        assertThat(c.got()).containsExactly("text… one, ", "text two");
    }

    @Test
    void aFrameKeepsItsChoiceAndIsEqualWithoutIt() {
        WebSocketFrame frame = WebSocketFrame.text("x", false);
        WebSocketFrame never = frame.withCompression(Compression.NEVER);
        assertThat(frame.compression()).isEqualTo(Compression.BY_SIZE);
        assertThat(never.compression()).isEqualTo(Compression.NEVER);
        assertThat(never).isEqualTo(frame).hasSameHashCodeAs(frame);
        assertThat(never.isFinal()).isFalse();
        assertThat(WebSocketFrame.ping().withCompression(Compression.ALWAYS).compression())
                .isEqualTo(Compression.BY_SIZE);
    }

    @Test
    void aSourceSendsWhatIsCompressedWithoutBeingAskedAhead() {
        Conversation c = Conversation.asServer(deflate());
        StepVerifier.create(c.connection.send(Flux.range(0, 100).map(i -> WebSocketFrame.binary(new byte[5000]))))
                .expectComplete()
                .verify();
        assertThat(c.got()).hasSize(100).containsOnly("binary 5000");
    }
}
