package io.fluxsocket.samples.chat;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import tools.jackson.databind.json.JsonMapper;

/** The application: a page, WebSockets at {@code /rooms/{room}}, meters at {@code /actuator/metrics}. */
@SpringBootApplication
@EnableConfigurationProperties(ChatProperties.class)
public class ChatApplication {
    /**
     * Runs a node.
     *
     * @param arguments as with any Boot application; see {@link ChatProperties}
     */
    public static void main(String[] arguments) {
        SpringApplication.run(ChatApplication.class, arguments);
    }

    @Bean
    Backend backend(ChatProperties properties, JsonMapper json) {
        return properties.redis() == null ? new MemoryBackend() : new RedisBackend(properties.redis(), json);
    }

    @Bean
    Rooms rooms(Backend backend, ChatProperties properties) {
        return new Rooms(backend, properties.node());
    }

    @Bean
    ChatHandler chatHandler(
            Rooms rooms, Backend backend, ChatProperties properties, JsonMapper json, MeterRegistry meters) {
        return new ChatHandler(rooms, backend, properties, json, new ChatMeters(meters));
    }

    @Bean
    HandlerMapping webSockets(ChatHandler handler) {
        return new SimpleUrlHandlerMapping(Map.of("/rooms/{room}", handler), -1);
    }

    /** What the page asks for first. */
    @RestController
    static final class Nodes {
        private final ChatProperties properties;

        Nodes(ChatProperties properties) {
            this.properties = properties;
        }

        /** Where else it may connect when this node is gone. */
        @GetMapping("/nodes")
        Object nodes() {
            return properties.nodes();
        }
    }
}
