import org.jspecify.annotations.NullMarked;

/**
 * The WebSocket protocol engine: RFC 6455 without I/O, threads, clocks or logging.
 *
 * <p>{@link io.fluxsocket.core} is the engine proper, {@link io.fluxsocket.core.handshake} the optional opening handshake.
 */
@NullMarked
module io.fluxsocket.core {
    requires static transitive org.jspecify;

    exports io.fluxsocket.core;
    exports io.fluxsocket.core.handshake;
}
