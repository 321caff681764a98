package io.fluxsocket.samples.cli;

import io.fluxsocket.core.deflate.DeflateSettings;
import io.fluxsocket.reactive.netty.WebSocketClient;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.Console;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How to connect. */
final class ClientOptions {
    @Option(
            names = {"-H", "--header"},
            paramLabel = "'NAME: VALUE'",
            description = "Adds a header to the request. Repeatable.")
    private List<String> headers = new ArrayList<>();

    @Option(
            names = {"-u", "--user"},
            paramLabel = "NAME[:PASSWORD]",
            description = "Basic authentication. In a terminal, a password that is left out is asked for.")
    private @Nullable String user;

    @Option(
            names = {"-o", "--origin"},
            paramLabel = "ORIGIN",
            description = "Pretends to be a page of this origin, such as https://example.com.")
    private @Nullable String origin;

    @Option(
            names = {"-s", "--subprotocol"},
            paramLabel = "NAME",
            description = "Offers a subprotocol. Repeatable, most wanted first.")
    private List<String> subprotocols = new ArrayList<>();

    @Option(
            names = {"-z", "--deflate"},
            description = "Offers permessage-deflate; tells at the end what it has saved.")
    private boolean deflate;

    @Option(
            names = {"-L", "--follow"},
            description = "Follows redirects.")
    private boolean follow;

    @Option(names = "--cacert", paramLabel = "FILE", description = "For wss: trusts the certificates in this PEM file.")
    private @Nullable Path cacert;

    @Option(
            names = {"-k", "--insecure"},
            description = "For wss: trusts anybody.")
    private boolean insecure;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "How long connecting may take. Default: ${DEFAULT-VALUE}.")
    private Duration timeout = Duration.ofSeconds(10);

    @Option(
            names = "--max-size",
            paramLabel = "BYTES",
            defaultValue = "16777216",
            description = "A larger message is refused with 1009. Default: 16 MiB.")
    private int maxSize = 16 << 20;

    boolean deflate() {
        return deflate;
    }

    /** @param frames gets the frames on the wire; null if nobody wants them */
    WebSocketClient client(CommandSpec command, String url, @Nullable Consumer<WireFrame> frames) {
        try {
            WebSocketClient client = WebSocketClient.create()
                    .uri(checked(url))
                    .handshakeTimeout(timeout)
                    .followRedirect(follow)
                    .subprotocols(subprotocols.toArray(String[]::new))
                    .headers(all -> headers.forEach(header -> {
                        String[] parts = split(header);
                        all.add(parts[0], parts[1]);
                    }))
                    .settings(settings -> settings.maxMessageSize(maxSize)
                            .deflate(
                                    deflate
                                            ? DeflateSettings.builder()
                                                    .threshold(0)
                                                    .build()
                                            : null));
            if (user != null) {
                String credentials = credentials(user);
                client = client.headers(all -> all.set(HttpHeaderNames.AUTHORIZATION, credentials));
            }
            if (origin != null) {
                String page = origin;
                client = client.headers(all -> all.set(HttpHeaderNames.ORIGIN, page));
            }
            if (insecure || cacert != null) {
                client = secured(client);
            }
            return frames == null
                    ? client
                    : client.httpClient(http -> http.doOnConnected(connection -> WireTap.addTo(connection, frames)));
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(command.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private static URI checked(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'" + url + "' is no URL: " + e.getReason(), e);
        }
        String scheme = uri.getScheme();
        if (!("ws".equalsIgnoreCase(scheme) || "wss".equalsIgnoreCase(scheme))) {
            String rest = uri.getHost() == null ? url : url.substring(url.indexOf("//") + 2);
            throw new IllegalArgumentException("'" + url + "' does not begin with ws:// or wss://; write "
                    + ("https".equalsIgnoreCase(scheme) ? "wss://" : "ws://") + rest);
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("'" + url + "' names no host; write ws://localhost:8080/");
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("a URL must not hold a password; write --user=NAME:PASSWORD");
        }
        if (uri.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "the URL of a WebSocket has no #" + uri.getRawFragment() + "; leave it out");
        }
        return uri;
    }

    private static String[] split(String header) {
        int colon = header.indexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("'" + header + "' is no header; write --header='Name: value'");
        }
        return new String[] {
            header.substring(0, colon).strip(), header.substring(colon + 1).strip()
        };
    }

    private static String credentials(String user) {
        String complete = user;
        if (user.indexOf(':') < 0) {
            Console console = Fluxsocket.console();
            char[] password = console == null ? null : console.readPassword("Password of %s: ", user);
            if (password == null) {
                throw new IllegalArgumentException(
                        "there is no terminal to ask for a password; write --user=" + user + ":PASSWORD");
            }
            complete = user + ":" + new String(password);
        }
        return "Basic " + Base64.getEncoder().encodeToString(complete.getBytes(StandardCharsets.UTF_8));
    }

    private WebSocketClient secured(WebSocketClient client) {
        SslContextBuilder tls = SslContextBuilder.forClient();
        if (insecure) {
            tls.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
        } else if (cacert != null) {
            if (!Files.isReadable(cacert)) {
                throw new IllegalArgumentException("cannot read " + cacert + "; --cacert wants a PEM file");
            }
            tls.trustManager(cacert.toFile());
        }
        try {
            var context = tls.build();
            return client.secure(spec -> spec.sslContext(context));
        } catch (SSLException e) {
            throw new IllegalArgumentException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }
}
