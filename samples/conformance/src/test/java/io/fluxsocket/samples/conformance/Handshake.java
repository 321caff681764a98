package io.fluxsocket.samples.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The judging peer's opening handshake, of either role (RFC 6455 §4). */
final class Handshake {
    /** The key and the accept of RFC 6455 §1.3. */
    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private Handshake() {}

    /** A client's request. */
    static String request(String path, @Nullable String extensions) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: " + KEY + "\r\nSec-WebSocket-Version: 13\r\n" + line(extensions) + "\r\n";
    }

    /** A server's answer to a request. */
    static String response(String request, @Nullable String extensions) {
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + accept(header(request, "Sec-WebSocket-Key")) + "\r\n" + line(extensions) + "\r\n";
    }

    private static String line(@Nullable String extensions) {
        return extensions == null ? "" : "Sec-WebSocket-Extensions: " + extensions + "\r\n";
    }

    static String accept(@Nullable String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** The value of a header; null if it is absent. */
    static @Nullable String header(String head, String name) {
        Matcher matcher = Pattern.compile("(?im)^" + name + ": *(.*?) *\r?$").matcher(head);
        return matcher.find() ? matcher.group(1) : null;
    }

    static void requireAccepted(String response) throws IOException {
        if (!response.startsWith("HTTP/1.1 101 ") || !ACCEPT.equals(header(response, "Sec-WebSocket-Accept"))) {
            throw new IOException("the handshake was not accepted: " + response);
        }
    }
}
