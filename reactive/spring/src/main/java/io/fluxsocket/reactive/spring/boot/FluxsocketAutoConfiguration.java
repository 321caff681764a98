package io.fluxsocket.reactive.spring.boot;

import io.fluxsocket.reactive.SessionSettings;
import io.fluxsocket.reactive.netty.WebSocketMeters;
import io.fluxsocket.reactive.netty.WebSocketObserver;
import io.fluxsocket.reactive.spring.FluxsocketRequestUpgradeStrategy;
import io.fluxsocket.reactive.spring.FluxsocketWebSocketClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.socket.client.WebSocketClient;
import org.springframework.web.reactive.socket.server.RequestUpgradeStrategy;
import org.springframework.web.reactive.socket.server.WebSocketService;

/**
 * Settings, server and client. The server's part is left out where the application has a bean of {@link
 * RequestUpgradeStrategy} or {@link WebSocketService}, the client's where it has one of {@link WebSocketClient}.
 */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
            "org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration"
        })
@ConditionalOnClass(WebSocketClient.class)
@EnableConfigurationProperties(FluxsocketProperties.class)
public final class FluxsocketAutoConfiguration {
    FluxsocketAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    SessionSettings fluxsocketSessionSettings(
            FluxsocketProperties properties, ObjectProvider<SessionSettingsCustomizer> customizers) {
        SessionSettings.Builder settings = PropertyMapping.settings(properties);
        customizers.orderedStream().forEach(customizer -> customizer.customize(settings));
        return settings.build();
    }

    @Bean
    @ConditionalOnMissingBean(WebSocketClient.class)
    @ConditionalOnBooleanProperty(name = "fluxsocket.client.enabled", matchIfMissing = true)
    FluxsocketWebSocketClient fluxsocketWebSocketClient(
            FluxsocketProperties properties,
            SessionSettings settings,
            ObjectProvider<Observers> observers,
            ObjectProvider<ObservationRegistry> observations,
            ObjectProvider<WebSocketClientCustomizer> customizers) {
        FluxsocketWebSocketClient created = new FluxsocketWebSocketClient(settings, initial -> {
            io.fluxsocket.reactive.netty.WebSocketClient client = PropertyMapping.client(properties.client(), initial);
            Observers observer = observers.getIfAvailable();
            if (observer != null) {
                client = client.observer(observer.client());
            }
            for (WebSocketClientCustomizer customizer :
                    customizers.orderedStream().toList()) {
                client = customizer.customize(client);
            }
            return client;
        });
        return created.observationRegistry(observations.getIfUnique(() -> ObservationRegistry.NOOP));
    }

    /** Who watches the server's and the client's WebSockets. */
    record Observers(WebSocketObserver server, WebSocketObserver client) {}

    /** Meters, where there is a registry for them. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    @ConditionalOnBean(MeterRegistry.class)
    static class Meters {
        /** The server's URI is a pattern already; of a client's no template is known. */
        @Bean
        Observers fluxsocketObservers(MeterRegistry registry) {
            return new Observers(
                    WebSocketMeters.ofServer(registry, pattern -> pattern),
                    WebSocketMeters.ofClient(registry, uri -> "none"));
        }
    }

    /** The server's part. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
    @ConditionalOnClass(NettyReactiveWebServerFactory.class)
    @ConditionalOnBean(NettyReactiveWebServerFactory.class)
    @ConditionalOnMissingBean({RequestUpgradeStrategy.class, WebSocketService.class})
    @ConditionalOnBooleanProperty(name = "fluxsocket.server.enabled", matchIfMissing = true)
    static class Server {
        @Bean
        FluxsocketRequestUpgradeStrategy fluxsocketRequestUpgradeStrategy(
                FluxsocketProperties properties,
                SessionSettings settings,
                ObjectProvider<Observers> observers,
                ObjectProvider<ObservationRegistry> observations) {
            FluxsocketRequestUpgradeStrategy strategy = new FluxsocketRequestUpgradeStrategy(
                    settings, initial -> PropertyMapping.server(properties.server(), initial));
            Observers observer = observers.getIfAvailable();
            return (observer == null ? strategy : strategy.observer(observer.server()))
                    .observationRegistry(observations.getIfUnique(() -> ObservationRegistry.NOOP));
        }

        @Bean
        static AdapterTakeover fluxsocketAdapterTakeover(ObjectProvider<FluxsocketRequestUpgradeStrategy> strategy) {
            return new AdapterTakeover(strategy);
        }
    }
}
