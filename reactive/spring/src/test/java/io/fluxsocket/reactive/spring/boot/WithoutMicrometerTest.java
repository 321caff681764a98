package io.fluxsocket.reactive.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.client.WebSocketClient;
import reactor.core.publisher.Mono;

/** A JVM that has not got what the meters need. */
class WithoutMicrometerTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void serverAndClientNeedNoMicrometerCore() throws IOException, InterruptedException {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String without = Arrays.stream(all.split(File.pathSeparator, -1))
                .filter(entry -> !entry.contains("micrometer-core") && !entry.contains("spring-boot-micrometer"))
                .collect(Collectors.joining(File.pathSeparator));
        assertThat(without).isNotEqualTo(all);

        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        without,
                        Echo.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(java.waitFor()).isZero();
            assertThat(output).contains("ECHOED hello");
        } finally {
            java.destroyForcibly();
        }
    }

    /** An application that talks to itself. */
    static final class Echo {
        private Echo() {}

        public static void main(String[] args) {
            if (isThere("io.micrometer.core.instrument.MeterRegistry")) {
                throw new IllegalStateException("Micrometer is there");
            }
            try (ConfigurableApplicationContext application =
                    WebFluxApplicationTest.start(WebFluxApplicationTest.Application.class)) {
                application
                        .getBean(WebSocketClient.class)
                        .execute(
                                URI.create("ws://localhost:" + WebFluxApplicationTest.portOf(application) + "/echo"),
                                session -> session.send(Mono.just(session.textMessage("hello")))
                                        .thenMany(session.receive().take(1))
                                        .map(WebSocketMessage::getPayloadAsText)
                                        .doOnNext(text -> System.out.println("ECHOED " + text))
                                        .then())
                        .block(SOON);
            }
        }

        private static boolean isThere(String type) {
            try {
                Class.forName(type);
                return true;
            } catch (ClassNotFoundException e) {
                return false;
            }
        }
    }
}
