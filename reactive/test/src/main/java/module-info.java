import org.jspecify.annotations.NullMarked;

/** WebSocket conversations in memory and in virtual time, for tests. */
@NullMarked
module io.fluxsocket.reactive.test {
    requires transitive io.fluxsocket.reactive;
    requires transitive reactor.test;
    requires static transitive org.assertj.core;
    requires static transitive org.jspecify;

    exports io.fluxsocket.reactive.test;
}
