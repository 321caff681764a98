package io.fluxsocket.core.handshake;

import java.util.List;

/** How a server answers the extensions that a client offers (RFC 6455 §9.1). */
@FunctionalInterface
public interface ExtensionNegotiator {

    /**
     * Chooses among the offers. It is called for each request that passed every other check, also for one without
     * offers, on the thread that called {@link ServerHandshake#answer(HandshakeRequest)}. An offer that it does not know
     * or cannot serve it leaves out; that is no error (RFC 7692 §5.1).
     *
     * @param offers what the client offers, in its order of preference; a name may occur several times
     * @return what the server uses, in the order of the wire, with the parameters of the response; each name was offered
     *     and occurs once. Empty: no extension.
     * @throws HandshakeException to reject the request because of its offers
     */
    List<Extension> negotiate(List<Extension> offers);

    /**
     * The default: declines every offer.
     *
     * @return the negotiator
     */
    static ExtensionNegotiator none() {
        return offers -> List.of();
    }
}
