package io.fluxsocket.reactive.spring.boot;

import io.fluxsocket.reactive.netty.WebSocketClient;

/** A bean that changes the client which is offered as a bean: TLS, proxy, cookies, name resolution. */
@FunctionalInterface
public interface WebSocketClientCustomizer {
    /**
     * Called once.
     *
     * @param client holds what the properties say
     * @return the client to use
     */
    WebSocketClient customize(WebSocketClient client);
}
