package io.fluxsocket.samples.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.fluxsocket.core.handshake.HandshakeHeaders;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.HandshakeInfo;
import io.fluxsocket.reactive.WebSocketConnection;
import io.fluxsocket.reactive.WebSocketFrame;
import io.fluxsocket.reactive.WebSocketMessage;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** For programs: one JSON object a line, each with a time and an event. */
final class JsonScreen implements Screen {
    private final Gson gson =
            new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
    private final PrintStream out;

    JsonScreen(PrintStream out) {
        this.out = out;
    }

    @Override
    public void opened(WebSocketConnection connection, Duration took) {
        HandshakeInfo info = connection.handshakeInfo();
        JsonObject line = event("open");
        line.addProperty("url", info.uri().toString());
        line.addProperty("handshakeMillis", millis(took));
        line.addProperty("subprotocol", info.subprotocol());
        JsonArray extensions = new JsonArray();
        info.extensions().forEach(extensions::add);
        line.add("extensions", extensions);
        line.add("headers", headers(info.headers()));
        print(line);
    }

    private static JsonObject headers(HandshakeHeaders headers) {
        JsonObject all = new JsonObject();
        for (String name : headers.names()) {
            all.addProperty(name.toLowerCase(Locale.ROOT), String.join(", ", headers.all(name)));
        }
        return all;
    }

    @Override
    public void sent(WebSocketFrame message) {
        boolean text = message.type() == WebSocketFrame.Type.TEXT;
        print(message("out", text, message.toByteArray()));
    }

    @Override
    public void received(WebSocketMessage message) {
        print(message("in", message.isText(), message.toByteArray()));
    }

    private static JsonObject message(String direction, boolean text, byte[] payload) {
        JsonObject line = event("message");
        line.addProperty("direction", direction);
        line.addProperty("type", text ? "text" : "binary");
        line.addProperty("length", payload.length);
        if (text) {
            line.addProperty("text", new String(payload, StandardCharsets.UTF_8));
        } else {
            line.addProperty("base64", Base64.getEncoder().encodeToString(payload));
        }
        return line;
    }

    @Override
    public void frame(WireFrame frame) {
        JsonObject line = event("frame", frame.time());
        line.addProperty("direction", frame.inbound() ? "in" : "out");
        line.addProperty("opcode", frame.opcodeName());
        line.addProperty("fin", frame.fin());
        line.addProperty("compressed", frame.compressed());
        line.addProperty("masked", frame.masked());
        line.addProperty("length", frame.length());
        line.addProperty("wireLength", frame.headerLength() + frame.length());
        if (frame.opcode() == WireFrame.CLOSE) {
            line.addProperty("code", frame.closeCode());
            line.addProperty("reason", frame.closeReason());
        } else if (frame.isPingOrPong()) {
            line.addProperty("hex", Text.hex(frame.control()));
        }
        print(line);
    }

    @Override
    public void pong(Duration roundTrip) {
        JsonObject line = event("pong");
        line.addProperty("roundTripMillis", millis(roundTrip));
        print(line);
    }

    @Override
    public void closed(CloseEvent event, @Nullable String problem) {
        JsonObject line = event("close");
        line.addProperty("code", event.status().code());
        line.addProperty("reason", event.status().reason());
        line.addProperty("initiator", event.initiator().name().toLowerCase(Locale.ROOT));
        line.addProperty("clean", event.clean());
        line.addProperty("problem", problem);
        print(line);
    }

    @Override
    public void failed(String sentence) {
        JsonObject line = event("error");
        line.addProperty("problem", sentence);
        print(line);
    }

    @Override
    public void retrying(long attempt, Duration in) {
        JsonObject line = event("retry");
        line.addProperty("attempt", attempt);
        line.addProperty("inMillis", millis(in));
        print(line);
    }

    @Override
    public void statistics(Traffic sent, Traffic received) {
        JsonObject line = event("statistics");
        line.add("out", statistics(sent));
        line.add("in", statistics(received));
        print(line);
    }

    private static JsonObject statistics(Traffic traffic) {
        JsonObject all = new JsonObject();
        all.addProperty("messages", traffic.messages());
        all.addProperty("compressedMessages", traffic.compressed());
        all.addProperty("payloadBytes", traffic.payload());
        all.addProperty("frames", traffic.frames());
        all.addProperty("wireBytes", traffic.wire());
        return all;
    }

    private static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 1e3) / 1e3;
    }

    private static JsonObject event(String name) {
        return event(name, Instant.now());
    }

    private static JsonObject event(String name, Instant time) {
        JsonObject line = new JsonObject();
        line.addProperty("time", time.toString());
        line.addProperty("event", name);
        return line;
    }

    private void print(JsonObject line) {
        String text = gson.toJson(line);
        synchronized (out) {
            out.println(text);
            out.flush();
        }
    }

    @Override
    public void close() {
        out.flush();
    }
}
