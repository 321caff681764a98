package io.fluxsocket.core;

import static io.fluxsocket.core.FuzzedEngine.check;

import io.fluxsocket.core.deflate.DeflateAgreement;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What must hold of the two streams of a {@link FuzzedEngine} that has settled. */
final class FuzzVerdict {
    private final FuzzedEngine fuzzed;
    private final WireJudge inbound;
    private final WireJudge outbound;

    private FuzzVerdict(FuzzedEngine fuzzed) {
        this.fuzzed = fuzzed;
        DeflateAgreement agreement = fuzzed.agreement;
        boolean client = fuzzed.client;
        if (agreement == null) {
            inbound = new WireJudge(!client, fuzzed.settings, null, false).read(fuzzed.arrived.toByteArray());
            outbound = new WireJudge(client, EngineSettings.DEFAULT, null, true).read(fuzzed.wire.toByteArray());
            return;
        }
        JudgingCodecs.Lenient lenient = new JudgingCodecs.Lenient(agreement.inboundNoContextTakeover(client));
        inbound = new WireJudge(!client, fuzzed.settings, lenient, false).read(fuzzed.arrived.toByteArray());
        lenient.end();
        WireJudge.Codec strict =
                JudgingCodecs.strict(agreement.outboundWindowBits(client), agreement.outboundNoContextTakeover(client));
        outbound = new WireJudge(client, EngineSettings.DEFAULT, strict, true).read(fuzzed.wire.toByteArray());
    }

    /** Judges, and ends the engine. */
    static void of(FuzzedEngine fuzzed) {
        FuzzVerdict verdict = new FuzzVerdict(fuzzed);
        verdict.judgeIndications();
        verdict.judgeWire();
        verdict.judgeReplies();
        fuzzed.end();
    }

    /** What was indicated is what arrived, and refused is what has to be. */
    private void judgeIndications() {
        List<WireJudge.Event> expected = new ArrayList<>(inbound.events);
        if (!fuzzed.settings.indicatePings()) {
            expected.removeIf(event -> event.opcode() == 9);
        }
        List<WireJudge.Event> indicated = fuzzed.indicated;
        check(indicated.size() <= expected.size(), "indicated what may not be: " + inbound.statuses);
        check(fuzzed.aborted || indicated.size() == expected.size(), "not everything was indicated");
        for (int i = 0; i < indicated.size(); i++) {
            check(indicated.get(i).isLike(expected.get(i)), "indicated something else");
        }
        byte[] begun = fuzzed.partial.toByteArray();
        byte[] message = inbound.partial.toByteArray();
        boolean open = inbound.partialIsOpen;
        for (WireJudge.Event event : expected.subList(indicated.size(), expected.size())) {
            if (!event.isControl()) {
                message = event.payload();
                open = false;
                break;
            }
        }
        int common = open ? Math.min(begun.length, message.length) : begun.length;
        check(begun.length <= message.length || open, "told more of a message than there is");
        check(Arrays.equals(begun, 0, common, message, 0, common), "told something else of a message");

        WebSocketProtocolException failure = fuzzed.failure;
        if (failure != null) {
            int status = failure.closeStatus().code();
            check(inbound.statuses.contains(status), "refused with " + failure + " instead of " + inbound.statuses);
        }
        check(fuzzed.aborted || failure != null || inbound.statuses.isEmpty(), "accepted: " + inbound.statuses);
    }

    /** What has left are whole and valid frames, which carry what was sent. */
    private void judgeWire() {
        check(outbound.statuses.isEmpty(), "what has left is refused with " + outbound.statuses);
        check(outbound.incompleteFrom < 0 || fuzzed.outboundEnded, "a frame has not left whole");
        List<WireJudge.Event> sent = new ArrayList<>();
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        for (FuzzedEngine.Send send : fuzzed.sent) {
            BufferType type = send.type();
            if (!type.isData()) {
                sent.add(new WireJudge.Event(Opcode.of(type), send.payload()));
                continue;
            }
            message.writeBytes(send.payload());
            if (type.isFinal()) {
                sent.add(new WireJudge.Event(type.isText() ? 1 : 2, message.toByteArray()));
                message.reset();
            }
        }
        List<WireJudge.Event> left = new ArrayList<>(outbound.events);
        left.removeIf(this::isReply);
        check(left.size() == sent.size(), left.size() + " sends have left, " + sent.size() + " were indicated");
        for (int i = 0; i < sent.size(); i++) {
            check(left.get(i).isLike(sent.get(i)), "something else has left");
        }
    }

    private boolean isReply(WireJudge.Event event) {
        return Boolean.TRUE.equals(fuzzed.origins.get(event.start()));
    }

    /** Pongs answer pings in their order, the newest always; one close at most leaves, and the one that is owed does. */
    private void judgeReplies() {
        List<WireJudge.Event> pings = new ArrayList<>(inbound.events);
        pings.removeIf(event -> event.opcode() != 9);
        int answered = 0;
        int closes = 0;
        for (WireJudge.Event event : outbound.events) {
            closes += event.opcode() == 8 ? 1 : 0;
            if (!isReply(event)) {
                continue;
            }
            if (event.opcode() == 8) {
                check(Arrays.equals(event.payload(), owedClose()), "another close than the one owed");
                continue;
            }
            check(event.opcode() == 10, "a reply that is none");
            while (answered < pings.size() && !Arrays.equals(pings.get(answered).payload(), event.payload())) {
                answered++;
            }
            check(answered++ < pings.size(), "a pong without a ping");
        }
        check(closes <= 1, "two closes");
        check((closes == 1) == (fuzzed.engine.closeSent() != null), "closeSent");
        if (fuzzed.outboundEnded) {
            return;
        }
        check(answeredNewest(pings), "the newest ping is not answered");
        boolean owed = fuzzed.failure != null || (fuzzed.closeArrived && fuzzed.settings.automaticCloseEcho());
        check(!owed || closes == 1, "a close is owed");
    }

    private boolean answeredNewest(List<WireJudge.Event> pings) {
        if (pings.isEmpty()) {
            return true;
        }
        byte[] newest = pings.get(pings.size() - 1).payload();
        WireJudge.Event last = null;
        for (WireJudge.Event event : outbound.events) {
            last = isReply(event) && event.opcode() == 10 ? event : last;
        }
        return last != null && Arrays.equals(last.payload(), newest);
    }

    /** The echo has the status of the peer's close; a reason that is not UTF-8 may read otherwise. */
    private byte[] owedClose() {
        WebSocketProtocolException failure = fuzzed.failure;
        CloseStatus status = failure != null ? failure.closeStatus() : fuzzed.engine.closeReceived();
        check(status != null, "a close is sent that is not owed");
        if (failure == null && !fuzzed.settings.utf8VerificationDisabled()) {
            return inbound.events.get(inbound.events.size() - 1).payload();
        }
        return CloseBody.encode(status);
    }
}
