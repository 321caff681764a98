package io.fluxsocket.samples.conformance;

import static io.fluxsocket.samples.conformance.Expectation.events;
import static io.fluxsocket.samples.conformance.Expectation.failure;

import io.fluxsocket.samples.conformance.Peer.Chop;
import java.util.List;

/** Section 5: fragments (RFC 6455 §5.4). */
final class FragmentationCases {
    private static final String ONE = "fragment1";
    private static final String TWO = "fragment2";
    private static final String THREE = "fragment3";
    private static final String HELLO = "Hello, world!";

    /** How one and the same sequence is put into writes. */
    private enum Writes {
        ONE_WRITE("in one write"),
        FRAME_BY_FRAME("frame by frame"),
        BYTE_BY_BYTE("byte by byte");

        private final String words;

        Writes(String words) {
            this.words = words;
        }

        void send(Peer peer, Frame... frames) {
            switch (this) {
                case ONE_WRITE -> peer.send(frames);
                case FRAME_BY_FRAME -> peer.send(Chop.FRAMES, frames);
                case BYTE_BY_BYTE -> peer.sendInChopsOf(1, frames);
            }
        }
    }

    private FragmentationCases() {}

    static void addTo(Catalogue catalogue) {
        controls(catalogue);
        inEveryWay(catalogue, 3, "a text in two fragments", events(Event.text(ONE + TWO)), first(ONE), last(TWO));
        inEveryWay(
                catalogue,
                6,
                "a ping between two fragments",
                events(Event.pong("ping payload"), Event.text(ONE + TWO)),
                first(ONE),
                Frame.of(Frame.PING, "ping payload"),
                last(TWO));
        inEveryWay(
                catalogue,
                9,
                "a final continuation of nothing, then a text",
                failure(),
                last("non-continuation payload"),
                Frame.of(Frame.TEXT, HELLO));
        inEveryWay(
                catalogue,
                12,
                "a continuation of nothing, then a text",
                failure(),
                middle("non-continuation payload"),
                Frame.of(Frame.TEXT, HELLO));
        sequences(catalogue);
        pingsWithinAMessage(catalogue, "5.19", Chop.NONE);
        pingsWithinAMessage(catalogue, "5.20", Chop.FRAMES);
    }

    private static void controls(Catalogue catalogue) {
        catalogue.add(
                "5.1",
                "a ping in two fragments",
                failure(),
                peer -> peer.send(Frame.of(Frame.PING, ONE).withFin(false), last(TWO)));
        catalogue.add(
                "5.2",
                "a pong in two fragments",
                failure(),
                peer -> peer.send(Frame.of(Frame.PONG, ONE).withFin(false), last(TWO)));
    }

    private static void inEveryWay(
            Catalogue catalogue, int number, String text, Expectation expectation, Frame... frames) {
        for (Writes writes : Writes.values()) {
            catalogue.add(
                    "5." + (number + writes.ordinal()),
                    text + ", " + writes.words,
                    expectation,
                    peer -> writes.send(peer, frames));
        }
    }

    private static void sequences(Catalogue catalogue) {
        catalogue.add(
                "5.15",
                "a text in two fragments, a continuation of nothing, a text",
                failure(Event.text(ONE + TWO)).orLate(),
                peer -> peer.send(first(ONE), last(TWO), middle(THREE), Frame.of(Frame.TEXT, "fragment4")));
        catalogue.add(
                "5.16",
                "twice a continuation of nothing and a text in two fragments",
                failure(),
                peer -> peer.send(middle(ONE), first(TWO), last(THREE), middle(ONE), first(TWO), last(THREE)));
        catalogue.add(
                "5.17",
                "twice a final continuation of nothing and a text in two fragments",
                failure(),
                peer -> peer.send(last(ONE), first(TWO), last(THREE), last(ONE), first(TWO), last(THREE)));
        catalogue.add(
                "5.18",
                "a text in two fragments that both say text",
                failure(),
                peer -> peer.send(first(ONE), Frame.of(Frame.TEXT, TWO)));
    }

    private static void pingsWithinAMessage(Catalogue catalogue, String id, Chop chop) {
        Event firstPong = Event.pong("pongme 1!");
        Expectation expectation =
                events(firstPong, Event.pong("pongme 2!"), Event.text("fragment1fragment2fragment3fragment4fragment5"));
        catalogue.add(
                id,
                "five fragments, pings and a pause between" + (chop == Chop.FRAMES ? ", frame by frame" : ""),
                expectation,
                peer -> {
                    peer.send(chop, first(ONE), middle(TWO), Frame.of(Frame.PING, "pongme 1!"));
                    peer.pause();
                    if (!peer.hasSeen(List.of(firstPong))) {
                        peer.decide(Verdict.FAILED);
                    }
                    peer.send(
                            chop,
                            middle(THREE),
                            middle("fragment4"),
                            Frame.of(Frame.PING, "pongme 2!"),
                            last("fragment5"));
                });
    }

    private static Frame first(String payload) {
        return Frame.of(Frame.TEXT, payload).withFin(false);
    }

    private static Frame middle(String payload) {
        return last(payload).withFin(false);
    }

    private static Frame last(String payload) {
        return Frame.of(Frame.CONTINUATION, payload);
    }
}
