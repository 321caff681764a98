package io.fluxsocket.reactive.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import io.fluxsocket.reactive.WebSocketConnection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;

/**
 * Many connections to one server, which is a process of its own because of the limit of file descriptors. The system property
 * {@code load.connections} tells how many; the profile {@code load} sets 10,000.
 */
class LoadTest {
    private static final int CONNECTIONS = Integer.getInteger("load.connections", 1000);
    private static final Duration LONG = Duration.ofMinutes(3);

    private final CountDownLatch news = new CountDownLatch(CONNECTIONS);
    private final Map<String, AtomicInteger> storm = new ConcurrentHashMap<>();
    private final Map<String, CloseEvent> closed = new ConcurrentHashMap<>();

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void aBroadcastReachesEverybodyAndAShutdownLosesNoFrameThatWasReportedAsWritten() throws Exception {
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LoadServer.class.getName())
                .redirectError(Redirect.INHERIT)
                .start();
        try (BufferedReader answers =
                        new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
                OutputStream orders = server.getOutputStream()) {
            String url = "ws://127.0.0.1:" + answers.readLine() + "/";
            String before = ask(orders, answers, "memory");
            Flux.range(0, CONNECTIONS)
                    .flatMap(
                            i -> WebSocketClient.create()
                                    .uri(url + i)
                                    .connect()
                                    .doOnNext(connection -> listen(connection, "/" + i)),
                            100)
                    .blockLast(LONG);
            String idle = ask(orders, answers, "memory");

            assertThat(ask(orders, answers, "broadcast")).isEqualTo("" + CONNECTIONS);
            assertThat(news.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();

            List<String> written = List.of(ask(orders, answers, "shutdown").split(" "));
            Stage.until(() -> closed.size() == CONNECTIONS, "everybody learns of the end");
            assertThat(closed.values())
                    .allMatch(end -> end.status().code() == 1001 && end.initiator() == Initiator.REMOTE && end.clean());
            assertThat(written).hasSize(CONNECTIONS);
            for (String entry : written) {
                int equals = entry.indexOf('=');
                assertThat(storm.get(entry.substring(0, equals)).get())
                        .as(entry)
                        .isGreaterThanOrEqualTo(Integer.parseInt(entry.substring(equals + 1)))
                        .isPositive();
            }
            row(before, idle);
        } finally {
            server.destroy();
        }
    }

    private void listen(WebSocketConnection connection, String name) {
        AtomicInteger count = new AtomicInteger();
        storm.put(name, count);
        connection.closed().subscribe(end -> closed.put(name, end));
        connection.receive().subscribe(frame -> {
            if (frame.text().equals("news")) {
                news.countDown();
            } else {
                count.incrementAndGet();
            }
        });
    }

    private static String ask(OutputStream orders, BufferedReader answers, String order) throws IOException {
        orders.write((order + "\n").getBytes(StandardCharsets.UTF_8));
        orders.flush();
        return answers.readLine();
    }

    /** What the server's memory has grown by, left in {@code target}. */
    private void row(String before, String idle) throws IOException {
        long frames = storm.values().stream().mapToLong(AtomicInteger::get).sum();
        Files.writeString(
                Path.of("target", "load.md"),
                "| idle connections | heap for each | direct memory in all | frames during the shutdown |\n|---:|---:|---:|---:|\n| "
                        + CONNECTIONS
                        + " | " + (number(idle, 0) - number(before, 0)) / CONNECTIONS
                        + " B | " + (number(idle, 1) - number(before, 1) + 1023) / 1024
                        + " KiB | " + frames + " |\n");
    }

    private static long number(String numbers, int index) {
        return Long.parseLong(numbers.split(" ")[index]);
    }
}
