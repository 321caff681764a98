package io.fluxsocket.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.deflate.ClientDeflate;
import io.fluxsocket.core.deflate.Compression;
import io.fluxsocket.core.deflate.DeflateAgreement;
import io.fluxsocket.core.deflate.DeflateParameters;
import io.fluxsocket.core.deflate.DeflateSettings;
import io.fluxsocket.core.deflate.ServerDeflate;
import io.fluxsocket.core.handshake.Extension;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever one engine compresses the other inflates: for any parameters, any parts and any split of the bytes. */
class DeflatePairTest {
    private static final EngineSettings LARGE = EngineSettings.builder()
            .receiveBufferSize(65536)
            .sendBufferSize(65536)
            .build();

    private final CountingCodecs codecs = new CountingCodecs();

    private record Message(boolean text, byte[] payload) {}

    static Stream<Arguments> parameters() {
        return IntStream.rangeClosed(8, 15)
                .boxed()
                .flatMap(bits -> Stream.of(
                        Arguments.of(bits, false, false),
                        Arguments.of(bits, true, false),
                        Arguments.of(bits, false, true),
                        Arguments.of(bits, true, true)));
    }

    @ParameterizedTest
    @MethodSource("parameters")
    void everyMessageArrivesForAnyParameters(int windowBits, boolean noContextTakeover, boolean released) {
        DeflateParameters parameters =
                new DeflateParameters(noContextTakeover, noContextTakeover, windowBits, windowBits);
        for (Role sender : Role.values()) {
            Random random = new Random(windowBits);
            DeflateSettings settings = DeflateSettings.builder()
                    .threshold(random.nextInt(200))
                    .compressionLevel(random.nextInt(10))
                    .fragmentSize(128 + random.nextInt(20_000))
                    .releasedBetweenMessages(released)
                    .build();
            DeflateAgreement agreement = new DeflateAgreement(parameters, settings);
            Pair pair = new Pair(sender, agreement, EngineSettings.DEFAULT, random);
            for (int length : new int[] {0, 1, 2, 125, 126, 127, 128, 1000, 4096, 4097, 65535, 65536, 100_000}) {
                int step = length <= 1000 && random.nextBoolean() ? 1 : 1 + random.nextInt(5000);
                pair.send(Samples.any(random, length));
                pair.deliver(step);
            }
            pair.end();
        }
    }

    /** The parameter sets of sections 13.1 to 13.7 of the Autobahn suite, as they are negotiated. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate; client_no_context_takeover; client_max_window_bits",
                "permessage-deflate; client_no_context_takeover; client_max_window_bits; server_no_context_takeover",
                "permessage-deflate; client_no_context_takeover; client_max_window_bits; server_max_window_bits=9",
                "permessage-deflate; client_no_context_takeover; client_max_window_bits; server_max_window_bits=15",
                "permessage-deflate; client_max_window_bits; server_no_context_takeover; server_max_window_bits=9",
                "permessage-deflate; client_max_window_bits; server_no_context_takeover; server_max_window_bits=15",
                "permessage-deflate; client_max_window_bits; server_no_context_takeover; server_max_window_bits=9,"
                        + " permessage-deflate; client_max_window_bits; server_no_context_takeover,"
                        + " permessage-deflate; client_max_window_bits"
            })
    void aMebibyteArrivesWithEachOfTheSevenParameterSets(String offers) {
        ServerDeflate server = new ServerDeflate(DeflateSettings.DEFAULT);
        List<Extension> accepted = server.negotiate(Extension.parse(offers));
        DeflateAgreement agreement = server.agreement(accepted);
        assertThat(agreement).isNotNull();
        assertThat(new ClientDeflate(DeflateSettings.DEFAULT).agreement(accepted))
                .isEqualTo(agreement);
        for (Role sender : Role.values()) {
            Random random = new Random(1);
            Pair pair = new Pair(sender, agreement, LARGE, random);
            pair.send(Samples.words(random, 1 << 20));
            pair.deliver(65536);
            pair.send(Samples.noise(random, 1 << 20));
            pair.deliver(997);
            pair.end();
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void randomRunsDeliverTheSame(long seed) {
        Random random = new Random(seed);
        DeflateParameters parameters = new DeflateParameters(
                random.nextBoolean(), random.nextBoolean(), 8 + random.nextInt(8), 8 + random.nextInt(8));
        DeflateSettings settings = DeflateSettings.builder()
                .threshold(random.nextInt(500))
                .compressionLevel(random.nextInt(10))
                .fragmentSize(128 + random.nextInt(random.nextBoolean() ? 300 : 20_000))
                .build();
        EngineSettings engine = EngineSettings.builder()
                .receiveBufferSize(256 + random.nextInt(9000))
                .sendBufferSize(16 + random.nextInt(9000))
                .build();
        Role sender = Role.values()[random.nextInt(2)];
        Pair pair = new Pair(sender, new DeflateAgreement(parameters, settings), engine, random);
        for (int i = 0; i < 30; i++) {
            int messages = random.nextInt(4);
            for (int k = 0; k < messages; k++) {
                pair.send(Samples.any(random, random.nextInt(random.nextInt(3) == 0 ? 20_000 : 500)));
            }
            pair.deliver(random.nextInt(5) == 0 ? 1 : 1 + random.nextInt(random.nextBoolean() ? 50 : 9000));
        }
        pair.end();
    }

    static Stream<Long> seeds() {
        return Stream.iterate(1L, seed -> seed + 1).limit(60);
    }

    /** One engine that sends in random parts, with pings between them, and its peer. */
    private final class Pair {
        private final Endpoint sender;
        private final Endpoint receiver;
        private final Random random;
        private final List<Message> sent = new ArrayList<>();
        private int pings;

        Pair(Role role, DeflateAgreement agreement, EngineSettings settings, Random random) {
            this.random = random;
            Role other = role == Role.CLIENT ? Role.SERVER : Role.CLIENT;
            sender = new Endpoint(role.engine(settings, agreement, codecs), random.nextLong());
            receiver = new Endpoint(other.engine(settings, agreement, codecs), random.nextLong());
        }

        void send(byte[] payload) {
            boolean text = random.nextBoolean();
            Compression compression = Compression.values()[random.nextInt(4) == 0 ? random.nextInt(3) : 1];
            int at = 0;
            boolean last;
            do {
                last = random.nextInt(3) != 0;
                int n = last ? payload.length - at : random.nextInt(payload.length - at + 1);
                if (random.nextBoolean()) {
                    sender.engine.send(type(text, last), payload, at, n, compression, null);
                } else {
                    ByteBuffer direct = ByteBuffer.allocateDirect(n + 3).position(2);
                    direct.put(payload, at, n).flip().position(2);
                    sender.engine.send(type(text, last), direct, compression, null);
                }
                if (random.nextInt(4) == 0) {
                    sender.engine.ping(new byte[] {(byte) pings++}, null);
                }
                at += n;
                sender.run();
            } while (!last);
            sent.add(new Message(text, payload));
        }

        private static BufferType type(boolean text, boolean last) {
            if (text) {
                return last ? BufferType.UTF8_MESSAGE : BufferType.UTF8_FRAGMENT;
            }
            return last ? BufferType.BINARY_MESSAGE : BufferType.BINARY_FRAGMENT;
        }

        /** What was sent arrives, so many bytes at a time, and pongs go back. */
        void deliver(int step) {
            receiver.readInSteps(sender.written(), step);
            assertThat(receiver.failure).isNull();
            sender.read(receiver.written());
            assertThat(receiver.messages).hasSameSizeAs(sent);
            for (int i = 0; i < sent.size(); i++) {
                Endpoint.Indication received = receiver.messages.get(i);
                assertThat(received.type()).isEqualTo(type(sent.get(i).text, true));
                assertThat(Arrays.equals(received.payload(), sent.get(i).payload))
                        .isTrue();
            }
            assertThat(sender.messages).hasSize(pings);
            receiver.messages.clear();
            sent.clear();
        }

        /** A clean close, after which nothing native is left. */
        void end() {
            sender.engine.close(CloseStatus.NORMAL, null);
            sender.run();
            receiver.read(sender.written());
            sender.read(receiver.written());
            assertThat(sender.engine.closeReceived()).isEqualTo(CloseStatus.NORMAL);
            assertThat(codecs.live).isZero();
            assertThat(codecs.made).isPositive();
        }
    }
}
