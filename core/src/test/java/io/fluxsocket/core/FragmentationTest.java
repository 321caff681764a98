package io.fluxsocket.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages in several frames, with control frames between them (RFC 6455 §5.4), as client and as server. */
class FragmentationTest {
    @ParameterizedTest
    @EnumSource
    void aTextSplitAtEveryByteOverTwoFramesIsOneMessage(Role role) {
        byte[] text = Bytes.utf8("Hello-µ@ßöäüàá-UTF-8!! κόσμε 視野 😀");
        for (int split = 0; split <= text.length; split++) {
            Endpoint endpoint = new Endpoint(role.engine(EngineSettings.DEFAULT), split);
            endpoint.read(Bytes.concat(
                    role.inbound(0x01, Arrays.copyOf(text, split)),
                    role.inbound(0x80, Arrays.copyOfRange(text, split, text.length))));

            requireSingleText(endpoint, text);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTextOfOneByteFramesReadByteByByteIsOneMessage(Role role) {
        byte[] text = Bytes.utf8("é€😀 ok");
        byte[] wire = Bytes.NONE;
        for (int i = 0; i < text.length; i++) {
            int first = (i == 0 ? 0x01 : 0x00) | (i == text.length - 1 ? 0x80 : 0);
            wire = Bytes.concat(
                    wire, role.inbound(first, new byte[] {text[i]}), role.inbound(0x89, Bytes.hex("ff ff")));
        }
        for (int step = 1; step <= 9; step++) {
            Endpoint endpoint = new Endpoint(role.engine(EngineSettings.DEFAULT), step);
            endpoint.readInSteps(wire, step);

            requireSingleText(endpoint, text);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTextSplitAtEveryByteOverTwoReadsIsOneMessage(Role role) {
        byte[] text = Bytes.utf8("µ€😀".repeat(60)); // longer than eight bytes and than 125
        byte[] wire = role.inbound(0x81, text);
        for (int split = 0; split <= wire.length; split++) {
            Endpoint endpoint = new Endpoint(role.engine(EngineSettings.DEFAULT), split);
            endpoint.read(Arrays.copyOf(wire, split)).read(Arrays.copyOfRange(wire, split, wire.length));

            requireSingleText(endpoint, text);
        }
    }

    private static void requireSingleText(Endpoint endpoint, byte[] text) {
        assertThat(endpoint.failure).isNull();
        assertThat(endpoint.messages).singleElement().satisfies(message -> {
            assertThat(message.type()).isEqualTo(BufferType.UTF8_MESSAGE);
            assertThat(message.payload()).isEqualTo(text);
        });
    }

    @ParameterizedTest
    @EnumSource
    void bothPongsPrecedeTheEndOfTheMessageTheFirstBeforeItsLastFragmentArrives(Role role) { // Autobahn 5.19, 5.20
        Endpoint endpoint = role.endpoint();
        endpoint.read(Bytes.concat(
                role.inbound(0x01, "fragment1"), role.inbound(0x00, "fragment2"), role.inbound(0x89, "pongme 1!")));
        assertThat(endpoint.written()).isEqualTo(role.outbound(0x8a, Bytes.utf8("pongme 1!")));
        assertThat(endpoint.messages).isEmpty();

        endpoint.read(Bytes.concat(
                role.inbound(0x00, "fragment3"),
                role.inbound(0x00, "fragment4"),
                role.inbound(0x89, "pongme 2!"),
                role.inbound(0x80, "fragment5")));
        assertThat(endpoint.written()).isEqualTo(role.outbound(0x8a, Bytes.utf8("pongme 2!")));
        assertThat(endpoint.messages).hasToString("[UTF8_MESSAGE fragment1fragment2fragment3fragment4fragment5]");
    }

    @ParameterizedTest
    @EnumSource
    void aPongBetweenFragmentsIsIndicatedInItsPlaceAndTheMessageGoesOn(Role role) {
        Endpoint endpoint = role.endpoint()
                .read(Bytes.concat(
                        role.inbound(0x02, "a"),
                        role.inbound(0x8a, "pong"),
                        role.inbound(0x00, "b"),
                        role.inbound(0x80, "c")));

        assertThat(endpoint.indications)
                .hasToString("[BINARY_FRAGMENT a, PING_PONG pong, BINARY_FRAGMENT b, BINARY_MESSAGE c]");
    }

    @ParameterizedTest
    @EnumSource
    void aCloseBetweenFragmentsEndsTheConnection(Role role) {
        Endpoint endpoint = role.endpoint()
                .read(Bytes.concat(
                        role.inbound(0x01, Bytes.hex("e2 82")), // even within a code point
                        role.inbound(0x88, Bytes.closeBody(1000)),
                        role.inbound(0x80, Bytes.hex("ac"))));

        assertThat(endpoint.failure).isNull();
        assertThat(endpoint.engine.closeReceived()).isEqualTo(CloseStatus.NORMAL);
        assertThat(endpoint.messages)
                .singleElement()
                .satisfies(close -> assertThat(close.type()).isEqualTo(BufferType.CLOSE));
        assertThat(endpoint.written()).isEqualTo(role.outbound(0x88, Bytes.closeBody(1000)));
    }

    @ParameterizedTest
    @EnumSource
    void emptyFragmentsArePartOfTheMessage(Role role) {
        for (int step : new int[] {1, 100}) {
            Endpoint endpoint = role.endpoint()
                    .readInSteps(
                            Bytes.concat(
                                    role.inbound(0x01, ""),
                                    role.inbound(0x00, ""),
                                    role.inbound(0x00, "middle"),
                                    role.inbound(0x80, ""),
                                    role.inbound(0x02, ""),
                                    role.inbound(0x80, "")),
                            step);

            assertThat(endpoint.messages).hasToString("[UTF8_MESSAGE middle, BINARY_MESSAGE ]");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theTypeOfAMessageIsThatOfItsFirstFrame(Role role) {
        Endpoint endpoint = role.endpoint()
                .read(Bytes.concat(
                        role.inbound(0x02, Bytes.hex("ff")), // no text
                        role.inbound(0x80, Bytes.hex("fe")),
                        role.inbound(0x01, "a"),
                        role.inbound(0x80, "b")));

        assertThat(endpoint.indications)
                .extracting(Endpoint.Indication::type)
                .containsExactly(
                        BufferType.BINARY_FRAGMENT,
                        BufferType.BINARY_MESSAGE,
                        BufferType.UTF8_FRAGMENT,
                        BufferType.UTF8_MESSAGE);
    }

    @ParameterizedTest
    @EnumSource
    void aMessageMayHave65536Fragments(Role role) { // Autobahn 9.3.1: 4 MiB in fragments of 64 bytes
        byte[] fragment = Bytes.ascii(64);
        byte[] middle = role.inbound(0x00, fragment);
        byte[] middles = new byte[62 * middle.length]; // 65,534 = 62 * 1,057
        for (int i = 0; i < 62; i++) {
            System.arraycopy(middle, 0, middles, i * middle.length, middle.length);
        }
        Endpoint endpoint = role.endpoint().read(role.inbound(0x01, fragment));
        for (int i = 0; i < 1057; i++) {
            endpoint.read(middles);
        }
        endpoint.read(role.inbound(0x80, fragment));

        assertThat(endpoint.failure).isNull();
        assertThat(endpoint.messages).hasSize(1);
        assertThat(endpoint.messages.get(0).payload().length).isEqualTo(65_536 * 64);
    }

    @ParameterizedTest
    @EnumSource
    void aFrameLargerThanTheReceiveBufferArrivesAsFragmentsOfAtMostItsSize(Role role) {
        byte[] text = Bytes.utf8("視野無限廣".repeat(1000)); // 15,000 bytes; 256 is no multiple of 3
        EngineSettings settings =
                EngineSettings.builder().receiveBufferSize(256).build();
        for (int step : new int[] {1, 100, 256, 5000}) {
            WebSocketEngine engine = role.engine(settings);
            Endpoint endpoint = new Endpoint(engine, step);
            endpoint.readInSteps(role.inbound(0x81, text), step);

            requireSingleText(endpoint, text);
            assertThat(endpoint.indications).hasSizeGreaterThan(3);
            assertThat(endpoint.indications.subList(0, endpoint.indications.size() - 1))
                    .extracting(Endpoint.Indication::type)
                    .containsOnly(BufferType.UTF8_FRAGMENT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aChunkOfALargeFrameIsAViewOfTheMemoryThatWasLent(Role role) {
        byte[] wire = role.inbound(0x82, Bytes.ascii(70_000));
        WebSocketEngine engine = role.engine(EngineSettings.DEFAULT);
        engine.receive("receive");
        engine.completeAction(engine.getAction(ActionQueue.RECEIVE), ByteBuffer.wrap(wire, 0, 1000));
        Action chunk = engine.getAction(ActionQueue.RECEIVE);

        assertThat(chunk.bufferType()).isEqualTo(BufferType.BINARY_FRAGMENT);
        assertThat(chunk.buffer(0).array()).isSameAs(wire);
    }

    @ParameterizedTest
    @EnumSource
    void outboundFragmentsAreFramesOfOneMessageWithPingsBetween(Role role) {
        Endpoint endpoint = role.endpoint();
        endpoint.engine.send(BufferType.UTF8_FRAGMENT, Bytes.hex("61 e2"), null); // may end within a code point
        endpoint.engine.send(BufferType.PING_PONG, Bytes.utf8("ping"), null);
        endpoint.engine.send(BufferType.UTF8_FRAGMENT, Bytes.hex("82"), null);
        endpoint.engine.send(BufferType.UNSOLICITED_PONG, Bytes.utf8("pong"), null);
        endpoint.engine.send(BufferType.UTF8_MESSAGE, Bytes.hex("ac"), null);
        endpoint.engine.send(BufferType.BINARY_MESSAGE, Bytes.NONE, null);
        endpoint.run();

        assertThat(endpoint.written())
                .isEqualTo(Bytes.concat(
                        role.outbound(0x01, Bytes.hex("61 e2")),
                        role.outbound(0x89, Bytes.utf8("ping")),
                        role.outbound(0x00, Bytes.hex("82")),
                        role.outbound(0x8a, Bytes.utf8("pong")),
                        role.outbound(0x80, Bytes.hex("ac")),
                        role.outbound(0x82, Bytes.NONE)));
    }
}
