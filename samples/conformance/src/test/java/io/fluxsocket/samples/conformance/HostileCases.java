package io.fluxsocket.samples.conformance;

import static io.fluxsocket.samples.conformance.Expectation.events;
import static io.fluxsocket.samples.conformance.Expectation.refusal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the Autobahn suite has not: masking violations, lengths that are not minimal or have their top bit set, frames and
 * messages beyond the limits, compressed data that is wrong or inflates to too much. The subject is one with these limits.
 */
final class HostileCases {
    static final int MAX_FRAME = 1 << 16;
    static final int MAX_MESSAGE = 100_000;

    private static final int FIN = 0x80;
    private static final int ZEROS_OF_A_BOMB = 16 << 20;
    private static final List<DeflateTerms.Wish> DEFLATE = List.of(DeflateCases.ANY);

    private final boolean judgeIsClient;
    private final List<Case> cases = new ArrayList<>();

    private HostileCases(boolean judgeIsClient) {
        this.judgeIsClient = judgeIsClient;
    }

    /** @param judgeIsClient the role of the judging peer, which is against a client other than against a server */
    static List<Case> of(boolean judgeIsClient) {
        HostileCases all = new HostileCases(judgeIsClient);
        all.masking();
        all.lengths();
        all.limits();
        all.compressed();
        return all.cases;
    }

    private void masking() {
        String what = judgeIsClient ? " that is not masked" : " that is masked";
        Frame text = Frame.of(Frame.TEXT, "Hello");
        wrongMask("a text" + what, text);
        wrongMask("an empty binary message" + what, Frame.of(Frame.BINARY, Bytes.NONE));
        wrongMask("a ping" + what, Frame.of(Frame.PING, "Hello"));
        wrongMask("a close" + what, Frame.close(1000, Bytes.NONE));
        add("after a good message, a text" + what, refusal(1002, Event.text("Hello")), peer -> {
            peer.send(text);
            peer.sendBytes(encodeWrongly(text));
        });
        add("after a good fragment, a continuation" + what, refusal(1002), peer -> {
            peer.send(text.withFin(false));
            peer.sendBytes(encodeWrongly(Frame.of(Frame.CONTINUATION, "Hello")));
        });
    }

    private void wrongMask(String text, Frame frame) {
        bytes(text, 1002, encodeWrongly(frame));
    }

    private byte[] encodeWrongly(Frame frame) {
        return judgeIsClient ? frame.encode() : frame.encode(0x37fa213d);
    }

    private void lengths() {
        for (int length : new int[] {0, 1, 125}) {
            bytes("a length of " + length + " in two bytes", 1002, frame(FIN | Frame.BINARY, 2, length));
        }
        for (int length : new int[] {0, 125, 126, 65535}) {
            bytes("a length of " + length + " in eight bytes", 1002, frame(FIN | Frame.BINARY, 8, length));
        }
        bytes("a ping's length of 5 in two bytes", 1002, frame(FIN | Frame.PING, 2, 5));
        bytes("a length with its top bit set", 1002, header(FIN | Frame.BINARY, 8, Long.MIN_VALUE));
        bytes("a length with its top bit set, and 5", 1002, header(FIN | Frame.TEXT, 8, Long.MIN_VALUE + 5));
        bytes("a length with all bits set", 1002, header(FIN | Frame.BINARY, 8, -1));
    }

    /** Refused when the header has come, before any payload is read. */
    private void limits() {
        bytes("the header of a frame one byte too large", 1009, header(FIN | Frame.BINARY, 8, MAX_FRAME + 1));
        bytes("the header of the largest frame there is", 1009, header(FIN | Frame.TEXT, 8, Long.MAX_VALUE));
        bytes("the header of a fragment one byte too large", 1009, header(Frame.BINARY, 8, MAX_FRAME + 1));
        byte[] largestFrame = Bytes.repeat('*', MAX_FRAME);
        add(
                "a frame of the largest size",
                events(Event.binary(largestFrame)),
                peer -> peer.send(Frame.of(Frame.BINARY, largestFrame)));
        byte[] largest = Bytes.repeat('*', MAX_MESSAGE);
        add(
                "a message of the largest size, in fragments",
                events(Event.text(largest)),
                peer -> peer.sendMessage(Frame.TEXT, largest, 1000));
        byte[] tooLarge = Bytes.repeat('*', MAX_MESSAGE + 1);
        add(
                "a message one byte too large, in fragments",
                refusal(1009),
                peer -> peer.sendMessage(Frame.TEXT, tooLarge, 1000));
        add("a second fragment, not the last, that makes a message too large", refusal(1009), peer -> {
            peer.send(Frame.of(Frame.BINARY, largestFrame).withFin(false));
            peer.send(Frame.of(Frame.CONTINUATION, new byte[MAX_MESSAGE - MAX_FRAME + 1])
                    .withFin(false));
        });
    }

    private void compressed() {
        byte[] hello = JudgeDeflateTest.deflate(Bytes.utf8("Hello"), 0);
        Frame good = Frame.of(Frame.TEXT, hello).withRsv(Frame.RSV1);
        deflate("a compressed text", events(Event.text("Hello")), good);
        deflate(
                "RSV1 in a continuation",
                refusal(1002),
                good.withFin(false),
                Frame.of(Frame.CONTINUATION, hello).withRsv(Frame.RSV1));
        deflate("RSV1 in a ping", refusal(1002), Frame.of(Frame.PING, hello).withRsv(Frame.RSV1));
        deflate("RSV2 beside RSV1", refusal(1002), good.withRsv(Frame.RSV1 | 2));
        deflate(
                "data that does not inflate",
                refusal(1007),
                Frame.of(Frame.BINARY, Bytes.hex("ffffffff")).withRsv(Frame.RSV1));
        deflate(
                "a reference further back than anything",
                refusal(1007),
                Frame.of(Frame.BINARY, Bytes.hex("020200")).withRsv(Frame.RSV1));
        deflate(
                "text that is no UTF-8 when it is inflated",
                refusal(1007),
                Frame.of(Frame.TEXT, JudgeDeflateTest.deflate(Bytes.hex("eda080"), 0))
                        .withRsv(Frame.RSV1));
        largeWhenInflated();
    }

    private void largeWhenInflated() {
        byte[] largest = Bytes.repeat('*', MAX_MESSAGE);
        deflateMessage("a message that inflates to the largest size", events(Event.binary(largest)), largest, 0);
        byte[] tooLarge = Bytes.repeat('*', MAX_MESSAGE + 1);
        deflateMessage("a message that inflates to a byte too much", refusal(1009), tooLarge, 0);
        byte[] bomb = new byte[ZEROS_OF_A_BOMB];
        deflateMessage("a bomb that inflates to 16 MiB", refusal(1009), bomb, MAX_FRAME);
        deflateMessage("a bomb in fragments of 100 bytes", refusal(1009), bomb, 100);
        byte[] compressed = JudgeDeflateTest.deflate(bomb, 0);
        Frame beginning = new Frame(false, Frame.RSV1, Frame.BINARY, Arrays.copyOf(compressed, 1000));
        deflate("the first 1000 bytes of a bomb", refusal(1009), beginning);
        // Each gives nothing, and there is no end of them.
        Frame[] empty = IntStream.range(0, 1000)
                .mapToObj(i -> new Frame(i == 999, i == 0 ? Frame.RSV1 : 0, i == 0 ? Frame.TEXT : 0, Bytes.NONE))
                .toArray(Frame[]::new);
        deflate("a compressed message in 1000 empty fragments", events(Event.text("")), empty);
    }

    private void add(String text, Expectation expectation, Case.Script script) {
        cases.add(new Case("hostile." + (cases.size() + 1), text, expectation, script));
    }

    private void bytes(String text, int code, byte[] bytes) {
        add(text, refusal(code), peer -> peer.sendBytes(bytes));
    }

    private void deflate(String text, Expectation expectation, Frame... frames) {
        cases.add(new Case("hostile." + (cases.size() + 1), text, expectation, DEFLATE, peer -> peer.send(frames)));
    }

    private void deflateMessage(String text, Expectation expectation, byte[] message, int fragment) {
        cases.add(new Case(
                "hostile." + (cases.size() + 1),
                text,
                expectation,
                DEFLATE,
                peer -> peer.sendMessage(Frame.BINARY, message, fragment)));
    }

    private byte[] frame(int first, int lengthBytes, int length) {
        return Bytes.join(header(first, lengthBytes, length), new byte[length]);
    }

    /** A header with the length in so many bytes; the mask of the right side is a key of zero. */
    private byte[] header(int first, int lengthBytes, long length) {
        ByteBuffer header = ByteBuffer.allocate(2 + lengthBytes + (judgeIsClient ? 4 : 0));
        header.put((byte) first).put((byte) ((judgeIsClient ? 0x80 : 0) | (lengthBytes == 2 ? 126 : 127)));
        if (lengthBytes == 2) {
            header.putShort((short) length);
        } else {
            header.putLong(length);
        }
        return header.array();
    }
}
