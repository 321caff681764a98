package io.fluxsocket.core;

import static io.fluxsocket.core.ActionQueue.ALL;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.fluxsocket.core.deflate.DeflateAgreement;
import io.fluxsocket.core.deflate.DeflateParameters;
import io.fluxsocket.core.deflate.DeflateSettings;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * In the steady state a frame costs no allocation, in neither direction, on the path that a fast driver takes: write into
 * the driver's buffer, lend that buffer, copy the payload out. Counted, not timed.
 */
class AllocationTest {
    private static final int WARM_UP = 10_000;
    private static final int FRAMES = 5_000;
    /**
     * What the JVM may allocate on our thread for itself while 5,000 frames pass. The smallest object there is, 16 bytes,
     * once a frame would be 80,000.
     */
    private static final long TOLERANCE = 4_096;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** One end of the connection, with a driver that allocates nothing itself. */
    private static final class End {
        final WebSocketEngine engine;
        final ByteBuffer out;
        final byte[] received = new byte[65536];
        int have;
        int indications;
        Action read;
        boolean echoes;
        Action echoed;

        End(WebSocketEngine engine, ByteBuffer out) {
            this.engine = engine;
            this.out = out;
        }

        /** Does all there is to do without reading. */
        void run() {
            while (true) {
                if (engine.pendingReceives() == 0) {
                    engine.receive(this);
                }
                Action action = engine.getAction(ALL);
                switch (action.kind()) {
                    case SEND_TO_NETWORK -> {
                        action.writeTo(out);
                        engine.completeAction(action, action.length());
                    }
                    case RECEIVE_FROM_NETWORK -> read = action;
                    case INDICATE_SEND_COMPLETE -> {
                        engine.completeAction(action);
                        if (echoed != null) {
                            engine.completeAction(echoed);
                            echoed = null;
                        }
                    }
                    case INDICATE_RECEIVE_COMPLETE -> {
                        if (echoes) {
                            echoed = action;
                            engine.send(action, this);
                            continue;
                        }
                        action.copyTo(received, 0);
                        have = action.length();
                        indications++;
                        engine.completeAction(action);
                    }
                    case NO_ACTION -> {
                        return;
                    }
                }
            }
        }

        /** Reads what the other end wrote, so many bytes at once. */
        void read(ByteBuffer in, int readSize) {
            in.flip();
            int end = in.limit();
            while (in.position() < end) {
                in.limit(Math.min(in.position() + readSize, end));
                engine.completeAction(read, in);
                run();
                in.position(in.limit());
            }
            in.clear();
        }
    }

    /** Frames that are read at once, and frames of 64 KiB that come in reads of 16 KiB and are assembled. */
    @ParameterizedTest
    @CsvSource({
        "CLIENT, UTF8_MESSAGE, 20, true, 65536", "SERVER, UTF8_MESSAGE, 20, true, 65536",
        "CLIENT, BINARY_MESSAGE, 20, false, 65536", "SERVER, BINARY_MESSAGE, 20, false, 65536",
        "CLIENT, UTF8_MESSAGE, 125, false, 65536", "SERVER, UTF8_MESSAGE, 125, false, 65536",
        "CLIENT, BINARY_MESSAGE, 1024, true, 65536", "SERVER, BINARY_MESSAGE, 1024, true, 65536",
        "CLIENT, UTF8_MESSAGE, 1024, false, 65536", "SERVER, UTF8_MESSAGE, 1024, false, 65536",
        "CLIENT, BINARY_MESSAGE, 65536, true, 131072", "SERVER, BINARY_MESSAGE, 65536, true, 131072",
        "CLIENT, UTF8_MESSAGE, 65536, false, 16384", "SERVER, UTF8_MESSAGE, 65536, false, 16384",
        "CLIENT, BINARY_MESSAGE, 1024, true, 5", "SERVER, BINARY_MESSAGE, 1024, true, 5",
        "CLIENT, PING_PONG, 125, false, 65536", "SERVER, PING_PONG, 125, false, 65536",
    })
    void steadyStateAllocatesNothing(Role sending, BufferType type, int length, boolean heap, int readSize) {
        steadyStateAllocatesNothing(sending, type, length, heap, readSize, null);
    }

    /** A deflated message in a frame, in several reads, and in several frames. */
    @ParameterizedTest
    @CsvSource({
        "CLIENT, UTF8_MESSAGE, 125, true, 65536, 16384", "SERVER, UTF8_MESSAGE, 125, true, 65536, 16384",
        "CLIENT, BINARY_MESSAGE, 125, false, 5, 16384", "SERVER, BINARY_MESSAGE, 125, false, 5, 16384",
        "CLIENT, UTF8_MESSAGE, 16384, false, 65536, 128", "SERVER, UTF8_MESSAGE, 16384, false, 65536, 128",
    })
    void deflatedFramesAllocateNothing(
            Role sending, BufferType type, int length, boolean heap, int readSize, int fragmentSize) {
        DeflateSettings settings = DeflateSettings.builder()
                .threshold(0)
                .fragmentSize(fragmentSize)
                .build();
        DeflateAgreement deflate = new DeflateAgreement(DeflateParameters.DEFAULT, settings);
        steadyStateAllocatesNothing(sending, type, length, heap, readSize, deflate);
    }

    private static void steadyStateAllocatesNothing(
            Role sending, BufferType type, int length, boolean heap, int readSize, @Nullable DeflateAgreement deflate) {
        EngineSettings settings =
                EngineSettings.builder().receiveBufferSize(65536).build();
        End client = new End(WebSocketEngine.client(settings, deflate), network(heap));
        End server = new End(WebSocketEngine.server(settings, deflate), network(heap));
        End sender = sending == Role.CLIENT ? client : server;
        End receiver = sending == Role.CLIENT ? server : client;
        byte[] payload = Bytes.ascii(length);
        sender.run();
        receiver.run();

        pass(sender, receiver, type, payload, readSize, length < 10_000 ? WARM_UP : WARM_UP / 10);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        pass(sender, receiver, type, payload, readSize, FRAMES);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;

        assertThat(allocated).isLessThan(TOLERANCE);
        End indicated = type.isData() ? receiver : sender; // a pong comes back
        assertThat(indicated.indications).isGreaterThanOrEqualTo(FRAMES);
        assertThat(indicated.received).startsWith(payload);
        assertThat(indicated.have).isEqualTo(length);
    }

    /** The same for an end that sends on what it receives, from where it lies. */
    @ParameterizedTest
    @CsvSource({"20, true", "20, false", "65536, true", "65536, false"})
    void sendingOnWhatIsReceivedAllocatesNothing(int length, boolean heap) {
        EngineSettings settings =
                EngineSettings.builder().receiveBufferSize(65536).build();
        End client = new End(WebSocketEngine.client(settings), network(heap));
        End server = new End(WebSocketEngine.server(settings), network(heap));
        server.echoes = true;
        byte[] payload = Bytes.ascii(length);
        client.run();
        server.run();

        pass(client, server, BufferType.BINARY_MESSAGE, payload, 131_072, length < 10_000 ? WARM_UP : WARM_UP / 10);
        int before = client.indications;
        long allocatedBefore = THREADS.getCurrentThreadAllocatedBytes();
        pass(client, server, BufferType.BINARY_MESSAGE, payload, 131_072, FRAMES);
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - allocatedBefore;

        assertThat(allocated).isLessThan(TOLERANCE);
        assertThat(client.indications).isEqualTo(before + FRAMES);
        assertThat(client.received).startsWith(payload);
        assertThat(client.have).isEqualTo(length);
    }

    private static ByteBuffer network(boolean heap) {
        return heap ? ByteBuffer.allocate(140_000) : ByteBuffer.allocateDirect(140_000);
    }

    private static void pass(End sender, End receiver, BufferType type, byte[] payload, int readSize, int frames) {
        for (int i = 0; i < frames; i++) {
            sender.engine.send(type, payload, sender);
            sender.run();
            receiver.read(sender.out, readSize);
            sender.read(receiver.out, readSize);
        }
    }
}
