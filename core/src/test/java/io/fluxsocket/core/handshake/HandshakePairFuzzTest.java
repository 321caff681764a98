package io.fluxsocket.core.handshake;

import static io.fluxsocket.core.handshake.HandshakeFuzz.check;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fluxsocket.core.FuzzInput;
import io.fluxsocket.core.deflate.ClientDeflate;
import io.fluxsocket.core.deflate.DeflateAgreement;
import io.fluxsocket.core.deflate.DeflateSettings;
import io.fluxsocket.core.deflate.ServerDeflate;
import java.util.List;
import java.util.Objects;

/** What a server accepts of a client's offers the client accepts too, and both agree on the same. */
class HandshakePairFuzzTest {
    @FuzzTest
    void bothEndsAgreeOnWhatTheyOfferAndAccept(byte[] data) {
        FuzzInput in = new FuzzInput(data);
        DeflateSettings ours = HandshakeFuzz.settings(in);
        DeflateSettings theirs = HandshakeFuzz.settings(in);
        ClientDeflate client = new ClientDeflate(ours);
        ServerDeflate server = new ServerDeflate(theirs);
        HandshakeHeaders.Builder extra = HandshakeHeaders.builder().add("Host", "example.com");
        HandshakeFuzz.addLines(extra, in);
        ClientHandshake handshake;
        try {
            handshake = ClientHandshake.begin(
                    in.oneIn(2) ? List.of("chat") : List.of(), client.offers(), extra.build(), HandshakeFuzz.zeros());
        } catch (IllegalArgumentException e) {
            check(extra.build().contains("Sec-WebSocket-Protocol"), "refused: " + e);
            return;
        }
        ServerHandshake.Result answer = ServerHandshake.builder()
                .subprotocols(List.of("chat", "superchat"))
                .extensions(server)
                .build()
                .answer(HandshakeRequest.get(handshake.requestHeaders()));
        if (!(answer instanceof ServerHandshake.Accepted accepted)) {
            return;
        }
        ClientHandshake.Result result = handshake.end(answer.status(), answer.headers());
        check(Objects.equals(result.subprotocol(), accepted.subprotocol()), "different subprotocols");
        check(result.extensions().equals(accepted.extensions()), "different extensions");
        DeflateAgreement here = client.agreement(result.extensions());
        DeflateAgreement there = server.agreement(accepted.extensions());
        check(here != null && there != null, "no agreement");
        check(here.parameters().equals(there.parameters()), "different parameters");
        check(!ours.serverNoContextTakeover() || here.parameters().serverNoContextTakeover(), "what was asked for");
        check(
                here.outboundWindowBits(true) <= Math.min(ours.clientMaxWindowBits(), theirs.clientMaxWindowBits()),
                "the client's window");
        check(
                there.outboundWindowBits(false) <= Math.min(ours.serverMaxWindowBits(), theirs.serverMaxWindowBits()),
                "the server's window");
    }
}
