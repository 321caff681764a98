package io.fluxsocket.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The validator against two judges from the JDK: its decoder says what is UTF-8, and the beginnings of the encodings of all
 * code points say which byte is the first that cannot be repaired.
 */
class Utf8ValidatorTest {
    /** Room for eight bytes behind any sequence, so that the validator takes it as a whole. */
    private static final int PADDED = 16;

    private static final int[] EDGES = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff};

    /** The beginnings, of one to three bytes, of the encodings of all code points; the first byte is the highest. */
    private static final BitSet[] BEGINNINGS = {
        new BitSet(), new BitSet(1 << 8), new BitSet(1 << 16), new BitSet(1 << 24)
    };

    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final CharBuffer decoded = CharBuffer.allocate(256);
    private final Utf8Validator utf8 = new Utf8Validator();

    @BeforeAll
    static void collectTheBeginningsOfAllCodePoints() {
        StringBuilder all = new StringBuilder();
        for (int codePoint = 0x80; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
                all.appendCodePoint(codePoint);
            }
        }
        int beginning = 0;
        int length = 0;
        int size = 0;
        for (byte signed : Bytes.utf8(all.toString())) {
            int b = signed & 0xff;
            if (length == size) {
                beginning = 0;
                length = 0;
                size = b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
            }
            beginning = beginning << 8 | b;
            length++;
            if (length < size) {
                BEGINNINGS[length].set(beginning);
            }
        }
    }

    @Test
    void everySequenceOfOneAndTwoBytesIsJudgedAsTheDecoderDoes() {
        for (int b = 0; b < 256; b++) {
            requireSameAsDecoder(bytes(1, b));
        }
        for (int bb = 0; bb < 1 << 16; bb++) {
            requireSameAsDecoder(bytes(2, bb));
        }
    }

    @Test
    void everySequenceOfThreeBytesIsJudgedAsTheDecoderDoes() {
        byte[] bytes = new byte[3];
        byte[] padded = Bytes.ascii(PADDED);
        for (int bbb = 0; bbb < 1 << 24; bbb++) {
            put(bytes, 3, bbb);
            put(padded, 3, bbb);
            boolean valid = isUtf8(bytes);
            if (isValid(bytes) != valid || isValid(padded) != valid) {
                assertThat(valid).as(Bytes.toHex(bytes)).isEqualTo(isValid(bytes));
                assertThat(valid).as("padded " + Bytes.toHex(bytes)).isEqualTo(isValid(padded));
            }
        }
    }

    @Test
    void sequencesOfFourBytesWithEveryStartAndAllEdgesAreJudgedAsTheDecoderDoes() {
        byte[] bytes = new byte[4];
        byte[] padded = Bytes.ascii(PADDED);
        for (int start = 0x7f00; start < 1 << 16; start++) {
            for (int third : EDGES) {
                for (int fourth : EDGES) {
                    int bbbb = start << 16 | third << 8 | fourth;
                    put(bytes, 4, bbbb);
                    put(padded, 4, bbbb);
                    boolean valid = isUtf8(bytes);
                    if (isValid(bytes) != valid || isValid(padded) != valid) {
                        assertThat(valid).as(Bytes.toHex(bytes)).isEqualTo(isValid(bytes));
                        assertThat(valid).as("padded " + Bytes.toHex(bytes)).isEqualTo(isValid(padded));
                    }
                }
            }
        }
    }

    @Test
    void everyCodePointIsValidAsItStandsAndInItsPlaceInAText() {
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
                byte[] bytes = Bytes.utf8(Character.toString(codePoint));
                byte[] padded = Bytes.ascii(PADDED);
                System.arraycopy(bytes, 0, padded, 0, bytes.length);
                if (!isValid(bytes) || !isValid(padded)) {
                    throw new AssertionError(Bytes.toHex(bytes) + " was refused");
                }
            }
        }
    }

    /** For every beginning of a code point and every byte after it: refused at once, or a beginning again, or complete. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void theFirstByteThatCannotBeRepairedIsRefusedAtOnce(int length) {
        byte[] bytes = new byte[length + 1];
        for (int beginning = length == 0 ? 0 : BEGINNINGS[length].nextSetBit(0);
                beginning >= 0;
                beginning = BEGINNINGS[length].nextSetBit(beginning + 1)) {
            for (int b = 0; b < 256; b++) {
                int sequence = beginning << 8 | b;
                put(bytes, length + 1, sequence);
                boolean complete = isUtf8(bytes);
                boolean repairable = complete || (length < 3 && BEGINNINGS[length + 1].get(sequence));
                utf8.reset();
                boolean beforeAccepted = length == 0 || utf8.accept(bytes, 0, length);
                boolean accepted = utf8.accept(bytes, length, 1);
                if (!beforeAccepted || accepted != repairable || (accepted && utf8.isComplete() != complete)) {
                    throw new AssertionError(Bytes.toHex(bytes) + ": accepted " + accepted + ", complete "
                            + utf8.isComplete() + ", but repairable " + repairable + ", UTF-8 " + complete);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "c0 af,           1, '/' overlong in two bytes",
        "c1 bf,           1, U+007F overlong in two bytes",
        "e0 80 af,        2, '/' overlong in three bytes",
        "e0 9f bf,        2, U+07FF overlong in three bytes",
        "f0 80 80 af,     2, '/' overlong in four bytes",
        "f0 8f bf bf,     2, U+FFFF overlong in four bytes",
        "f8 88 80 80 80,  1, a lead of five bytes",
        "fc 84 80 80 80,  1, a lead of six bytes",
        "ed a0 80,        2, U+D800: the first surrogate",
        "ed bf bf,        2, U+DFFF: the last surrogate",
        "f4 90 80 80,     2, U+110000: above the last code point",
        "f5 80 80 80,     1, a lead that is too high",
        "fe,              1, never in UTF-8",
        "ff,              1, never in UTF-8",
        "80,              1, a continuation without a lead",
        "c3 28,           2, a lead without its continuation",
        "e2 28 a1,        2, a lead without its continuation",
        "f0 9f 98 28,     4, a lead without its last continuation",
        "ce ba e1 bd b9 cf 83 ce bc ce b5 f4 90 80 80 65, 13, Autobahn 6.4.1: the text goes on after the fault",
    })
    void knownFaultsAreRefusedAtTheirFirstWrongByte(String hex, int refusedAt, String meaning) {
        byte[] bytes = Bytes.hex(hex);

        assertThat(utf8.accept(bytes, 0, refusedAt - 1)).as(meaning).isTrue();
        assertThat(utf8.accept(bytes, refusedAt - 1, 1)).as(meaning).isFalse();
        for (boolean direct : new boolean[] {false, true}) {
            utf8.reset();
            ByteBuffer buffer = buffer(bytes, direct);
            assertThat(utf8.accept(buffer, 0, refusedAt - 1)).as(meaning).isTrue();
            assertThat(utf8.accept(buffer, refusedAt - 1, 1)).as(meaning).isFalse();
        }
    }

    @Test
    void aTextIsValidForEverySplitIntoThreePieces() {
        byte[] text = Bytes.utf8("aé€😀 κόσμε 視野無限 \u0000\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff 🚀🚀 ok");
        for (boolean direct : new boolean[] {false, true}) {
            ByteBuffer buffer = buffer(text, direct);
            for (int first = 0; first <= text.length; first++) {
                for (int second = first; second <= text.length; second++) {
                    utf8.reset();
                    assertThat(utf8.accept(text, 0, first)
                                    && utf8.accept(buffer, first, second - first)
                                    && utf8.accept(text, second, text.length - second)
                                    && utf8.isComplete())
                            .as("split at %d and %d", first, second)
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void randomTextWithOneBrokenByteIsJudgedAsTheDecoderDoesForEverySplit(boolean direct) {
        Random random = new Random(6);
        for (int round = 0; round < 4000; round++) {
            byte[] bytes = Bytes.utf8(randomText(random));
            if (round % 4 != 0 && bytes.length != 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            boolean valid = isUtf8(bytes);
            ByteBuffer buffer = buffer(bytes, direct);
            for (int split = 0; split <= bytes.length; split++) {
                utf8.reset();
                boolean ofBuffer = utf8.accept(buffer, 0, split)
                        && utf8.accept(buffer, split, bytes.length - split)
                        && utf8.isComplete();
                utf8.reset();
                boolean ofArray = utf8.accept(bytes, 0, split)
                        && utf8.accept(bytes, split, bytes.length - split)
                        && utf8.isComplete();
                assertThat(ofBuffer == valid && ofArray == valid)
                        .as("%s split at %d", Bytes.toHex(bytes), split)
                        .isTrue();
            }
        }
    }

    @Test
    void bytesOutsideOfThePieceAreNotLookedAt() {
        byte[] bytes = Bytes.hex("ff ff 61 62 63 64 65 66 67 68 c3 a9 ff ff ff ff ff ff ff ff");

        assertThat(utf8.accept(bytes, 2, 10)).isTrue();
        assertThat(utf8.accept(buffer(bytes, true), 2, 10)).isTrue();
        assertThat(utf8.isComplete()).isTrue();
    }

    @Test
    void anEmptyPieceChangesNothing() {
        assertThat(utf8.accept(Bytes.hex("e2 82"), 0, 2)).isTrue();
        assertThat(utf8.accept(Bytes.NONE, 0, 0)).isTrue();
        assertThat(utf8.isComplete()).isFalse();
        assertThat(utf8.accept(Bytes.hex("ac"), 0, 1)).isTrue();
        assertThat(utf8.isComplete()).isTrue();
    }

    @Test
    void resetForgetsACodePointInProgressAndItsRange() {
        assertThat(utf8.accept(Bytes.hex("f4"), 0, 1)).isTrue();
        utf8.reset();
        assertThat(utf8.isComplete()).isTrue();
        assertThat(utf8.accept(Bytes.hex("c3 bf"), 0, 2)).isTrue();
    }

    private void requireSameAsDecoder(byte[] bytes) {
        byte[] padded = Bytes.ascii(PADDED);
        System.arraycopy(bytes, 0, padded, 0, bytes.length);
        boolean valid = isUtf8(bytes);
        assertThat(isValid(bytes)).as(Bytes.toHex(bytes)).isEqualTo(valid);
        assertThat(isValid(padded)).as("padded " + Bytes.toHex(bytes)).isEqualTo(valid);
        utf8.reset();
        assertThat(utf8.accept(buffer(padded, true), 0, PADDED))
                .as("direct " + Bytes.toHex(bytes))
                .isEqualTo(valid);
    }

    private boolean isValid(byte[] bytes) {
        utf8.reset();
        return utf8.accept(bytes, 0, bytes.length) && utf8.isComplete();
    }

    private boolean isUtf8(byte[] bytes) {
        decoder.reset();
        return !decoder.decode(ByteBuffer.wrap(bytes), decoded.clear(), true).isError();
    }

    private static byte[] bytes(int n, int value) {
        byte[] bytes = new byte[n];
        put(bytes, n, value);
        return bytes;
    }

    private static void put(byte[] bytes, int n, int value) {
        for (int i = 0; i < n; i++) {
            bytes[i] = (byte) (value >>> 8 * (n - 1 - i));
        }
    }

    private static ByteBuffer buffer(byte[] bytes, boolean direct) {
        return (direct ? ByteBuffer.allocateDirect(bytes.length) : ByteBuffer.allocate(bytes.length))
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(0, bytes);
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        int n = random.nextInt(20);
        for (int i = 0; i < n; i++) {
            int codePoint = random.nextInt(1 << (7 + random.nextInt(14)));
            if (codePoint <= Character.MAX_CODE_POINT && (codePoint < 0xd800 || codePoint > 0xdfff)) {
                text.appendCodePoint(codePoint);
            }
        }
        return text.toString();
    }
}
