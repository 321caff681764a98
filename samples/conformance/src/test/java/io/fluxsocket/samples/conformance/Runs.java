package io.fluxsocket.samples.conformance;

/** How many messages each case of sections 12 and 13 sends: 1000 in the suite. */
final class Runs {
    /** In the tests that every build runs: enough that the window is full and the data begins again. */
    static final int IN_MEMORY = Integer.getInteger("conformance.messages", 12);

    private Runs() {}
}
