package io.fluxsocket.core;

import io.fluxsocket.core.deflate.DeflateAgreement;
import io.fluxsocket.core.deflate.DeflateParameters;
import io.fluxsocket.core.deflate.DeflateSettings;
import org.jspecify.annotations.Nullable;

/** Settings that a fuzz target chooses: small limits and buffers, so that short inputs reach them. */
final class FuzzedSettings {
    private FuzzedSettings() {}

    static EngineSettings engine(FuzzInput in) {
        return EngineSettings.builder()
                .receiveBufferSize(in.of(256, 257, 300, 4096))
                .sendBufferSize(in.of(0, 16, 17, 60, 5000))
                .maxFrameSize(in.of(16 << 20, 125, 126, 1000, 65536))
                .maxMessageSize(in.below(2) == 0 ? Long.MAX_VALUE : in.of(125, 126, 300, 1000, 5000))
                .queueCapacity(in.of(4, 1, 2, 16))
                .maskingDisabled(in.oneIn(8))
                .utf8VerificationDisabled(in.oneIn(8))
                .automaticCloseEcho(!in.oneIn(8))
                .indicatePings(in.oneIn(4))
                .build();
    }

    /** What was agreed on about permessage-deflate, or that it is not used. */
    static @Nullable DeflateAgreement deflate(FuzzInput in) {
        return in.below(3) == 0 ? null : new DeflateAgreement(parameters(in), deflateSettings(in));
    }

    static DeflateParameters parameters(FuzzInput in) {
        return new DeflateParameters(in.oneIn(2), in.oneIn(2), 15 - in.below(8), 15 - in.below(8));
    }

    static DeflateSettings deflateSettings(FuzzInput in) {
        return DeflateSettings.builder()
                .compressionLevel(in.of(6, 0, 1, 9))
                .threshold(in.of(0, 10, 128))
                .fragmentSize(in.of(128, 129, 300, 65536))
                .serverNoContextTakeover(in.oneIn(4))
                .clientNoContextTakeover(in.oneIn(4))
                .serverMaxWindowBits(in.oneIn(4) ? 8 + in.below(8) : 15)
                .clientMaxWindowBits(in.oneIn(4) ? 8 + in.below(8) : 15)
                .releasedBetweenMessages(in.oneIn(3))
                .build();
    }
}
