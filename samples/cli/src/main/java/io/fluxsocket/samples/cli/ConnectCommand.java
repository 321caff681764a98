package io.fluxsocket.samples.cli;

import io.fluxsocket.core.CloseStatus;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxsocket connect URL}. */
@Command(
        name = "connect",
        mixinStandardHelpOptions = true,
        versionProvider = Fluxsocket.Version.class,
        sortOptions = false,
        description = {
            "Connects to a WebSocket server: sends the lines of the input, prints the messages of the server.",
            "",
            "In a terminal it has a prompt. Otherwise the messages alone go to the output, so that they can be piped on;"
                    + " the end of the input closes the connection."
        },
        exitCodeListHeading = "%nExit status:%n",
        footer = {"", "TIME is 500ms, 2s, 1m; a number alone is seconds."})
final class ConnectCommand implements Callable<Integer> {
    /** How long the server has to answer our close when the program is interrupted. */
    private static final Duration LAST_CLOSE = Duration.ofSeconds(2);

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Parameters(paramLabel = "URL", description = "Such as ws://localhost:8080/ or wss://example.com/chat.")
    private String url = "";

    @ArgGroup(validate = false, heading = "%nWhat to say:%n")
    private TalkOptions talk = new TalkOptions();

    @ArgGroup(validate = false, heading = "%nHow to connect:%n")
    private ClientOptions connecting = new ClientOptions();

    @ArgGroup(validate = false, heading = "%nConnecting again:%n")
    private ReconnectOptions again = new ReconnectOptions();

    @ArgGroup(validate = false, heading = "%nWhat to show:%n")
    private ShowOptions show = new ShowOptions();

    /** What to show. */
    static final class ShowOptions {
        @Option(
                names = "--json",
                description = "Prints a trace: one JSON object a line for each frame, message and event.")
        private boolean json;

        @Option(
                names = {"-P", "--show-pings"},
                description = "Shows pings and pongs.")
        private boolean pings;

        @Option(names = "--stats", description = "Tells at the end how many bytes went over the wire.")
        private boolean statistics;

        @Option(
                names = {"-q", "--quiet"},
                description = "Shows messages and what went wrong only.")
        private boolean quiet;
    }

    @Override
    public Integer call() throws IOException {
        try {
            talk.check();
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(command.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
        Traffic sent = new Traffic();
        Traffic received = new Traffic();
        Tap tap = new Tap(sent, received);
        var client = connecting.client(command, url, isTapped() ? tap : null);
        try (Screen screen = screen()) {
            tap.screen = screen;
            Conversation conversation = new Conversation(client, talk, again, screen, sent, received);
            Thread interrupted =
                    new Thread(() -> conversation.leave(CloseStatus.GOING_AWAY).block(LAST_CLOSE));
            Runtime.getRuntime().addShutdownHook(interrupted);
            int status;
            try (Input input = input(screen, conversation)) {
                status = conversation.run(input);
            }
            remove(interrupted);
            if (connecting.deflate() || show.statistics) {
                screen.statistics(sent, received);
            }
            return status;
        }
    }

    private boolean isTapped() {
        return show.json || show.pings || show.statistics || connecting.deflate();
    }

    private Screen screen() throws IOException {
        PrintStream out = utf8(FileDescriptor.out);
        if (show.json) {
            return new JsonScreen(out);
        }
        return talk.messages().isEmpty() && Fluxsocket.console() != null
                ? new TerminalScreen(show.pings, show.quiet, System.getenv("NO_COLOR") == null)
                : new PlainScreen(out, utf8(FileDescriptor.err), show.pings, show.quiet);
    }

    /** The charset of the JVM may be another one; what comes from a WebSocket is UTF-8. */
    private static PrintStream utf8(FileDescriptor output) {
        return new PrintStream(new FileOutputStream(output), true, StandardCharsets.UTF_8);
    }

    private Input input(Screen screen, Conversation conversation) {
        if (!talk.messages().isEmpty()) {
            return Input.of(talk.messages());
        }
        return screen instanceof TerminalScreen terminal
                ? Input.typed(
                        terminal, () -> conversation.leave(talk.closeStatus()).subscribe())
                : Input.lines(System.in);
    }

    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException exiting) {
            // It has run, then.
        }
    }

    /** Counts the frames and shows them. */
    private static final class Tap implements Consumer<WireFrame> {
        private final Traffic sent;
        private final Traffic received;
        private volatile @Nullable Screen screen;

        Tap(Traffic sent, Traffic received) {
            this.sent = sent;
            this.received = received;
        }

        @Override
        public void accept(WireFrame frame) {
            (frame.inbound() ? received : sent).frame(frame);
            Screen shown = screen;
            if (shown != null) {
                shown.frame(frame);
            }
        }
    }
}
