package io.fluxsocket.core.handshake;

/**
 * Why an opening handshake failed. A server answers each fault with one HTTP status (see {@link ServerHandshake});
 * a client fails the connection (RFC 6455 §4.1).
 */
public enum HandshakeFault {

    /**
     * A header that the handshake needs is missing, duplicated or ill-formed. On the server: 400.
     *
     * <p>Windows: {@code E_INVALID_PROTOCOL_FORMAT}.
     */
    MALFORMED,

    /** The server answered the client with a status other than 101. Windows leaves this check to the application. */
    NOT_SWITCHED,

    /** The request's method is not GET (RFC 6455 §4.1). On the server: 405. */
    METHOD_NOT_ALLOWED,

    /** The request does not ask for an upgrade to WebSocket at all. On the server: 426 (RFC 9110 §15.5.22). */
    UPGRADE_REQUIRED,

    /**
     * The peer speaks no protocol version that is known here; only 13 is (RFC 6455 §4.4). On the server: 426.
     *
     * <p>Windows: {@code E_PROTOCOL_VERSION_NOT_SUPPORTED}.
     */
    VERSION_NOT_SUPPORTED,

    /** The {@link OriginPolicy} does not allow the page that the request comes from. On the server: 403. */
    ORIGIN_REFUSED,

    /**
     * The server selected a subprotocol that the client did not offer (RFC 6455 §4.1).
     *
     * <p>Windows: {@code E_SUBPROTOCOL_NOT_SUPPORTED}.
     */
    SUBPROTOCOL_NOT_SUPPORTED,

    /**
     * The server uses an extension that the client did not offer, or uses it in a way that the client cannot
     * (RFC 6455 §4.1, RFC 7692 §5.1).
     *
     * <p>Windows: {@code E_PROTOCOL_EXTENSIONS_NOT_SUPPORTED}.
     */
    EXTENSIONS_NOT_SUPPORTED
}
