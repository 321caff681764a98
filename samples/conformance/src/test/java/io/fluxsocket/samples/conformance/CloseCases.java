package io.fluxsocket.samples.conformance;

import static io.fluxsocket.samples.conformance.Expectation.closeRefused;
import static io.fluxsocket.samples.conformance.Expectation.closed;
import static io.fluxsocket.samples.conformance.Expectation.events;

import io.fluxsocket.samples.conformance.Expectation.Demand;

/** Section 7: the closing handshake (RFC 6455 §5.5.1, §7). */
final class CloseCases {
    private static final int[] VALID = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999};
    private static final int[] INVALID = {0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999};
    private static final int[] UNDEFINED = {5000, 65535};

    private static final String HELLO = "Hello World!";

    private CloseCases() {}

    static void addTo(Catalogue catalogue) {
        sequences(catalogue);
        lengths(catalogue);
        byte[] noUtf8 = Bytes.hex("cebae1bdb9cf83cebcceb5eda080656469746564");
        catalogue.add(
                "7.5.1",
                "a close whose reason is no UTF-8",
                closeRefused(1002, 1007),
                peer -> peer.sendClose(Frame.close(1000, noUtf8)));
        for (int i = 0; i < VALID.length; i++) {
            int code = VALID[i];
            catalogue.add("7.7." + (i + 1), "a close with " + code, closed(1000, code), peer -> peer.sendClose(code));
        }
        for (int i = 0; i < INVALID.length; i++) {
            int code = INVALID[i];
            catalogue.add("7.9." + (i + 1), "a close with " + code, closeRefused(1002), peer -> peer.sendClose(code));
        }
        for (int i = 0; i < UNDEFINED.length; i++) {
            int code = UNDEFINED[i];
            catalogue.add(
                    "7.13." + (i + 1),
                    "a close with " + code,
                    closeRefused(1000, code, 1002).with(Demand.NONE),
                    peer -> peer.sendClose(code));
        }
    }

    /** What comes after a close is ignored. */
    private static void sequences(Catalogue catalogue) {
        Frame text = Frame.of(Frame.TEXT, HELLO);
        catalogue.add("7.1.1", "a text", events(Event.text(HELLO)).with(Demand.CODE), peer -> peer.send(text));
        thenAfterClose(catalogue, "7.1.2", "a close, then another", Frame.of(Frame.CLOSE, Bytes.NONE));
        thenAfterClose(catalogue, "7.1.3", "a close, then a ping", Frame.of(Frame.PING, Bytes.NONE));
        thenAfterClose(catalogue, "7.1.4", "a close, then a text", text);
        catalogue.add("7.1.5", "a fragment, a close, the other fragment", closed(1000), peer -> {
            peer.send(Frame.of(Frame.TEXT, "fragment1").withFin(false));
            peer.sendClose(1000);
            peer.send(Frame.of(Frame.CONTINUATION, "fragment2"));
        });
        byte[] large = Bytes.repeat(Bytes.utf8("BAsd7&jh23"), 256 << 10);
        catalogue.add(
                "7.1.6",
                "a text of 256 KiB, a text, a close, a ping",
                closed(1000).with(Demand.NONE),
                peer -> {
                    peer.send(Frame.of(Frame.TEXT, large), text);
                    peer.sendClose(1000);
                    peer.send(Frame.of(Frame.PING, Bytes.NONE));
                });
    }

    private static void thenAfterClose(Catalogue catalogue, String id, String text, Frame after) {
        catalogue.add(id, text, closed(1000), peer -> {
            peer.sendClose(1000);
            peer.send(after);
        });
    }

    private static void lengths(Catalogue catalogue) {
        catalogue.add(
                "7.3.1",
                "an empty close",
                closed(1000).withEmptyAnswer(),
                peer -> peer.sendClose(Frame.of(Frame.CLOSE, Bytes.NONE)));
        catalogue.add(
                "7.3.2", "a close of one byte", closeRefused(1002), peer -> peer.sendClose(Frame.of(Frame.CLOSE, "a")));
        catalogue.add("7.3.3", "a close with a code", closed(1000), peer -> peer.sendClose(1000));
        catalogue.add(
                "7.3.4",
                "a close with a code and a reason",
                closed(1000),
                peer -> peer.sendClose(Frame.close(1000, Bytes.utf8(HELLO))));
        catalogue.add(
                "7.3.5",
                "a close of 125 bytes",
                closed(1000),
                peer -> peer.sendClose(Frame.close(1000, Bytes.repeat('*', 123))));
        catalogue.add(
                "7.3.6",
                "a close of 126 bytes",
                closeRefused(1002),
                peer -> peer.sendClose(Frame.close(1000, Bytes.repeat('*', 124))));
    }
}
