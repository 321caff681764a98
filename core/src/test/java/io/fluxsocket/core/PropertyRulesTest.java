package io.fluxsocket.core;

import static io.fluxsocket.core.Action.Kind.RECEIVE_FROM_NETWORK;
import static io.fluxsocket.core.Action.Kind.SEND_TO_NETWORK;
import static io.fluxsocket.core.ActionQueue.RECEIVE;
import static io.fluxsocket.core.ActionQueue.SEND;
import static io.fluxsocket.core.BufferType.BINARY_MESSAGE;
import static io.fluxsocket.core.BufferType.UTF8_MESSAGE;
import static io.fluxsocket.core.Bytes.ascii;
import static io.fluxsocket.core.Bytes.frame;
import static io.fluxsocket.core.Bytes.hex;
import static io.fluxsocket.core.Bytes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The properties of a handle (reference page, 3), their ranges and their effect. */
class PropertyRulesTest {
    private static final byte[] HELLO = utf8("Hello");

    @Test
    void defaultsAreThoseOfWindowsAndTheSafeOnes() {
        EngineSettings settings = EngineSettings.DEFAULT;
        assertThat(settings.receiveBufferSize()).isEqualTo(4096);
        assertThat(settings.sendBufferSize()).isZero();
        assertThat(settings.maxFrameSize()).isEqualTo(16 << 20);
        assertThat(settings.maxMessageSize()).isEqualTo(Long.MAX_VALUE);
        assertThat(settings.queueCapacity()).isEqualTo(16);
        assertThat(settings.maskingDisabled()).isFalse();
        assertThat(settings.utf8VerificationDisabled()).isFalse();
        assertThat(settings.automaticCloseEcho()).isTrue();
        assertThat(settings.indicatePings()).isFalse();
    }

    @Test
    void valuesOutsideOfTheirRangeAreRefused() {
        inRange(n -> EngineSettings.builder().receiveBufferSize((int) n), 256, 1 << 30);
        inRange(n -> EngineSettings.builder().sendBufferSize((int) n), 16, 1 << 30);
        inRange(n -> EngineSettings.builder().queueCapacity((int) n), 1, 1024);
        inRange(n -> EngineSettings.builder().maxFrameSize(n), 125, Long.MAX_VALUE);
        inRange(n -> EngineSettings.builder().maxMessageSize(n), 125, Long.MAX_VALUE);
        assertThat(EngineSettings.builder().sendBufferSize(0).build().sendBufferSize())
                .isZero();
    }

    private static void inRange(LongFunction<EngineSettings.Builder> setter, long from, long to) {
        setter.apply(from).build();
        setter.apply(to).build();
        assertThatIllegalArgumentException().isThrownBy(() -> setter.apply(from - 1));
        assertThatIllegalArgumentException().isThrownBy(() -> setter.apply(-1));
        if (to != Long.MAX_VALUE) {
            assertThatIllegalArgumentException().isThrownBy(() -> setter.apply(to + 1));
        }
    }

    @Test
    void builderKeepsEverySetting() {
        EngineSettings settings = EngineSettings.builder()
                .receiveBufferSize(300)
                .sendBufferSize(301)
                .maxFrameSize(302)
                .maxMessageSize(303)
                .queueCapacity(304)
                .maskingDisabled(true)
                .utf8VerificationDisabled(true)
                .automaticCloseEcho(false)
                .indicatePings(true)
                .build();
        for (EngineSettings copy : List.of(settings, settings.toBuilder().build())) {
            assertThat(copy.receiveBufferSize()).isEqualTo(300);
            assertThat(copy.sendBufferSize()).isEqualTo(301);
            assertThat(copy.maxFrameSize()).isEqualTo(302);
            assertThat(copy.maxMessageSize()).isEqualTo(303);
            assertThat(copy.queueCapacity()).isEqualTo(304);
            assertThat(copy.maskingDisabled()).isTrue();
            assertThat(copy.utf8VerificationDisabled()).isTrue();
            assertThat(copy.automaticCloseEcho()).isFalse();
            assertThat(copy.indicatePings()).isTrue();
        }
    }

    @Test
    void globalPropertiesAreThoseOfWindows() {
        assertThat(WebSocketEngine.SUPPORTED_VERSIONS).containsExactly(13);
        assertThat(WebSocketEngine.KEEPALIVE_INTERVAL).isEqualTo(Duration.ofSeconds(30));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> WebSocketEngine.SUPPORTED_VERSIONS.add(14));
    }

    @Test
    void roleIsFixed() {
        assertThat(WebSocketEngine.client(EngineSettings.DEFAULT).isClient()).isTrue();
        assertThat(WebSocketEngine.server(EngineSettings.DEFAULT).isClient()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void receiveBufferSizeIsTheRoomOfANetworkRead(Role role) {
        for (int size : new int[] {256, 257, 10_000}) {
            Stepper stepper = new Stepper(
                    role, EngineSettings.builder().receiveBufferSize(size).build());
            stepper.engine.receive("receive");
            Action read = stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);
            assertThat(read.length()).isEqualTo(size);
            assertThat(read.buffer(0).remaining()).isEqualTo(size);
        }
    }

    /** A new key for each frame: 100 pings have as good as 100 keys, and each unmasks its own payload. */
    @Test
    void clientMasksEachFrameWithAKeyOfItsOwn() {
        Stepper stepper = new Stepper(Role.CLIENT, WebSocketEngine.client(EngineSettings.DEFAULT));
        Set<List<Byte>> keys = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            stepper.engine.ping(HELLO, null);
            byte[] wire = stepper.takeSend(null);
            byte[] key = Arrays.copyOfRange(wire, 2, 6);
            assertThat(Bytes.masked(Arrays.copyOfRange(wire, 6, wire.length), key))
                    .isEqualTo(HELLO);
            keys.add(List.of(key[0], key[1], key[2], key[3]));
        }
        assertThat(keys).hasSizeGreaterThan(98);
    }

    @Test
    void withMaskingDisabledAClientKeepsTheMaskBitWithAKeyOfZero() {
        Stepper stepper = unmasked(Role.CLIENT);
        stepper.engine.send(UTF8_MESSAGE, HELLO, null);

        assertThat(stepper.takeSend(null))
                .isEqualTo(hex(
                        "81 85" // FIN and text; masked, 5 bytes
                                + "00 00 00 00" // masking key
                                + "48 65 6c 6c 6f")); // Hello
    }

    @Test
    void withMaskingDisabledAServerTakesFramesOfBothKinds() {
        Stepper stepper = unmasked(Role.SERVER);
        stepper.receive(
                frame(Stepper.TEXT, false, HELLO),
                frame(Stepper.TEXT, true, utf8("masked")),
                hex("81 85 00 00 00 00 48 65 6c 6c 6f")); // Hello, with a key of zero
        stepper.takeIndicated(UTF8_MESSAGE, HELLO);
        stepper.engine.receive("receive");
        stepper.takeIndicated(UTF8_MESSAGE, utf8("masked"));
        stepper.engine.receive("receive");
        stepper.takeIndicated(UTF8_MESSAGE, HELLO);
        stepper.engine.send(UTF8_MESSAGE, HELLO, null);
        assertThat(stepper.takeSend(null)).isEqualTo(frame(Stepper.TEXT, false, HELLO));
    }

    @Test
    void withMaskingDisabledAClientStillRefusesAMaskedFrame() {
        Stepper stepper = unmasked(Role.CLIENT);
        stepper.receive(frame(Stepper.TEXT, true, HELLO));
        assertThatExceptionOfType(WebSocketProtocolException.class).isThrownBy(() -> stepper.engine.getAction(RECEIVE));
    }

    private static Stepper unmasked(Role role) {
        return new Stepper(role, EngineSettings.builder().maskingDisabled(true).build());
    }

    @ParameterizedTest
    @EnumSource
    void withUtf8VerificationDisabledTextAndReasonsAreTakenAsTheyAre(Role role) {
        Stepper stepper = new Stepper(
                role, EngineSettings.builder().utf8VerificationDisabled(true).build());
        byte[] noText = hex("48 c3 28 f0 9d"); // H, an invalid sequence, half a code point
        byte[] body = hex(
                "03 e8" // 1000
                        + "c3 28"); // no reason
        stepper.receive(
                role.inbound(Stepper.TEXT, noText),
                role.inbound(Stepper.TEXT, HELLO),
                role.inbound(Stepper.CLOSE, body));
        stepper.takeIndicated(UTF8_MESSAGE, noText);
        stepper.engine.receive("receive");
        stepper.takeIndicated(UTF8_MESSAGE, HELLO);
        stepper.engine.receive("receive");
        Action close = stepper.indicated(BufferType.CLOSE, body);
        assertThat(close.closeStatus()).isEqualTo(CloseStatus.of(1000, "\ufffd("));
        stepper.engine.completeAction(close);
        assertThat(stepper.take(RECEIVE))
                .isEqualTo(role.outbound(Stepper.CLOSE, Bytes.closeBody(1000, utf8("\ufffd("))));
    }

    /** The allocated memory lies between 10 and 10 + 256 + 512; nothing else is read or written. */
    @ParameterizedTest
    @EnumSource
    void allocatedBufferHoldsBothBuffersAndNothingAroundThem(Role role) {
        EngineSettings settings = EngineSettings.builder()
                .receiveBufferSize(256)
                .sendBufferSize(512)
                .build();
        for (ByteBuffer allocated : List.of(ByteBuffer.allocate(800), ByteBuffer.allocateDirect(800))) {
            for (int i = 0; i < 800; i++) {
                allocated.put(i, (byte) '#');
            }
            allocated.position(10).limit(10 + 256 + 512);
            Stepper stepper = new Stepper(role, engine(role, settings, allocated));
            stepper.engine.send(BINARY_MESSAGE, ascii(2000), "send");

            stepper.engine.receive("receive");
            Action read = stepper.next(RECEIVE, RECEIVE_FROM_NETWORK);
            byte[] wire = role.inbound(Stepper.BINARY, ascii(200));
            read.buffer(0).put(wire);
            byte[] inAllocated = new byte[wire.length];
            allocated.get(10, inAllocated);
            assertThat(inAllocated).isEqualTo(wire);
            stepper.engine.completeAction(read, wire.length);
            Action part = stepper.next(SEND, SEND_TO_NETWORK);
            ByteBuffer header = part.buffer(0);
            header.put(0, (byte) '!');
            assertThat(allocated.get(10 + 256)).isEqualTo((byte) '!');

            stepper.takeIndicated(BINARY_MESSAGE, ascii(200));
            for (int i = 0; i < 800; i = i == 9 ? 10 + 256 + 512 : i + 1) {
                assertThat(allocated.limit(800).get(i)).isEqualTo((byte) '#');
            }
        }
    }

    private static WebSocketEngine engine(Role role, EngineSettings settings, ByteBuffer allocated) {
        return role == Role.CLIENT
                ? WebSocketEngine.client(settings, () -> 0x3d21fa37, allocated)
                : WebSocketEngine.server(settings, allocated);
    }

    @ParameterizedTest
    @EnumSource
    void allocatedBufferMustBeWritableAndLargeEnough(Role role) {
        EngineSettings settings = EngineSettings.builder()
                .receiveBufferSize(256)
                .sendBufferSize(512)
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> engine(role, settings, ByteBuffer.allocate(768).position(1)))
                .withMessageContaining("768 bytes");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> engine(role, settings, ByteBuffer.allocate(768).asReadOnlyBuffer()));
        int send = role == Role.CLIENT ? 4096 : 16;
        Consumer<Integer> withDefaults = size -> engine(role, EngineSettings.DEFAULT, ByteBuffer.allocate(size));
        withDefaults.accept(4096 + send);
        assertThatIllegalArgumentException().isThrownBy(() -> withDefaults.accept(4096 + send - 1));
    }
}
