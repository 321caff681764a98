package io.fluxsocket.reactive.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxsocket.reactive.spring.WebSocketObservation;
import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.search.Search;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationView;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.socket.client.WebSocketClient;

/** What Boot's own registries, of meters and of observations, get to see of an application's WebSockets. */
class ObservabilityTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final List<Observation.Context> OBSERVED = new CopyOnWriteArrayList<>();

    @SpringBootConfiguration(proxyBeanMethods = false)
    static class Application extends WebFluxApplicationTest.Application {
        /** Boot hands it to its registry of observations. */
        @Bean
        ObservationHandler<Observation.Context> recorder() {
            return new ObservationHandler<>() {
                @Override
                public boolean supportsContext(Observation.Context context) {
                    return true;
                }

                @Override
                public void onStop(Observation.Context context) {
                    OBSERVED.add(context);
                }
            };
        }
    }

    private static ConfigurableApplicationContext application;

    @BeforeAll
    static void start() {
        application = WebFluxApplicationTest.start(Application.class);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @BeforeEach
    void clear() {
        OBSERVED.clear();
    }

    private static void visit(String path) {
        application
                .getBean(WebSocketClient.class)
                .execute(
                        URI.create("ws://localhost:" + WebFluxApplicationTest.portOf(application) + path),
                        session -> session.receive().then())
                .block(SOON);
    }

    private static Search find(String name, String... tags) {
        return application
                .getBean(MeterRegistry.class)
                .find("fluxsocket.websocket." + name)
                .tags(tags);
    }

    /** The server's observer is told by the server's own loop. */
    private static Observation.Context observed(WebSocketObservation which) {
        while (true) {
            for (Observation.Context context : OBSERVED) {
                if (which.getName().equals(context.getName())) {
                    return context;
                }
            }
            Thread.onSpinWait();
        }
    }

    private static Map<String, String> low(Observation.Context context) {
        return context.getLowCardinalityKeyValues().stream()
                .collect(Collectors.toMap(KeyValue::getKey, KeyValue::getValue));
    }

    private static List<String> ancestorsOf(Observation.Context context) {
        List<String> ancestors = new ArrayList<>();
        for (ObservationView parent = context.getParentObservation(); parent != null; ) {
            ancestors.add(parent.getContextView().getName());
            parent = parent.getContextView().getParentObservation();
        }
        return ancestors;
    }

    @Test
    void theServersUriIsThePatternOfItsHandler() {
        visit("/rooms/7");
        observed(WebSocketObservation.SERVER_SESSION);

        assertThat(find("server.handshake.time", "uri", "/rooms/{room}", "status", "101")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(find("server.data.sent", "uri", "/rooms/{room}").summary().totalAmount())
                .isEqualTo("null".length());
        assertThat(find("client.handshake.time", "uri", "none", "status", "101")
                        .timer()
                        .count())
                .isPositive();
        assertThat(find("client.connections.closed", "uri", "none", "code", "1000", "initiator", "remote")
                        .counter()
                        .count())
                .isPositive();
    }

    @Test
    void aHandshakeThatTheServerRefusesIsMeteredAtBothEnds() {
        assertThatThrownBy(() -> application
                        .getBean(WebSocketClient.class)
                        .execute(
                                URI.create("ws://localhost:" + WebFluxApplicationTest.portOf(application) + "/kind"),
                                foreign(),
                                session -> session.receive().then())
                        .block(SOON))
                .hasMessageContaining("403");

        assertThat(find("server.handshake.time", "uri", "/kind", "status", "403")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(find("client.handshake.time", "uri", "none", "status", "403")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(low(observed(WebSocketObservation.SERVER_HANDSHAKE)))
                .isEqualTo(Map.of("uri", "/kind", "status", "403"));
        assertThat(observed(WebSocketObservation.CLIENT_HANDSHAKE).getError()).isNotNull();
    }

    private static HttpHeaders foreign() {
        HttpHeaders headers = new HttpHeaders();
        headers.setOrigin("https://foe.example");
        return headers;
    }

    @Test
    void handshakesAndSessionsAreObservedAtBothEnds() {
        visit("/open");

        assertThat(low(observed(WebSocketObservation.SERVER_HANDSHAKE)))
                .isEqualTo(Map.of("uri", "/open", "status", "101"));
        assertThat(low(observed(WebSocketObservation.SERVER_SESSION)))
                .isEqualTo(Map.of("uri", "/open", "code", "1000", "initiator", "local"));
        assertThat(low(observed(WebSocketObservation.CLIENT_HANDSHAKE)))
                .isEqualTo(Map.of("uri", "none", "status", "101"));
        assertThat(low(observed(WebSocketObservation.CLIENT_SESSION)))
                .isEqualTo(Map.of("uri", "none", "code", "1000", "initiator", "remote"));
        assertThat(observed(WebSocketObservation.SERVER_SESSION).getHighCardinalityKeyValue("http.url"))
                .satisfies(url ->
                        assertThat(Objects.requireNonNull(url).getValue()).endsWith("/open"));
    }

    @Test
    void theServersObservationsAreWithinTheRequests() {
        visit("/open");

        assertThat(ancestorsOf(observed(WebSocketObservation.SERVER_HANDSHAKE))).contains("http.server.requests");
        assertThat(ancestorsOf(observed(WebSocketObservation.SERVER_SESSION))).contains("http.server.requests");
    }

    @Test
    void everyObservationHasTheKeysThatItIsDocumentedWith() {
        visit("/open");

        assertThat(WebSocketObservation.values()).allSatisfy(documented -> {
            Observation.Context context = observed(documented);
            assertThat(low(context).keySet())
                    .containsExactlyInAnyOrderElementsOf(Arrays.stream(documented.getLowCardinalityKeyNames())
                            .map(key -> key.asString())
                            .toList());
            assertThat(context.getHighCardinalityKeyValues())
                    .extracting(KeyValue::getKey)
                    .containsExactlyInAnyOrderElementsOf(Arrays.stream(documented.getHighCardinalityKeyNames())
                            .map(key -> key.asString())
                            .toList());
        });
    }
}
