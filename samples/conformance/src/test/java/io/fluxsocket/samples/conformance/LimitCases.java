package io.fluxsocket.samples.conformance;

import static io.fluxsocket.samples.conformance.Expectation.events;
import static io.fluxsocket.samples.conformance.Expectation.verdictOfScript;

import java.io.IOException;

/** Sections 9 and 10: large messages, many fragments, small writes, round trips. */
final class LimitCases {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;
    private static final byte[] TEXT = Bytes.utf8("BAsd7&jh23");
    private static final byte[] BINARY = Bytes.hex("00fe23faf0");
    private static final int ROUND_TRIPS = 1000;

    private LimitCases() {}

    static void addTo(Catalogue catalogue) {
        int[] lengths = {64 * KIB, 256 * KIB, MIB, 4 * MIB, 8 * MIB, 16 * MIB};
        int[] fragments = {64, 256, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB};
        int[] chops = {64, 128, 256, 512, 1024, 2048};
        int[] trips = {0, 16, 64, 256, 1024, 4096};
        for (int opcode = Frame.TEXT; opcode <= Frame.BINARY; opcode++) {
            boolean text = opcode == Frame.TEXT;
            byte[] pattern = text ? TEXT : BINARY;
            for (int i = 0; i < lengths.length; i++) {
                whole(catalogue, (text ? "9.1." : "9.2.") + (i + 1), opcode, pattern, lengths[i], 0);
            }
            for (int i = 0; i < fragments.length; i++) {
                fragmented(catalogue, (text ? "9.3." : "9.4.") + (i + 1), opcode, fragments[i]);
            }
            for (int i = 0; i < chops.length; i++) {
                whole(catalogue, (text ? "9.5." : "9.6.") + (i + 1), opcode, pattern, MIB, chops[i]);
            }
            for (int i = 0; i < trips.length; i++) {
                roundTrips(catalogue, (text ? "9.7." : "9.8.") + (i + 1), opcode, trips[i]);
            }
        }
        byte[] stars = Bytes.repeat('*', 64 * KIB);
        catalogue.add(
                "10.1.1",
                "a text of 64 KiB in fragments of 1300 bytes",
                events(Event.text(stars)),
                peer -> peer.sendMessage(Frame.TEXT, stars, 1300));
    }

    /** The payload is made when the case is played: all of them at once would fill the memory. */
    private static void whole(Catalogue catalogue, String id, int opcode, byte[] pattern, int length, int chop) {
        String writes = chop == 0 ? "" : ", " + chop + " in a write";
        catalogue.add(id, "a message of " + length + " bytes" + writes, verdictOfScript(), peer -> {
            byte[] payload = Bytes.repeat(pattern, length);
            if (chop == 0) {
                peer.send(Frame.of(opcode, payload));
            } else {
                peer.sendInChopsOf(chop, Frame.of(opcode, payload));
            }
            decide(peer, opcode, payload);
        });
    }

    private static void fragmented(Catalogue catalogue, String id, int opcode, int fragment) {
        catalogue.add(id, "a message of 4 MiB in fragments of " + fragment + " bytes", verdictOfScript(), peer -> {
            byte[] payload = Bytes.repeat(opcode == Frame.TEXT ? '*' : 0xfe, 4 * MIB);
            peer.sendMessage(opcode, payload, fragment);
            decide(peer, opcode, payload);
        });
    }

    private static void decide(Peer peer, int opcode, byte[] payload) throws IOException, InterruptedException {
        peer.decide(Event.message(opcode, payload).equals(peer.nextMessage()) ? Verdict.OK : Verdict.FAILED);
    }

    private static void roundTrips(Catalogue catalogue, String id, int opcode, int length) {
        byte[] payload = Bytes.repeat(opcode == Frame.TEXT ? '*' : 0xfe, length);
        Event echo = Event.message(opcode, payload);
        catalogue.add(
                id, ROUND_TRIPS + " messages of " + length + " bytes, one after the other", verdictOfScript(), peer -> {
                    for (int i = 0; i < ROUND_TRIPS; i++) {
                        peer.send(Frame.of(opcode, payload));
                        if (!echo.equals(peer.nextMessage())) {
                            peer.decide(Verdict.FAILED);
                            return;
                        }
                    }
                    peer.decide(Verdict.OK);
                });
    }
}
