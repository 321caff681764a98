package io.fluxsocket.reactive.netty;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;

/**
 * What connects client and server in a test: each of Netty's transports, with and without TLS, and Unix domain sockets. TLS
 * 1.2, which knows no half-closed connection, over the one and 1.3 over the other.
 */
enum Network {
    NIO(false, false, false),
    NIO_TLS(false, true, false),
    EPOLL(true, false, false),
    EPOLL_TLS(true, true, false),
    UNIX(true, false, true);

    private static final LoopResources LOOPS = LoopResources.create("test", 2, true);

    final boolean isNative;
    final boolean tls;
    private final boolean unix;

    Network(boolean isNative, boolean tls, boolean unix) {
        this.isNative = isNative;
        this.tls = tls;
        this.unix = unix;
    }

    /** A server of this network; to be given handlers. */
    WebSocketServer server() {
        assumeTrue(!unix || Epoll.isAvailable(), "Unix domain sockets need native epoll, which is not there");
        WebSocketServer server = WebSocketServer.create().httpServer(http -> http.runOn(LOOPS, isNative));
        server = unix
                ? server.bindAddress(() -> new DomainSocketAddress(temporaryFile()))
                : server.host("localhost").port(0);
        return tls ? server.secure(spec -> spec.sslContext(serverTls())) : server;
    }

    /** A client of this network, for a path on a server of it. */
    WebSocketClient client(DisposableServer server, String path) {
        WebSocketClient client = WebSocketClient.create().httpClient(http -> http.runOn(LOOPS, isNative));
        if (unix) {
            return client.remoteAddress(server::address).uri(path);
        }
        client = client.uri((tls ? "wss" : "ws") + "://localhost:" + server.port() + path);
        return tls ? client.secure(spec -> spec.sslContext(clientTls())) : client;
    }

    static GenericSslContextSpec<?> serverTls() {
        return Http11SslContextSpec.forServer(keys());
    }

    /** Trusts everybody. */
    private GenericSslContextSpec<?> clientTls() {
        return Http11SslContextSpec.forClient()
                .configure(context -> context.trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .protocols(isNative ? "TLSv1.3" : "TLSv1.2"));
    }

    /** A certificate for localhost that nobody has signed, made by the JDK's own tool. */
    private static KeyManagerFactory keys() {
        return Keys.FACTORY;
    }

    private static File temporaryFile() {
        return new File(System.getProperty("java.io.tmpdir"), "fluxsocket-" + UUID.randomUUID() + ".sock");
    }

    private static final class Keys {
        static final KeyManagerFactory FACTORY = create();

        private static KeyManagerFactory create() {
            try {
                Path store = Files.createTempDirectory("fluxsocket").resolve("keys.p12");
                String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool")
                        .toString();
                Process tool = new ProcessBuilder(
                                keytool,
                                "-genkeypair",
                                "-keystore",
                                store.toString(),
                                "-storetype",
                                "PKCS12",
                                "-storepass",
                                "secret",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=localhost",
                                "-ext",
                                "san=dns:localhost,ip:127.0.0.1",
                                "-validity",
                                "2")
                        .redirectErrorStream(true)
                        .start();
                String output = new String(tool.getInputStream().readAllBytes());
                if (tool.waitFor() != 0) {
                    throw new IllegalStateException(output);
                }
                KeyStore keys = KeyStore.getInstance("PKCS12");
                try (InputStream in = Files.newInputStream(store)) {
                    keys.load(in, "secret".toCharArray());
                }
                KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                factory.init(keys, "secret".toCharArray());
                return factory;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
