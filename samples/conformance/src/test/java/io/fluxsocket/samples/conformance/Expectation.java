package io.fluxsocket.samples.conformance;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a case expects to see.
 *
 * @param ok the events of a subject that does everything right; null where the script judges by itself
 * @param nonStrict the events of one that does it late; null where there is none
 * @param closedByJudge whether it is the judging peer that closes; else the subject has to fail the connection
 * @param closeCodes of the subject's close; an empty close is always accepted, as the Autobahn suite does
 * @param clean whether both have to send a close and the server has to end the connection
 * @param failureIsDemanded whether a subject that does not fail the connection fails the case, whatever events there were
 * @param codeIsDemanded whether a wrong code fails the case, not its close alone
 * @param informational whether the verdict is left open
 * @param exactCode the one code that a careful subject sends; empty for a close without one
 */
record Expectation(
        @Nullable List<Event> ok,
        @Nullable List<Event> nonStrict,
        boolean closedByJudge,
        List<Integer> closeCodes,
        boolean clean,
        boolean failureIsDemanded,
        boolean codeIsDemanded,
        boolean informational,
        OptionalInt exactCode) {
    private static final int NORMAL = 1000;
    private static final int PROTOCOL_ERROR = 1002;
    private static final int INVALID_PAYLOAD = 1007;

    /** These events; then the judging peer closes, and the close is clean. */
    static Expectation events(Event... events) {
        return new Expectation(
                List.of(events), null, true, List.of(NORMAL), true, false, false, false, OptionalInt.of(NORMAL));
    }

    /** The script finds the verdict; then the judging peer closes, and the close is clean. */
    static Expectation verdictOfScript() {
        return new Expectation(null, null, true, List.of(NORMAL), true, false, false, false, OptionalInt.of(NORMAL));
    }

    /** These events, after which the subject fails the connection with 1002. */
    static Expectation failure(Event... before) {
        return new Expectation(
                List.of(before),
                null,
                false,
                List.of(PROTOCOL_ERROR),
                false,
                false,
                false,
                false,
                OptionalInt.of(PROTOCOL_ERROR));
    }

    /** These events, after which the subject fails the connection with 1007, as the text is no UTF-8. */
    static Expectation invalidText(Event... before) {
        return new Expectation(
                List.of(before),
                null,
                false,
                List.of(INVALID_PAYLOAD),
                false,
                true,
                false,
                false,
                OptionalInt.of(INVALID_PAYLOAD));
    }

    /** These events, after which the subject fails the connection with this code. */
    static Expectation refusal(int code, Event... before) {
        return new Expectation(
                List.of(before), null, false, List.of(code), false, true, true, false, OptionalInt.of(code));
    }

    /** No events; a close by the judging peer is answered cleanly, with one of the codes or without one. */
    static Expectation closed(int... codes) {
        return answer(true, codes);
    }

    /** No events; a malformed close of the judging peer is answered with one of the codes, or by dropping the connection. */
    static Expectation closeRefused(int... codes) {
        return answer(false, codes);
    }

    private static Expectation answer(boolean clean, int... codes) {
        List<Integer> all = Arrays.stream(codes).boxed().toList();
        return new Expectation(
                List.of(), null, true, all, clean, false, true, false, OptionalInt.of(codes[codes.length - 1]));
    }

    /** A subject that shows these events is right, but late. */
    Expectation orLate(Event... late) {
        return new Expectation(
                ok,
                List.of(late),
                closedByJudge,
                closeCodes,
                clean,
                failureIsDemanded,
                codeIsDemanded,
                informational,
                exactCode);
    }

    /** A wrong code fails the case. */
    Expectation withCodeDemanded() {
        return new Expectation(
                ok, nonStrict, closedByJudge, closeCodes, clean, failureIsDemanded, true, informational, exactCode);
    }

    /** A careful subject sends no code. */
    Expectation withEmptyAnswer() {
        return new Expectation(
                ok,
                nonStrict,
                closedByJudge,
                closeCodes,
                clean,
                failureIsDemanded,
                codeIsDemanded,
                informational,
                OptionalInt.empty());
    }

    Expectation leftOpen() {
        return new Expectation(
                ok, nonStrict, closedByJudge, closeCodes, clean, failureIsDemanded, codeIsDemanded, true, exactCode);
    }

    /** Whether what was seen so far can still become one of the expectations. */
    boolean isStillPossible(List<Event> seen) {
        return isPrefix(seen, ok) || isPrefix(seen, nonStrict);
    }

    private static boolean isPrefix(List<Event> seen, @Nullable List<Event> all) {
        return all != null && seen.size() <= all.size() && seen.equals(all.subList(0, seen.size()));
    }
}
