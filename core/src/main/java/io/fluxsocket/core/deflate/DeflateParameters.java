package io.fluxsocket.core.deflate;

/**
 * What the response of a handshake says about permessage-deflate (RFC 7692 §7.1): the parameters that hold for one
 * connection.
 *
 * @param serverNoContextTakeover the server compresses each message by itself
 * @param clientNoContextTakeover the client compresses each message by itself
 * @param serverMaxWindowBits the server's output inflates in a window of two to this power, 8–15; 15 where nothing is said
 * @param clientMaxWindowBits the client's output inflates in a window of two to this power, 8–15; 15 where nothing is said
 */
public record DeflateParameters(
        boolean serverNoContextTakeover,
        boolean clientNoContextTakeover,
        int serverMaxWindowBits,
        int clientMaxWindowBits) {
    static final int SMALLEST_WINDOW_BITS = 8;
    static final int LARGEST_WINDOW_BITS = 15;

    /** What holds if the response names no parameter. */
    public static final DeflateParameters DEFAULT =
            new DeflateParameters(false, false, LARGEST_WINDOW_BITS, LARGEST_WINDOW_BITS);

    /** @throws IllegalArgumentException if window bits are not 8 to 15 */
    public DeflateParameters {
        requireWindowBits("serverMaxWindowBits", serverMaxWindowBits);
        requireWindowBits("clientMaxWindowBits", clientMaxWindowBits);
    }

    static int requireWindowBits(String name, int bits) {
        if (bits < SMALLEST_WINDOW_BITS || bits > LARGEST_WINDOW_BITS) {
            throw new IllegalArgumentException(
                    name + " is " + bits + "; it must lie between 8 and 15 (RFC 7692 §7.1.2)");
        }
        return bits;
    }
}
