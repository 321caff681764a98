package io.fluxsocket.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Writing frames (RFC 6455 §5.2): the RFC's examples, every form of length, every way of taking the bytes. */
class FrameWriterTest {
    /** "37 fa 21 3d" on the wire. */
    private static final int KEY = 0x3d21fa37;

    /** How the driver takes a part. */
    private enum Way {
        VIEWS,
        WRITE_TO_HEAP,
        WRITE_TO_DIRECT
    }

    private static FrameWriter writer(boolean client, int sendBufferSize) {
        return new FrameWriter(
                client, EngineSettings.builder().sendBufferSize(sendBufferSize).build(), null);
    }

    /** The examples of RFC 6455 §5.7. */
    @ParameterizedTest
    @CsvSource({
        "81, Hello, false, 81 05 48 65 6c 6c 6f,             a single-frame unmasked text message",
        "81, Hello, true,  81 85 37 fa 21 3d 7f 9f 4d 51 58, a single-frame masked text message",
        "01, Hel,   false, 01 03 48 65 6c,                   a fragmented unmasked text message: first",
        "80, lo,    false, 80 02 6c 6f,                      a fragmented unmasked text message: last",
        "89, Hello, false, 89 05 48 65 6c 6c 6f,             unmasked ping",
        "8a, Hello, true,  8a 85 37 fa 21 3d 7f 9f 4d 51 58, masked pong",
        "88, '',    false, 88 00,                            an empty close",
        "88, '',    true,  88 80 37 fa 21 3d,                an empty masked close",
    })
    void framesAreThoseOfTheRfc(String first, String payload, boolean client, String wire, String meaning) {
        FrameWriter writer = writer(client, 0);
        for (Way way : Way.values()) {
            writer.begin(Integer.parseInt(first, 16), Bytes.utf8(payload), 0, payload.length(), client ? KEY : 0);
            assertThat(take(writer, way)).as("%s by %s", meaning, way).isEqualTo(Bytes.hex(wire));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0,     82 00",
        "1,     82 01",
        "125,   82 7d",
        "126,   82 7e 00 7e",
        "127,   82 7e 00 7f",
        "256,   82 7e 01 00", // RFC 6455 §5.7
        "65535, 82 7e ff ff",
        "65536, 82 7f 00 00 00 00 00 01 00 00" // RFC 6455 §5.7
    })
    void lengthsAreMinimal(int length, String header) {
        for (boolean client : new boolean[] {false, true}) {
            byte[] payload = Bytes.ascii(length);
            byte[] expected = Bytes.hex(header);
            if (client) {
                expected[1] |= (byte) 0x80;
                expected = Bytes.concat(expected, Bytes.KEY, Bytes.masked(payload));
            } else {
                expected = Bytes.concat(expected, payload);
            }
            FrameWriter writer = writer(client, 0);
            for (Way way : Way.values()) {
                writer.begin(0x82, payload, 0, length, client ? KEY : 0);
                assertThat(take(writer, way)).as("%d bytes by %s", length, way).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 17, 18, 19, 21, 64, 4096})
    void aMaskedPayloadLargerThanTheSendBufferLeavesInPartsOfAtMostItsSize(int sendBufferSize) {
        for (int length : new int[] {125, 126, 5000, 65536}) {
            byte[] payload = Bytes.ascii(length);
            FrameWriter writer = writer(true, sendBufferSize);
            for (Way way : Way.values()) {
                writer.begin(0x82, payload, 0, length, KEY);
                List<byte[]> parts = takeParts(writer, way);

                assertThat(parts).allSatisfy(part -> assertThat(part).hasSizeBetween(1, sendBufferSize));
                assertThat(Bytes.concat(parts.toArray(byte[][]::new))).isEqualTo(Bytes.frame(0x82, true, payload));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anUnmaskedPayloadLeavesInPartsOfAtMost256KiBWithTheHeaderOnTheFirstAlone(boolean client) {
        byte[] payload = Bytes.ascii(600_000);
        FrameWriter writer = writer(client, 0);
        for (Way way : Way.values()) {
            writer.begin(0x82, payload, 0, payload.length, 0);
            List<byte[]> parts = takeParts(writer, way);

            int header = client ? 14 : 10;
            assertThat(parts)
                    .extracting(part -> part.length)
                    .containsExactly(262144, 262144, 600_000 + header - 524288);
            assertThat(Bytes.concat(parts.toArray(byte[][]::new)))
                    .endsWith(payload)
                    .hasSize(header + payload.length);
        }
    }

    @Test
    void aClientWithoutAKeySendsTheMaskBitAndAKeyOfZero() {
        FrameWriter writer = writer(true, 0);
        writer.begin(0x81, Bytes.utf8("Hello"), 0, 5, 0);

        assertThat(take(writer, Way.VIEWS)).isEqualTo(Bytes.hex("81 85 00 00 00 00 48 65 6c 6c 6f"));
    }

    @Test
    void anUnmaskedPayloadIsTheApplicationsOwnMemory() {
        byte[] payload = Bytes.utf8("xxHelloxx");
        FrameWriter writer = writer(false, 0);
        writer.begin(0x81, payload, 2, 5, 0);
        writer.nextPart();
        ByteBuffer view = writer.buffer(1);
        payload[2] = 'J';

        assertThat(view.remaining()).isEqualTo(5);
        assertThat(view.get(0)).isEqualTo((byte) 'J');
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPayloadInAByteBufferOfAnyKindOrderAndPositionIsSentAsItStandsAndNotMoved(boolean client) {
        byte[] bytes = Bytes.ascii(700);
        ByteBuffer direct = ByteBuffer.allocateDirect(700).put(0, bytes).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer offset =
                ByteBuffer.wrap(Bytes.concat(Bytes.hex("ee ee ee"), bytes)).slice(3, 700);
        for (ByteBuffer payload : List.of(direct, offset, ByteBuffer.wrap(bytes).asReadOnlyBuffer())) {
            payload.position(10).limit(690);
            ByteOrder order = payload.order();
            FrameWriter writer = writer(client, 0);
            for (Way way : Way.values()) {
                writer.begin(0x82, payload, 10, 680, client ? KEY : 0);
                byte[] expected = Bytes.frame(0x82, client, Arrays.copyOfRange(bytes, 10, 690));
                assertThat(take(writer, way)).isEqualTo(expected);
                assertThat(payload.position()).isEqualTo(10);
                assertThat(payload.limit()).isEqualTo(690);
                assertThat(payload.order()).isEqualTo(order);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPayloadInAByteBufferLeavesInPartsToo(boolean client) {
        byte[] bytes = Bytes.ascii(600_000);
        ByteBuffer payload =
                ByteBuffer.allocateDirect(600_004).put(4, bytes).position(4).asReadOnlyBuffer();
        FrameWriter writer = writer(client, 0);
        for (Way way : Way.values()) {
            writer.begin(0x82, payload, 4, 600_000, client ? KEY : 0);
            assertThat(Arrays.equals(take(writer, way), Bytes.frame(0x82, client, bytes)))
                    .as("by %s", way)
                    .isTrue();
        }
    }

    @Test
    void aSendBufferThatWasGivenIsUsedWhateverItsOrder() {
        ByteBuffer given = ByteBuffer.allocate(16);
        FrameWriter writer = new FrameWriter(
                true, EngineSettings.builder().sendBufferSize(16).build(), given);
        writer.begin(0x81, Bytes.utf8("Hello"), 0, 5, KEY);

        assertThat(take(writer, Way.VIEWS)).isEqualTo(Bytes.hex("81 85 37 fa 21 3d 7f 9f 4d 51 58"));
        assertThat(given.array()).startsWith(Bytes.hex("81 85 37 fa 21 3d 7f 9f 4d 51 58"));
    }

    @Test
    void viewsCanBeTakenTwiceAndAreNotMaskedTwice() {
        FrameWriter writer = writer(true, 0);
        writer.begin(0x81, Bytes.utf8("Hello"), 0, 5, KEY);
        writer.nextPart();

        for (int i = 0; i < 2; i++) {
            assertThat(bytes(writer.buffer(0))).isEqualTo(Bytes.hex("81 85 37 fa 21 3d"));
            assertThat(bytes(writer.buffer(1))).isEqualTo(Bytes.hex("7f 9f 4d 51 58"));
        }
        ByteBuffer all = ByteBuffer.allocate(11);
        writer.writeTo(all);
        assertThat(all.array()).isEqualTo(Bytes.hex("81 85 37 fa 21 3d 7f 9f 4d 51 58"));
    }

    @Test
    void thereAreAsManyBuffersAsThereIsToSend() {
        FrameWriter writer = writer(false, 0);
        writer.begin(0x82, Bytes.NONE, 0, 0, 0);
        writer.nextPart();
        assertThat(writer.bufferCount()).isEqualTo(1); // the header alone
        assertThatThrownBy(() -> writer.buffer(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> writer.buffer(-1)).isInstanceOf(IndexOutOfBoundsException.class);

        writer.begin(0x82, new byte[300_000], 0, 300_000, 0);
        writer.nextPart();
        assertThat(writer.bufferCount()).isEqualTo(2);
        writer.endPart();
        writer.nextPart();
        assertThat(writer.bufferCount()).isEqualTo(1); // the payload alone
        assertThat(writer.buffer(0).remaining()).isEqualTo(300_010 - 262144);
        assertThatThrownBy(() -> writer.buffer(1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void writeToKeepsTheOrderOfTheDestinationAndPutsNothingWhereThereIsTooLittleRoom(boolean direct) {
        FrameWriter writer = writer(true, 0);
        writer.begin(0x81, Bytes.utf8("Hello"), 0, 5, KEY);
        writer.nextPart();
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            ByteBuffer destination = (direct ? ByteBuffer.allocateDirect(16) : ByteBuffer.allocate(16)).order(order);
            destination.position(3).limit(13); // one byte less than is needed
            assertThatThrownBy(() -> writer.writeTo(destination)).isInstanceOf(BufferOverflowException.class);
            assertThat(destination.order()).isEqualTo(order);
            assertThat(destination.position()).isEqualTo(3);
            assertThat(bytes(destination.duplicate())).containsOnly(0);

            writer.writeTo(destination.limit(14));
            assertThat(destination.order()).isEqualTo(order);
            assertThat(destination.position()).isEqualTo(14);
            assertThat(bytes(destination.flip().position(3))).isEqualTo(Bytes.hex("81 85 37 fa 21 3d 7f 9f 4d 51 58"));
        }
    }

    @Test
    void theSendBufferIs4096BytesForAClientAnd16ForAServerUnlessSetOtherwise() {
        EngineSettings set = EngineSettings.builder().sendBufferSize(100).build();

        assertThat(FrameWriter.sendBufferSize(true, EngineSettings.DEFAULT)).isEqualTo(4096);
        assertThat(FrameWriter.sendBufferSize(false, EngineSettings.DEFAULT)).isEqualTo(16);
        assertThat(FrameWriter.sendBufferSize(true, set)).isEqualTo(100);
        assertThat(FrameWriter.sendBufferSize(false, set)).isEqualTo(100);
    }

    private static byte[] take(FrameWriter writer, Way way) {
        return Bytes.concat(takeParts(writer, way).toArray(byte[][]::new));
    }

    private static List<byte[]> takeParts(FrameWriter writer, Way way) {
        List<byte[]> parts = new ArrayList<>();
        do {
            int length = writer.nextPart();
            byte[] part = takePart(writer, way, length);
            assertThat(part).hasSize(length);
            parts.add(part);
        } while (!writer.endPart());
        return parts;
    }

    private static byte[] takePart(FrameWriter writer, Way way, int length) {
        if (way == Way.VIEWS) {
            ByteArrayOutputStream part = new ByteArrayOutputStream();
            for (int i = 0; i < writer.bufferCount(); i++) {
                part.writeBytes(bytes(writer.buffer(i)));
            }
            return part.toByteArray();
        }
        ByteBuffer part = way == Way.WRITE_TO_HEAP ? ByteBuffer.allocate(length) : ByteBuffer.allocateDirect(length);
        writer.writeTo(part);
        return bytes(part.flip());
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
