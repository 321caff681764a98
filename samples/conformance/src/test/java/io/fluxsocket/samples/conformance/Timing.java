package io.fluxsocket.samples.conformance;

/**
 * How long the judging peer waits.
 *
 * @param pauseMillis between two parts of a script: within this time a violation has to be answered
 * @param patienceMillis for what has to come; longer than the suite's own, so that a loaded machine changes no verdict
 */
record Timing(long pauseMillis, long patienceMillis) {
    /** The pauses of the Autobahn suite. */
    static final Timing SOCKETS = new Timing(1000, Long.getLong("conformance.patience", 10_000));

    /** Where no time passes. */
    static final Timing IN_MEMORY = new Timing(0, 0);
}
