package io.fluxsocket.core;

import static io.fluxsocket.core.Bytes.NONE;
import static io.fluxsocket.core.Bytes.concat;
import static io.fluxsocket.core.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.deflate.Compression;
import io.fluxsocket.core.deflate.DeflateAgreement;
import io.fluxsocket.core.deflate.DeflateParameters;
import io.fluxsocket.core.deflate.DeflateSettings;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageDeflaterTest {
    private static final int TEXT_FRAGMENT = 0x01;
    private static final int TEXT = 0x81;
    private static final int CONTINUATION = 0x00;
    private static final int LAST_CONTINUATION = 0x80;

    private final CountingCodecs codecs = new CountingCodecs();
    private final Random random = new Random(7);

    private MessageDeflater deflater(int windowBits, boolean noContextTakeover, DeflateSettings settings) {
        DeflateParameters parameters = new DeflateParameters(noContextTakeover, false, windowBits, 15);
        return new MessageDeflater(new DeflateAgreement(parameters, settings), false, codecs);
    }

    /** One part: the payloads of its frames; each frame's first byte is checked. */
    private static byte[] part(MessageDeflater deflater, int first, Object payload, int offset, int length) {
        int largest = 0;
        List<byte[]> frames = new ArrayList<>();
        deflater.begin(first, payload, offset, length);
        int opcode = first & 0x0f;
        while (!deflater.isPartDone()) {
            int n = deflater.next();
            byte[] frame = Arrays.copyOf(deflater.array(), n);
            frames.add(frame);
            int rsv1 = opcode == 0 ? 0 : 0x40;
            assertThat(deflater.first()).isEqualTo(opcode | rsv1 | (deflater.isPartDone() ? first & 0x80 : 0));
            opcode = 0;
            largest = Math.max(largest, n);
        }
        return WindowInflater.concat(frames);
    }

    private static byte[] part(MessageDeflater deflater, int first, byte[] payload) {
        return part(deflater, first, payload, 0, payload.length);
    }

    @ParameterizedTest
    @CsvSource({
        "8,false", "9,false", "10,false", "11,false", "12,false", "13,false", "14,false", "15,false",
        "8,true", "9,true", "10,true", "11,true", "12,true", "13,true", "14,true", "15,true"
    })
    void outputInflatesInTheWindowThatWasAgreedOn(int windowBits, boolean noContextTakeover) {
        for (int level : new int[] {0, 1, 6, 9}) {
            DeflateSettings settings = DeflateSettings.builder()
                    .compressionLevel(level)
                    .fragmentSize(level == 1 ? 128 : 16384)
                    .build();
            MessageDeflater deflater = deflater(windowBits, noContextTakeover, settings);
            WindowInflater inflater = new WindowInflater(windowBits);
            int window = 1 << windowBits;
            for (int length :
                    new int[] {0, 1, 100, window / 2, window - 1, window, window + 1, 3 * window, 0, 50, 9000, 1}) {
                byte[] message = Samples.words(random, length);
                assertThat(inflater.inflate(inParts(deflater, message), noContextTakeover))
                        .isEqualTo(message);
            }
            deflater.end();
            if (level != 0) {
                assertThat(inflater.furthest).isBetween(window / 4, window);
            }
        }
        assertThat(codecs.live).isZero();
    }

    /** Cuts a message at random places, and gives each part as an array or a buffer, with something around it. */
    private byte[] inParts(MessageDeflater deflater, byte[] message) {
        List<byte[]> payloads = new ArrayList<>();
        int at = 0;
        boolean last;
        int opcode = 1;
        do {
            last = random.nextInt(3) != 0;
            int n = last ? message.length - at : random.nextInt(message.length - at + 1);
            int first = (last ? 0x80 : 0) | opcode;
            byte[] around = concat(new byte[5], Arrays.copyOfRange(message, at, at + n), new byte[5]);
            Object payload = switch (random.nextInt(3)) {
                case 0 -> around;
                case 1 -> ByteBuffer.wrap(around);
                default -> ByteBuffer.allocateDirect(around.length).put(around).flip();
            };
            payloads.add(part(deflater, first, payload, 5, n));
            at += n;
            opcode = 0;
        } while (!last);
        return WindowInflater.concat(payloads);
    }

    @Test
    void theLargestWindowIsUsedWhereNoSmallerOneWasAgreedOn() {
        MessageDeflater deflater = deflater(15, false, DeflateSettings.DEFAULT);
        WindowInflater inflater = new WindowInflater(15);
        byte[] message = Samples.words(random, 100_000);

        inflater.inflate(part(deflater, TEXT, message), false);

        assertThat(inflater.furthest).isGreaterThan(1 << 14);
        deflater.end();
    }

    /** RFC 7692 §7.2.3.1, §7.2.3.2. */
    @Test
    void helloIsWhatTheRfcSaysTwice() {
        MessageDeflater deflater = deflater(15, false, DeflateSettings.DEFAULT);

        assertThat(part(deflater, TEXT, utf8("Hello"))).asHexString().isEqualTo("F248CDC9C90700");
        assertThat(part(deflater, TEXT, utf8("Hello"))).asHexString().isEqualTo("F200110000");
        deflater.end();
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 15})
    void withoutContextTakeoverTheSameMessageIsTheSameAgain(int windowBits) {
        MessageDeflater deflater = deflater(windowBits, true, DeflateSettings.DEFAULT);

        for (int i = 0; i < 3; i++) {
            assertThat(part(deflater, TEXT, utf8("Hello"))).asHexString().isEqualTo("F248CDC9C90700");
        }
        assertThat(codecs.made).isOne();
        deflater.end();
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 15})
    void withContextTakeoverWhatCameBeforeIsReferredTo(int windowBits) {
        MessageDeflater deflater = deflater(windowBits, false, DeflateSettings.DEFAULT);
        byte[] noise = Samples.noise(random, 120);

        int first = part(deflater, TEXT, noise).length;
        for (int i = 0; i < 100; i++) {
            assertThat(part(deflater, TEXT, noise).length).isLessThan(first / 2);
        }
        deflater.end();
    }

    /** RFC 7692 §7.2.3.6. */
    @Test
    void anEmptyMessageIsOneOctet() {
        MessageDeflater deflater = deflater(15, false, DeflateSettings.DEFAULT);

        assertThat(part(deflater, TEXT, NONE)).containsExactly(0);
        assertThat(part(deflater, TEXT, utf8("Hello"))).asHexString().isEqualTo("F248CDC9C90700");
        assertThat(part(deflater, TEXT, NONE)).containsExactly(0);
        assertThat(part(deflater, TEXT, NONE)).containsExactly(0);
        deflater.end();
    }

    @Test
    void eachPartEndsWithAFlushAndTheLastWithoutItsTail() {
        MessageDeflater deflater = deflater(15, false, DeflateSettings.DEFAULT);

        byte[] first = part(deflater, TEXT_FRAGMENT, utf8("Hel"));
        byte[] empty = part(deflater, CONTINUATION, NONE);
        byte[] last = part(deflater, LAST_CONTINUATION, NONE);

        assertThat(first).endsWith(0, 0, 0xff, 0xff);
        assertThat(empty).isEmpty();
        assertThat(last).containsExactly(0);
        deflater.end();
    }

    @Test
    void outputThatEndsAnywhereInTheBufferIsWhole() {
        DeflateSettings settings = DeflateSettings.builder().fragmentSize(128).build();
        MessageDeflater deflater = deflater(15, true, settings);
        WindowInflater inflater = new WindowInflater(15);
        for (int length = 0; length < 700; length++) {
            byte[] message = Samples.noise(random, length);
            byte[] payload = part(deflater, TEXT, message);
            assertThat(inflater.inflate(payload, true)).as("%d bytes", length).isEqualTo(message);
            assertThat(payload).hasSizeLessThan(length + 16);
        }
        deflater.end();
    }

    @Test
    void noFrameIsLargerThanTheSettingsSay() {
        DeflateSettings settings = DeflateSettings.builder().fragmentSize(1000).build();
        MessageDeflater deflater = deflater(15, false, settings);
        deflater.begin(TEXT, Samples.noise(random, 10_000), 0, 10_000);
        int frames = 0;
        while (!deflater.isPartDone()) {
            assertThat(deflater.next()).isLessThanOrEqualTo(1000);
            frames++;
        }
        assertThat(frames).isBetween(8, 12);
        deflater.end();
    }

    @Test
    void aCodecIsMadeForTheFirstCompressedMessageAndReleasedOnlyWhereNoContextIsTakenOver() {
        DeflateSettings released =
                DeflateSettings.builder().releasedBetweenMessages(true).build();
        for (boolean noContextTakeover : new boolean[] {true, false}) {
            MessageDeflater deflater = deflater(9, noContextTakeover, released);
            assertThat(codecs.live).isZero();
            for (int i = 0; i < 3; i++) {
                part(deflater, TEXT_FRAGMENT, utf8("Hello"));
                assertThat(codecs.live).isOne();
                part(deflater, LAST_CONTINUATION, utf8("Hello"));
                assertThat(codecs.live).isEqualTo(noContextTakeover ? 0 : 1);
            }
            deflater.end();
            deflater.end();
            assertThat(codecs.live).isZero();
        }
        assertThat(codecs.made).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void theFirstPartChoosesForTheWholeMessage(Compression compression) {
        DeflateSettings settings = DeflateSettings.builder().threshold(10).build();
        MessageDeflater deflater = deflater(15, false, settings);
        int always = compression == Compression.NEVER ? 0 : 0x40;
        int small = compression == Compression.ALWAYS ? 0x40 : 0;

        assertThat(deflater.choose(TEXT, 9, compression)).isEqualTo(small);
        assertThat(deflater.choose(TEXT, 10, compression)).isEqualTo(always);
        assertThat(deflater.choose(TEXT_FRAGMENT, 0, compression)).isEqualTo(always);
        assertThat(deflater.choose(CONTINUATION, 1, Compression.NEVER)).isEqualTo(always);
        assertThat(deflater.choose(0x89, 100, Compression.ALWAYS)).isZero();
        assertThat(deflater.choose(CONTINUATION, 100, Compression.ALWAYS)).isEqualTo(always);
        assertThat(deflater.choose(LAST_CONTINUATION, 1, Compression.NEVER)).isEqualTo(always);
        assertThat(deflater.choose(TEXT, 0, Compression.ALWAYS)).isEqualTo(0x40);
        assertThat(codecs.made).isZero();
    }
}
