package io.fluxsocket.samples.conformance;

import static io.fluxsocket.samples.conformance.Expectation.events;
import static io.fluxsocket.samples.conformance.Expectation.invalidText;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;

/** Section 6: text is UTF-8 (RFC 6455 §5.6, §8.1; RFC 3629). */
final class Utf8Cases {
    /** The Greek word κόσμε, with its accent in one code point of three bytes. */
    private static final byte[] KOSME = Bytes.hex("ceba e1bdb9 cf83 cebc ceb5");

    private static final byte[] EDITED = Bytes.utf8("edited");
    private static final byte[] SURROGATE = Bytes.hex("eda080");
    /** 0x110000, one above the last code point; its second byte is the first that is wrong. */
    private static final byte[] TOO_LARGE = Bytes.hex("f4908080");

    private static final String MIXED = "Hello-\u00b5@\u00df\u00f6\u00e4\u00fc\u00e0\u00e1-UTF-8!!";

    private Utf8Cases() {}

    static void addTo(Catalogue catalogue) {
        emptyFragments(catalogue);
        byte[] mixed = Bytes.utf8(MIXED);
        byte[] surrogate = Bytes.join(KOSME, SURROGATE, EDITED);
        one(catalogue, "6.2.1", "valid text", mixed);
        catalogue.add(
                "6.2.2",
                "valid text in two fragments, between code points",
                events(Event.text(mixed)),
                peer -> peer.send(
                        Frame.of(Frame.TEXT, MIXED.substring(0, 11)).withFin(false),
                        Frame.of(Frame.CONTINUATION, MIXED.substring(11))));
        catalogue.add(
                "6.2.3",
                "valid text in fragments of a byte",
                events(Event.text(mixed)),
                peer -> peer.sendMessage(Frame.TEXT, mixed, 1));
        catalogue.add(
                "6.2.4",
                "valid text in fragments of a byte",
                events(Event.text(KOSME)),
                peer -> peer.sendMessage(Frame.TEXT, KOSME, 1));
        catalogue.add("6.3.1", "a surrogate", invalidText(), peer -> peer.sendMessage(Frame.TEXT, surrogate, 0));
        catalogue.add(
                "6.3.2",
                "a surrogate, in fragments of a byte",
                invalidText(),
                peer -> peer.sendMessage(Frame.TEXT, surrogate, 1));
        failFast(catalogue);
        table(catalogue);
    }

    private static void emptyFragments(Catalogue catalogue) {
        Frame first = Frame.of(Frame.TEXT, Bytes.NONE).withFin(false);
        Frame last = Frame.of(Frame.CONTINUATION, Bytes.NONE);
        String payload = "middle frame payload";
        one(catalogue, "6.1.1", "an empty text", Bytes.NONE);
        catalogue.add(
                "6.1.2",
                "a text in three empty fragments",
                events(Event.text("")),
                peer -> peer.send(first, last.withFin(false), last));
        catalogue.add(
                "6.1.3",
                "a text in three fragments, the outer ones empty",
                events(Event.text(payload)),
                peer -> peer.send(first, Frame.of(Frame.CONTINUATION, payload).withFin(false), last));
    }

    private static void one(Catalogue catalogue, String id, String text, byte[] payload) {
        catalogue.add(id, text, events(Event.text(payload)), peer -> peer.send(Frame.of(Frame.TEXT, payload)));
    }

    /** The second of three parts is wrong, and has to be rejected before the third is sent. */
    private static void failFast(Catalogue catalogue) {
        byte[] whole = Bytes.join(KOSME, TOO_LARGE, EDITED);
        int[][] cuts = {{KOSME.length, KOSME.length + TOO_LARGE.length}, {KOSME.length + 1, KOSME.length + 2}};
        for (int i = 0; i < cuts.length; i++) {
            int[] cut = cuts[i];
            catalogue.add(
                    "6.4." + (i + 1),
                    "too large a code point, in three fragments cut at " + Arrays.toString(cut),
                    invalidText(Event.STILL_OPEN).orLate(Event.STILL_OPEN, Event.STILL_OPEN),
                    peer -> {
                        Frame[] parts = {
                            Frame.of(Frame.TEXT, Arrays.copyOf(whole, cut[0])).withFin(false),
                            Frame.of(Frame.CONTINUATION, Arrays.copyOfRange(whole, cut[0], cut[1]))
                                    .withFin(false),
                            Frame.of(Frame.CONTINUATION, Arrays.copyOfRange(whole, cut[1], whole.length))
                        };
                        for (int part = 0; part < 3 && peer.isOpen(); part++) {
                            peer.send(parts[part]);
                            pauseAfter(peer, part);
                        }
                    });
        }
        for (int i = 0; i < cuts.length; i++) {
            int[] cut = cuts[i];
            catalogue.add(
                    "6.4." + (i + 3),
                    "too large a code point, in three writes of one frame cut at " + Arrays.toString(cut),
                    invalidText(Event.STILL_OPEN).orLate(Event.STILL_OPEN, Event.STILL_OPEN),
                    peer -> {
                        byte[] frame = peer.encode(Frame.of(Frame.TEXT, whole));
                        int header = frame.length - whole.length;
                        int[] ends = {0, header + cut[0], header + cut[1], frame.length};
                        for (int part = 0; part < 3 && peer.isOpen(); part++) {
                            peer.sendBytes(frame, ends[part], ends[part + 1]);
                            pauseAfter(peer, part);
                        }
                    });
        }
    }

    private static void pauseAfter(Peer peer, int part) throws IOException, InterruptedException {
        if (part < 2) {
            peer.pauseNotingThatItIsOpen();
        }
    }

    /** 6.5 to 6.23: one text each, of a table that is well known; in each row the payloads in hex. */
    private static void table(Catalogue catalogue) {
        row(
                catalogue,
                5,
                true,
                "68656c6c6f24776f726c64",
                "68656c6c6fc2a2776f726c64",
                "68656c6c6fe282ac776f726c64",
                "68656c6c6ff0a4ada2776f726c64",
                "cebae1bdb9cf83cebcceb5");
        prefixes(catalogue);
        // The first and the last code point of each length; what has the form of one, but is too large.
        row(catalogue, 7, true, "00", "c280", "e0a080", "f0908080");
        row(catalogue, 8, false, "f888808080", "fc8480808080");
        row(catalogue, 9, true, "7f", "dfbf", "efbfbf", "f48fbfbf");
        row(catalogue, 10, false, "f7bfbfbf", "fbbfbfbfbf", "fdbfbfbfbfbf");
        row(catalogue, 11, true, "ed9fbf", "ee8080", "efbfbd", "f48fbfbf");
        add(catalogue, "6.11.5", false, Bytes.hex("f4908080"));
        // Continuation bytes alone.
        row(catalogue, 12, false, "80", "bf", "80bf", "80bf80", "80bf80bf", "80bf80bf80", "80bf80bf80bf");
        add(catalogue, "6.12.8", false, range(0x80, 0xbf, false));
        // First bytes alone, each with a space behind it.
        int[][] firsts = {{0xc0, 0xdf}, {0xe0, 0xef}, {0xf0, 0xf7}, {0xf8, 0xfb}, {0xfc, 0xfd}};
        for (int i = 0; i < firsts.length; i++) {
            add(catalogue, "6.13." + (i + 1), false, range(firsts[i][0], firsts[i][1], true));
        }
        // The last byte is missing.
        String[] incomplete = {
            "c0", "e080", "f08080", "f8808080", "fc80808080", "df", "efbf", "f7bfbf", "fbbfbfbf", "fdbfbfbfbf"
        };
        row(catalogue, 14, false, incomplete);
        row(catalogue, 15, false, String.join("", incomplete));
        row(catalogue, 16, false, "fe", "ff", "fefeffff");
        // Longer than need be: of the slash, of the largest code points, of zero.
        row(catalogue, 17, false, "c0af", "e080af", "f08080af", "f8808080af", "fc80808080af");
        row(catalogue, 18, false, "c1bf", "e09fbf", "f08fbfbf", "f887bfbfbf", "fc83bfbfbfbf");
        row(catalogue, 19, false, "c080", "e08080", "f0808080", "f880808080", "fc8080808080");
        // Surrogates, single and in pairs.
        row(catalogue, 20, false, "eda080", "edadbf", "edae80", "edafbf", "edb080", "edbe80", "edbfbf");
        row(
                catalogue,
                21,
                false,
                "eda080edb080",
                "eda080edbfbf",
                "edadbfedb080",
                "edadbfedbfbf",
                "edae80edb080",
                "edae80edbfbf",
                "edafbfedb080",
                "edafbfedbfbf");
        nonCharacters(catalogue);
        row(catalogue, 23, true, "efbfb9", "efbfba", "efbfbb", "efbfbc", "efbfbd", "efbfbe", "efbfbf");
    }

    private static void row(Catalogue catalogue, int row, boolean valid, String... payloads) {
        for (int i = 0; i < payloads.length; i++) {
            add(catalogue, "6." + row + "." + (i + 1), valid, Bytes.hex(payloads[i]));
        }
    }

    /** All beginnings of a word: valid where a code point ends. */
    private static void prefixes(Catalogue catalogue) {
        for (int length = 1; length <= KOSME.length; length++) {
            boolean whole = length == KOSME.length || (KOSME[length] & 0xc0) != 0x80;
            add(catalogue, "6.6." + length, whole, Arrays.copyOf(KOSME, length));
        }
    }

    /** The last two code points of each plane, which are no characters but valid all the same. */
    private static void nonCharacters(Catalogue catalogue) {
        int number = 1;
        for (int plane = 0; plane <= 16; plane++) {
            for (int last = 0xfffe; last <= 0xffff; last++) {
                String text = Character.toString(plane << 16 | last);
                add(catalogue, "6.22." + number++, true, Bytes.utf8(text));
            }
        }
    }

    private static byte[] range(int from, int to, boolean spaced) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        IntStream.range(from, to).forEach(value -> {
            bytes.write(value);
            if (spaced) {
                bytes.write(' ');
            }
        });
        return bytes.toByteArray();
    }

    private static void add(Catalogue catalogue, String id, boolean valid, byte[] payload) {
        catalogue.add(
                id,
                (valid ? "valid" : "invalid") + " text " + HexFormat.of().formatHex(payload),
                valid ? events(Event.text(payload)) : invalidText(),
                peer -> peer.send(Frame.of(Frame.TEXT, payload)));
    }
}
