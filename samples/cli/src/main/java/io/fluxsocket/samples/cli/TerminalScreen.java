package io.fluxsocket.samples.cli;

import io.fluxsocket.reactive.WebSocketMessage;
import java.io.IOException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;

/** For people: what comes in stands above the line that is being typed. */
final class TerminalScreen extends TextScreen {
    private static final AttributedStyle RECEIVED = AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN);
    private static final AttributedStyle STATUS = AttributedStyle.DEFAULT.faint();

    private final Terminal terminal;
    private final LineReader reader;
    private final boolean colours;
    private final boolean quiet;

    TerminalScreen(boolean pingsAndPongs, boolean quiet, boolean colours) throws IOException {
        super(pingsAndPongs);
        this.quiet = quiet;
        this.colours = colours;
        // The commands stty and tty serve here: nothing native is loaded.
        terminal = TerminalBuilder.builder()
                .system(true)
                .ffm(false)
                .jni(false)
                .exec(true)
                .build();
        reader = LineReaderBuilder.builder()
                .terminal(terminal)
                // Else "!" would be looked for in the history.
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.BRACKETED_PASTE, false)
                .build();
        if (!quiet) {
            status("type lines to send them; /help tells more; Ctrl-D leaves");
        }
    }

    /** Blocks for a line. */
    String readLine() {
        return reader.readLine("> ");
    }

    @Override
    public void received(WebSocketMessage message) {
        String text = message.isText()
                ? Text.visible(message.text())
                : "(binary, " + Text.bytes(message.length()) + ") " + Text.hexPreview(message.toByteArray());
        show("< " + text, RECEIVED);
    }

    @Override
    void status(String line) {
        if (!quiet) {
            show("* " + line, STATUS);
        }
    }

    @Override
    public void failed(String sentence) {
        show("* " + Text.visible(sentence), AttributedStyle.DEFAULT.foreground(AttributedStyle.RED));
    }

    private synchronized void show(String text, AttributedStyle style) {
        reader.printAbove(new AttributedString(text, colours ? style : AttributedStyle.DEFAULT));
    }

    /** Gives the terminal back as it was, with the cursor behind the prompt's line. */
    @Override
    public void close() {
        terminal.writer().println();
        try {
            terminal.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
