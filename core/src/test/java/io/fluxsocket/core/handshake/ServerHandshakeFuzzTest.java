package io.fluxsocket.core.handshake;

import static io.fluxsocket.core.handshake.HandshakeFuzz.check;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fluxsocket.core.FuzzInput;
import io.fluxsocket.core.deflate.ServerDeflate;
import java.util.List;
import java.util.Set;

/** Any request is answered, with one of the documented statuses, and accepted only if the RFC allows it. */
class ServerHandshakeFuzzTest {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final List<String> SUBPROTOCOLS = List.of("chat", "superchat");

    @FuzzTest
    void anyRequestIsAnswered(byte[] data) {
        FuzzInput in = new FuzzInput(data);
        ServerDeflate deflate = new ServerDeflate(HandshakeFuzz.settings(in));
        ServerHandshake server = ServerHandshake.builder()
                .subprotocols(SUBPROTOCOLS)
                .extensions(deflate)
                .origins(
                        switch (in.below(3)) {
                            case 0 -> OriginPolicy.sameOrigin();
                            case 1 -> OriginPolicy.only("https://example.com");
                            default -> OriginPolicy.any();
                        })
                .build();
        HandshakeHeaders.Builder headers = HandshakeHeaders.builder();
        int left = in.below(8) == 7 ? in.below(6) : -1;
        String[] needed = {
            "Host",
            "example.com",
            "Upgrade",
            "websocket",
            "Connection",
            "keep-alive, Upgrade",
            "Sec-WebSocket-Version",
            "13",
            "Sec-WebSocket-Key",
            KEY
        };
        for (int i = 0; i < needed.length; i += 2) {
            if (i / 2 != left) {
                headers.add(needed[i], needed[i + 1]);
            }
        }
        boolean plain = !HandshakeFuzz.addLines(headers, in) && (left < 0 || left == 5);
        String method = in.oneIn(16) ? HandshakeFuzz.text(in, 5) : "GET";
        int minor = in.oneIn(16) ? in.below(4) : 1;
        int major = in.oneIn(16) ? in.below(4) : 1;
        HandshakeRequest request = new HandshakeRequest(method, major, minor, headers.build());

        ServerHandshake.Result answer = server.answer(request);

        check(Set.of(101, 400, 403, 405, 426).contains(answer.status()), "the status " + answer.status());
        answer.headers().forEach((name, value) -> HandshakeFuzz.checkLine(name, value));
        boolean accepted = answer instanceof ServerHandshake.Accepted;
        check(accepted == (answer.status() == 101), "accepted and 101");
        check(accepted || !plain || !method.equals("GET") || major != 1 || minor < 1, "a valid request was refused");
        if (answer instanceof ServerHandshake.Rejected rejected) {
            HandshakeFuzz.checkMessage(rejected.message());
        } else if (answer instanceof ServerHandshake.Accepted yes) {
            check(method.equals("GET") && major == 1 && minor >= 1, "not GET of HTTP/1.1 was accepted");
            checkAccepted(request.headers(), yes, deflate);
        }
    }

    private static void checkAccepted(
            HandshakeHeaders request, ServerHandshake.Accepted answer, ServerDeflate deflate) {
        check(HandshakeFuzz.one(request, "Host").length() > 0, "no host");
        check(HandshakeFuzz.lists(request, "Upgrade", "websocket"), "Upgrade");
        check(HandshakeFuzz.lists(request, "Connection", "upgrade"), "Connection");
        check(HandshakeFuzz.one(request, "Sec-WebSocket-Version").equals("13"), "the version");
        check(!request.contains("Transfer-Encoding"), "a body");
        check(request.all("Origin").size() <= 1, "several origins");
        String key = HandshakeFuzz.one(request, "Sec-WebSocket-Key");
        check(key.matches("[A-Za-z0-9+/]{22}=="), "the key");
        String accept = HandshakeFuzz.one(answer.headers(), "Sec-WebSocket-Accept");
        check(accept.equals(HandshakeFuzz.accept(key)), "Sec-WebSocket-Accept");
        String subprotocol = answer.subprotocol();
        check(
                subprotocol == null || HandshakeFuzz.lists(request, "Sec-WebSocket-Protocol", subprotocol),
                "not offered");
        check(subprotocol == null || SUBPROTOCOLS.contains(subprotocol), "a subprotocol that is not supported");
        check(
                answer.headers()
                        .all("Sec-WebSocket-Protocol")
                        .equals(subprotocol == null ? List.of() : List.of(subprotocol)),
                "the header of the subprotocol");
        check(answer.extensions().size() <= 1, "several extensions");
        if (!answer.extensions().isEmpty()) {
            check(
                    String.join(",", request.all("Sec-WebSocket-Extensions")).contains("permessage-deflate"),
                    "not offered");
            check(deflate.agreement(answer.extensions()) != null, "an answer without an agreement");
        }
    }
}
