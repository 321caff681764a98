import org.jspecify.annotations.NullMarked;

/** WebSocket server and client on Reactor Netty. */
@NullMarked
module io.fluxsocket.reactive.netty {
    requires transitive io.fluxsocket.reactive;
    requires transitive reactor.netty.core;
    requires transitive reactor.netty.http;
    requires io.netty.buffer;
    requires transitive io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    // For WebSocketMeters alone.
    requires static transitive micrometer.commons;
    requires static transitive micrometer.core;

    exports io.fluxsocket.reactive.netty;
}
