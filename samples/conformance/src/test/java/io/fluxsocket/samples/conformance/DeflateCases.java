package io.fluxsocket.samples.conformance;

import io.fluxsocket.samples.conformance.DeflateTerms.Wish;
import java.util.ArrayList;
import java.util.List;

/** Sections 12 and 13: permessage-deflate with different payloads, and with different parameters (RFC 7692 §7). */
final class DeflateCases {
    /** Size of a message and, where not 0, of the fragments of its compressed form. */
    private static final int[][] SIZES = {
        {16, 0},
        {64, 0},
        {256, 0},
        {1024, 0},
        {4096, 0},
        {8192, 0},
        {16384, 0},
        {32768, 0},
        {65536, 0},
        {131072, 0},
        {8192, 256},
        {16384, 256},
        {32768, 256},
        {65536, 256},
        {131072, 256},
        {131072, 1024},
        {131072, 4096},
        {131072, 32768}
    };

    /** What the judging peer wishes of the subject's compression: none in particular. */
    static final Wish ANY = new Wish(false, 0);

    private static final List<List<Wish>> PARAMETERS = List.of(
            List.of(ANY),
            List.of(new Wish(true, 0)),
            List.of(new Wish(false, 9)),
            List.of(new Wish(false, 15)),
            List.of(new Wish(true, 9)),
            List.of(new Wish(true, 15)),
            List.of(new Wish(true, 9), new Wish(true, 0), ANY));

    private DeflateCases() {}

    static List<Case> all(int messages) {
        List<Case> cases = new ArrayList<>();
        SampleData[] data = SampleData.values();
        for (int i = 0; i < data.length; i++) {
            add(cases, "12." + (i + 1) + ".", data[i], List.of(ANY), messages);
        }
        for (int i = 0; i < PARAMETERS.size(); i++) {
            add(cases, "13." + (i + 1) + ".", SampleData.JSON, PARAMETERS.get(i), messages);
        }
        return cases;
    }

    private static void add(List<Case> cases, String group, SampleData data, List<Wish> wishes, int messages) {
        for (int i = 0; i < SIZES.length; i++) {
            int size = SIZES[i][0];
            int fragment = SIZES[i][1];
            String text = messages + " messages of " + size + " characters of " + data
                    + (fragment == 0 ? "" : " in fragments of " + fragment) + ", "
                    + DeflateTerms.offers(wishes);
            cases.add(new Case(group + (i + 1), text, Expectation.verdictOfScript(), wishes, peer -> {
                for (int n = 0; n < messages; n++) {
                    byte[] message = data.message(n, size);
                    peer.sendMessage(data.opcode(), message, fragment);
                    if (!Event.message(data.opcode(), message).equals(peer.nextMessage())) {
                        peer.decide(Verdict.FAILED);
                        return;
                    }
                }
                peer.decide(Verdict.OK);
            }));
        }
    }
}
