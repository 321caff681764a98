package io.fluxsocket.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Text is UTF-8 (RFC 6455 §5.6, §8.1) and is refused at the first byte that cannot be repaired, whatever its frames. */
class TextTest {
    /** "κόσμε" and then U+110000, which is none: Autobahn 6.4.1 to 6.4.4. */
    private static final byte[] VALID = Bytes.hex("ce ba e1 bd b9 cf 83 ce bc ce b5");

    private static final byte[] INVALID = Bytes.hex("f4 90 80 80");
    private static final byte[] REST = Bytes.hex("65 64 69 74 65 64"); // "edited"

    static Stream<Arguments> rolesAndSeeds() {
        return Stream.of(Role.values())
                .flatMap(role -> Stream.of(0, 1, 2, 3, 4, 5, 6, 7).map(seed -> Arguments.of(role, seed)));
    }

    @ParameterizedTest
    @MethodSource("rolesAndSeeds")
    void anInvalidFragmentIsRefusedBeforeTheNextOneArrives(Role role, int seed) { // Autobahn 6.4.1
        Endpoint endpoint = new Endpoint(role.engine(EngineSettings.DEFAULT), seed);
        endpoint.read(role.inbound(0x01, VALID));
        assertThat(endpoint.failure).isNull();

        endpoint.read(role.inbound(0x00, INVALID));
        requireRefused(role, endpoint);
    }

    @ParameterizedTest
    @MethodSource("rolesAndSeeds")
    void aFragmentThatCannotBeRepairedIsRefusedThoughItsCodePointIsIncomplete(Role role, int seed) { // Autobahn 6.4.2
        Endpoint endpoint = new Endpoint(role.engine(EngineSettings.DEFAULT), seed);
        endpoint.read(role.inbound(0x01, Bytes.concat(VALID, Bytes.hex("f4"))));
        assertThat(endpoint.failure).isNull();

        endpoint.read(role.inbound(0x00, Bytes.hex("90")));
        requireRefused(role, endpoint);
    }

    /** The same within one frame of which the rest has not come: Autobahn 6.4.3, 6.4.4. */
    @ParameterizedTest
    @MethodSource("rolesAndSeeds")
    void anInvalidByteIsRefusedBeforeTheRestOfItsFrameArrives(Role role, int seed) {
        byte[] frame = role.inbound(0x81, Bytes.concat(VALID, INVALID, REST));
        int header = frame.length - VALID.length - INVALID.length - REST.length;
        int firstWrong = header + VALID.length + 1; // the 90 after f4

        for (int from = 0; from <= firstWrong; from++) {
            Endpoint endpoint = new Endpoint(role.engine(EngineSettings.DEFAULT), seed);
            endpoint.read(Arrays.copyOf(frame, from));
            assertThat(endpoint.failure).as("after %d bytes", from).isNull();
            endpoint.read(Arrays.copyOfRange(frame, from, firstWrong + 1));
            requireRefused(role, endpoint);
        }
    }

    /** In frames of all sizes around the receive buffer's, since their payload takes different ways through the engine. */
    @ParameterizedTest
    @EnumSource
    void anInvalidByteIsRefusedAtOnceAtAnyPositionOfALargeFrame(Role role) {
        EngineSettings settings =
                EngineSettings.builder().receiveBufferSize(256).build();
        for (int length : new int[] {100, 255, 256, 257, 600, 70_000}) {
            for (int at : new int[] {0, 1, 7, 8, 99, 254, 255, 256, 257, 511, 512, 599, 69_999}) {
                for (int step : new int[] {1, 3, 50, 256}) {
                    if (at >= length || at / step > 1000) {
                        continue;
                    }
                    byte[] text = Bytes.ascii(length);
                    text[at] = (byte) 0xc1;
                    byte[] wire = role.inbound(0x81, text);
                    int enough = wire.length - length + at + 1;
                    Endpoint endpoint = new Endpoint(role.engine(settings), at + step);
                    endpoint.readInSteps(Arrays.copyOf(wire, enough - 1), step);
                    assertThat(endpoint.failure).isNull();

                    endpoint.read(new byte[] {wire[enough - 1]});
                    assertThat(endpoint.failure)
                            .as("byte %d of %d in steps of %d", at, length, step)
                            .isNotNull();
                    requireRefused(role, endpoint);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCodePointMayBeSplitOverFragmentsAroundAPing(Role role) {
        Endpoint endpoint = role.endpoint()
                .read(Bytes.concat(
                        role.inbound(0x01, Bytes.hex("f0 9f")),
                        role.inbound(0x89, Bytes.hex("ff c0")), // control payload is no text
                        role.inbound(0x00, Bytes.hex("98")),
                        role.inbound(0x80, Bytes.hex("80"))));

        assertThat(endpoint.messages).hasToString("[UTF8_MESSAGE 😀]");
    }

    /** ASCII is checked without a look at the state of the text only where no code point is in progress. */
    @ParameterizedTest
    @MethodSource("rolesAndSeeds")
    void asciiWithinACodePointIsRefusedThoughItIsCompletedLater(Role role, int seed) {
        for (int length : new int[] {1, 8, 100, 5000}) {
            Endpoint endpoint = new Endpoint(role.engine(EngineSettings.DEFAULT), seed);
            endpoint.read(role.inbound(0x01, Bytes.hex("61 e2 82")));
            assertThat(endpoint.failure).isNull();

            endpoint.read(role.inbound(0x00, Bytes.ascii(length))); // "ac" would have to come here
            requireRefused(role, endpoint);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"c3", "e2", "e2 82", "f0", "f0 9f", "f0 9f 98"})
    void aMessageMayNotEndWithinACodePoint(String incomplete) {
        byte[] text = Bytes.concat(Bytes.utf8("text that is longer than eight bytes "), Bytes.hex(incomplete));
        for (Role role : Role.values()) {
            for (int seed = 0; seed < 8; seed++) {
                Endpoint endpoint = new Endpoint(role.engine(EngineSettings.DEFAULT), seed);
                endpoint.readInSteps(role.inbound(0x81, text), 1 + seed * 30);
                requireRefused(role, endpoint);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMessageAfterATextBeginsAnew(Role role) {
        Endpoint endpoint = role.endpoint()
                .read(Bytes.concat(
                        role.inbound(0x01, Bytes.hex("e2 82")),
                        role.inbound(0x80, Bytes.hex("ac")),
                        role.inbound(0x81, "plain"),
                        role.inbound(0x82, Bytes.hex("e2 82")), // binary may be anything
                        role.inbound(0x81, "é")));

        assertThat(endpoint.failure).isNull();
        assertThat(endpoint.messages).hasSize(4);
    }

    @ParameterizedTest
    @EnumSource
    void textIsNotVerifiedWhereThatIsDisabled(Role role) {
        EngineSettings settings =
                EngineSettings.builder().utf8VerificationDisabled(true).build();
        byte[] invalid = Bytes.concat(VALID, INVALID);
        for (int step : new int[] {1, 100}) {
            Endpoint endpoint = role.endpoint(settings)
                    .readInSteps(
                            Bytes.concat(
                                    role.inbound(0x81, invalid),
                                    role.inbound(0x01, Bytes.hex("e2")),
                                    role.inbound(0x80, Bytes.NONE)),
                            step);

            assertThat(endpoint.failure).isNull();
            assertThat(endpoint.messages).hasSize(2);
            assertThat(endpoint.messages.get(0).payload()).isEqualTo(invalid);
        }
    }

    private static void requireRefused(Role role, Endpoint endpoint) {
        assertThat(endpoint.failure).isNotNull().hasMessageContaining("RFC 6455 §8.1");
        assertThat(endpoint.failure.closeStatus()).isEqualTo(CloseStatus.INVALID_PAYLOAD);
        assertThat(endpoint.written()).isEqualTo(role.outbound(0x88, Bytes.hex("03 ef"))); // 1007
    }
}
