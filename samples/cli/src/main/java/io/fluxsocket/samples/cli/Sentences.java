package io.fluxsocket.samples.cli;

import io.fluxsocket.reactive.WebSocketHandshakeException;
import io.fluxsocket.reactive.WebSocketTimeoutException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What went wrong, as a sentence that says what to do. */
final class Sentences {
    private Sentences() {}

    static String of(Throwable error) {
        if (error instanceof WebSocketHandshakeException refused) {
            return refusal(refused);
        }
        if (error instanceof WebSocketTimeoutException) {
            return error.getMessage() + "; is that a WebSocket server? More time: --timeout=1m";
        }
        SSLException tls = cause(error, SSLException.class);
        if (tls != null) {
            return "TLS failed: " + tls.getMessage()
                    + "; a certificate of one's own is trusted with --cacert=FILE, any with --insecure";
        }
        UnknownHostException unknown = cause(error, UnknownHostException.class);
        if (unknown != null) {
            return "nobody knows the host of that URL: " + unknown.getMessage();
        }
        if (cause(error, ConnectException.class) != null || cause(error, NoRouteToHostException.class) != null) {
            return "nobody listens there: " + error.getMessage();
        }
        String message = error.getMessage();
        return message == null ? error.getClass().getSimpleName() : message;
    }

    private static String refusal(WebSocketHandshakeException refused) {
        String advice = switch (refused.statusCode()) {
            case 301, 302, 303, 307, 308 ->
                "; it points to " + refused.headers().first("Location") + " (--follow goes there)";
            case 401 -> "; give a name and password with --user=NAME:PASSWORD";
            case 403 -> "; it may want another --origin or --user";
            case 404 -> "; is the path right?";
            case 503 -> "; it is busy: --reconnect tries again";
            default -> "";
        };
        String body = refused.body().strip();
        return refused.getMessage() + advice + (body.isEmpty() ? "" : "\n  " + firstLine(body));
    }

    private static String firstLine(String text) {
        String line = text.lines().findFirst().orElse("");
        return Text.visible(line.length() > 200 ? line.substring(0, 200) + "…" : line);
    }

    private static <T extends Throwable> @Nullable T cause(@Nullable Throwable error, Class<T> type) {
        for (Throwable at = error; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
        }
        return null;
    }
}
