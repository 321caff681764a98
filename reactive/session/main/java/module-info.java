import org.jspecify.annotations.NullMarked;

/** Demand-driven WebSocket connections over any byte transport. */
@NullMarked
module io.fluxsocket.reactive {
    requires transitive io.fluxsocket.core;
    requires transitive org.reactivestreams;
    requires transitive reactor.core;
    requires static transitive org.jspecify;

    exports io.fluxsocket.reactive;
}
