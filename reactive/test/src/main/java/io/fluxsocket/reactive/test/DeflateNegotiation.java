package io.fluxsocket.reactive.test;

import io.fluxsocket.core.deflate.ClientDeflate;
import io.fluxsocket.core.deflate.DeflateAgreement;
import io.fluxsocket.core.deflate.DeflateSettings;
import io.fluxsocket.core.deflate.ServerDeflate;
import io.fluxsocket.core.handshake.Extension;
import io.fluxsocket.reactive.SessionSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the two ends of a connection agree on about permessage-deflate: the negotiation of production, without the headers.
 *
 * @param client how the client compresses; null if nothing is compressed
 * @param server how the server compresses; null if nothing is compressed
 * @param extensions as the handshake tells them
 */
record DeflateNegotiation(
        @Nullable DeflateAgreement client, @Nullable DeflateAgreement server, List<String> extensions) {
    private static final DeflateNegotiation NONE = new DeflateNegotiation(null, null, List.of());

    /** @throws io.fluxsocket.core.handshake.HandshakeException if the client's settings refuse what the server answers */
    static DeflateNegotiation of(SessionSettings clientSettings, SessionSettings serverSettings) {
        DeflateSettings wanted = clientSettings.deflate();
        DeflateSettings granted = serverSettings.deflate();
        if (wanted == null || granted == null) {
            return NONE;
        }
        ClientDeflate client = new ClientDeflate(wanted);
        ServerDeflate server = new ServerDeflate(granted);
        List<Extension> accepted = server.negotiate(client.offers());
        return new DeflateNegotiation(
                client.agreement(accepted),
                server.agreement(accepted),
                accepted.stream().map(Extension::toString).toList());
    }

    boolean isDeflated() {
        return client != null;
    }

    @Nullable
    DeflateAgreement agreement(boolean isClient) {
        return isClient ? client : server;
    }
}
