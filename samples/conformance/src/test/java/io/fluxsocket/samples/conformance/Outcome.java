package io.fluxsocket.samples.conformance;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one case ended.
 *
 * @param behavior what the frames were
 * @param close how the connection ended
 * @param closeCode of the subject's close; null if it sent none, or one without a code
 * @param closeSeen whether the subject sent a close
 * @param events what the judging peer saw
 * @param fault what the subject did wrong on the wire; null if nothing
 */
record Outcome(
        Case test,
        Verdict behavior,
        Verdict close,
        @Nullable Integer closeCode,
        boolean closeSeen,
        List<Event> events,
        @Nullable String fault) {
    /**
     * Whether it is what we demand of ourselves, which is more than the suite does: the subject's frames have no fault, and
     * it does send a close, with the one code that the RFC names.
     */
    boolean isAsWeWantIt() {
        Verdict wanted = test.expectation().isLeftOpen() ? Verdict.INFORMATIONAL : Verdict.OK;
        Integer code = test.expectation().exactCode().isPresent()
                ? (Integer) test.expectation().exactCode().getAsInt()
                : null;
        return behavior == wanted
                && close == wanted
                && fault == null
                && closeSeen
                && (test.expectation().isLeftOpen() || Objects.equals(closeCode, code));
    }

    @Override
    public String toString() {
        return test.id() + ": " + behavior + ", close " + close + " with " + (closeSeen ? closeCode : "nothing")
                + ", seen " + events + (fault == null ? "" : ", fault: " + fault);
    }
}
