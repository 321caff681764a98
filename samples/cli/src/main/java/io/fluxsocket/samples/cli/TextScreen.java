package io.fluxsocket.samples.cli;

import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What people and pipes are told in the same words. */
abstract class TextScreen implements Screen {
    private final boolean pingsAndPongs;

    TextScreen(boolean pingsAndPongs) {
        this.pingsAndPongs = pingsAndPongs;
    }

    /** One line about the conversation, not of it. */
    abstract void status(String line);

    @Override
    public void opened(WebSocketConnection connection, Duration took) {
        StringBuilder line = new StringBuilder("connected to ")
                .append(connection.handshakeInfo().uri())
                .append(" in ")
                .append(millis(took));
        String subprotocol = connection.handshakeInfo().subprotocol();
        if (subprotocol != null) {
            line.append(", subprotocol ").append(subprotocol);
        }
        for (String extension : connection.handshakeInfo().extensions()) {
            line.append(", ").append(extension);
        }
        status(line.toString());
    }

    @Override
    public void sent(WebSocketFrame message) {}

    @Override
    public void frame(WireFrame frame) {
        if (pingsAndPongs && frame.isPingOrPong()) {
            String payload = frame.control().length == 0
                    ? ""
                    : ": " + Text.visible(new String(frame.control(), StandardCharsets.UTF_8));
            status((frame.inbound() ? "received " : "sent ") + frame.opcodeName() + payload);
        }
    }

    @Override
    public void pong(Duration roundTrip) {
        status("pong after " + millis(roundTrip));
    }

    @Override
    public void closed(CloseEvent event, @Nullable String problem) {
        String who = switch (event.initiator()) {
            case LOCAL -> "closed with " + event.status();
            case REMOTE ->
                "closed by the server with " + Text.visible(event.status().toString());
            case NONE -> "the connection was lost without a close (1006)";
        };
        status(who
                + (event.clean() || event.status().code() == 1006 ? "" : ", not cleanly")
                + (problem == null ? "" : ": " + Text.visible(problem)));
    }

    @Override
    public void failed(String sentence) {
        status(Text.visible(sentence));
    }

    @Override
    public void retrying(long attempt, Duration in) {
        status("connecting again in " + DurationConverter.text(in) + " (attempt " + attempt + ")");
    }

    @Override
    public void statistics(Traffic sent, Traffic received) {
        status("sent " + sent);
        status("received " + received);
    }

    static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6);
    }
}
