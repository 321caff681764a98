package io.fluxsocket.samples.cli;

import io.fluxsocket.core.deflate.DeflateSettings;
import io.fluxsocket.core.handshake.OriginPolicy;
import io.fluxsocket.reactive.WebSocketHandler;
import io.fluxsocket.reactive.netty.WebSocketServer;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Mono;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServerRequest;

/** {@code fluxsocket serve}. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        versionProvider = Fluxsocket.Version.class,
        sortOptions = false,
        description = "Is a WebSocket server, on every path, with a page at / to try it. Echoes unless told otherwise.",
        footer = {"", "TIME is 500ms, 2s, 1m; a number alone is seconds. Ctrl-C closes every connection with 1001."})
final class ServeCommand implements Callable<Integer> {
    /** The close timeout of a session is 10 seconds. */
    private static final Duration SHUTDOWN = Duration.ofSeconds(12);

    @Spec
    private CommandSpec command = CommandSpec.create();

    @ArgGroup(heading = "%nWhat to do (one of them):%n")
    private Task task = new Task();

    /** What to do with each connection. */
    static final class Task {
        @Option(names = "--echo", description = "Sends each message back. The default.")
        @SuppressWarnings("UnusedVariable") // nothing is asked to know it
        private boolean echo;

        @Option(names = "--broadcast", description = "Sends each message to everybody.")
        private boolean broadcast;

        @Option(
                names = "--file",
                paramLabel = "FILE",
                description = "Sends the lines of a file, then closes with 1000.")
        private @Nullable Path file;
    }

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "0",
            description = "With --file: how long to wait before each line. Default: as fast as the client reads.")
    private Duration interval = Duration.ZERO;

    @Option(names = "--repeat", description = "With --file: begins again at its end.")
    private boolean repeat;

    @Option(
            names = {"-p", "--port"},
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "0 takes a free one. Default: ${DEFAULT-VALUE}.")
    private int port = 8080;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Where to listen; 0.0.0.0 is everywhere. Default: ${DEFAULT-VALUE}, this machine alone.")
    private String host = "127.0.0.1";

    @Option(names = "--tls", description = "Serves wss, with a certificate made on the fly unless --cert gives one.")
    private boolean tls;

    @ArgGroup(exclusive = false, heading = "%nWith certificates of your own:%n")
    private Certificates.@Nullable Given given;

    @Option(
            names = {"-s", "--subprotocol"},
            paramLabel = "NAME",
            description = "Speaks a subprotocol. Repeatable, most wanted first.")
    private List<String> subprotocols = new ArrayList<>();

    @Option(
            names = "--allow-origin",
            paramLabel = "ORIGIN",
            description = "Lets pages of this origin connect, '*' all. Repeatable. Default: its own page alone.")
    private List<String> origins = new ArrayList<>();

    @Option(
            names = {"-z", "--deflate"},
            description = "Accepts permessage-deflate.")
    private boolean deflate;

    @Option(
            names = {"-q", "--quiet"},
            description = "Does not tell who comes and goes.")
    private boolean quiet;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = command.commandLine().getOut();
        DisposableServer server;
        try {
            check();
            Certificates certificates = certificates();
            server = server(out, certificates).bindNow();
            printHowToTry(out, server.port(), certificates);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(command.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        } catch (ChannelBindException taken) {
            throw new ParameterException(
                    command.commandLine(),
                    "cannot listen on " + taken.localHost() + ":" + taken.localPort()
                            + "; somebody may do so already: --port=0 takes a free port",
                    taken);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.disposeNow(SHUTDOWN)));
        server.onDispose().block();
        return ExitStatus.DONE;
    }

    private void check() {
        if (task.file == null && (repeat || !interval.isZero())) {
            throw new IllegalArgumentException("--interval and --repeat are for --file; add --file=FILE");
        }
        if (task.file != null && !Files.isReadable(task.file)) {
            throw new IllegalArgumentException("cannot read " + task.file + "; --file wants a file of lines, UTF-8");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("--port is " + port + "; it must lie between 0 and 65535");
        }
    }

    private @Nullable Certificates certificates() throws Exception {
        if (given != null) {
            return Certificates.read(given);
        }
        return tls ? Certificates.selfSigned(host) : null;
    }

    private WebSocketServer server(PrintWriter out, @Nullable Certificates certificates) throws IOException {
        byte[] page = page();
        WebSocketServer server = WebSocketServer.create()
                .host(host)
                .port(port)
                .handle(watched(out, handler()))
                .subprotocols(subprotocols.toArray(String[]::new))
                .originPolicy(originPolicy())
                .settings(settings -> settings.deflate(deflate ? DeflateSettings.DEFAULT : null))
                .httpRoutes(routes -> routes.route(
                        ServeCommand::isPage,
                        (request, response) -> response.header("Content-Type", "text/html; charset=utf-8")
                                .sendByteArray(Mono.just(page))));
        return certificates == null ? server : server.secure(spec -> spec.sslContext(certificates.context()));
    }

    private WebSocketHandler handler() {
        if (task.file != null) {
            return Serving.lines(task.file, interval, repeat);
        }
        return task.broadcast ? Serving.broadcast() : Serving.echo();
    }

    private OriginPolicy originPolicy() {
        if (origins.isEmpty()) {
            return OriginPolicy.sameOrigin();
        }
        return origins.contains("*") ? OriginPolicy.any() : OriginPolicy.only(origins.toArray(String[]::new));
    }

    /** A WebSocket may be opened at / as well. */
    private static boolean isPage(HttpServerRequest request) {
        return request.uri().equals("/")
                && !request.requestHeaders().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    }

    /** Read beforehand: an event loop must not block. */
    private byte[] page() throws IOException {
        try (InputStream page = ServeCommand.class.getResourceAsStream("page.html")) {
            return Objects.requireNonNull(page, "page.html").readAllBytes();
        }
    }

    private WebSocketHandler watched(PrintWriter out, WebSocketHandler handler) {
        if (quiet) {
            return handler;
        }
        return connection -> {
            String peer =
                    String.valueOf(connection.handshakeInfo().remoteAddress()).replaceFirst("^/", "");
            out.println("+ " + peer + " "
                    + Text.visible(connection.handshakeInfo().uri().toString()));
            out.flush();
            connection.closed().subscribe(end -> {
                out.println("- " + peer + " " + Text.visible(end.status().toString())
                        + (end.clean() ? "" : ", not cleanly"));
                out.flush();
            });
            return handler.handle(connection);
        };
    }

    private void printHowToTry(PrintWriter out, int bound, @Nullable Certificates certificates) {
        String authority =
                (host.equals("127.0.0.1") || host.equals("0.0.0.0") ? "localhost" : host) + ":" + bound + "/";
        boolean secure = certificates != null;
        String url = (secure ? "wss://" : "ws://") + authority;
        out.println(what() + " at " + url + " until Ctrl-C. Try it");
        out.println("  in a browser:  " + (secure ? "https://" : "http://") + authority);
        out.println("  in a terminal: fluxsocket connect " + (secure && given == null ? "--insecure " : "") + url);
        if (certificates != null && certificates.fingerprint() != null) {
            out.println("The certificate was made just now; its SHA-256 is");
            out.println("  " + certificates.fingerprint());
        }
        out.flush();
    }

    private String what() {
        if (task.file != null) {
            return "Sending the lines of " + task.file;
        }
        return task.broadcast ? "Broadcasting" : "Echoing";
    }
}
