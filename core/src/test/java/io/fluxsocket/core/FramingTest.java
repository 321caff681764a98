package io.fluxsocket.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames that are as RFC 6455 §5.2 wants them pass, of every length and in every split, as client and as server. */
class FramingTest {
    static Stream<Arguments> rolesAndLengths() {
        return Stream.of(Role.values())
                .flatMap(role -> IntStream.of(0, 1, 2, 124, 125, 126, 127, 128, 4095, 4096, 4097, 65535, 65536, 70_000)
                        .mapToObj(length -> Arguments.of(role, length)));
    }

    /** The examples of RFC 6455 §5.7, as the role that receives them sees them. */
    @ParameterizedTest
    @CsvSource({
        "CLIENT, 81 05 48 65 6c 6c 6f,                         a single-frame unmasked text message",
        "SERVER, 81 85 37 fa 21 3d 7f 9f 4d 51 58,             a single-frame masked text message",
        "CLIENT, 01 03 48 65 6c 80 02 6c 6f,                   a fragmented unmasked text message",
        "SERVER, 81 85 00 00 00 00 48 65 6c 6c 6f,             masked with a key of zero"
    })
    void helloIsReceived(Role role, String wire, String meaning) {
        for (int step = 1; step <= 11; step++) {
            Endpoint endpoint = role.endpoint().readInSteps(Bytes.hex(wire), step);

            assertThat(endpoint.messages).as(meaning).singleElement().satisfies(message -> {
                assertThat(message.type()).isEqualTo(BufferType.UTF8_MESSAGE);
                assertThat(message.payload()).isEqualTo(Bytes.utf8("Hello"));
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CLIENT, 89 05 48 65 6c 6c 6f,             8a 85 37 fa 21 3d 7f 9f 4d 51 58",
        "SERVER, 89 85 37 fa 21 3d 7f 9f 4d 51 58, 8a 05 48 65 6c 6c 6f"
    })
    void aPingIsAnsweredByAPongWithItsPayload(Role role, String ping, String pong) { // RFC 6455 §5.7
        Endpoint endpoint = role.endpoint().read(Bytes.hex(ping));

        assertThat(endpoint.written()).isEqualTo(Bytes.hex(pong));
        assertThat(endpoint.indications).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("rolesAndLengths")
    void aMessageOfAnyLengthIsReceivedInAnySteps(Role role, int length) {
        byte[] payload = Bytes.ascii(length);
        for (int first : new int[] {0x81, 0x82}) {
            byte[] wire = role.inbound(first, payload);
            for (int step : new int[] {1, 2, 3, 5, 7, 13, 997, 4096, Integer.MAX_VALUE / 2}) {
                if (length / step > 10_000) {
                    continue;
                }
                Endpoint endpoint = new Endpoint(role.engine(EngineSettings.DEFAULT), step);
                endpoint.readInSteps(wire, step);

                assertThat(endpoint.messages).as("in steps of %d", step).hasSize(1);
                Endpoint.Indication message = endpoint.messages.get(0);
                assertThat(message.type())
                        .isEqualTo(first == 0x81 ? BufferType.UTF8_MESSAGE : BufferType.BINARY_MESSAGE);
                assertThat(Arrays.equals(message.payload(), payload)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rolesAndLengths")
    void aMessageOfAnyLengthIsSentWithTheFewestBytes(Role role, int length) {
        byte[] payload = Bytes.ascii(length);
        for (int seed = 0; seed < 6; seed++) {
            Endpoint endpoint = new Endpoint(role.engine(EngineSettings.DEFAULT), seed);
            endpoint.engine.send(BufferType.BINARY_MESSAGE, payload, null);
            endpoint.run();

            assertThat(Arrays.equals(endpoint.written(), role.outbound(0x82, payload)))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFrameIsReceivedForEverySplitOfItsBytesIntoTwoReads(Role role) {
        for (int length : new int[] {0, 1, 125, 126, 300}) {
            byte[] wire = Bytes.concat(role.inbound(0x82, Bytes.ascii(length)), role.inbound(0x81, "next"));
            for (int split = 0; split <= wire.length; split++) {
                Endpoint endpoint = new Endpoint(role.engine(EngineSettings.DEFAULT), split);
                endpoint.read(Arrays.copyOf(wire, split)).read(Arrays.copyOfRange(wire, split, wire.length));

                assertThat(endpoint.messages).hasSize(2);
                assertThat(endpoint.messages.get(0).payload()).isEqualTo(Bytes.ascii(length));
                assertThat(endpoint.messages.get(1).payload()).isEqualTo(Bytes.utf8("next"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFrameOf16MiBPassesAndOneByteMoreIsRefusedByItsHeader(Role role) {
        int limit = 16 << 20;
        byte[] wire = role.inbound(0x82, Bytes.ascii(limit));
        EngineSettings settings =
                EngineSettings.builder().receiveBufferSize(65536).build();
        Endpoint endpoint = role.endpoint(settings);
        endpoint.read(wire);
        assertThat(endpoint.failure).isNull();
        assertThat(endpoint.messages).hasSize(1);
        assertThat(Arrays.equals(endpoint.messages.get(0).payload(), Bytes.ascii(limit)))
                .isTrue();

        endpoint.read(role.inboundHeader(0x82, 127, limit + 1));
        assertThat(endpoint.failure.closeStatus()).isEqualTo(CloseStatus.MESSAGE_TOO_BIG);
        assertThat(endpoint.written()).isEqualTo(role.outbound(0x88, Bytes.hex("03 f1"))); // 1009
    }

    @ParameterizedTest
    @EnumSource
    void aFrameMayBeAsLargeAsItsLimit(Role role) {
        for (int limit : new int[] {125, 126, 127, 65535, 65536, 65537}) {
            EngineSettings settings =
                    EngineSettings.builder().maxFrameSize(limit).build();
            Endpoint endpoint = role.endpoint(settings).read(role.inbound(0x82, Bytes.ascii(limit)));
            assertThat(endpoint.messages).as("%d bytes", limit).hasSize(1);

            endpoint.read(role.inbound(0x82, Bytes.ascii(limit + 1)));
            assertThat(endpoint.messages).hasSize(1);
            assertThat(endpoint.failure.closeStatus()).isEqualTo(CloseStatus.MESSAGE_TOO_BIG);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMessageMayBeAsLargeAsItsLimitOverAllItsFragments(Role role) {
        EngineSettings settings = EngineSettings.builder().maxMessageSize(1000).build();
        for (int excess : new int[] {0, 1}) {
            Endpoint endpoint = role.endpoint(settings);
            for (int round = 0; round < 2 && endpoint.failure == null; round++) {
                endpoint.read(Bytes.concat(
                        role.inbound(0x01, Bytes.ascii(600)),
                        role.inbound(0x89, Bytes.ascii(125)), // no part of the message
                        role.inbound(0x00, Bytes.NONE),
                        role.inbound(0x00, Bytes.ascii(300)),
                        role.inbound(0x80, Bytes.ascii(100 + excess))));
            }

            assertThat(endpoint.messages).hasSize(excess == 0 ? 2 : 0);
            assertThat(endpoint.failure == null).isEqualTo(excess == 0);
            if (excess == 1) {
                assertThat(endpoint.failure.closeStatus()).isEqualTo(CloseStatus.MESSAGE_TOO_BIG);
                assertThat(endpoint.indications).hasSizeGreaterThanOrEqualTo(2); // up to the limit it was delivered
            }
        }
    }

    @Test
    void aServerWithMaskingDisabledTakesMaskedAndUnmaskedFrames() {
        EngineSettings settings = EngineSettings.builder().maskingDisabled(true).build();
        Endpoint server = Role.SERVER
                .endpoint(settings)
                .read(Bytes.concat(
                        Bytes.frame(0x81, false, Bytes.utf8("plain")), Bytes.frame(0x81, true, Bytes.utf8("masked"))));

        assertThat(server.messages).hasToString("[UTF8_MESSAGE plain, UTF8_MESSAGE masked]");
    }

    @Test
    void aClientWithMaskingDisabledKeepsTheMaskBitWithAKeyOfZero() {
        EngineSettings settings = EngineSettings.builder().maskingDisabled(true).build();
        Endpoint client = Role.CLIENT.endpoint(settings);
        client.engine.send(BufferType.UTF8_MESSAGE, Bytes.utf8("Hello"), null);
        client.run();

        assertThat(client.written()).isEqualTo(Bytes.hex("81 85 00 00 00 00 48 65 6c 6c 6f"));
        assertThat(Role.SERVER.endpoint().read(Bytes.hex("81 85 00 00 00 00 48 65 6c 6c 6f")).messages)
                .hasToString("[UTF8_MESSAGE Hello]");
    }

    @ParameterizedTest
    @EnumSource
    void controlFramesOf0And125BytesPass(Role role) {
        for (int length : new int[] {0, 1, 124, 125}) {
            byte[] payload = Bytes.ascii(length);
            Endpoint endpoint =
                    role.endpoint().read(Bytes.concat(role.inbound(0x89, payload), role.inbound(0x8a, payload)));

            assertThat(endpoint.written()).isEqualTo(role.outbound(0x8a, payload));
            assertThat(endpoint.messages).singleElement().satisfies(pong -> {
                assertThat(pong.type()).isEqualTo(BufferType.PING_PONG);
                assertThat(pong.payload()).isEqualTo(payload);
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void tenPingsInARowGetAllTenPongsInOrder(Role role) { // Autobahn 2.10, 2.11
        for (int step : new int[] {1, 1000}) {
            Endpoint endpoint = role.endpoint();
            byte[] expected = Bytes.NONE;
            byte[] pings = Bytes.NONE;
            for (int i = 0; i < 10; i++) {
                pings = Bytes.concat(pings, role.inbound(0x89, "payload-" + i));
                expected = Bytes.concat(expected, role.outbound(0x8a, Bytes.utf8("payload-" + i)));
            }
            endpoint.readInSteps(pings, step);

            assertThat(endpoint.written()).isEqualTo(expected);
        }
    }
}
