package io.fluxsocket.samples.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * One of the libraries that are compared, as a server, as a client or as both.
 *
 * @param mainClass the server; all clients are {@link EchoClients}
 * @param peer the folder of its module beside this one; empty if this module has the server
 * @param modes what it can do; see {@link Workload#mode()}
 */
record Stack(String title, String mainClass, String peer, Set<String> modes) {
    private static final String HERE = "io.fluxsocket.samples.benchmarks.";
    private static final String PEERS = HERE + "peers.";

    /** What all others are set in relation to. */
    static final String BASE = "reactor-netty";

    /** What no library is needed for: as a server what the load generator could reach, and the server of all clients. */
    static final String RAW = "raw";

    /** All of them, in the order of the tables. */
    static final List<Stack> ALL = List.of(
            new Stack(BASE, HERE + "EchoServers", "", Set.of("echo", "broadcast", "deflate", "client")),
            new Stack("fluxsocket", HERE + "EchoServers", "", Set.of("echo", "broadcast", "deflate", "client")),
            new Stack("fluxsocket-map", HERE + "EchoServers", "", Set.of("echo", "deflate")),
            new Stack("fluxsocket-messages", HERE + "EchoServers", "", Set.of("echo", "deflate")),
            new Stack("spring-fluxsocket", PEERS + "spring.SpringEcho", "spring", Set.of("echo")),
            new Stack("spring-reactor-netty", PEERS + "spring.SpringEcho", "spring", Set.of("echo")),
            new Stack("netty", HERE + "NettyEcho", "", Set.of("echo", "deflate", "client")),
            new Stack("vertx", PEERS + "vertx.VertxEcho", "vertx", Set.of("echo")),
            new Stack("undertow", PEERS + "undertow.UndertowEcho", "undertow", Set.of("echo")),
            new Stack("jetty", PEERS + "jetty.JettyEcho", "jetty", Set.of("echo")),
            new Stack("java-websocket", PEERS + "javawebsocket.JavaWebSocketEcho", "java-websocket", Set.of("echo")),
            new Stack("jdk", HERE + "EchoClients", "", Set.of("client")),
            new Stack(RAW, HERE + "RawEcho", "", Set.of("echo")));

    static Stack named(String title) {
        return ALL.stream()
                .filter(stack -> stack.title.equals(title))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no server is called " + title + "; there are "
                        + ALL.stream().map(Stack::title).toList()));
    }

    /** The class path of its JVM: this one's, or the one that its module has written at its build. */
    String classPath() {
        if (peer.isEmpty()) {
            return System.getProperty("java.class.path");
        }
        Path target = module().resolve("peers").resolve(peer).resolve("target");
        try {
            return target.resolve("classes") + ":" + Files.readString(target.resolve("classpath"));
        } catch (IOException e) {
            throw new UncheckedIOException(title + " is not built: package this module with -am", e);
        }
    }

    /** {@code samples/benchmarks}, whose {@code target} has the running classes. */
    static Path module() {
        try {
            return Path.of(Stack.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .getParent()
                    .getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
