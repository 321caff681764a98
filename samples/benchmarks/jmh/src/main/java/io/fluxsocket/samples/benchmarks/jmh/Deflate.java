package io.fluxsocket.samples.benchmarks.jmh;

import io.fluxsocket.core.deflate.DeflateAgreement;
import io.fluxsocket.core.deflate.DeflateParameters;
import io.fluxsocket.core.deflate.DeflateSettings;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateClientExtensionHandshaker;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import java.util.Map;

/** permessage-deflate, the same on both sides: context takeover, the largest windows, level 6, all messages compressed. */
final class Deflate {
    static final DeflateAgreement AGREEMENT = new DeflateAgreement(
            DeflateParameters.DEFAULT,
            DeflateSettings.builder().threshold(0).compressionLevel(6).build());

    private static final WebSocketExtensionData AGREED = new WebSocketExtensionData("permessage-deflate", Map.of());

    private Deflate() {}

    static ChannelHandler nettyClientEncoder() {
        return new PerMessageDeflateClientExtensionHandshaker(0)
                .handshakeExtension(AGREED)
                .newExtensionEncoder();
    }

    static ChannelHandler nettyClientDecoder() {
        return new PerMessageDeflateClientExtensionHandshaker(0)
                .handshakeExtension(AGREED)
                .newExtensionDecoder();
    }

    static ChannelHandler nettyServerEncoder() {
        return new PerMessageDeflateServerExtensionHandshaker(0)
                .handshakeExtension(AGREED)
                .newExtensionEncoder();
    }

    static ChannelHandler nettyServerDecoder() {
        return new PerMessageDeflateServerExtensionHandshaker(0)
                .handshakeExtension(AGREED)
                .newExtensionDecoder();
    }
}
