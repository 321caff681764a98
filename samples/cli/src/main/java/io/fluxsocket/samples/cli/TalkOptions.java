package io.fluxsocket.samples.cli;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.WebSocketFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What to say, and when to stop. */
final class TalkOptions {
    @Option(
            names = {"-m", "--message"},
            paramLabel = "TEXT",
            description = "Sends this instead of the input, awaits the answer and exits. Repeatable.")
    private List<String> messages = new ArrayList<>();

    @Option(
            names = {"-n", "--answers"},
            paramLabel = "COUNT",
            description = "With --message: how many messages to await. Default: as many as were sent.")
    private @Nullable Integer answers;

    @Option(
            names = {"-w", "--wait"},
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "With --message: how long to await them. Default: ${DEFAULT-VALUE}.")
    private Duration patience = Duration.ofSeconds(10);

    @Option(
            names = {"-b", "--binary"},
            description = "Sends binary messages instead of text.")
    private boolean binary;

    @Option(
            names = {"-x", "--hex"},
            description = "Sends binary messages, given as hexadecimal digits: '48 65 6c'.")
    private boolean hex;

    @Option(names = "--stay", description = "Goes on receiving at the end of the input, instead of closing.")
    private boolean stay;

    @Option(
            names = {"-c", "--close-code"},
            paramLabel = "CODE",
            defaultValue = "1000",
            description = "What to close with. Default: ${DEFAULT-VALUE}.")
    private int closeCode = CloseStatus.NORMAL.code();

    @Option(names = "--close-reason", paramLabel = "TEXT", defaultValue = "", description = "Why.")
    private String closeReason = "";

    @Option(
            names = {"-p", "--ping"},
            paramLabel = "TIME",
            arity = "0..1",
            fallbackValue = "1s",
            description = "Pings this often and tells the round trip. Without a TIME: every second.")
    private @Nullable Duration ping;

    List<String> messages() {
        return messages;
    }

    /** How many messages end a conversation of given messages. */
    int awaited() {
        return answers == null ? messages.size() : answers;
    }

    Duration patience() {
        return patience;
    }

    boolean stay() {
        return stay;
    }

    @Nullable
    Duration ping() {
        return ping;
    }

    /** @throws IllegalArgumentException if it cannot be sent */
    CloseStatus closeStatus() {
        CloseStatus status = CloseStatus.of(closeCode, closeReason);
        if (!status.isSendable()) {
            throw new IllegalArgumentException("close code " + closeCode + " is never sent; use 1000 or 4000 to 4999");
        }
        return status;
    }

    /** @throws IllegalArgumentException if it is not hexadecimal and should be */
    WebSocketFrame frame(String line) {
        if (hex) {
            try {
                return WebSocketFrame.binary(HexFormat.of().parseHex(line.replaceAll("\\s", "")));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "'" + line + "' is not hexadecimal, so it was not sent; write pairs of digits: 48 65 6c", e);
            }
        }
        WebSocketFrame text = WebSocketFrame.text(line);
        return binary ? WebSocketFrame.binary(text.payload()) : text;
    }

    /** @throws IllegalArgumentException with a sentence, if something cannot be done */
    void check() {
        closeStatus();
        messages.forEach(this::frame);
        if (answers != null && messages.isEmpty()) {
            throw new IllegalArgumentException("--answers counts what --message is answered with; add --message=TEXT");
        }
        if (answers != null && answers < 0) {
            throw new IllegalArgumentException("--answers is " + answers + "; it must be 0 or more");
        }
        if (ping != null && ping.isZero()) {
            throw new IllegalArgumentException("--ping=0 would ping without end; write --ping=1s");
        }
    }
}
