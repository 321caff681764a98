package io.fluxsocket.samples.conformance;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;

/**
 * The five kinds of payload of section 12: made, not fetched, of the sizes of the suite's files, and as compressible as
 * such files are. Two are text, three are sent as binary.
 */
enum SampleData {
    JSON(true, 194_056, SampleData::json),
    BITMAP(false, 263_222, SampleData::pixels),
    PROSE(false, 222_218, random -> Bytes.utf8(sentence(random))),
    HTML(true, 263_647, SampleData::html),
    DOCUMENT(false, 1_042_328, SampleData::stream);

    private final boolean text;
    private final int size;

    /** Of text the characters, one char each. */
    private final String characters;

    private final byte[] bytes;

    SampleData(boolean text, int size, Function<Random, byte[]> piece) {
        this.text = text;
        this.size = size;
        Random random = new Random(7692 + ordinal());
        ByteArrayOutputStream pieces = new ByteArrayOutputStream();
        // A character has three bytes at most.
        while (pieces.size() < (text ? 3 * size : size)) {
            pieces.writeBytes(piece.apply(random));
        }
        characters = text ? pieces.toString(StandardCharsets.UTF_8).substring(0, size) : "";
        bytes = text ? Bytes.NONE : Arrays.copyOf(pieces.toByteArray(), size);
    }

    int opcode() {
        return text ? Frame.TEXT : Frame.BINARY;
    }

    /** The n-th message: where the one before ended, on from the beginning when the end is reached. */
    byte[] message(int n, int length) {
        int from = (int) ((long) n * length % size);
        int atEnd = Math.min(length, size - from);
        if (text) {
            return Bytes.utf8(characters.substring(from, from + atEnd) + characters.substring(0, length - atEnd));
        }
        return Bytes.join(Arrays.copyOfRange(bytes, from, from + atEnd), Arrays.copyOfRange(bytes, 0, length - atEnd));
    }

    private static byte[] json(Random random) {
        return Bytes.utf8(String.format(
                Locale.ROOT,
                "{\"id\":%d,\"name\":\"%s %s\",\"at\":[%.5f,%.5f],\"active\":%b,\"tags\":[\"%s\",\"€%d\"]},\n",
                random.nextInt(100_000),
                word(random),
                word(random),
                random.nextDouble() * 180,
                random.nextDouble() * 90,
                random.nextBoolean(),
                word(random),
                random.nextInt(100)));
    }

    /** A row of a picture: a slope with noise upon it. */
    private static byte[] pixels(Random random) {
        byte[] row = new byte[512];
        int start = random.nextInt(128);
        for (int i = 0; i < row.length; i++) {
            row[i] = (byte) (start + i / 8 + random.nextInt(12));
        }
        return row;
    }

    private static byte[] html(Random random) {
        return Bytes.utf8("<li class=\"row\"><a href=\"/" + random.nextInt(10_000) + "\">" + word(random) + "</a> <p>"
                + sentence(random) + "</p></li>\n");
    }

    /** A stream that is compressed already, and what stands between it and the next. */
    private static byte[] stream(Random random) {
        byte[] stream = new byte[2000];
        random.nextBytes(stream);
        return Bytes.join(
                stream,
                Bytes.utf8("\nendstream endobj " + random.nextInt(999) + " 0 obj << /Length " + stream.length
                        + " /Filter /FlateDecode >> stream\n"));
    }

    private static String sentence(Random random) {
        StringBuilder words = new StringBuilder();
        for (int i = 5 + random.nextInt(10); i > 0; i--) {
            words.append(word(random)).append(i == 1 ? ".\n" : " ");
        }
        return words.toString();
    }

    private static String word(Random random) {
        return Words.ALL[random.nextInt(Words.ALL.length)];
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** In a class of its own, since the constants are made before the enum's own fields. */
    private static final class Words {
        private static final String[] ALL =
                ("und die das Licht über tief Höhe Geist nicht was ich weiß Straße schön für "
                                + "Größe leicht kommt wieder gehen Wort Tag heute König früh Nacht allein mit der Welt hinaus")
                        .split(" ");
    }
}
