import org.jspecify.annotations.NullMarked;

/**
 * The WebSocket protocol engine: RFC 6455 without I/O, threads, clocks or logging.
 *
 * <p>{@link io.fluxsocket.core} is the engine proper, {@link io.fluxsocket.core.handshake} the optional opening handshake,
 * {@link io.fluxsocket.core.deflate} the optional compression.
 */
@NullMarked
module io.fluxsocket.core {
    requires static transitive org.jspecify;

    exports io.fluxsocket.core;
    exports io.fluxsocket.core.deflate;
    exports io.fluxsocket.core.handshake;
}
