package io.fluxsocket.samples.conformance;

/** How a case ended, in the words of the Autobahn suite. */
enum Verdict {
    OK("OK"),
    /** What was wanted, later than it could have been. */
    NON_STRICT("NON-STRICT"),
    /** Nothing is demanded. */
    INFORMATIONAL("INFORMATIONAL"),
    /** The extension of the case was declined. */
    UNIMPLEMENTED("UNIMPLEMENTED"),
    FAILED("FAILED"),
    /** Of the close alone: not both sides sent a close, or a server did not end the connection. */
    UNCLEAN("UNCLEAN"),
    /** Of the close alone. */
    WRONG_CODE("WRONG CODE"),
    /** Of the close alone: it is the server who is to end the connection (RFC 6455 §7.1.1). */
    FAILED_BY_CLIENT("FAILED BY CLIENT");

    private final String words;

    Verdict(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
