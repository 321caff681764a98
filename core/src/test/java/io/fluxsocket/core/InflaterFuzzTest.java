package io.fluxsocket.core;

import static io.fluxsocket.core.FuzzedEngine.check;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fluxsocket.core.deflate.DeflateAgreement;
import io.fluxsocket.core.deflate.DeflateParameters;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Anything inflates to the same whether it comes in pieces or at once, is refused for the documented reasons alone, and never
 * gives more than there is room for and one byte, nor more than a message may have and one byte.
 */
class InflaterFuzzTest {
    private final CountingCodecs codecs = new CountingCodecs();

    @FuzzTest
    void piecesInflateToWhatTheWholeDoes(byte[] data) {
        FuzzInput in = new FuzzInput(data);
        boolean client = in.oneIn(2);
        boolean compresses = in.oneIn(2);
        boolean strict = in.oneIn(2);
        long limit = in.oneIn(2) ? in.of(125, 126, 1000) : Long.MAX_VALUE;
        DeflateParameters parameters = FuzzedSettings.parameters(in);
        DeflateAgreement agreement = new DeflateAgreement(parameters, FuzzedSettings.deflateSettings(in));
        boolean forgets = agreement.inboundNoContextTakeover(client);
        MessageInflater inflater = new MessageInflater(agreement, client, limit, codecs);
        JudgingCodecs.Lenient reference = new JudgingCodecs.Lenient(forgets);
        WindowInflater own = strict ? new WindowInflater(15) : null;
        Deflater deflater = new Deflater(in.of(9, 1, 0), true);
        boolean goesOn = true;
        while (goesOn && in.hasBytes()) {
            byte[] payload = in.bytes(1 + in.below(600));
            payload = compresses ? deflated(deflater, payload) : payload;
            byte[] expected = null;
            WireJudge.Refusal refusal = null;
            try {
                byte[] before = reference.part(payload, limit);
                expected = Bytes.concat(before, reference.end(limit - before.length));
            } catch (WireJudge.Refusal e) {
                refusal = e;
            }
            byte[] inflated = message(inflater, payload, limit, refusal, in);
            check(Arrays.equals(inflated, expected), "something else was inflated");
            goesOn = inflated != null;
            if (own != null && goesOn) {
                own = compareOwn(own, payload, forgets, inflated);
            }
        }
        reference.end();
        deflater.end();
        inflater.end();
        check(codecs.live == 0, "a codec was not ended");
    }

    private static byte[] deflated(Deflater deflater, byte[] payload) {
        byte[] out = new byte[payload.length + 100];
        deflater.setInput(payload);
        int n = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        return Arrays.copyOf(out, Math.max(0, n - 4));
    }

    /** A message in pieces; null if it was refused as it should be. */
    private byte @Nullable [] message(
            MessageInflater inflater, byte[] payload, long limit, WireJudge.@Nullable Refusal refusal, FuzzInput in) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        try {
            int at = 0;
            while (at < payload.length) {
                int n = Math.min(payload.length - at, 1 + in.below(in.oneIn(2) ? 2000 : 5));
                ByteBuffer piece = in.oneIn(2) ? ByteBuffer.allocate(n + 1) : ByteBuffer.allocateDirect(n + 1);
                inflater.input(piece.put(1, payload, at, n), 1, n);
                drain(inflater, message, in);
                at += n;
            }
            check(inflater.endInput(), "the end was put in before");
            drain(inflater, message, in);
            check(!inflater.endInput(), "the end was put in twice");
            inflater.endMessage();
        } catch (WebSocketProtocolException e) {
            int status = e.closeStatus().code();
            check(refusal != null && refusal.statuses().contains(status), "refused with " + e);
            return null;
        }
        check(refusal == null, "accepted");
        check(message.size() <= limit, "a message exceeds the limit");
        return message.toByteArray();
    }

    private void drain(MessageInflater inflater, ByteArrayOutputStream message, FuzzInput in) {
        int room;
        int n;
        do {
            room = 1 + in.below(in.oneIn(2) ? 4096 : 3);
            byte[] destination = new byte[room + 2];
            long before = codecs.inflated;
            n = inflater.inflate(destination, 1, room);
            check(codecs.inflated - before <= room + 1, "more was inflated than there is room for");
            check(destination[0] == 0 && destination[room + 1] == 0, "written beside the room");
            check(n == room || !inflater.hasMore(), "there is more, though there was room");
            message.write(destination, 1, n);
        } while (n == room);
    }

    /** An inflater that shares nothing with zlib agrees, unless it knows less (BFINAL) or is stricter (a message cut off). */
    private static @Nullable WindowInflater compareOwn(
            WindowInflater own, byte[] payload, boolean forgets, byte[] inflated) {
        byte[] other;
        try {
            other = own.inflate(payload, forgets);
        } catch (IllegalStateException | IndexOutOfBoundsException e) {
            return null;
        }
        check(Arrays.equals(inflated, other), "zlib and another inflater disagree");
        return own;
    }
}
