package io.fluxsocket.core.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;
import java.util.random.RandomGenerator;

/** The two values that prove that a server understood the handshake: key and accept (RFC 6455 §1.3). */
public final class HandshakeKeys {

    /** The length of a key before base64, in bytes (RFC 6455 §4.1). */
    private static final int KEY_BYTES = 16;

    /** The length of {@value #KEY_BYTES} bytes in base64, in characters. */
    private static final int KEY_CHARACTERS = 24;

    /** RFC 6455 §1.3: a GUID that no endpoint would use that does not know the WebSocket protocol. */
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private HandshakeKeys() {}

    /**
     * The {@code Sec-WebSocket-Accept} that belongs to a key: the base64 of the SHA-1 of key and GUID (RFC 6455
     * §4.2.2). Whitespace around the key is not part of it. The key is not judged: see {@link #isKey(String)}.
     *
     * @param key the value of {@code Sec-WebSocket-Key}
     * @return the value of {@code Sec-WebSocket-Accept}, 28 characters
     */
    public static String accept(String key) {
        byte[] hashed = sha1().digest((HeaderGrammar.trim(key) + GUID).getBytes(ISO_8859_1));
        return Base64.getEncoder().encodeToString(hashed);
    }

    /**
     * Whether a {@code Sec-WebSocket-Key} is well-formed: the base64, padding included, of exactly 16 bytes (RFC 6455
     * §4.2.1). Whitespace around it is not part of it. Unused bits of the last character may be set: the RFC's own
     * example {@code AQIDBAUGBwgJCgsMDQ4PEC==} (§4.1) sets them.
     *
     * @param key the value of {@code Sec-WebSocket-Key}
     * @return whether a server may accept it
     */
    public static boolean isKey(String key) {
        String trimmed = HeaderGrammar.trim(key);
        if (trimmed.length() != KEY_CHARACTERS) {
            return false;
        }
        try {
            return Base64.getDecoder().decode(trimmed).length == KEY_BYTES;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    /**
     * A new {@code Sec-WebSocket-Key}: 16 random bytes in base64. RFC 6455 §4.1 asks for a new one for each connection.
     *
     * @param random where the bytes come from; a {@link java.security.SecureRandom} unless a test wants to know them
     * @return the key, 24 characters
     */
    public static String generate(RandomGenerator random) {
        byte[] nonce = new byte[KEY_BYTES];
        Objects.requireNonNull(random, "random").nextBytes(nonce);
        return Base64.getEncoder().encodeToString(nonce);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform must provide SHA-1; this one does not", impossible);
        }
    }
}
