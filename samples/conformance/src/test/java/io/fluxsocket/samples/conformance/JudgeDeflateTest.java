package io.fluxsocket.samples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The judging peer's own compression. */
class JudgeDeflateTest {
    @Test
    void aSmallWindowOfItsOwnIsKeptToWithoutReferences() {
        DeflateTerms terms = new DeflateTerms(false, false, 0, 9);
        try (JudgeDeflate client = new JudgeDeflate(terms, true);
                JudgeDeflate server = new JudgeDeflate(terms, false)) {
            for (int size : new int[] {100, 0, 5000, 0, 1, 150_000}) {
                byte[] message = SampleData.JSON.message(3, size);
                assertThat(server.inflate(client.deflate(message))).isEqualTo(message);
                assertThat(client.inflate(server.deflate(message))).isEqualTo(message);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void windowInflaterReadsStoredFixedAndDynamicBlocks(SampleData data) {
        WindowInflater inflater = new WindowInflater(15, false);
        int[] strategies = {Deflater.DEFAULT_STRATEGY, Deflater.HUFFMAN_ONLY, Deflater.FILTERED};
        for (int size : new int[] {1, 30, 5000, 150_000}) {
            for (int strategy : strategies) {
                byte[] message = data.message(1, size);
                assertThat(inflater.inflate(deflate(message, strategy))).isEqualTo(message);
            }
        }
    }

    static byte[] deflate(byte[] message, int strategy) {
        Deflater deflater = new Deflater(6, true);
        deflater.setStrategy(strategy);
        deflater.setInput(message);
        byte[] out = new byte[message.length + 1000];
        int length = 0;
        while (!deflater.needsInput()) {
            length += deflater.deflate(out, length, out.length - length, Deflater.SYNC_FLUSH);
        }
        deflater.end();
        return Arrays.copyOf(out, length - 4);
    }
}
