package io.fluxsocket.samples.cli;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The server's certificate.
 *
 * @param context for TLS
 * @param fingerprint of a certificate made on the fly (SHA-256), to be compared with what a browser shows; null of a given one
 */
record Certificates(SslContext context, @Nullable String fingerprint) {
    /** Given ones. */
    static final class Given {
        @Option(
                names = "--cert",
                required = true,
                paramLabel = "FILE",
                description = "The certificate and its chain, PEM.")
        private Path certificate = Path.of("");

        @Option(names = "--key", required = true, paramLabel = "FILE", description = "Its private key, PEM (PKCS#8).")
        private Path key = Path.of("");
    }

    /** @throws IllegalArgumentException if the files do not serve */
    static Certificates read(Given given) {
        requireReadable("--cert", given.certificate);
        requireReadable("--key", given.key);
        try {
            return new Certificates(
                    SslContextBuilder.forServer(given.certificate.toFile(), given.key.toFile())
                            .build(),
                    null);
        } catch (Exception e) {
            throw new IllegalArgumentException(
                    "--cert=" + given.certificate + " and --key=" + given.key + " are no pair of PEM files: "
                            + e.getMessage() + "; without them --tls makes its own",
                    e);
        }
    }

    private static void requireReadable(String option, Path file) {
        if (!java.nio.file.Files.isReadable(file)) {
            throw new IllegalArgumentException("cannot read " + file + "; " + option + " wants a PEM file");
        }
    }

    /** A certificate for localhost that signs itself and is gone with this process. */
    static Certificates selfSigned(String host) throws Exception {
        CertificateBuilder builder = new CertificateBuilder()
                .subject("CN=localhost")
                .setIsCertificateAuthority(true)
                .addSanDnsName("localhost")
                .addSanIpAddress("127.0.0.1")
                .addSanIpAddress("::1");
        if (Character.isLetter(host.charAt(0)) && !host.equals("localhost") && host.indexOf(':') < 0) {
            builder.addSanDnsName(host);
        }
        X509Bundle made = builder.buildSelfSigned();
        X509Certificate certificate = made.getCertificate();
        return new Certificates(
                SslContextBuilder.forServer(made.getKeyPair().getPrivate(), made.getCertificatePath())
                        .build(),
                HexFormat.ofDelimiter(":")
                        .withUpperCase()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded())));
    }
}
