package io.fluxsocket.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Mask keys are new for each frame, and every bit of them is (RFC 6455 §5.3, §10.3). */
class SecureMaskKeysTest {
    @Test
    void keysDoNotRepeatWithinOrAcrossBlocksAndUseAllBits() {
        Set<Integer> keys = new HashSet<>();
        int everSet = 0;
        int everClear = 0;
        for (int engine = 0; engine < 4; engine++) {
            SecureMaskKeys source = new SecureMaskKeys();
            for (int i = 0; i < 300; i++) {
                int key = source.getAsInt();
                keys.add(key);
                everSet |= key;
                everClear |= ~key;
            }
        }
        // Of 1,200 random keys two are equal once in 6,000 runs; three collisions never are.
        assertThat(keys).hasSizeGreaterThan(1197);
        assertThat(everSet).isEqualTo(-1);
        assertThat(everClear).isEqualTo(-1);
    }

    @Test
    void aClientMasksEachFrameWithAKeyOfItsOwn() {
        Endpoint client = new Endpoint(WebSocketEngine.client(EngineSettings.DEFAULT));
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            client.engine.send(BufferType.BINARY_MESSAGE, new byte[100], null);
            client.run();
            byte[] frame = client.written();
            keys.add(Bytes.toHex(Arrays.copyOfRange(frame, 2, 6)));
            assertThat(Bytes.masked(new byte[100], Arrays.copyOfRange(frame, 2, 6)))
                    .isEqualTo(Arrays.copyOfRange(frame, 6, 106));
        }
        assertThat(keys).hasSizeGreaterThan(98);
    }

    @Test
    void drawingKeysAllocatesNothing() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        SecureMaskKeys source = new SecureMaskKeys();
        int sum = 0;
        for (int i = 0; i < 100_000; i++) {
            sum += source.getAsInt();
        }
        long least = Long.MAX_VALUE; // of three times, as the JDK allocates something once, at any time
        for (int time = 0; time < 3; time++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100_000; i++) {
                sum += source.getAsInt();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        // One object of 16 bytes for each block of 32 keys would be 50,000.
        assertThat(least).as("of %d", sum).isLessThan(4096);
    }
}
