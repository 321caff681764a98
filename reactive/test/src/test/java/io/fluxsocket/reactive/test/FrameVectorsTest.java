package io.fluxsocket.reactive.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameVectorsTest {
    /** RFC 6455 §5.7. */
    private static final String MASKED_HELLO = "81 85 | 37 fa 21 3d | 7f 9f 4d 51 58";

    @Test
    void vectorsAreHexTextAndRemarks() {
        assertThat(FrameVectors.bytes("81 05 'Hello'  # not masked\n 0aFF|00"))
                .isEqualTo(new byte[] {(byte) 0x81, 5, 'H', 'e', 'l', 'l', 'o', 10, (byte) 0xFF, 0});
        assertThat(FrameVectors.bytes("'ü'")).isEqualTo("ü".getBytes(StandardCharsets.UTF_8));
        assertThat(FrameVectors.bytes(" # nothing")).isEmpty();
        assertThat(FrameVectors.hex(new byte[] {(byte) 0x81, 5})).isEqualTo("81 05");
    }

    @ParameterizedTest
    @CsvSource({
        "8,'no byte of two hexadecimal digits at \"8\"'",
        "81 0x,at \"0x\"",
        "'81 ''Hell',the text is not closed"
    })
    void whatIsNoVectorIsRefused(String vector, String message) {
        assertThatThrownBy(() -> FrameVectors.bytes(vector))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void theExamplesOfTheRfcAreReadAndWritten() {
        WireFrame masked = FrameVectors.frames(MASKED_HELLO).get(0);
        assertThat(masked.text()).isEqualTo("Hello");
        assertThat(masked.isMasked()).isTrue();
        assertThat(masked.toHex()).isEqualTo(MASKED_HELLO);
        assertThat(masked)
                .isEqualTo(WireFrame.text("Hello").masked(0x37FA213D))
                .hasSameHashCodeAs(WireFrame.text("Hello").masked(0x37FA213D));

        assertThat(WireFrame.text("Hello").toHex()).isEqualTo("81 05 | 48 65 6c 6c 6f");
        assertThat(FrameVectors.frames("01 03 'Hel' 80 02 'lo'"))
                .containsExactly(WireFrame.text("Hel").notFinal(), WireFrame.continuation((byte) 'l', (byte) 'o'));
        assertThat(FrameVectors.frames("89 05 'Hello' 8a 05 'Hello'"))
                .extracting(WireFrame::opcode)
                .containsExactly(WireFrame.PING, WireFrame.PONG);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 65535, 65536})
    void lengthsAreWrittenInTheirThreeForms(int length) {
        WireFrame frame = WireFrame.binary(new byte[length]);
        int header = length < 126 ? 2 : length < 65536 ? 4 : 10;

        assertThat(frame.toBytes()).hasSize(header + length);
        assertThat(FrameVectors.frames(frame.toBytes())).containsExactly(frame);
        assertThat(FrameVectors.frames(frame.masked(7).toBytes())).containsExactly(frame.masked(7));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 65535, 65536})
    void framesAreReadFromAStreamOneByOne(int length) throws IOException {
        WireFrame first = WireFrame.binary(new byte[length]).masked(0x01020304);
        WireFrame second = WireFrame.ping((byte) 1);
        InputStream in = new ByteArrayInputStream(FrameVectors.bytes(first, second));

        WireFrame read = WireFrame.read(in);
        assertThat(read).isEqualTo(first);
        assertThat(read.maskKey()).isEqualTo(0x01020304);
        assertThat(in.available()).isEqualTo(3);
        assertThat(WireFrame.read(in)).isEqualTo(second);
        assertThatThrownBy(() -> WireFrame.read(in))
                .isInstanceOf(EOFException.class)
                .hasMessageEndingWith("before a frame");
    }

    @ParameterizedTest
    @CsvSource({"81,within a frame: 81", "81 05 'Hell',within a frame: 81 05 48 65 6c 6c", "82 7f 00 00 00 01,within"})
    void aStreamThatEndsWithinAFrameIsTold(String vector, String message) {
        InputStream in = new ByteArrayInputStream(FrameVectors.bytes(vector));

        assertThatThrownBy(() -> WireFrame.read(in))
                .isInstanceOf(EOFException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"82 7f 00 00 00 01 00 00 00 00", "82 7f ff ff ff ff ff ff ff ff"})
    void aLengthThatFitsNoArrayIsTold(String vector) {
        InputStream in = new ByteArrayInputStream(FrameVectors.bytes(vector));

        assertThatThrownBy(() -> WireFrame.read(in))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("longer than an array: 82 7f");
    }

    @Test
    void framesMayBeWrong() {
        WireFrame frame = WireFrame.of(0xB, (byte) 1).rsv(5).notFinal();
        assertThat(frame.toHex()).isEqualTo("5b 01 | 01");
        assertThat(frame.rsv()).isEqualTo(5);
        assertThat(frame.isControl()).isTrue();
        assertThat(frame).hasToString("opcode 0xb … rsv1 rsv3, 1 byte: 01");
        assertThat(WireFrame.close(999, "no").closeCode()).isEqualTo(999);
        assertThat(WireFrame.close(999, "no").closeReason()).isEqualTo("no");
        assertThat(WireFrame.close(1005, "").length()).isZero();
        assertThat(WireFrame.of(WireFrame.CLOSE, (byte) 3).closeCode()).isEqualTo(1005);
        assertThatThrownBy(() -> WireFrame.of(16)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anIncompleteFrameIsRefused() {
        assertThatThrownBy(() -> FrameVectors.frames("81 05 'Hell'"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an incomplete frame is left: 81 05 48 65 6c 6c");
        assertThatThrownBy(() -> FrameVectors.frames("81 ff 80 00 00 00 00 00 00 00 01 02 03 04"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void framesAreDescribedForPeople() {
        assertThat(WireFrame.text("a\nb\u0000")).hasToString("TEXT fin, 4 bytes: \"a\\nb\\u0000\"");
        assertThat(WireFrame.text("a\u00A0\u200Bé😀")).hasToString("TEXT fin, 12 bytes: \"a\\u00a0\\u200bé😀\"");
        assertThat(WireFrame.text("x".repeat(200)).toString()).endsWith("x\"…").hasSizeLessThan(100);
        assertThat(WireFrame.binary((byte) 1, (byte) -1)).hasToString("BINARY fin, 2 bytes: 01 ff");
        assertThat(WireFrame.binary(new byte[100]).toString()).endsWith("00 …");
        assertThat(WireFrame.ping()).hasToString("PING fin, 0 bytes");
        assertThat(WireFrame.ping((byte) 'p').masked(1)).hasToString("PING fin masked, 1 byte: \"p\"");
        assertThat(WireFrame.close(1000, "done")).hasToString("CLOSE fin, 6 bytes: 1000 done");
    }
}
