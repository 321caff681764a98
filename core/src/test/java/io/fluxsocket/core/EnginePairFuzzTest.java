package io.fluxsocket.core;

import static io.fluxsocket.core.FuzzedEngine.check;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fluxsocket.core.deflate.DeflateAgreement;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Whatever one engine sends the other receives, identical, for any split and any interleaving of operations. */
class EnginePairFuzzTest {
    @FuzzTest
    void whatOneSendsTheOtherReceives(byte[] data) {
        FuzzInput in = new FuzzInput(data);
        DeflateAgreement agreement = FuzzedSettings.deflate(in);
        DeflateAgreement other = agreement == null
                ? null
                : new DeflateAgreement(agreement.parameters(), FuzzedSettings.deflateSettings(in));
        int key = in.oneIn(4) ? 0 : in.below(65536) * 65537 + in.below(65536);
        FuzzedEngine client = new FuzzedEngine(true, unlimited(in), agreement, key, in);
        FuzzedEngine server = new FuzzedEngine(false, unlimited(in), other, 0, in);
        int step = in.of(4096, 1, 2, 3, 7, 125, 256, 1000);
        while (in.hasChoices()) {
            (in.below(2) == 0 ? client : server).step();
            if (in.oneIn(3)) {
                transfer(client, server);
                transfer(server, client);
            }
        }
        boolean moved = true;
        while (moved) {
            client.settle(step);
            server.settle(step);
            moved = transfer(client, server) | transfer(server, client);
        }
        compare(client, server);
        compare(server, client);
        FuzzVerdict.of(client);
        FuzzVerdict.of(server);
    }

    private static EngineSettings unlimited(FuzzInput in) {
        return FuzzedSettings.engine(in).toBuilder()
                .maxFrameSize(Long.MAX_VALUE)
                .maxMessageSize(Long.MAX_VALUE)
                .maskingDisabled(false)
                .build();
    }

    private static boolean transfer(FuzzedEngine from, FuzzedEngine to) {
        byte[] wire = from.wire.toByteArray();
        int known = to.arrived.size();
        to.arrived.write(wire, known, wire.length - known);
        return wire.length != known;
    }

    private static void compare(FuzzedEngine sender, FuzzedEngine receiver) {
        check(receiver.failure == null, "refused what an engine sent: " + receiver.failure);
        byte[] sent = data(sender);
        byte[] received = data(receiver.indicated, receiver.partial.toByteArray());
        int common = Math.min(sent.length, received.length);
        check(Arrays.equals(sent, 0, common, received, 0, common), "something else was received");
        boolean whole = sender.cut.isEmpty() && !sender.outboundEnded && !receiver.aborted;
        check(!whole || sent.length == received.length, "sent " + sent.length + ", received " + received.length);
    }

    private static byte[] data(FuzzedEngine sender) {
        return Bytes.concat(sender.sent.stream()
                .filter(send -> send.type().isData())
                .map(FuzzedEngine.Send::payload)
                .toArray(byte[][]::new));
    }

    private static byte[] data(Iterable<WireJudge.Event> events, byte[] partial) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (WireJudge.Event event : events) {
            all.writeBytes(event.isControl() ? Bytes.NONE : event.payload());
        }
        all.writeBytes(partial);
        return all.toByteArray();
    }
}
