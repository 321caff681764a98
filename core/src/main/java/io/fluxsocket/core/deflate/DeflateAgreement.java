package io.fluxsocket.core.deflate;

/**
 * That permessage-deflate is used on one connection, and how: what an engine is created with. It comes from {@link
 * ServerDeflate#agreement} or {@link ClientDeflate#agreement}, or is made by hand where there is no handshake.
 *
 * @param parameters what both ends agreed on
 * @param settings how this end compresses; where they are narrower than the parameters, this end keeps to them
 */
public record DeflateAgreement(DeflateParameters parameters, DeflateSettings settings) {
    /** The window of this end's output, as a power of two. */
    public int outboundWindowBits(boolean client) {
        return client
                ? Math.min(parameters.clientMaxWindowBits(), settings.clientMaxWindowBits())
                : Math.min(parameters.serverMaxWindowBits(), settings.serverMaxWindowBits());
    }

    /** Whether this end compresses each message by itself. */
    public boolean outboundNoContextTakeover(boolean client) {
        return client
                ? parameters.clientNoContextTakeover() || settings.clientNoContextTakeover()
                : parameters.serverNoContextTakeover() || settings.serverNoContextTakeover();
    }

    /** Whether the peer compresses each message by itself. */
    public boolean inboundNoContextTakeover(boolean client) {
        return client ? parameters.serverNoContextTakeover() : parameters.clientNoContextTakeover();
    }
}
