package io.fluxsocket.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pongs and closes that are owed: their order, their bound, and what is kept when there are too many. */
class RepliesTest {
    private final Replies replies = new Replies();

    @Test
    void nothingIsOwedAtFirst() {
        assertThat(replies.isOwed(false)).isFalse();
        assertThat(replies.hasPong()).isFalse();
        assertThat(replies.sent()).isNull();
    }

    @Test
    void pongsLeaveInTheOrderOfTheirPings() {
        for (int i = 0; i < 100; i++) {
            owe("ping " + i);
            owe("and " + i);
            assertThat(next()).isEqualTo("ping " + i);
            assertThat(next()).isEqualTo("and " + i);
        }
        assertThat(replies.isOwed(true)).isFalse();
    }

    @Test
    void sixteenPongsWaitAndThenOnlyTheNewestTakesTheLastPlace() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            owe("ping " + i);
            expected.add("ping " + i);
        }
        for (int i = 15; i < 40; i++) {
            owe("ping " + i);
        }
        expected.add("ping 39");

        assertThat(all()).isEqualTo(expected);
    }

    @Test
    void thePongOnTheWireStaysAsItIsWhileTheRingOverflows() {
        owe("first");
        byte[] onTheWire = replies.payload();
        for (int i = 0; i < 40; i++) {
            owe("a later and longer ping " + i);
        }

        assertThat(replies.payload()).isSameAs(onTheWire).startsWith(Bytes.utf8("first"));
        assertThat(replies.payloadLength()).isEqualTo(5);
    }

    @Test
    void aPongHasThePayloadOfItsPingFrom0To125Bytes() {
        for (int n : new int[] {125, 0, 1, 125, 64, 0, 124}) {
            byte[] payload = Bytes.ascii(125);
            replies.owePong(payload, n);
            Arrays.fill(payload, (byte) 0); // the caller's memory is copied
            assertThat(replies.payloadLength()).isEqualTo(n);
            assertThat(Arrays.copyOf(replies.payload(), n)).isEqualTo(Bytes.ascii(n));
            replies.sent();
        }
    }

    @Test
    void thePongsUseTheirMemoryAgain() {
        byte[][] first = new byte[Replies.CAPACITY][];
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < Replies.CAPACITY; i++) {
                replies.owePong(Bytes.ascii(125), 125 - round);
                if (round == 0) {
                    first[i] = replies.payload();
                }
                assertThat(replies.payload()).isSameAs(first[i]);
                replies.sent();
            }
        }
    }

    @Test
    void theCloseLeavesAfterThePongs() {
        owe("ping");
        replies.oweClose(CloseStatus.of(1001, "bye"), false);

        assertThat(replies.hasPong()).isTrue();
        assertThat(next()).isEqualTo("ping");
        assertThat(replies.hasPong()).isFalse();
        assertThat(payload()).isEqualTo(Bytes.closeBody(1001, Bytes.utf8("bye")));
        assertThat(replies.sent()).isEqualTo(CloseStatus.of(1001, "bye"));
        assertThat(replies.isOwed(false)).isFalse();
    }

    @Test
    void aCloseAfterWhatIsQueuedWaitsForItAndPongsDoNot() {
        replies.oweClose(CloseStatus.PROTOCOL_ERROR, true);
        assertThat(replies.isOwed(true)).isFalse();
        assertThat(replies.isOwed(false)).isTrue();

        owe("ping");
        assertThat(replies.isOwed(true)).isTrue();
    }

    @Test
    void anEchoDoesNotWaitForWhatIsQueued() {
        replies.oweClose(CloseStatus.NORMAL, false);

        assertThat(replies.isOwed(true)).isTrue();
    }

    @Test
    void aCloseWithoutStatusHasAnEmptyBody() {
        replies.oweClose(CloseStatus.NO_STATUS, false);

        assertThat(replies.payloadLength()).isZero();
        assertThat(replies.sent()).isEqualTo(CloseStatus.NO_STATUS);
    }

    @Test
    void clearForgetsAll() {
        owe("ping");
        replies.oweClose(CloseStatus.NORMAL, false);
        replies.clear();

        assertThat(replies.isOwed(false)).isFalse();
        owe("later");
        assertThat(all()).containsExactly("later");
    }

    private void owe(String payload) {
        replies.owePong(Bytes.utf8(payload), payload.length());
    }

    private byte[] payload() {
        return Arrays.copyOf(replies.payload(), replies.payloadLength());
    }

    private String next() {
        String payload = new String(payload(), StandardCharsets.UTF_8);
        assertThat(replies.sent()).isNull();
        return payload;
    }

    private List<String> all() {
        List<String> payloads = new ArrayList<>();
        while (replies.hasPong()) {
            payloads.add(next());
        }
        return payloads;
    }
}
