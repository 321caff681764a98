package io.fluxsocket.core.handshake;

import static io.fluxsocket.core.handshake.HandshakeFuzz.check;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fluxsocket.core.FuzzInput;
import io.fluxsocket.core.deflate.ClientDeflate;
import io.fluxsocket.core.deflate.DeflateAgreement;
import io.fluxsocket.core.deflate.DeflateParameters;
import io.fluxsocket.core.deflate.DeflateSettings;
import java.util.ArrayList;
import java.util.List;

/** Any response opens the WebSocket by RFC 6455 §4.1, or is a HandshakeException. */
class ClientHandshakeFuzzTest {
    private static final List<String> SUBPROTOCOLS = List.of("chat", "superchat");

    @FuzzTest
    void anyResponseIsJudged(byte[] data) {
        FuzzInput in = new FuzzInput(data);
        DeflateSettings settings = HandshakeFuzz.settings(in);
        ClientDeflate deflate = new ClientDeflate(settings);
        List<Extension> offers = new ArrayList<>(in.below(4) == 3 ? List.of() : deflate.offers());
        List<String> subprotocols = in.below(4) == 3 ? List.of() : SUBPROTOCOLS;
        ClientHandshake handshake =
                ClientHandshake.begin(subprotocols, offers, HandshakeHeaders.of(), HandshakeFuzz.zeros());
        String key = HandshakeFuzz.one(handshake.requestHeaders(), "Sec-WebSocket-Key");
        HandshakeHeaders.Builder headers = HandshakeHeaders.builder();
        int left = in.below(8) == 7 ? in.below(4) : -1;
        if (left != 0) {
            headers.add("Upgrade", "WebSocket");
        }
        if (left != 1) {
            headers.add("Connection", "upgrade");
        }
        if (left != 2) {
            headers.add("Sec-WebSocket-Accept", HandshakeFuzz.accept(key));
        }
        boolean plain = !HandshakeFuzz.addLines(headers, in) && (left < 0 || left == 3);
        int status = in.oneIn(16) ? in.below(600) : 101;
        HandshakeHeaders response = headers.build();

        ClientHandshake.Result result;
        try {
            result = handshake.end(status, response);
        } catch (HandshakeException e) {
            HandshakeFuzz.checkMessage(e.getMessage());
            check(!plain || status != 101, "a valid response was refused");
            return;
        }
        check(status == 101, "the status " + status);
        String upgrade = String.join("", response.all("Upgrade")).replaceAll("[, \t]", "");
        check(upgrade.equalsIgnoreCase("websocket"), "Upgrade");
        check(HandshakeFuzz.lists(response, "Connection", "upgrade"), "Connection");
        check(HandshakeFuzz.one(response, "Sec-WebSocket-Accept").equals(HandshakeFuzz.accept(key)), "the accept");
        String subprotocol = result.subprotocol();
        List<String> selected = response.all("Sec-WebSocket-Protocol");
        check(selected.equals(subprotocol == null ? List.of() : List.of(subprotocol)), "the subprotocol");
        check(subprotocol == null || subprotocols.contains(subprotocol), "a subprotocol that was not offered");
        check(subprotocol == null || subprotocols.indexOf(subprotocol) == result.subprotocolIndex(), "its index");
        check(result.extensions().size() <= offers.size(), "an extension that was not offered");
        check(result.extensionIndices().size() == result.extensions().size(), "the indices of the extensions");
        agreement(deflate, settings, result.extensions());
    }

    private static void agreement(ClientDeflate deflate, DeflateSettings settings, List<Extension> accepted) {
        DeflateAgreement agreement;
        try {
            agreement = deflate.agreement(accepted);
        } catch (HandshakeException e) {
            HandshakeFuzz.checkMessage(e.getMessage());
            return;
        }
        check((agreement == null) == accepted.isEmpty(), "agreed on nothing");
        if (agreement != null) {
            DeflateParameters parameters = agreement.parameters();
            check(parameters.serverMaxWindowBits() <= settings.serverMaxWindowBits(), "the server's window");
            check(agreement.outboundWindowBits(true) <= settings.clientMaxWindowBits(), "the client's window");
            check(parameters.serverNoContextTakeover() || !settings.serverNoContextTakeover(), "the server's context");
        }
    }
}
