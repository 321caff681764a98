package io.fluxsocket.core.deflate;

import static io.fluxsocket.core.deflate.HeaderParameters.ABSENT;

import io.fluxsocket.core.handshake.Extension;
import io.fluxsocket.core.handshake.ExtensionNegotiator;
import io.fluxsocket.core.handshake.HandshakeException;
import io.fluxsocket.core.handshake.ServerHandshake;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The server's half of the negotiation of permessage-deflate (RFC 7692 §5, §7.1): give it to {@link
 * ServerHandshake.Builder#extensions}, and create the engine with the {@link #agreement} of what was accepted.
 *
 * <p>The first offer that is well-formed is accepted: every parameter can be honoured, in any combination. An offer with an
 * unknown parameter, the same one twice or a value out of range is declined, and the next is looked at; if none is left the
 * connection opens without compression. Other extensions are ignored.
 *
 * <p>Of the response: {@code server_max_window_bits} stands in it where the client asked for it or the settings ask for less
 * than 15; {@code client_max_window_bits} where the client offered it and the settings ask for less than 15; the two others
 * where the client or the settings ask for {@code server_no_context_takeover}, and where the settings ask for {@code
 * client_no_context_takeover}.
 *
 * <p>Immutable; may be called by several threads at once.
 */
public final class ServerDeflate implements ExtensionNegotiator {
    private final DeflateSettings settings;

    /** @param settings what this server asks for, and how it compresses */
    public ServerDeflate(DeflateSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<Extension> negotiate(List<Extension> offers) {
        for (Extension offer : offers) {
            if (offer.name().equals(HeaderParameters.NAME)) {
                HeaderParameters parameters = parseOrNull(offer);
                if (parameters != null) {
                    return List.of(response(parameters).toExtension());
                }
            }
        }
        return List.of();
    }

    private static @Nullable HeaderParameters parseOrNull(Extension offer) {
        try {
            return HeaderParameters.parse(offer);
        } catch (HandshakeException declined) {
            return null;
        }
    }

    private HeaderParameters response(HeaderParameters offer) {
        int server = Math.min(HeaderParameters.orLargest(offer.serverMaxWindowBits()), settings.serverMaxWindowBits());
        int client = Math.min(HeaderParameters.orLargest(offer.clientMaxWindowBits()), settings.clientMaxWindowBits());
        boolean tellsServer = offer.serverMaxWindowBits() != ABSENT || isLimit(settings.serverMaxWindowBits());
        boolean asksClient = offer.clientMaxWindowBits() != ABSENT && isLimit(settings.clientMaxWindowBits());
        return new HeaderParameters(
                offer.serverNoContextTakeover() || settings.serverNoContextTakeover(),
                settings.clientNoContextTakeover(),
                tellsServer ? server : ABSENT,
                asksClient ? client : ABSENT);
    }

    private static boolean isLimit(int windowBits) {
        return windowBits < DeflateParameters.LARGEST_WINDOW_BITS;
    }

    /**
     * What holds for the connection.
     *
     * @param accepted what the server answered: {@link ServerHandshake.Accepted#extensions()}
     * @return what to create the engine with; null if permessage-deflate is not used
     */
    public @Nullable DeflateAgreement agreement(List<Extension> accepted) {
        Extension response = HeaderParameters.find(accepted);
        return response == null
                ? null
                : new DeflateAgreement(HeaderParameters.parse(response).agreed(), settings);
    }
}
