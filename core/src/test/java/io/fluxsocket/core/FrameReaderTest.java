package io.fluxsocket.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Reading headers (RFC 6455 §5.2): every form, split at every point, and nothing judged. */
class FrameReaderTest {
    private final FrameReader reader = new FrameReader();

    /** One header: its bytes and what they say. */
    record Header(String hex, int first, int second, long length, int key) {
        byte[] bytes() {
            return Bytes.hex(hex);
        }
    }

    static List<Header> headers() {
        return List.of(
                new Header("81 00", 0x81, 0x00, 0, 0), // text, empty
                new Header("01 7d", 0x01, 0x7d, 125, 0), // not final, the longest short length
                new Header("82 7e 01 00", 0x82, 0x7e, 256, 0), // two bytes of length
                new Header("82 7e ff ff", 0x82, 0x7e, 65535, 0), // the longest of two bytes
                new Header("82 7e 00 05", 0x82, 0x7e, 5, 0), // not minimal: not the reader's business
                new Header("82 7f 00 00 00 00 00 01 00 00", 0x82, 0x7f, 65536, 0), // eight bytes of length
                new Header("82 7f 01 02 03 04 05 06 07 08", 0x82, 0x7f, 0x0102030405060708L, 0),
                new Header("82 7f 7f ff ff ff ff ff ff ff", 0x82, 0x7f, Long.MAX_VALUE, 0), // the longest
                new Header("82 7f 80 00 00 00 00 00 00 00", 0x82, 0x7f, Long.MIN_VALUE, 0), // highest bit set
                new Header("81 85 37 fa 21 3d", 0x81, 0x85, 5, 0x3d21fa37), // masked
                new Header("82 fe 01 00 37 fa 21 3d", 0x82, 0xfe, 256, 0x3d21fa37),
                new Header("82 ff 00 00 00 00 00 01 00 00 ff fe fd fc", 0x82, 0xff, 65536, 0xfcfdfeff),
                new Header("ff ff ff ff ff ff ff ff ff ff 00 00 00 00", 0xff, 0xff, -1, 0), // reserved bits, opcode 15
                new Header("89 80 00 00 00 00", 0x89, 0x80, 0, 0)); // ping, key 0
    }

    @ParameterizedTest
    @MethodSource("headers")
    void aHeaderInOnePieceIsReadInPlaceWhateverSurroundsIt(Header header) {
        for (boolean direct : new boolean[] {false, true}) {
            byte[] bytes = Bytes.concat(Bytes.hex("ee"), header.bytes(), Bytes.hex("ee ee"));
            int end = bytes.length - 2;

            assertThat(reader.read(buffer(bytes, direct), 1, bytes.length)).isEqualTo(end);
            requireRead(header);
            assertThat(reader.read(buffer(bytes, direct), 1, end)).isEqualTo(end);
            requireRead(header);
        }
    }

    @ParameterizedTest
    @MethodSource("headers")
    void aHeaderIsReadForEverySplitIntoThreeReads(Header header) {
        byte[] bytes = Bytes.concat(header.bytes(), Bytes.hex("ee")); // and a byte of payload
        ByteBuffer buffer = buffer(bytes, true);
        int size = header.bytes().length;
        for (int first = 0; first < size; first++) {
            for (int second = first; second < size; second++) {
                assertThat(reader.read(buffer, 0, first)).isEqualTo(-1);
                assertThat(reader.read(buffer, first, second)).isEqualTo(-1);
                assertThat(reader.read(buffer, second, bytes.length)).isEqualTo(size);
                requireRead(header);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("headers")
    void theFirstTwoBytesAreKnownAsSoonAsTheyHaveCome(Header header) {
        ByteBuffer buffer = buffer(header.bytes(), false);
        int size = header.bytes().length;
        for (int i = 0; i < size - 1; i++) {
            assertThat(reader.read(buffer, i, i + 1)).isEqualTo(-1);
            assertThat(reader.hasFirstTwoBytes()).isEqualTo(i >= 1);
            if (i >= 1) {
                assertThat(reader.first).isEqualTo(header.first());
                assertThat(reader.second).isEqualTo(header.second());
            }
        }
        assertThat(reader.read(buffer, size - 1, size)).isEqualTo(size);
        assertThat(reader.hasFirstTwoBytes()).isFalse();
    }

    @Test
    void oneReaderReadsAllHeadersOfAStreamByteByByte() {
        for (int round = 0; round < 2; round++) {
            for (Header header : headers()) {
                ByteBuffer buffer = buffer(header.bytes(), false);
                int size = header.bytes().length;
                for (int i = 0; i < size; i++) {
                    assertThat(reader.read(buffer, i, i + 1)).isEqualTo(i == size - 1 ? size : -1);
                }
                requireRead(header);
            }
        }
    }

    @Test
    void anEmptyReadSaysNothing() {
        assertThat(reader.read(buffer(Bytes.NONE, false), 0, 0)).isEqualTo(-1);
        assertThat(reader.hasFirstTwoBytes()).isFalse();
    }

    @Test
    void anUnmaskedHeaderForgetsTheKeyOfTheOneBefore() {
        byte[] masked = Bytes.hex("81 80 37 fa 21 3d");
        byte[] unmasked = Bytes.hex("81 00");

        reader.read(buffer(masked, false), 0, masked.length);
        assertThat(reader.key).isNotZero();
        reader.read(buffer(unmasked, false), 0, unmasked.length);
        assertThat(reader.key).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0, 2", "125, 2", "126, 4", "127, 10"})
    void everyShortLengthHasItsSizeOfHeader(int form, int size) {
        for (boolean masked : new boolean[] {false, true}) {
            byte[] bytes = Bytes.header(0x82, masked, form, form < 126 ? form : 300);
            int expected = size + (masked ? 4 : 0);

            assertThat(bytes).hasSize(expected);
            assertThat(reader.read(buffer(bytes, false), 0, expected)).isEqualTo(expected);
            assertThat(reader.length).isEqualTo(form < 126 ? form : 300);
        }
    }

    private void requireRead(Header header) {
        assertThat(reader.first).isEqualTo(header.first());
        assertThat(reader.second).isEqualTo(header.second());
        assertThat(reader.length).isEqualTo(header.length());
        assertThat(reader.key).isEqualTo(header.key());
    }

    private static ByteBuffer buffer(byte[] bytes, boolean direct) {
        return (direct ? ByteBuffer.allocateDirect(bytes.length) : ByteBuffer.allocate(bytes.length))
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(0, bytes);
    }
}
