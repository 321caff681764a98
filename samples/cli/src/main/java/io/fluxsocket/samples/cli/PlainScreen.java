package io.fluxsocket.samples.cli;

import io.fluxsocket.reactive.WebSocketMessage;
import java.io.PrintStream;

/** For pipes and scripts: messages, and nothing else, go to the output; the rest goes to the error output. */
final class PlainScreen extends TextScreen {
    private final PrintStream out;
    private final PrintStream err;
    private final boolean quiet;

    PlainScreen(PrintStream out, PrintStream err, boolean pingsAndPongs, boolean quiet) {
        super(pingsAndPongs);
        this.out = out;
        this.err = err;
        this.quiet = quiet;
    }

    @Override
    public void received(WebSocketMessage message) {
        out.println(message.isText() ? message.text() : Text.hex(message.toByteArray()));
        out.flush();
    }

    @Override
    void status(String line) {
        if (!quiet) {
            err.println("* " + line);
        }
    }

    /** Said however quiet. */
    @Override
    public void failed(String sentence) {
        err.println("fluxsocket: " + Text.visible(sentence));
    }

    @Override
    public void close() {
        out.flush();
        err.flush();
    }
}
