package io.fluxsocket.samples.cli;

import io.fluxsocket.core.CloseStatus;
import org.jspecify.annotations.Nullable;

/** One thing that the user wants. */
sealed interface Entry {
    /** A message to be sent. */
    record Line(String text) implements Entry {}

    /** A ping to be sent, and its round trip told. */
    record Ping() implements Entry {}

    /**
     * The connection is to be closed.
     *
     * @param status null for the usual one
     */
    record Close(@Nullable CloseStatus status) implements Entry {}

    /** There is nothing more to come. */
    record End() implements Entry {}

    /** Something is to be told to who is typing. */
    record Hint(String text) implements Entry {}

    String HELP =
            "/ping tells the round trip, /close [CODE [REASON]] closes,\n  //text sends /text, Ctrl-D or Ctrl-C leaves";

    /** What a line means that was typed at the prompt: what begins with a slash is for us. */
    static Entry typed(String line) {
        if (!line.startsWith("/")) {
            return new Line(line);
        }
        if (line.startsWith("//")) {
            return new Line(line.substring(1));
        }
        String[] words = line.strip().split("\\s+", 3);
        return switch (words[0]) {
            case "/ping" -> new Ping();
            case "/close" -> close(words);
            case "/help" -> new Hint(HELP);
            default -> new Hint("there is no " + words[0] + " here; /help tells what there is, //text sends /text");
        };
    }

    private static Entry close(String[] words) {
        if (words.length == 1) {
            return new Close(null);
        }
        try {
            CloseStatus status = CloseStatus.of(Integer.parseInt(words[1]), words.length > 2 ? words[2] : "");
            return status.isSendable()
                    ? new Close(status)
                    : new Hint("close code " + status.code() + " is never sent; use /close without a code, or 1000");
        } catch (NumberFormatException e) {
            return new Hint("a close code is a number: /close 1000, /close 4001 some reason");
        } catch (IllegalArgumentException e) {
            return new Hint(String.valueOf(e.getMessage()));
        }
    }
}
