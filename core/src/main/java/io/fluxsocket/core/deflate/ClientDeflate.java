package io.fluxsocket.core.deflate;

import static io.fluxsocket.core.deflate.HeaderParameters.ABSENT;
import static io.fluxsocket.core.deflate.HeaderParameters.WITHOUT_VALUE;
import static io.fluxsocket.core.deflate.HeaderParameters.fault;

import io.fluxsocket.core.handshake.ClientHandshake;
import io.fluxsocket.core.handshake.Extension;
import io.fluxsocket.core.handshake.HandshakeException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The client's half of the negotiation of permessage-deflate (RFC 7692 §5, §7.1): begin the handshake with {@link #offers},
 * and create the engine with the {@link #agreement} that the response is.
 *
 * <p>The offer always holds {@code client_max_window_bits}, since any window of the client's own can be honoured; the other
 * parameters where the settings ask for them. A server that cannot keep to them declines, and the connection opens without
 * compression.
 *
 * <p>Immutable; may be called by several threads at once.
 */
public final class ClientDeflate {
    private final DeflateSettings settings;
    private final HeaderParameters offer;

    /** @param settings what this client asks for, and how it compresses */
    public ClientDeflate(DeflateSettings settings) {
        this.settings = settings;
        offer = new HeaderParameters(
                settings.serverNoContextTakeover(),
                settings.clientNoContextTakeover(),
                isLimit(settings.serverMaxWindowBits()) ? settings.serverMaxWindowBits() : ABSENT,
                isLimit(settings.clientMaxWindowBits()) ? settings.clientMaxWindowBits() : WITHOUT_VALUE);
    }

    private static boolean isLimit(int windowBits) {
        return windowBits < DeflateParameters.LARGEST_WINDOW_BITS;
    }

    /** What to begin the handshake with, beside the offers of other extensions. Unmodifiable. */
    public List<Extension> offers() {
        return List.of(offer.toExtension());
    }

    /**
     * Judges what the server answered to the offer (RFC 7692 §7.1).
     *
     * @param response the extensions of the response: {@link ClientHandshake.Result#extensions()}
     * @return what to create the engine with; null if permessage-deflate is not used
     * @throws HandshakeException if the server answered something that the offer does not allow; the connection is then to
     *     be closed
     */
    public @Nullable DeflateAgreement agreement(List<Extension> response) {
        Extension extension = HeaderParameters.find(response);
        if (extension == null) {
            return null;
        }
        HeaderParameters answer = HeaderParameters.parse(extension);
        if (offer.serverNoContextTakeover() && !answer.serverNoContextTakeover()) {
            throw fault("was asked for server_no_context_takeover, but the server did not agree to it");
        }
        if (offer.serverMaxWindowBits() != ABSENT
                && (answer.serverMaxWindowBits() == ABSENT
                        || answer.serverMaxWindowBits() > offer.serverMaxWindowBits())) {
            throw fault("was asked for server_max_window_bits=" + offer.serverMaxWindowBits()
                    + ", but the server did not agree to it");
        }
        if (answer.clientMaxWindowBits() == WITHOUT_VALUE) {
            throw fault("has client_max_window_bits without a value in the response");
        }
        if (answer.clientMaxWindowBits() > settings.clientMaxWindowBits()) {
            throw fault("was offered client_max_window_bits=" + settings.clientMaxWindowBits()
                    + ", but the server answered " + answer.clientMaxWindowBits());
        }
        return new DeflateAgreement(answer.agreed(), settings);
    }
}
