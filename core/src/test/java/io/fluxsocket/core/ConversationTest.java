package io.fluxsocket.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client's and a server's engine talk: whatever one sends, the other receives, identical and in order, for any
 * fragmentation, any pings between, any settings, any split of the bytes and any way of giving and taking them. A seed makes
 * a conversation, so one that fails can be had again.
 */
class ConversationTest {
    private static final int CONVERSATIONS = 1000;

    /** One end, and what its peer has to see of it. */
    private static final class End {
        final Endpoint endpoint;
        final List<byte[]> pings = new ArrayList<>();
        final List<byte[]> pongs = new ArrayList<>();
        final List<Endpoint.Indication> sent = new ArrayList<>();
        /** What was given to send, to prove that it was not changed. */
        final List<byte[]> given = new ArrayList<>();

        final List<byte[]> copies = new ArrayList<>();

        End(WebSocketEngine engine, long seed) {
            endpoint = Endpoint.unhurried(engine, seed);
        }

        void send(BufferType type, byte[] payload) {
            given.add(payload);
            copies.add(payload.clone());
            endpoint.send(type, payload);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void whatOneEndSendsTheOtherReceives(int thousand) {
        for (int i = 0; i < CONVERSATIONS; i++) {
            long seed = thousand * CONVERSATIONS + i;
            try {
                converse(seed, 20_000);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("conversation " + seed, e);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatOneEndSendsTheOtherReceivesAlsoIfItIsLarge(long seed) {
        converse(-seed, 1 << 20);
    }

    private static void converse(long seed, int largest) {
        Random random = new Random(seed);
        End client = new End(WebSocketEngine.client(settings(random), random::nextInt, null), seed);
        End server = new End(WebSocketEngine.server(settings(random)), seed + 1);
        int messages = 1 + random.nextInt(8);
        for (int i = 0; i < messages; i++) {
            End from = random.nextBoolean() ? client : server;
            sendMessage(from, random, largest);
            if (random.nextBoolean()) {
                exchange(client, server, random);
            }
        }
        exchange(client, server, random);
        requireReceived(client, server);
        requireReceived(server, client);
        close(random.nextBoolean() ? client : server, client, server, random);
    }

    private static EngineSettings settings(Random random) {
        EngineSettings.Builder settings = EngineSettings.builder();
        if (random.nextBoolean()) {
            settings.receiveBufferSize(256 + random.nextInt(20_000));
        }
        if (random.nextBoolean()) {
            settings.sendBufferSize(16 + random.nextInt(random.nextBoolean() ? 10 : 20_000));
        }
        return settings.build();
    }

    /** A message in random fragments with random pings and pongs between them. */
    private static void sendMessage(End from, Random random, int largest) {
        boolean text = random.nextBoolean();
        int length = largest > 100_000
                ? 64 + random.nextInt(largest - 63)
                : random.nextInt(1 + random.nextInt(random.nextInt(10) == 0 ? largest : 400));
        byte[] payload = text ? text(random, length) : bytes(random, length);
        int at = 0;
        while (random.nextInt(3) != 0) {
            int n = random.nextInt(payload.length - at + 1);
            from.send(
                    text ? BufferType.UTF8_FRAGMENT : BufferType.BINARY_FRAGMENT,
                    Arrays.copyOfRange(payload, at, at + n));
            at += n;
            sendControl(from, random);
        }
        BufferType last = text ? BufferType.UTF8_MESSAGE : BufferType.BINARY_MESSAGE;
        from.send(last, Arrays.copyOfRange(payload, at, payload.length));
        from.sent.add(new Endpoint.Indication(last, payload, null));
        sendControl(from, random);
    }

    private static void sendControl(End from, Random random) {
        byte[] payload = bytes(random, random.nextInt(126));
        switch (random.nextInt(5)) {
            case 0 -> {
                from.send(BufferType.PING_PONG, payload);
                from.pings.add(payload);
            }
            case 1 -> {
                from.send(BufferType.UNSOLICITED_PONG, payload);
                from.pongs.add(payload);
            }
            default -> {}
        }
    }

    /** Carries bytes in both directions, in pieces of random sizes, until both are silent. */
    private static void exchange(End client, End server, Random random) {
        byte[] toServer = client.endpoint.writtenSoFar();
        byte[] toClient = server.endpoint.writtenSoFar();
        do {
            toServer = carry(toServer, server, random);
            toClient = carry(toClient, client, random);
            boolean silent = toServer.length + toClient.length == 0;
            toServer = Bytes.concat(toServer, silent ? client.endpoint.written() : client.endpoint.writtenSoFar());
            toClient = Bytes.concat(toClient, silent ? server.endpoint.written() : server.endpoint.writtenSoFar());
        } while (toServer.length + toClient.length != 0);
    }

    private static byte[] carry(byte[] bytes, End to, Random random) {
        int sizes = random.nextInt(4);
        int at = 0;
        for (int pieces = 0; pieces < 50 && at < bytes.length; pieces++) {
            int n = switch (sizes) {
                case 0 -> bytes.length < 20_000 ? 1 : 997;
                case 1 -> 1 + random.nextInt(14); // within headers
                case 2 -> 1 + random.nextInt(5000);
                default -> bytes.length;
            };
            n = Math.min(n, bytes.length - at);
            to.endpoint.read(Arrays.copyOfRange(bytes, at, at + n));
            at += n;
        }
        return Arrays.copyOfRange(bytes, at, bytes.length);
    }

    private static void requireReceived(End from, End to) {
        assertThat(to.endpoint.failure).isNull();
        List<Endpoint.Indication> data = new ArrayList<>();
        List<byte[]> pongs = new ArrayList<>();
        for (Endpoint.Indication message : to.endpoint.messages) {
            if (message.type() == BufferType.PING_PONG) {
                pongs.add(message.payload());
            } else {
                data.add(message);
            }
        }
        assertThat(data).hasSameSizeAs(from.sent);
        for (int i = 0; i < data.size(); i++) {
            assertThat(data.get(i).type()).isEqualTo(from.sent.get(i).type());
            assertThat(Arrays.equals(data.get(i).payload(), from.sent.get(i).payload()))
                    .as("message %d", i)
                    .isTrue();
        }
        requireMerged(pongs, from.pongs, to.pings);
        for (int i = 0; i < from.given.size(); i++) {
            assertThat(Arrays.equals(from.given.get(i), from.copies.get(i))).isTrue();
        }
    }

    /** The pongs that came are the unsolicited ones and the answers to one's own pings, each in their order. */
    private static void requireMerged(List<byte[]> came, List<byte[]> unsolicited, List<byte[]> answers) {
        assertThat(came).hasSize(unsolicited.size() + answers.size());
        // Payloads are random: which of the two a pong is can be told by looking, but for the very short.
        requireSubsequence(came, unsolicited);
        requireSubsequence(came, answers);
    }

    private static void requireSubsequence(List<byte[]> all, List<byte[]> some) {
        int at = 0;
        for (byte[] wanted : some) {
            while (at < all.size() && !Arrays.equals(all.get(at), wanted)) {
                at++;
            }
            assertThat(at++).as("a pong is missing or out of order").isLessThan(all.size());
        }
    }

    private static void close(End first, End client, End server, Random random) {
        CloseStatus status = CloseStatus.of(3000 + random.nextInt(2000), "é".repeat(random.nextInt(62)));
        first.endpoint.send(BufferType.CLOSE, CloseBody.encode(status));
        exchange(client, server, random);
        for (End end : new End[] {client, server}) {
            WebSocketEngine engine = end.endpoint.engine;
            assertThat(engine.closeSent()).isEqualTo(status);
            assertThat(engine.closeReceived()).isEqualTo(status);
            assertThat(engine.pendingSends()).isZero();
            assertThat(engine.pendingReceives()).isZero();
            engine.delete();
        }
    }

    private static byte[] bytes(Random random, int n) {
        byte[] bytes = new byte[n];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Text of about so many bytes, in ASCII or in a mixture of code points of all sizes. */
    private static byte[] text(Random random, int n) {
        if (random.nextBoolean()) {
            return Bytes.ascii(n);
        }
        StringBuilder text = new StringBuilder();
        for (int size = 0; size < n; ) {
            int codePoint = random.nextInt(1 << (6 + random.nextInt(15)));
            if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
                text.appendCodePoint(codePoint);
                size += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
            }
        }
        return Bytes.utf8(text.toString());
    }
}
