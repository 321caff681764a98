package io.fluxsocket.samples.conformance;

import java.io.IOException;
import java.util.List;

/**
 * One case of the catalogue.
 *
 * @param id as in the Autobahn suite, such as 6.4.1
 * @param text what is sent
 * @param expectation what has to come back, and how the connection has to end
 * @param deflate what the judging peer wishes of permessage-deflate, in order of preference; empty: nothing of it
 * @param script what the judging peer does once the connection is open
 */
record Case(String id, String text, Expectation expectation, List<DeflateTerms.Wish> deflate, Script script) {
    /** What the judging peer does; where it ends, the judge waits for what is expected. */
    @FunctionalInterface
    interface Script {
        void play(Peer peer) throws IOException, InterruptedException;
    }

    Case(String id, String text, Expectation expectation, Script script) {
        this(id, text, expectation, List.of(), script);
    }

    /** The number before the first dot; 0 for a case that the suite has not. */
    int section() {
        return Character.isDigit(id.charAt(0)) ? Integer.parseInt(id.substring(0, id.indexOf('.'))) : 0;
    }

    @Override
    public String toString() {
        return id + " " + text;
    }
}
