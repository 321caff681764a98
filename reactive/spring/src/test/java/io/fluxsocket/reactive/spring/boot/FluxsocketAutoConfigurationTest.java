package io.fluxsocket.reactive.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.deflate.DeflateSettings;
import io.fluxsocket.core.handshake.HandshakeHeaders;
import io.fluxsocket.core.handshake.HandshakeRequest;
import io.fluxsocket.core.handshake.OriginPolicy;
import io.fluxsocket.reactive.SessionSettings;
import io.fluxsocket.reactive.spring.FluxsocketRequestUpgradeStrategy;
import io.fluxsocket.reactive.spring.FluxsocketWebSocketClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.web.reactive.config.EnableWebFlux;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;
import org.springframework.web.reactive.socket.client.WebSocketClient;
import org.springframework.web.reactive.socket.server.RequestUpgradeStrategy;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.reactive.socket.server.support.WebSocketHandlerAdapter;
import org.springframework.web.reactive.socket.server.upgrade.ReactorNettyRequestUpgradeStrategy;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.WebsocketServerSpec;

class FluxsocketAutoConfigurationTest {
    private final ReactiveWebApplicationContextRunner application = new ReactiveWebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(FluxsocketAutoConfiguration.class))
            .withUserConfiguration(WebFlux.class);

    /** What Boot's own auto-configurations amount to here. */
    @Configuration(proxyBeanMethods = false)
    @EnableWebFlux
    static class WebFlux {
        @Bean
        NettyReactiveWebServerFactory webServerFactory() {
            return new NettyReactiveWebServerFactory();
        }
    }

    private static RequestUpgradeStrategy strategyOf(WebSocketHandlerAdapter adapter) {
        return ((HandshakeWebSocketService) adapter.getWebSocketService()).getUpgradeStrategy();
    }

    // ---- what it takes over

    @Test
    void webFluxUsesOurStrategyAndThereIsAClient() {
        application.run(context -> {
            assertThat(strategyOf(context.getBean(WebSocketHandlerAdapter.class)))
                    .isSameAs(context.getBean(FluxsocketRequestUpgradeStrategy.class));
            assertThat(context.getBean(WebSocketClient.class)).isInstanceOf(FluxsocketWebSocketClient.class);
        });
    }

    @Test
    void anAdapterThatTheApplicationDeclaresWithoutAStrategyUsesOursInItsPlace() {
        application
                .withBean("declared", WebSocketHandlerAdapter.class, () -> {
                    HandshakeWebSocketService service =
                            new HandshakeWebSocketService(new ReactorNettyRequestUpgradeStrategy());
                    service.setSessionAttributePredicate("name"::equals);
                    WebSocketHandlerAdapter adapter = new WebSocketHandlerAdapter(service);
                    adapter.setOrder(-7);
                    return adapter;
                })
                .run(context -> {
                    WebSocketHandlerAdapter adapter = context.getBean("declared", WebSocketHandlerAdapter.class);
                    assertThat(strategyOf(adapter)).isInstanceOf(FluxsocketRequestUpgradeStrategy.class);
                    assertThat(adapter.getOrder()).isEqualTo(-7);
                    assertThat(((HandshakeWebSocketService) adapter.getWebSocketService())
                                    .getSessionAttributePredicate())
                            .accepts("name")
                            .rejects("other");
                });
    }

    // ---- what it leaves alone

    @Test
    void aStrategyOrAServiceOfTheApplicationIsLeftToIt() {
        application
                .withBean(RequestUpgradeStrategy.class, ReactorNettyRequestUpgradeStrategy::new)
                .run(context -> assertThat(context).doesNotHaveBean(FluxsocketRequestUpgradeStrategy.class));
        application
                .withBean(WebSocketService.class, () -> (exchange, handler) -> Mono.empty())
                .run(context -> assertThat(context).doesNotHaveBean(FluxsocketRequestUpgradeStrategy.class));
    }

    @Test
    void anAdapterWithReactorNettysStrategyConfiguredStaysAsItIs() {
        ReactorNettyRequestUpgradeStrategy configured = new ReactorNettyRequestUpgradeStrategy(
                () -> WebsocketServerSpec.builder().maxFramePayloadLength(5));
        application
                .withBean(
                        "declared",
                        WebSocketHandlerAdapter.class,
                        () -> new WebSocketHandlerAdapter(new HandshakeWebSocketService(configured)))
                .run(context -> assertThat(strategyOf(context.getBean("declared", WebSocketHandlerAdapter.class)))
                        .isSameAs(configured));
    }

    @Test
    void aClientOfTheApplicationIsLeftToIt() {
        application
                .withBean(WebSocketClient.class, ReactorNettyWebSocketClient::new)
                .run(context -> assertThat(context).doesNotHaveBean(FluxsocketWebSocketClient.class));
    }

    @Test
    void settingsOfTheApplicationAreLeftToIt() {
        SessionSettings own = SessionSettings.builder().maxPendingSends(3).build();
        application
                .withBean(SessionSettings.class, () -> own)
                .run(context ->
                        assertThat(context.getBean(SessionSettings.class)).isSameAs(own));
    }

    @Test
    void serverAndClientCanBeSwitchedOff() {
        application
                .withPropertyValues("fluxsocket.server.enabled=false", "fluxsocket.client.enabled=false")
                .run(context -> {
                    assertThat(strategyOf(context.getBean(WebSocketHandlerAdapter.class)))
                            .isNotInstanceOf(FluxsocketRequestUpgradeStrategy.class);
                    assertThat(context).doesNotHaveBean(WebSocketClient.class);
                });
    }

    // ---- properties

    @Test
    void thePropertiesHaveTheDefaultsOfTheSettings() {
        application.run(context -> assertThat(context.getBean(SessionSettings.class))
                .usingRecursiveComparison()
                .ignoringFields("engineSettings")
                .isEqualTo(SessionSettings.DEFAULT));
        application
                .withPropertyValues("fluxsocket.compression.enabled=true")
                .run(context -> assertThat(
                                context.getBean(SessionSettings.class).deflate())
                        .usingRecursiveComparison()
                        .isEqualTo(DeflateSettings.DEFAULT));
    }

    @Test
    void eachPropertySetsWhatItNames() {
        application
                .withPropertyValues(
                        "fluxsocket.receive-window=1KB",
                        "fluxsocket.max-message-size=2KB",
                        "fluxsocket.max-frame-size=3KB",
                        "fluxsocket.max-pending-sends=4",
                        "fluxsocket.close-timeout=5s",
                        "fluxsocket.idle-timeout=6m",
                        "fluxsocket.stalled-consumer-timeout=7m",
                        "fluxsocket.max-control-frames-per-second=8",
                        "fluxsocket.max-messages-per-second=9",
                        "fluxsocket.receive-pings=true",
                        "fluxsocket.keep-alive.interval=10s",
                        "fluxsocket.keep-alive.pong-timeout=11s",
                        "fluxsocket.keep-alive.allowed-misses=12",
                        "fluxsocket.compression.enabled=true",
                        "fluxsocket.compression.level=1",
                        "fluxsocket.compression.threshold=13B",
                        "fluxsocket.compression.server-no-context-takeover=true",
                        "fluxsocket.compression.client-no-context-takeover=true",
                        "fluxsocket.compression.server-max-window-bits=14",
                        "fluxsocket.compression.client-max-window-bits=9")
                .run(context -> assertThat(context.getBean(SessionSettings.class))
                        .usingRecursiveComparison()
                        .ignoringFields("engineSettings")
                        .isEqualTo(SessionSettings.builder()
                                .receiveWindow(1024)
                                .maxMessageSize(2048)
                                .maxFrameSize(3072)
                                .maxPendingSends(4)
                                .closeTimeout(Duration.ofSeconds(5))
                                .idleTimeout(Duration.ofMinutes(6))
                                .stalledConsumerTimeout(Duration.ofMinutes(7))
                                .maxControlFramesPerSecond(8)
                                .maxMessagesPerSecond(9)
                                .emitControlFrames(true)
                                .keepAlive(Duration.ofSeconds(10), Duration.ofSeconds(11), 12)
                                .deflate(DeflateSettings.builder()
                                        .compressionLevel(1)
                                        .threshold(13)
                                        .serverNoContextTakeover(true)
                                        .clientNoContextTakeover(true)
                                        .serverMaxWindowBits(14)
                                        .clientMaxWindowBits(9)
                                        .build())
                                .build()));
    }

    @Test
    void customizersHaveTheLastWord() {
        application
                .withPropertyValues("fluxsocket.close-timeout=5s")
                .withBean(
                        SessionSettingsCustomizer.class, () -> settings -> settings.closeTimeout(Duration.ofSeconds(6)))
                .run(context -> assertThat(
                                context.getBean(SessionSettings.class).closeTimeout())
                        .isEqualTo(Duration.ofSeconds(6)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fluxsocket.close-timeout          | 0s          | closeTimeout is zero; it must be longer",
                "fluxsocket.receive-window         | 5GB         | must lie between",
                "fluxsocket.max-message-size       | 1B          | must lie between",
                "fluxsocket.keep-alive.interval    | -1s         | interval is PT-1S; it must lie between zero and",
                "fluxsocket.keep-alive.pong-timeout| 0s          | pongTimeout",
                "fluxsocket.keep-alive.allowed-misses | -1       | allowedMisses",
                "fluxsocket.compression.level      | 10          | compressionLevel is 10",
                "fluxsocket.client.handshake-timeout | 0s        | handshakeTimeout is PT0S",
                "fluxsocket.server.max-connections | 0           | maxConnections is 0",
                "fluxsocket.server.allowed-origins | example.com | example.com"
            })
    void aPropertyThatMakesNoSenseIsNamedWithItsValueItsOriginAndTheReason(
            String property, String value, String reason) {
        application
                .withPropertyValues("fluxsocket.compression.enabled=true", property + "=" + value)
                .run(context -> {
                    assertThat(context).hasFailed();
                    MockEnvironment environment = new MockEnvironment().withProperty(property, value);
                    FailureAnalysis analysis = new InvalidFluxsocketPropertyFailureAnalyzer(environment)
                            .analyze(Objects.requireNonNull(context.getStartupFailure()));
                    assertThat(analysis).isNotNull();
                    assertThat(analysis.getDescription())
                            .contains(property)
                            .contains("Value: \"" + value + "\"")
                            .contains("Origin: ")
                            .contains(reason);
                    assertThat(analysis.getAction())
                            .isEqualTo(
                                    "Change the value of " + property + ", or remove the property to get its default.");
                });
    }

    @Test
    void everyPropertyIsDescribedAndHasADefault() throws IOException {
        String metadata;
        try (InputStream in = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            metadata = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
        List<String> properties =
                List.of(metadata.substring(metadata.indexOf("\"properties\""), metadata.indexOf("\"hints\""))
                        .split("\\{"));

        assertThat(properties).hasSizeGreaterThan(26);
        assertThat(properties.subList(1, properties.size())).allSatisfy(property -> {
            assertThat(property).contains("\"name\": \"fluxsocket.", "\"description\": \"");
            if (!property.contains("allowed-origins")) {
                assertThat(property).contains("\"defaultValue\": ");
            }
        });
    }

    // ---- origins

    @Test
    void allowedOriginsStandBesideTheServersOwn() {
        OriginPolicy policy = PropertyMapping.origins(List.of("https://other.example"));
        HandshakeRequest request = HandshakeRequest.get(HandshakeHeaders.of("Host", "own.example"));

        assertThat(policy.allows("https://other.example", request)).isTrue();
        assertThat(policy.allows("https://own.example", request)).isTrue();
        assertThat(policy.allows("https://third.example", request)).isFalse();
        assertThat(PropertyMapping.origins(List.of("*")).allows("https://third.example", request))
                .isTrue();
        assertThat(PropertyMapping.origins(List.of()).allows("https://other.example", request))
                .isFalse();
    }
}
