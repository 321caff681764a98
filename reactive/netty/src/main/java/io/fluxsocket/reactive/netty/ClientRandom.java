package io.fluxsocket.reactive.netty;

import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.function.IntSupplier;

/**
 * Unpredictable keys for handshakes and masks (RFC 6455 §10.3) that an event loop may draw: the JDK's deterministic generator
 * (NIST SP 800-90A) reads from the operating system for its seed alone, the JDK's usual one again and again.
 */
final class ClientRandom {
    /** 32 keys: drawing them one by one would cost more than masking a small frame. */
    private static final int BLOCK = 128;

    private static final SecureRandom GENERATOR = seeded();

    private ClientRandom() {}

    /** Seeds the generator, now and on this thread, if nobody has yet. */
    static void prepare() {}

    static SecureRandom generator() {
        return GENERATOR;
    }

    /** {@return the mask keys of one connection, for use on its event loop} */
    static IntSupplier maskKeys() {
        ByteBuffer keys = ByteBuffer.allocate(BLOCK).limit(0);
        return () -> {
            if (!keys.hasRemaining()) {
                GENERATOR.nextBytes(keys.array());
                keys.clear();
            }
            return keys.getInt();
        };
    }

    private static SecureRandom seeded() {
        SecureRandom generator;
        try {
            generator = SecureRandom.getInstance("DRBG");
        } catch (NoSuchAlgorithmException anotherProvider) {
            generator = new SecureRandom();
        }
        generator.nextBytes(new byte[1]);
        return generator;
    }
}
