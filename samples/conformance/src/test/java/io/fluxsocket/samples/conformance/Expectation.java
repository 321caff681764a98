package io.fluxsocket.samples.conformance;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a case expects to see.
 *
 * @param ok the events of a subject that does everything right; null where the script judges by itself
 * @param nonStrict the events of one that does it late; null where there is none
 * @param closedByJudge whether it is the judging peer that closes; else the subject has to fail the connection
 * @param closeCodes of the subject's close; an empty close is always accepted, as the Autobahn suite does
 * @param exactCode the one code that a careful subject sends; empty for a close without one
 * @param demands what else is demanded
 */
record Expectation(
        @Nullable List<Event> ok,
        @Nullable List<Event> nonStrict,
        boolean closedByJudge,
        List<Integer> closeCodes,
        OptionalInt exactCode,
        Set<Demand> demands) {
    private static final int NORMAL = 1000;
    private static final int PROTOCOL_ERROR = 1002;
    private static final int INVALID_PAYLOAD = 1007;

    enum Demand {
        /** Both send a close, and the server ends the connection. */
        CLEAN_CLOSE,
        /** A subject that does not fail the connection fails the case, whatever events there were. */
        FAILURE,
        /** A wrong code fails the case, not its close alone. */
        CODE,
        /** None: the verdict is left open. */
        NONE
    }

    /** These events; then the judging peer closes, and the close is clean. */
    static Expectation events(Event... events) {
        return closedByJudge(List.of(events), NORMAL, Demand.CLEAN_CLOSE);
    }

    /** The script finds the verdict; then the judging peer closes, and the close is clean. */
    static Expectation verdictOfScript() {
        return closedByJudge(null, NORMAL, Demand.CLEAN_CLOSE);
    }

    private static Expectation closedByJudge(@Nullable List<Event> ok, int code, Demand... demands) {
        return new Expectation(ok, null, true, List.of(code), OptionalInt.of(code), Set.of(demands));
    }

    /** These events, after which the subject fails the connection with 1002. */
    static Expectation failure(Event... before) {
        return closedBySubject(PROTOCOL_ERROR, List.of(before));
    }

    /** These events, after which the subject fails the connection with 1007, as the text is no UTF-8. */
    static Expectation invalidText(Event... before) {
        return closedBySubject(INVALID_PAYLOAD, List.of(before), Demand.FAILURE);
    }

    /** These events, after which the subject fails the connection with this code. */
    static Expectation refusal(int code, Event... before) {
        return closedBySubject(code, List.of(before), Demand.FAILURE, Demand.CODE);
    }

    private static Expectation closedBySubject(int code, List<Event> before, Demand... demands) {
        return new Expectation(before, null, false, List.of(code), OptionalInt.of(code), Set.of(demands));
    }

    /** No events; a close by the judging peer is answered cleanly, with one of the codes or without one. */
    static Expectation closed(int... codes) {
        return answer(codes, Demand.CLEAN_CLOSE, Demand.CODE);
    }

    /** No events; a malformed close of the judging peer is answered with one of the codes, or by dropping the connection. */
    static Expectation closeRefused(int... codes) {
        return answer(codes, Demand.CODE);
    }

    /** A careful subject sends the last of the codes. */
    private static Expectation answer(int[] codes, Demand... demands) {
        List<Integer> all = Arrays.stream(codes).boxed().toList();
        return new Expectation(List.of(), null, true, all, OptionalInt.of(codes[codes.length - 1]), Set.of(demands));
    }

    /** A subject that shows these events is right, but late. */
    Expectation orLate(Event... late) {
        return new Expectation(ok, List.of(late), closedByJudge, closeCodes, exactCode, demands);
    }

    /** A careful subject sends no code. */
    Expectation withEmptyAnswer() {
        return new Expectation(ok, nonStrict, closedByJudge, closeCodes, OptionalInt.empty(), demands);
    }

    Expectation with(Demand another) {
        Set<Demand> all = EnumSet.of(another);
        all.addAll(demands);
        return new Expectation(ok, nonStrict, closedByJudge, closeCodes, exactCode, all);
    }

    boolean demands(Demand demand) {
        return demands.contains(demand);
    }

    boolean isLeftOpen() {
        return demands(Demand.NONE);
    }

    /** Whether what was seen so far can still become one of the expectations. */
    boolean isStillPossible(List<Event> seen) {
        return isPrefix(seen, ok) || isPrefix(seen, nonStrict);
    }

    private static boolean isPrefix(List<Event> seen, @Nullable List<Event> all) {
        return all != null && seen.size() <= all.size() && seen.equals(all.subList(0, seen.size()));
    }
}
