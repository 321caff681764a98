package io.fluxsocket.reactive.spring.boot;

import io.fluxsocket.reactive.spring.FluxsocketRequestUpgradeStrategy;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.web.reactive.socket.server.RequestUpgradeStrategy;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.reactive.socket.server.support.WebSocketHandlerAdapter;
import org.springframework.web.reactive.socket.server.upgrade.ReactorNettyRequestUpgradeStrategy;
import reactor.netty.http.server.WebsocketServerSpec;

/**
 * Has WebSocket handler adapters use our strategy: WebFlux's own, and those that applications declare as the reference shows,
 * with the strategy that Spring finds by itself. One with a service or a strategy of another kind, or with Reactor Netty's
 * configured, stays as it is.
 */
final class AdapterTakeover implements BeanPostProcessor {
    private final ObjectProvider<FluxsocketRequestUpgradeStrategy> strategy;

    AdapterTakeover(ObjectProvider<FluxsocketRequestUpgradeStrategy> strategy) {
        this.strategy = strategy;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean.getClass() != WebSocketHandlerAdapter.class) {
            return bean;
        }
        WebSocketHandlerAdapter adapter = (WebSocketHandlerAdapter) bean;
        WebSocketService service = adapter.getWebSocketService();
        if (service.getClass() != HandshakeWebSocketService.class) {
            return bean;
        }
        HandshakeWebSocketService handshake = (HandshakeWebSocketService) service;
        if (!isFoundBySpring(handshake.getUpgradeStrategy())) {
            return bean;
        }
        HandshakeWebSocketService ours = new HandshakeWebSocketService(strategy.getObject());
        ours.setSessionAttributePredicate(handshake.getSessionAttributePredicate());
        WebSocketHandlerAdapter replacement = new WebSocketHandlerAdapter(ours);
        replacement.setOrder(adapter.getOrder());
        return replacement;
    }

    private static boolean isFoundBySpring(RequestUpgradeStrategy strategy) {
        if (strategy instanceof ReactorNettyRequestUpgradeStrategy netty) {
            WebsocketServerSpec spec = netty.getWebsocketServerSpec();
            WebsocketServerSpec defaults = WebsocketServerSpec.builder().build();
            return netty.getClass() == ReactorNettyRequestUpgradeStrategy.class
                    && spec.maxFramePayloadLength() == defaults.maxFramePayloadLength()
                    && spec.handlePing() == defaults.handlePing()
                    && spec.compress() == defaults.compress();
        }
        return strategy.getClass()
                == new HandshakeWebSocketService().getUpgradeStrategy().getClass();
    }
}
