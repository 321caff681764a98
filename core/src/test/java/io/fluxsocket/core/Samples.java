package io.fluxsocket.core;

import static io.fluxsocket.core.Bytes.utf8;

import java.util.Random;

/** Payloads of the kinds that compression meets; always UTF-8. */
final class Samples {
    private static final String[] WORDS = {
        "price",
        "symbol",
        "größe",
        "\"bid\":",
        "\"ask\":",
        "1700000",
        "42",
        "the",
        "of",
        "message",
        "日本",
        "😀",
        "{",
        "}",
        ",",
        "\n"
    };

    private Samples() {}

    /** Text of at most n bytes, and at least n - 3, whose words come again. */
    static byte[] words(Random random, int n) {
        StringBuilder text = new StringBuilder();
        int size = 0;
        while (true) {
            String word =
                    random.nextInt(4) == 0 ? Integer.toString(random.nextInt()) : WORDS[random.nextInt(WORDS.length)];
            int length = utf8(word).length;
            if (size + length > n) {
                return utf8(text + "x".repeat(n - size));
            }
            text.append(word);
            size += length;
        }
    }

    /** Text that hardly shrinks. */
    static byte[] noise(Random random, int n) {
        byte[] bytes = new byte[n];
        for (int i = 0; i < n; i++) {
            bytes[i] = (byte) (32 + random.nextInt(95));
        }
        return bytes;
    }

    static byte[] any(Random random, int n) {
        return switch (random.nextInt(4)) {
            case 0 -> noise(random, n);
            case 1 -> utf8(String.valueOf((char) ('a' + random.nextInt(26))).repeat(n));
            default -> words(random, n);
        };
    }
}
