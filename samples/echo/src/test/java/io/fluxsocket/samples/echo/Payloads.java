package io.fluxsocket.samples.echo;

import java.util.Random;

/** Contents for the lengths at which a frame's header changes, and for a large one. */
final class Payloads {
    /** RFC 6455 §5.2: seven bits, 16 bits, 64 bits; and the largest frame of the Autobahn suite. */
    static final int[] SIZES = {0, 125, 126, 65535, 65536, 16 << 20};

    private static final String CHARACTERS = "aé€😀";
    private static final int BYTES_OF_CHARACTERS = 1 + 2 + 3 + 4;

    private Payloads() {}

    /** Text with characters of one to four bytes, this long as UTF-8. */
    static String text(int bytes) {
        return "-".repeat(bytes % BYTES_OF_CHARACTERS) + CHARACTERS.repeat(bytes / BYTES_OF_CHARACTERS);
    }

    static byte[] binary(int bytes) {
        byte[] payload = new byte[bytes];
        new Random(bytes).nextBytes(payload);
        return payload;
    }
}
