package io.fluxsocket.core.handshake;

import static io.fluxsocket.core.handshake.HandshakeFuzz.check;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Any Sec-WebSocket-Extensions is read or refused; what is read is written as it is read. */
class ExtensionFuzzTest {
    @FuzzTest
    void anyExtensionHeaderIsReadOrRefused(byte[] data) {
        String line = new String(data, StandardCharsets.ISO_8859_1);
        List<Extension> extensions;
        try {
            extensions = Extension.parse(line);
        } catch (HandshakeException e) {
            HandshakeFuzz.checkMessage(e.getMessage());
            check(e.fault() == HandshakeFault.MALFORMED, "the fault");
            return;
        }
        check(!extensions.isEmpty(), "nothing was read");
        check(Extension.parse(Extension.format(extensions)).equals(extensions), "written otherwise than read");
    }
}
