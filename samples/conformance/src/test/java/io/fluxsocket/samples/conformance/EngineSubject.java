package io.fluxsocket.samples.conformance;

import io.fluxsocket.core.EngineSettings;
import io.fluxsocket.core.WebSocketEngine;
import io.fluxsocket.core.deflate.ClientDeflate;
import io.fluxsocket.core.deflate.DeflateAgreement;
import io.fluxsocket.core.deflate.DeflateSettings;
import io.fluxsocket.core.deflate.ServerDeflate;
import io.fluxsocket.core.handshake.Extension;
import org.jspecify.annotations.Nullable;

/** Our bare engine as an echo in memory: no sockets, no threads, no time. */
final class EngineSubject implements Judge.Subject {
    static final EngineSettings SETTINGS =
            EngineSettings.builder().receiveBufferSize(1 << 16).build();

    private final boolean server;
    private final EngineSettings settings;

    EngineSubject(boolean server) {
        this(server, SETTINGS);
    }

    EngineSubject(boolean server, EngineSettings settings) {
        this.server = server;
        this.settings = settings;
    }

    @Override
    public boolean isServer() {
        return server;
    }

    @Override
    public Timing timing() {
        return Timing.IN_MEMORY;
    }

    @Override
    public Judge.Connection open(Case test) {
        return server ? openServer(test) : openClient(test);
    }

    private Judge.Connection openServer(Case test) {
        if (test.deflate().isEmpty()) {
            return new Judge.Connection(new EngineLink(WebSocketEngine.server(settings), true), null);
        }
        ServerDeflate deflate = new ServerDeflate(DeflateSettings.DEFAULT);
        var response = deflate.negotiate(Extension.parse(DeflateTerms.offers(test.deflate())));
        DeflateAgreement agreement = deflate.agreement(response);
        return new Judge.Connection(
                new EngineLink(WebSocketEngine.server(settings, agreement), true),
                DeflateTerms.accepted(test.deflate(), response.isEmpty() ? null : Extension.format(response)));
    }

    private Judge.Connection openClient(Case test) {
        if (test.deflate().isEmpty()) {
            return new Judge.Connection(new EngineLink(WebSocketEngine.client(settings), false), null);
        }
        ClientDeflate deflate = new ClientDeflate(clientSettings(test));
        DeflateTerms answer = DeflateTerms.answer(test.deflate(), Extension.format(deflate.offers()));
        @Nullable
        DeflateAgreement agreement = answer == null ? null : deflate.agreement(Extension.parse(answer.toString()));
        return new Judge.Connection(new EngineLink(WebSocketEngine.client(settings, agreement), false), answer);
    }

    /** A client has to offer what the judging server wishes: here, in every case that wishes it, to give up its context. */
    static DeflateSettings clientSettings(Case test) {
        boolean noContextTakeover = test.deflate().stream().allMatch(DeflateTerms.Wish::noContextTakeover);
        return DeflateSettings.builder()
                .clientNoContextTakeover(noContextTakeover)
                .build();
    }
}
