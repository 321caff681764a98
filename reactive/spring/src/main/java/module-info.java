import org.jspecify.annotations.NullMarked;

/** Spring WebFlux's WebSockets on Fluxsocket. */
@NullMarked
module io.fluxsocket.reactive.spring {
    requires transitive io.fluxsocket.reactive.netty;
    requires transitive spring.core;
    requires transitive spring.web;
    requires transitive spring.webflux;
    requires transitive micrometer.observation;
    requires transitive micrometer.commons;
    // For meters alone.
    requires static micrometer.core;
    // For the auto-configuration alone.
    requires static spring.beans;
    requires static transitive spring.boot;
    requires static transitive spring.boot.autoconfigure;
    requires static spring.boot.reactor.netty;
    requires static spring.context;

    exports io.fluxsocket.reactive.spring;
    exports io.fluxsocket.reactive.spring.boot;

    opens io.fluxsocket.reactive.spring.boot; // Spring creates the beans.
}
