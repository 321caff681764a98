package io.fluxsocket.core;

import io.fluxsocket.core.deflate.DeflateAgreement;

/** Which end the engine under test is. Its peer is the other end, and is written by hand. */
enum Role {
    CLIENT,
    SERVER;

    /** {@link Bytes#KEY} as the engine takes it: the lowest byte masks first. */
    private static final int MASK_KEY = 0x3d21fa37;

    WebSocketEngine engine(EngineSettings settings) {
        return this == CLIENT
                ? WebSocketEngine.client(settings, () -> MASK_KEY, null)
                : WebSocketEngine.server(settings);
    }

    /** An engine where permessage-deflate was agreed on. */
    WebSocketEngine engine(EngineSettings settings, DeflateAgreement deflate, Codecs codecs) {
        boolean client = this == CLIENT;
        return new WebSocketEngine(client, settings, client ? () -> MASK_KEY : null, null, deflate, codecs);
    }

    Endpoint endpoint() {
        return endpoint(EngineSettings.DEFAULT);
    }

    Endpoint endpoint(EngineSettings settings) {
        return new Endpoint(engine(settings));
    }

    /** A frame that the peer sends: a client's is masked. */
    byte[] inbound(int first, byte[] payload) {
        return Bytes.frame(first, this == SERVER, payload);
    }

    byte[] inbound(int first, String text) {
        return inbound(first, Bytes.utf8(text));
    }

    /** The header of a frame that the peer sends. */
    byte[] inboundHeader(int first, int form, long length) {
        return Bytes.header(first, this == SERVER, form, length);
    }

    /** A frame that the engine is expected to send. */
    byte[] outbound(int first, byte[] payload) {
        return Bytes.frame(first, this == CLIENT, payload);
    }
}
