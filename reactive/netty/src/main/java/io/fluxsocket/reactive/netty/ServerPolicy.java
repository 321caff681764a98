package io.fluxsocket.reactive.netty;

import io.fluxsocket.core.deflate.DeflateAgreement;
import io.fluxsocket.core.deflate.DeflateSettings;
import io.fluxsocket.core.deflate.ServerDeflate;
import io.fluxsocket.core.handshake.OriginPolicy;
import io.fluxsocket.core.handshake.ServerHandshake;
import io.fluxsocket.reactive.HandshakeInfo;
import io.fluxsocket.reactive.SessionSettings;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;

/** What a server decides about the WebSockets that it accepts, whatever their path. */
record ServerPolicy(
        List<String> subprotocols,
        OriginPolicy originPolicy,
        SessionSettings settings,
        int maxConnections,
        BiConsumer<? super HttpServerRequest, ? super HandshakeInfo.Builder> handshakeInfo,
        @Nullable WebSocketObserver observer,
        ServerHandshake handshake,
        @Nullable ServerDeflate deflate) {

    /** About 170 MB of idle sessions at 2.6 KB each; as many as one IPv4 address has ports to come from. */
    static final int MAX_CONNECTIONS = 65_536;

    static final ServerPolicy DEFAULT = of(
            List.of(),
            OriginPolicy.sameOrigin(),
            SessionSettings.DEFAULT,
            MAX_CONNECTIONS,
            (request, info) -> {},
            null);

    private static ServerPolicy of(
            List<String> subprotocols,
            OriginPolicy originPolicy,
            SessionSettings settings,
            int maxConnections,
            BiConsumer<? super HttpServerRequest, ? super HandshakeInfo.Builder> handshakeInfo,
            @Nullable WebSocketObserver observer) {
        DeflateSettings deflateSettings = settings.deflate();
        ServerDeflate deflate = deflateSettings == null ? null : new ServerDeflate(deflateSettings);
        ServerHandshake.Builder handshake =
                ServerHandshake.builder().subprotocols(subprotocols).origins(originPolicy);
        if (deflate != null) {
            handshake.extensions(deflate);
        }
        return new ServerPolicy(
                subprotocols,
                originPolicy,
                settings,
                maxConnections,
                handshakeInfo,
                observer,
                handshake.build(),
                deflate);
    }

    ServerPolicy withSubprotocols(String... subprotocols) {
        return of(List.of(subprotocols), originPolicy, settings, maxConnections, handshakeInfo, observer);
    }

    ServerPolicy withOriginPolicy(OriginPolicy policy) {
        return of(
                subprotocols,
                Objects.requireNonNull(policy, "policy"),
                settings,
                maxConnections,
                handshakeInfo,
                observer);
    }

    ServerPolicy withSettings(SessionSettings settings) {
        return of(
                subprotocols,
                originPolicy,
                Objects.requireNonNull(settings, "settings"),
                maxConnections,
                handshakeInfo,
                observer);
    }

    ServerPolicy withSettings(Consumer<? super SessionSettings.Builder> changes) {
        SessionSettings.Builder builder = settings.toBuilder();
        changes.accept(builder);
        return withSettings(builder.build());
    }

    ServerPolicy withMaxConnections(int maxConnections) {
        if (maxConnections < 1) {
            throw new IllegalArgumentException("maxConnections is " + maxConnections + "; it must be at least 1");
        }
        return of(subprotocols, originPolicy, settings, maxConnections, handshakeInfo, observer);
    }

    ServerPolicy withHandshakeInfo(BiConsumer<? super HttpServerRequest, ? super HandshakeInfo.Builder> handshakeInfo) {
        return of(
                subprotocols,
                originPolicy,
                settings,
                maxConnections,
                Objects.requireNonNull(handshakeInfo, "handshakeInfo"),
                observer);
    }

    ServerPolicy withObserver(WebSocketObserver observer) {
        return of(
                subprotocols,
                originPolicy,
                settings,
                maxConnections,
                handshakeInfo,
                Objects.requireNonNull(observer, "observer"));
    }

    /** How the connection that a handshake opens is compressed; null if it is not. */
    @Nullable
    DeflateAgreement deflateAgreement(ServerHandshake.Accepted accepted) {
        return deflate == null ? null : deflate.agreement(accepted.extensions());
    }
}
