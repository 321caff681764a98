package io.fluxsocket.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.fluxsocket.core.BufferType;
import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.core.deflate.DeflateSettings;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

/** What one connection receives is sent by another one, or by itself, with no operator between. */
class RelayTest {
    /** More than what is copied anyway while it is unmasked. */
    private static final int LARGE = 20_001;

    private static String text(int length, char last) {
        char[] chars = new char[length];
        for (int i = 0; i < length; i++) {
            chars[i] = (char) ('a' + (i * 7 + i / 97) % 26);
        }
        chars[length - 1] = last;
        return new String(chars);
    }

    private static TestSubscriber<Void> relay(Conversation from, Conversation to) {
        TestSubscriber<Void> send = TestSubscriber.create();
        to.connection.send(from.connection.receive()).subscribe(send);
        return send;
    }

    private static Stream<String> texts(List<String> frames) {
        return frames.stream().map(frame -> frame.substring(frame.indexOf(' ') + 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 64 << 10})
    void largeAndSmallMessagesArriveInTheirOrder(int window) {
        for (boolean toItself : new boolean[] {true, false}) {
            Conversation from = Conversation.asServer(SessionSettings.builder().receiveWindow(window));
            Conversation to = toItself ? from : Conversation.asClient(SessionSettings.builder());
            relay(from, to);
            List<String> expected = new ArrayList<>();
            for (char end = 'a'; end <= 'j'; end++) {
                String text = text(end % 2 == 0 ? 5 : LARGE, end);
                expected.add("text " + text);
                from.text(text);
            }
            assertThat(to.got()).isEqualTo(expected);
        }
    }

    @Test
    void manyMessagesOfOneReadArriveInTheirOrder() {
        Conversation from = Conversation.asServer();
        Conversation to = Conversation.asServer();
        relay(from, to);
        List<String> expected = new ArrayList<>();
        byte[] read = new byte[0];
        for (char end = 'a'; end <= 'z'; end++) {
            String text = text(LARGE, end);
            expected.add("text " + text);
            read = concat(read, from.wire(BufferType.UTF8_MESSAGE, text.getBytes(StandardCharsets.UTF_8)));
        }
        from.transport.arrive(read);
        List<String> got = new ArrayList<>(to.got());
        for (int turns = 0; turns < 100 && got.size() < expected.size(); turns++) {
            to.transport.runTasks();
            from.transport.runTasks();
            got.addAll(to.got());
        }
        assertThat(got).isEqualTo(expected);
    }

    /** Beside the same with an operator between, where each payload has an array of its own. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noArrayIsMadeForALargePayload(boolean toItself) {
        int messages = 50;
        long relayed = allocated(toItself, messages, false);
        long seen = allocated(toItself, messages, true);
        assertThat(seen - relayed).isGreaterThan(messages * LARGE * 9L / 10);
    }

    private static long allocated(boolean toItself, int messages, boolean operator) {
        Conversation from = Conversation.asServer();
        Conversation to = toItself ? from : Conversation.asServer();
        Flux<WebSocketFrame> received = from.connection.receive();
        to.connection.send(operator ? received.map(frame -> frame) : received).subscribe();
        byte[][] wire = new byte[2 * messages][];
        for (int i = 0; i < wire.length; i++) {
            wire[i] = from.wire(BufferType.BINARY_MESSAGE, new byte[LARGE]);
        }
        echo(from, to, Arrays.copyOf(wire, messages));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        echo(from, to, Arrays.copyOfRange(wire, messages, wire.length));
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static void echo(Conversation from, Conversation to, byte[][] messages) {
        for (byte[] message : messages) {
            from.transport.arrive(message);
            to.transport.runTasks(); // a turn of its event loop: there is a budget again
            assertThat(to.transport.takeFlushed()).hasSizeGreaterThan(LARGE);
        }
    }

    @Test
    void whatArrivesWhileTheOtherIsNotWritableWaitsAndTheReadingGoesOn() {
        Conversation from = Conversation.asServer();
        Conversation to = Conversation.asServer();
        relay(from, to);
        to.transport.setWritable(false);
        String first = text(LARGE, '1');
        String second = text(LARGE, '2');
        from.text(first);
        from.text(second);
        from.ping("seen");
        assertThat(from.got()).containsExactly("pong seen");
        assertThat(to.got()).isEmpty();
        to.transport.setWritable(true);
        assertThat(to.got()).containsExactly("text " + first, "text " + second);
        String third = text(LARGE, '3');
        from.text(third);
        assertThat(to.got()).containsExactly("text " + third);
    }

    @Test
    void aRelayedFrameThatFillsTheOutputLeavesWhole() {
        Conversation from = Conversation.asServer();
        Conversation to = Conversation.asClient(SessionSettings.builder());
        relay(from, to);
        to.transport.outputsTaken = 1;
        String first = text(60_000, '1');
        from.text(first);
        assertThat(to.transport.writable).isFalse();
        String second = text(LARGE, '2');
        from.text(second);
        to.transport.setWritable(true);
        assertThat(to.got()).containsExactly("text " + first, "text " + second);
    }

    @Test
    void aRelayWaitsForTheMessageOfAnotherSend() {
        Conversation from = Conversation.asServer();
        Conversation to = Conversation.asServer();
        TestPublisher<WebSocketFrame> other = TestPublisher.create();
        to.connection.send(other.flux()).subscribe();
        relay(from, to);
        other.next(WebSocketFrame.text("begun", false));
        String relayed = text(LARGE, 'r');
        from.text(relayed);
        assertThat(to.got()).containsExactly("text… begun");
        other.next(WebSocketFrame.text("ended"));
        assertThat(to.got()).containsExactly("text ended", "text " + relayed);
    }

    @Test
    void anEventLoopOfItsOwnIsHandedTheFrame() {
        Conversation from = Conversation.asServer();
        Conversation to = Conversation.asServer();
        relay(from, to);
        String text = text(LARGE, 'x');
        to.transport.foreignThread = true;
        from.text(text);
        to.transport.foreignThread = false;
        assertThat(to.got()).isEmpty();
        to.transport.runTasks();
        assertThat(to.got()).containsExactly("text " + text);
    }

    @Test
    void aCharacterThatTheNetworkSplitsStaysWhole() {
        Conversation c = Conversation.asServer();
        relay(c, c);
        byte[] bytes = ("é".repeat(LARGE)).getBytes(StandardCharsets.UTF_8);
        c.send(BufferType.UTF8_FRAGMENT, Arrays.copyOf(bytes, 10_001));
        c.send(BufferType.UTF8_FRAGMENT, Arrays.copyOfRange(bytes, 10_001, 30_001));
        c.send(BufferType.UTF8_MESSAGE, Arrays.copyOfRange(bytes, 30_001, bytes.length));
        List<String> got = c.got();
        assertThat(got).hasSize(3).noneMatch(frame -> frame.contains("\uFFFD"));
        assertThat(texts(got)).hasSize(3);
        assertThat(String.join("", texts(got).toList())).isEqualTo("é".repeat(LARGE));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRelayedMessageIsCompressedAndInflated(boolean inflated) {
        SessionSettings.Builder compressing = SessionSettings.builder().deflate(DeflateSettings.DEFAULT);
        Conversation from = Conversation.asServer(inflated ? compressing : SessionSettings.builder());
        Conversation to = Conversation.asServer(inflated ? SessionSettings.builder() : compressing);
        relay(from, to);
        String text = text(LARGE, 'z');
        from.text(text);
        assertThat(String.join("", texts(to.got()).toList())).isEqualTo(text);
    }

    @Test
    void bothConnectionsAreObserved() {
        List<String> seen = new ArrayList<>();
        Conversation c = Conversation.observed(SessionSettings.builder(), new SessionObserver() {
            @Override
            public void received(int bytes, boolean endsMessage) {
                seen.add("received " + bytes + " " + endsMessage);
            }

            @Override
            public void sent(int bytes, boolean endsMessage) {
                seen.add("sent " + bytes + " " + endsMessage);
            }
        });
        relay(c, c);
        c.send(BufferType.BINARY_FRAGMENT, new byte[LARGE]);
        c.send(BufferType.BINARY_MESSAGE, new byte[600]);
        assertThat(seen)
                .containsExactly(
                        "received " + LARGE + " false",
                        "sent " + LARGE + " false",
                        "received 600 true",
                        "sent 600 true");
        assertThat(c.got()).containsExactly("binary… " + LARGE, "binary 600");
    }

    /** What was read behind the frame that could not be sent is there for the next subscriber. */
    @Test
    void aTransportThatBreaksWithinARelayLosesNothingElse() {
        Conversation c = Conversation.asServer();
        TestSubscriber<Void> send = relay(c, c);
        c.transport.closesOnOutput = true;
        byte[] relayed = c.wire(BufferType.BINARY_MESSAGE, new byte[LARGE]);
        byte[] large = c.wire(BufferType.BINARY_MESSAGE, new byte[600]);
        byte[] small = c.wire(BufferType.UTF8_MESSAGE, "behind".getBytes(StandardCharsets.UTF_8));
        c.transport.arrive(concat(concat(relayed, large), small));
        assertThat(send.expectTerminalError()).isInstanceOf(WebSocketClosedException.class);
        TestSubscriber<WebSocketFrame> next = TestSubscriber.create();
        c.connection.receive().subscribe(next);
        assertThat(next.getReceivedOnNext()).extracting(WebSocketFrame::length).containsExactly(600, 6);
        assertThat(next.getReceivedOnNext().get(1).text()).isEqualTo("behind");
        assertThat(next.expectTerminalError()).isInstanceOf(WebSocketClosedException.class);
    }

    /** The fault is that of the connection that sends; the one that receives goes on. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTransportThatThrowsWithinARelayEndsItsOwnConnection(boolean onOutput) {
        Conversation from = Conversation.asServer();
        Conversation to = Conversation.asServer();
        TestSubscriber<Void> send = relay(from, to);
        to.transport.throwsOnOutput = onOutput ? 1 : 0;
        to.transport.throwsOnIsWritable = onOutput ? 0 : 1;
        from.send(BufferType.BINARY_MESSAGE, new byte[LARGE]);
        to.transport.runTasks();
        assertThat(send.expectTerminalError()).isInstanceOf(WebSocketClosedException.class);
        assertThat(to.transport.aborted).isTrue();
        assertThat(to.closed().status()).isEqualTo(CloseStatus.ABNORMAL);
        from.send(BufferType.BINARY_MESSAGE, new byte[600]);
        TestSubscriber<WebSocketFrame> next = TestSubscriber.create();
        from.connection.receive().subscribe(next);
        assertThat(next.getReceivedOnNext()).extracting(WebSocketFrame::length).containsExactly(600);
        assertThat(next.isTerminated()).isFalse();
    }

    @Test
    void twoConnectionsRelayToEachOther() {
        Conversation one = Conversation.asServer();
        Conversation other = Conversation.asServer();
        relay(one, other);
        relay(other, one);
        String there = text(LARGE, '>');
        String back = text(LARGE, '<');
        for (int i = 0; i < 3; i++) {
            one.text(there);
            other.text(back);
            assertThat(other.got()).containsExactly("text " + there);
            assertThat(one.got()).containsExactly("text " + back);
        }
    }

    /** The first has its turn to the end of its message. */
    @Test
    void twoConnectionsRelayToTheSame() {
        Conversation one = Conversation.asServer();
        Conversation other = Conversation.asServer();
        Conversation to = Conversation.asServer();
        relay(one, to);
        relay(other, to);
        one.send(BufferType.BINARY_FRAGMENT, new byte[LARGE]);
        String waits = text(LARGE, 'w');
        other.text(waits);
        assertThat(to.got()).containsExactly("binary… " + LARGE);
        one.send(BufferType.BINARY_MESSAGE, new byte[600]);
        assertThat(to.got()).containsExactly("binary 600", "text " + waits);
    }

    @Test
    void aSendThatIsCancelledLeavesTheRestToTheNextSubscriber() {
        Conversation from = Conversation.asServer();
        Conversation to = Conversation.asServer();
        from.leftOver = true;
        TestSubscriber<Void> send = relay(from, to);
        from.send(BufferType.BINARY_MESSAGE, new byte[LARGE]);
        send.cancel();
        from.send(BufferType.BINARY_MESSAGE, new byte[600]);
        assertThat(to.got()).containsExactly("binary " + LARGE);
        TestSubscriber<WebSocketFrame> next = TestSubscriber.create();
        from.connection.receive().subscribe(next);
        assertThat(next.getReceivedOnNext()).extracting(WebSocketFrame::length).containsExactly(600);
    }

    @Test
    void theEndOfWhatIsReceivedCompletesTheSend() {
        Conversation from = Conversation.asServer();
        Conversation to = Conversation.asServer();
        TestSubscriber<Void> send = relay(from, to);
        from.send(BufferType.BINARY_MESSAGE, new byte[LARGE]);
        from.close(CloseStatus.NORMAL);
        assertThat(send.isTerminatedComplete()).isTrue();
        assertThat(to.got()).containsExactly("binary " + LARGE);
        to.connection.send(Mono.just(WebSocketFrame.text("still open"))).subscribe();
        assertThat(to.got()).containsExactly("text still open");
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
