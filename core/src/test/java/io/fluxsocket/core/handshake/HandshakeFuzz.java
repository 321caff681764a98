package io.fluxsocket.core.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.fluxsocket.core.FuzzInput;
import io.fluxsocket.core.deflate.DeflateSettings;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;

/** What the fuzz targets of the handshake have in common: header lines, and checks that are written a second time. */
final class HandshakeFuzz {
    private static final String[] NAMES = {
        "Sec-WebSocket-Extensions",
        "Sec-WebSocket-Protocol",
        "Origin",
        "Host",
        "Upgrade",
        "Connection",
        "Sec-WebSocket-Version",
        "Sec-WebSocket-Key",
        "Sec-WebSocket-Accept",
        "Content-Length",
        "Transfer-Encoding"
    };

    private HandshakeFuzz() {}

    /** Adds any lines. Returns whether there was one that may matter. */
    static boolean addLines(HandshakeHeaders.Builder headers, FuzzInput in) {
        boolean matters = false;
        for (int lines = in.below(5); lines > 0 && in.hasBytes(); lines--) {
            int kind = in.below(NAMES.length + 1);
            String name = kind == NAMES.length ? text(in, 3 + in.below(20)) : NAMES[kind];
            String value = text(in, in.next());
            try {
                headers.add(name, value);
                matters |= kind != NAMES.length || Arrays.asList(NAMES).stream().anyMatch(name::equalsIgnoreCase);
            } catch (IllegalArgumentException e) {
                checkMessage(e.getMessage().replace('…', '.'));
                check(!isName(name) || value.matches("(?s).*[\\r\\n\\x00].*"), "a valid line was refused: " + e);
            }
        }
        return matters;
    }

    private static boolean isName(String name) {
        return name.matches("[!#$%&'*+.^_`|~0-9a-zA-Z-]+");
    }

    static String text(FuzzInput in, int length) {
        return new String(in.bytes(length), ISO_8859_1);
    }

    static DeflateSettings settings(FuzzInput in) {
        return DeflateSettings.builder()
                .serverNoContextTakeover(in.oneIn(2))
                .clientNoContextTakeover(in.oneIn(2))
                .serverMaxWindowBits(15 - in.below(8))
                .clientMaxWindowBits(15 - in.below(8))
                .build();
    }

    static RandomGenerator zeros() {
        return () -> 0;
    }

    static String one(HandshakeHeaders headers, String name) {
        List<String> values = headers.all(name);
        check(values.size() == 1, values.size() + " times " + name);
        return values.get(0);
    }

    /** Whether a list header has the token, whatever case it has and whatever stands around it. */
    static boolean lists(HandshakeHeaders headers, String name, String token) {
        for (String element : String.join(",", headers.all(name)).split(",")) {
            if (element.strip().equalsIgnoreCase(token)) {
                return true;
            }
        }
        return false;
    }

    /** RFC 6455 §4.2.2. */
    static String accept(String key) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1));
            return Base64.getEncoder().encodeToString(sum);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** No line can begin another. */
    static void checkLine(String name, String value) {
        check(isName(name), "a name that is none");
        check(value.chars().allMatch(c -> c == '\t' || (c >= 32 && c < 256 && c != 127)), "a value that is none");
    }

    /** What is told of the peer's values is short and printable. */
    static void checkMessage(String message) {
        check(message.length() < 600, "a message of " + message.length());
        check(message.chars().allMatch(c -> (c >= 32 && c < 127) || c == '…'), "a message that is not printable");
    }

    static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
