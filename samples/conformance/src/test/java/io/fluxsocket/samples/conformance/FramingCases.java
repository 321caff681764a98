package io.fluxsocket.samples.conformance;

import static io.fluxsocket.samples.conformance.Expectation.events;
import static io.fluxsocket.samples.conformance.Expectation.failure;

import io.fluxsocket.samples.conformance.Peer.Chop;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Sections 1 to 4: the frames, pings and pongs, reserved bits, reserved opcodes. */
final class FramingCases {
    /** On both sides of each change of the length's form (RFC 6455 §5.2). */
    private static final int[] LENGTHS = {0, 125, 126, 127, 128, 65535, 65536};

    private static final int CHOP = 997;
    private static final String HELLO = "Hello, world!";
    private static final byte[] NO_UTF8 = Bytes.hex("00fffefdfcfb00ff");

    private FramingCases() {}

    static void addTo(Catalogue catalogue) {
        messages(catalogue, "1.1.", Frame.TEXT, '*');
        messages(catalogue, "1.2.", Frame.BINARY, 0xfe);
        pings(catalogue);
        reservedBits(catalogue);
        reservedOpcodes(catalogue, "4.1.", new int[] {3, 4, 5, 6, 7});
        reservedOpcodes(catalogue, "4.2.", new int[] {11, 12, 13, 14, 15});
    }

    private static void messages(Catalogue catalogue, String group, int opcode, int filler) {
        for (int i = 0; i < LENGTHS.length; i++) {
            Frame frame = Frame.of(opcode, Bytes.repeat(filler, LENGTHS[i]));
            catalogue.add(
                    group + (i + 1),
                    "a message of " + LENGTHS[i] + " bytes",
                    events(Event.message(opcode, frame.payload())),
                    peer -> peer.send(frame));
        }
        Frame frame = Frame.of(opcode, Bytes.repeat(filler, 65536));
        catalogue.add(
                group + (LENGTHS.length + 1),
                "a message of 65536 bytes, " + CHOP + " in a write",
                events(Event.message(opcode, frame.payload())),
                peer -> peer.sendInChopsOf(CHOP, frame));
    }

    private static void pings(Catalogue catalogue) {
        byte[] longest = Bytes.repeat(0xfe, 125);
        byte[][] payloads = {Bytes.NONE, Bytes.utf8(HELLO), NO_UTF8, longest};
        for (int i = 0; i < payloads.length; i++) {
            Frame ping = Frame.of(Frame.PING, payloads[i]);
            catalogue.add(
                    "2." + (i + 1),
                    "a ping of " + ping.payload().length + " bytes",
                    events(Event.pong(ping.payload())),
                    peer -> peer.send(ping));
        }
        catalogue.add(
                "2.5",
                "a ping of 126 bytes",
                failure(),
                peer -> peer.send(Frame.of(Frame.PING, Bytes.repeat(0xfe, 126))));
        catalogue.add(
                "2.6",
                "a ping of 125 bytes, byte by byte",
                events(Event.pong(longest)),
                peer -> peer.sendInChopsOf(1, Frame.of(Frame.PING, longest)));
        catalogue.add("2.7", "a pong that nobody asked for, empty, and a close", events(), peer -> {
            peer.send(Frame.of(Frame.PONG, Bytes.NONE));
            peer.sendClose(1000);
        });
        Frame pong = Frame.of(Frame.PONG, "unsolicited pong payload");
        catalogue.add("2.8", "a pong that nobody asked for, and a close", events(), peer -> {
            peer.send(pong);
            peer.sendClose(1000);
        });
        catalogue.add(
                "2.9",
                "a pong that nobody asked for, and a ping",
                events(Event.pong("ping payload")),
                peer -> peer.send(pong, Frame.of(Frame.PING, "ping payload")));

        String[] names = IntStream.range(0, 10).mapToObj(i -> "payload-" + i).toArray(String[]::new);
        Frame[] ten =
                Arrays.stream(names).map(name -> Frame.of(Frame.PING, name)).toArray(Frame[]::new);
        Event[] pongs = Arrays.stream(names).map(Event::pong).toArray(Event[]::new);
        catalogue.add("2.10", "ten pings", events(pongs), peer -> peer.send(ten));
        catalogue.add("2.11", "ten pings, byte by byte", events(pongs), peer -> peer.sendInChopsOf(1, ten));
    }

    private static void reservedBits(Catalogue catalogue) {
        Frame hello = Frame.of(Frame.TEXT, HELLO);
        Frame binary = Frame.of(Frame.BINARY, NO_UTF8);
        catalogue.add("3.1", "RSV3 in a text", failure(), peer -> peer.send(hello.withRsv(1)));
        afterHello(catalogue, "3.2", "RSV2 in a text", hello.withRsv(2), Chop.NONE, 0);
        afterHello(catalogue, "3.3", "RSV2 and RSV3 in a text, frame by frame", hello.withRsv(3), Chop.FRAMES, 0);
        afterHello(catalogue, "3.4", "RSV1 in a text, byte by byte", hello.withRsv(4), Chop.NONE, 1);
        catalogue.add("3.5", "RSV1 and RSV3 in a binary", failure(), peer -> peer.send(binary.withRsv(5)));
        catalogue.add(
                "3.6",
                "RSV1 and RSV2 in a binary",
                failure(),
                peer -> peer.send(Frame.of(Frame.BINARY, HELLO).withRsv(6)));
        catalogue.add(
                "3.7",
                "all reserved bits in a close",
                failure(),
                peer -> peer.send(Frame.of(Frame.CLOSE, Bytes.NONE).withRsv(7)));
    }

    private static void reservedOpcodes(Catalogue catalogue, String group, int[] opcodes) {
        String payload = "reserved opcode payload";
        catalogue.add(
                group + 1, "opcode " + opcodes[0], failure(), peer -> peer.send(Frame.of(opcodes[0], Bytes.NONE)));
        catalogue.add(
                group + 2,
                "opcode " + opcodes[1] + " with a payload",
                failure(),
                peer -> peer.send(Frame.of(opcodes[1], payload)));
        afterHello(catalogue, group + 3, "opcode " + opcodes[2], Frame.of(opcodes[2], Bytes.NONE), Chop.NONE, 0);
        afterHello(
                catalogue,
                group + 4,
                "opcode " + opcodes[3] + " with a payload",
                Frame.of(opcodes[3], HELLO),
                Chop.NONE,
                0);
        afterHello(
                catalogue,
                group + 5,
                "opcode " + opcodes[4] + " with a payload, byte by byte",
                Frame.of(opcodes[4], HELLO),
                Chop.NONE,
                1);
    }

    /** A text, the bad frame, a ping: the text comes back before the failure, the pong does not come. */
    private static void afterHello(
            Catalogue catalogue, String id, String text, Frame bad, Chop chop, int bytesInAWrite) {
        Frame[] frames = {Frame.of(Frame.TEXT, HELLO), bad, Frame.of(Frame.PING, Bytes.NONE)};
        catalogue.add(
                id,
                "a text, then " + text + ", then a ping",
                failure(Event.text(HELLO)).orLate(),
                peer -> {
                    if (bytesInAWrite > 0) {
                        peer.sendInChopsOf(bytesInAWrite, frames);
                    } else {
                        peer.send(chop, frames);
                    }
                });
    }
}
