package io.fluxsocket.reactive.spring.boot;

import io.fluxsocket.core.deflate.DeflateSettings;
import io.fluxsocket.core.handshake.OriginPolicy;
import io.fluxsocket.reactive.SessionSettings;
import io.fluxsocket.reactive.netty.WebSocketClient;
import io.fluxsocket.reactive.netty.WebSocketUpgrade;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.util.unit.DataSize;

/** Properties as settings. What the settings refuse is told with the property's name. */
final class PropertyMapping {
    private PropertyMapping() {}

    /** Sets one thing from one property. */
    private static void set(String property, Runnable setter) {
        try {
            setter.run();
        } catch (IllegalArgumentException e) {
            throw new InvalidFluxsocketPropertyException("fluxsocket." + property, e);
        }
    }

    /** Makes one thing of one property. */
    private static <T> T made(String property, Supplier<T> maker) {
        try {
            return maker.get();
        } catch (IllegalArgumentException e) {
            throw new InvalidFluxsocketPropertyException("fluxsocket." + property, e);
        }
    }

    static WebSocketClient client(FluxsocketProperties.Client properties, WebSocketClient client) {
        return made("client.handshake-timeout", () -> client.handshakeTimeout(properties.handshakeTimeout()))
                .followRedirect(properties.followRedirects());
    }

    static WebSocketUpgrade server(FluxsocketProperties.Server properties, WebSocketUpgrade upgrade) {
        OriginPolicy origins = made("server.allowed-origins", () -> origins(properties.allowedOrigins()));
        return made("server.max-connections", () -> upgrade.maxConnections(properties.maxConnections()))
                .originPolicy(origins);
    }

    static SessionSettings.Builder settings(FluxsocketProperties properties) {
        SessionSettings.Builder settings = SessionSettings.builder().emitControlFrames(properties.receivePings());
        set("receive-window", () -> settings.receiveWindow(bytes(properties.receiveWindow())));
        set("max-message-size", () -> settings.maxMessageSize(bytes(properties.maxMessageSize())));
        set(
                "max-frame-size",
                () -> settings.maxFrameSize(properties.maxFrameSize().toBytes()));
        set("max-pending-sends", () -> settings.maxPendingSends(properties.maxPendingSends()));
        set("close-timeout", () -> settings.closeTimeout(properties.closeTimeout()));
        set("idle-timeout", () -> settings.idleTimeout(properties.idleTimeout()));
        set("stalled-consumer-timeout", () -> settings.stalledConsumerTimeout(properties.stalledConsumerTimeout()));
        set(
                "max-control-frames-per-second",
                () -> settings.maxControlFramesPerSecond(properties.maxControlFramesPerSecond()));
        set("max-messages-per-second", () -> settings.maxMessagesPerSecond(properties.maxMessagesPerSecond()));
        keepAlive(settings, properties.keepAlive());
        if (properties.compression().enabled()) {
            settings.deflate(deflate(properties.compression()));
        }
        return settings;
    }

    /** One after the other, with the defaults in the place of those that follow: so it shows which one is wrong. */
    private static void keepAlive(SessionSettings.Builder settings, FluxsocketProperties.KeepAlive keepAlive) {
        SessionSettings defaults = SessionSettings.DEFAULT;
        set(
                "keep-alive.interval",
                () -> settings.keepAlive(keepAlive.interval(), defaults.pongTimeout(), defaults.allowedMisses()));
        set(
                "keep-alive.pong-timeout",
                () -> settings.keepAlive(keepAlive.interval(), keepAlive.pongTimeout(), defaults.allowedMisses()));
        set(
                "keep-alive.allowed-misses",
                () -> settings.keepAlive(keepAlive.interval(), keepAlive.pongTimeout(), keepAlive.allowedMisses()));
    }

    private static DeflateSettings deflate(FluxsocketProperties.Compression compression) {
        DeflateSettings.Builder deflate = DeflateSettings.builder()
                .serverNoContextTakeover(compression.serverNoContextTakeover())
                .clientNoContextTakeover(compression.clientNoContextTakeover());
        set("compression.level", () -> deflate.compressionLevel(compression.level()));
        set("compression.threshold", () -> deflate.threshold(bytes(compression.threshold())));
        set("compression.server-max-window-bits", () -> deflate.serverMaxWindowBits(compression.serverMaxWindowBits()));
        set("compression.client-max-window-bits", () -> deflate.clientMaxWindowBits(compression.clientMaxWindowBits()));
        return deflate.build();
    }

    static OriginPolicy origins(List<String> allowed) {
        OriginPolicy own = OriginPolicy.sameOrigin();
        if (allowed.isEmpty()) {
            return own;
        }
        if (allowed.contains("*")) {
            return OriginPolicy.any();
        }
        OriginPolicy others = OriginPolicy.only(allowed.toArray(String[]::new));
        return (origin, request) -> own.allows(origin, request) || others.allows(origin, request);
    }

    /** What does not fit is too much for any of the settings. */
    private static int bytes(DataSize size) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, size.toBytes()));
    }
}
