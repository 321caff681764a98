package io.fluxsocket.samples.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line's entry. */
@Command(
        name = "fluxsocket",
        description = "Talks to WebSocket servers, and is one.",
        mixinStandardHelpOptions = true,
        versionProvider = Fluxsocket.Version.class,
        synopsisSubcommandLabel = "(connect | serve)",
        footer = {
            "",
            "Examples:",
            "  fluxsocket serve",
            "  fluxsocket connect ws://localhost:8080/",
            "  fluxsocket connect --message=hello ws://localhost:8080/",
            "  source <(fluxsocket generate-completion)"
        })
public final class Fluxsocket {
    private Fluxsocket() {}

    /**
     * Runs a command and exits with its status.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        // JDK 22 and newer would offer a console where there is no terminal.
        System.setProperty("jdk.console", "java.base");
        System.exit(commandLine().execute(arguments));
    }

    /** The terminal; null if input or output is none. */
    @SuppressWarnings("SystemConsoleNull") // main asks newer JDKs for null
    static @Nullable Console console() {
        return System.console();
    }

    static CommandLine commandLine() {
        CommandLine connect = new CommandLine(new ConnectCommand());
        connect.getCommandSpec().usageMessage().exitCodeList(ExitStatus.table());
        return new CommandLine(new Fluxsocket())
                .addSubcommand(connect)
                .addSubcommand(new ServeCommand())
                .addSubcommand(new AutoComplete.GenerateCompletion())
                .addSubcommand(new HelpCommand())
                .registerConverter(Duration.class, new DurationConverter())
                .setParameterExceptionHandler(Fluxsocket::explain)
                .setExecutionExceptionHandler((error, command, parsed) -> {
                    command.getErr().println("fluxsocket: " + Sentences.of(error));
                    return ExitStatus.FAILED;
                });
    }

    /** What is wrong, then what to do. */
    private static int explain(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("fluxsocket: " + wrong.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(wrong, err)) {
            err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        }
        return ExitStatus.BAD_ARGUMENTS;
    }

    /** The jar's version. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Fluxsocket.class.getPackage().getImplementationVersion();
            return new String[] {"fluxsocket " + (version == null ? "(not packaged)" : version)};
        }
    }
}
