import org.jspecify.annotations.NullMarked;

/** Spring WebFlux's WebSockets on Fluxsocket. */
@NullMarked
module io.fluxsocket.reactive.spring {
    requires transitive io.fluxsocket.reactive.netty;
    requires transitive spring.webflux;
    requires transitive spring.core;
    requires transitive spring.web;

    exports io.fluxsocket.reactive.spring;
}
