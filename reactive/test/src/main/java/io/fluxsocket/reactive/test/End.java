package io.fluxsocket.reactive.test;

/** One end of the two wires: what it hears of them. On the loop. */
interface End {
    /** Bytes came, in answer to one {@link Pipe#read}; the end's own from now on. */
    void received(byte[] bytes);

    /** The other end has ended its half of the stream, in answer to one {@link Pipe#read}. */
    void peerEnded();

    /** The wire has taken bytes of this end, or its faults have changed. */
    void moved();

    /** The connection is lost. */
    void lost(Throwable cause);

    /** How much this end has written that the wire has not taken. */
    long pendingBytes();

    /** How many Receive operations are outstanding at this end. */
    int outstandingReceives();
}
