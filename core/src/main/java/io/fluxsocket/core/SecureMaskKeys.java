package io.fluxsocket.core;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.function.IntSupplier;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Mask keys that a peer cannot predict (RFC 6455 §5.3, §10.3): the key stream of AES in counter mode under a key of a secure
 * source, in blocks.
 *
 * <p>The secure source itself would cost more than a small frame, and allocates at each call; the cipher does neither.
 */
final class SecureMaskKeys implements IntSupplier {
    private static final int BLOCK = 128;
    private static final int AES_BLOCK = 16;
    private static final SecureRandom SEED = new SecureRandom();
    private static final byte[] ZEROS = new byte[BLOCK];

    private final ByteBuffer keys = ByteBuffer.allocate(BLOCK).limit(0);
    /** Made for the first frame. */
    private @Nullable Cipher cipher;

    @Override
    public int getAsInt() {
        if (!keys.hasRemaining()) {
            refill();
        }
        return keys.getInt();
    }

    private void refill() {
        try {
            Cipher stream = cipher;
            if (stream == null) {
                cipher = stream = seeded();
            }
            stream.update(ZEROS, 0, BLOCK, keys.array(), 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no AES in counter mode; give the engine mask keys", e);
        }
        keys.clear();
    }

    private static Cipher seeded() throws GeneralSecurityException {
        byte[] seed = new byte[2 * AES_BLOCK];
        SEED.nextBytes(seed);
        Cipher stream = Cipher.getInstance("AES/CTR/NoPadding");
        stream.init(
                Cipher.ENCRYPT_MODE,
                new SecretKeySpec(seed, 0, AES_BLOCK, "AES"),
                new IvParameterSpec(seed, AES_BLOCK, AES_BLOCK));
        return stream;
    }
}
