package io.fluxsocket.core;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.function.IntSupplier;

/** Mask keys from a secure source (RFC 6455 §5.3, §10.3), fetched in blocks: a call for each frame would cost more than the frame. */
final class SecureMaskKeys implements IntSupplier {
    private static final int BLOCK = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ByteBuffer keys = ByteBuffer.allocate(BLOCK).limit(0);

    @Override
    public int getAsInt() {
        if (!keys.hasRemaining()) {
            RANDOM.nextBytes(keys.array());
            keys.clear();
        }
        return keys.getInt();
    }
}
