package io.fluxsocket.core;

import static io.fluxsocket.core.Bytes.NONE;
import static io.fluxsocket.core.Bytes.concat;
import static io.fluxsocket.core.Bytes.hex;
import static io.fluxsocket.core.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fluxsocket.core.deflate.DeflateAgreement;
import io.fluxsocket.core.deflate.DeflateParameters;
import io.fluxsocket.core.deflate.DeflateSettings;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageInflaterTest {
    private static final byte[] HELLO = utf8("Hello");
    /** RFC 7692 §7.2.3.1. */
    private static final byte[] COMPRESSED_HELLO = hex("f2 48 cd c9 c9 07 00");

    private final CountingCodecs codecs = new CountingCodecs();
    private MessageInflater inflater = inflater(false, Long.MAX_VALUE, DeflateSettings.DEFAULT);

    private MessageInflater inflater(boolean noContextTakeover, long maxMessageSize, DeflateSettings settings) {
        DeflateParameters parameters = new DeflateParameters(noContextTakeover, !noContextTakeover, 15, 15);
        return new MessageInflater(new DeflateAgreement(parameters, settings), true, maxMessageSize, codecs);
    }

    @AfterEach
    void everyCodecIsEnded() {
        inflater.end();
        inflater.end();
        assertThat(codecs.live).isZero();
    }

    /** A message whose payload arrives so many bytes at a time, inflated so many bytes at a time. */
    private byte[] message(byte[] payload, int step, int room) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        for (int at = 0; at < payload.length; at += step) {
            int n = Math.min(step, payload.length - at);
            ByteBuffer around = at % 2 == 0 ? ByteBuffer.allocate(n + 4) : ByteBuffer.allocateDirect(n + 4);
            inflater.input(around.put(2, payload, at, n), 2, n);
            drain(message, room);
        }
        assertThat(inflater.endInput()).isTrue();
        drain(message, room);
        assertThat(inflater.endInput()).isFalse();
        inflater.endMessage();
        return message.toByteArray();
    }

    private void drain(ByteArrayOutputStream message, int room) {
        byte[] destination = new byte[room + 4];
        int n;
        do {
            n = inflater.inflate(destination, 2, room);
            message.write(destination, 2, n);
            assertThat(inflater.hasMore()).isIn(false, n == room);
        } while (inflater.hasMore());
        assertThat(inflater.inflate(destination, 2, room)).isZero();
    }

    private byte[] message(byte[] payload) {
        return message(payload, Math.max(1, payload.length), 1000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            f2 48 cd c9 c9 07 00                      | Hello      | one block (RFC 7692 §7.2.3.1)
            00 05 00 fa ff 48 65 6c 6c 6f 00          | Hello      | a block without compression (§7.2.3.3)
            f3 48 cd c9 c9 07 00 00                   | Hello      | a block with BFINAL (§7.2.3.4)
            f2 48 05 00 00 00 ff ff ca c9 c9 07 00    | Hello      | two blocks (§7.2.3.5)
            00                                        | ''         | an empty message (§7.2.3.6)
            02 00                                     | ''         | an empty block of fixed codes, then an empty stored one
            f3 48 cd c9 c9 07 00                      | Hello      | nothing behind a block with BFINAL
            f3 48 cd c9 c9 07 00 01                   | Hello      | the last, empty block has BFINAL too
            f3 48 cd c9 c9 07 00 f3 48 cd c9 c9 07 00 00 | HelloHello | two streams
            f3 48 cd c9 c9 07 00 f2 48 cd c9 c9 07 00 | HelloHello | a stream that is ended, and one that is not
            03 00 03 00 03 00 f2 48 cd c9 c9 07 00    | Hello      | empty blocks with BFINAL first
            03                                        | ''         | a block with BFINAL that ends within what was left out
            """)
    void theRfcsExamplesInflateForAnySplit(String payload, String message, String meaning) {
        for (int step = 1; step < 8; step++) {
            for (int room : new int[] {1, 2, 4, 5, 6, 10, 11, 100}) {
                assertThat(message(hex(payload), step, room)).as(meaning).isEqualTo(utf8(message));
                assertThat(message(COMPRESSED_HELLO, step, room))
                        .as("after: " + meaning)
                        .isEqualTo(HELLO);
            }
        }
    }

    /** RFC 7692 §7.2.3.2. */
    @Test
    void aMessageMayReferToTheOneBefore() {
        assertThat(message(COMPRESSED_HELLO)).isEqualTo(HELLO);
        assertThat(message(hex("f2 00 11 00 00"))).isEqualTo(HELLO);
        assertThat(message(hex("00"))).isEmpty();
        assertThat(message(NONE)).isEmpty();
        assertThat(message(hex("f2 00 11 00 00"))).isEqualTo(HELLO);
    }

    @Test
    void withoutContextTakeoverAMessageMayNotReferToTheOneBefore() {
        for (boolean released : new boolean[] {false, true}) {
            inflater.end();
            inflater = inflater(
                    true,
                    Long.MAX_VALUE,
                    DeflateSettings.builder().releasedBetweenMessages(released).build());
            assertThat(message(COMPRESSED_HELLO)).isEqualTo(HELLO);
            assertThat(codecs.live).isEqualTo(released ? 0 : 1);
            assertThat(message(COMPRESSED_HELLO)).isEqualTo(HELLO);
            isRefused(hex("f2 00 11 00 00"), CloseStatus.INVALID_PAYLOAD);
        }
    }

    private void isRefused(byte[] payload, CloseStatus status) {
        assertThatExceptionOfType(WebSocketProtocolException.class)
                .isThrownBy(() -> message(payload))
                .satisfies(e -> assertThat(e.closeStatus()).isEqualTo(status));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "06 00", // a block of the reserved type
                "07",
                "00 05 00 fa fe 48 65 6c 6c 6f 00", // lengths of a stored block that do not agree
                "f2 00 11 00 00", // a reference to before the beginning
                "ff ff ff ff",
                "04 c0 81 08 00 00 00 00 20 7f eb 0b ff ff ff ff ff", // codes that mean nothing
                "f3 48 cd c9 c9 07 00 06 00" // the second stream is none
            })
    void whatIsNoDeflateStreamIsRefused(String payload) {
        isRefused(hex(payload), CloseStatus.INVALID_PAYLOAD);
    }

    @Test
    void randomBytesAreRefusedOrInflateButNothingElseHappens() {
        Random random = new Random(3);
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] payload = new byte[random.nextInt(60)];
            random.nextBytes(payload);
            try {
                message(payload, 1 + random.nextInt(9), 1 + random.nextInt(50));
            } catch (WebSocketProtocolException e) {
                assertThat(e.closeStatus()).isEqualTo(CloseStatus.INVALID_PAYLOAD);
                refused++;
                inflater.end();
                inflater = inflater(false, Long.MAX_VALUE, DeflateSettings.DEFAULT);
            }
        }
        assertThat(refused).isBetween(1500, 3000);
    }

    @Test
    void aMessageOfTheLimitPassesAndOneByteMoreDoesNot() {
        for (int limit : new int[] {125, 1000, 1001}) {
            inflater.end();
            inflater = inflater(false, limit, DeflateSettings.DEFAULT);
            for (int length : new int[] {limit, limit - 1, limit}) {
                assertThat(message(deflated(new byte[length]))).hasSize(length);
            }
            assertThat(message(deflated(new byte[limit]), 1, limit)).hasSize(limit);
            isRefused(deflated(new byte[limit + 1]), CloseStatus.MESSAGE_TOO_BIG);
        }
    }

    @Test
    void aBombIsNotInflatedFurtherThanTheRoomGivenNorThanTheLimit() {
        byte[] bomb = deflated(new byte[50_000_000]);
        assertThat(bomb).hasSizeLessThan(60_000);
        inflater.end();
        inflater = inflater(false, 10_000, DeflateSettings.DEFAULT);
        inflater.input(ByteBuffer.wrap(bomb), 0, bomb.length);
        byte[] destination = new byte[20_000];
        Arrays.fill(destination, (byte) 1);

        assertThat(inflater.inflate(destination, 0, 4000)).isEqualTo(4000);
        assertThat(inflater.hasMore()).isTrue();
        assertThat(inflater.inflate(destination, 4000, 4000)).isEqualTo(4000);
        assertThatExceptionOfType(WebSocketProtocolException.class)
                .isThrownBy(() -> inflater.inflate(destination, 8000, 12_000))
                .withMessageContaining("10000")
                .satisfies(e -> assertThat(e.closeStatus()).isEqualTo(CloseStatus.MESSAGE_TOO_BIG));
        for (int i = 10_001; i < destination.length; i++) {
            assertThat(destination[i]).isEqualTo((byte) 1);
        }
    }

    @Test
    void aCodecIsMadeForTheFirstPayload() {
        assertThat(message(NONE)).isEmpty();
        assertThat(codecs.made).isZero();
        assertThat(message(COMPRESSED_HELLO)).isEqualTo(HELLO);
        assertThat(codecs.made).isOne();
    }

    /** As a peer compresses: in one block of the largest window. */
    static byte[] deflated(byte[] message) {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(message);
        byte[] output = new byte[message.length + 100];
        int n = deflater.deflate(output, 0, output.length, Deflater.SYNC_FLUSH);
        deflater.end();
        assertThat(concat(new byte[] {output[n - 4], output[n - 3], output[n - 2], output[n - 1]}))
                .containsExactly(0, 0, 0xff, 0xff);
        return Arrays.copyOf(output, n - 4);
    }
}
