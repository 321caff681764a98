package io.fluxsocket.samples.conformance;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Plays a case against a subject.
 *
 * <pre>
 *   Catalogue ─ Case ─┐                ┌─ FrameReader, JudgeDeflate ◀─┐
 *                     ├─▶ Judge ─ Peer ┤                              Link ◀─▶ Subject
 *                     │                └─ Frame, JudgeDeflate ───────▶┘
 *   Outcome ◀─────────┘
 * </pre>
 *
 * <p>A subject is an echo: our engine in memory, our server or client, or another implementation.
 */
final class Judge {
    private Judge() {}

    /** Whom the cases are played against. */
    interface Subject extends AutoCloseable {
        /** Whether it is a server; else it is a client. */
        boolean isServer();

        Timing timing();

        /** A new connection, on which the handshake is done. */
        Connection open(Case test) throws IOException, InterruptedException;

        @Override
        default void close() {}
    }

    /**
     * An open connection.
     *
     * @param deflate what was agreed on; null if compression was not
     */
    record Connection(Link link, @Nullable DeflateTerms deflate) {}

    static Outcome judge(Case test, Subject subject) throws IOException, InterruptedException {
        Connection connection = subject.open(test);
        Peer peer = new Peer(connection.link(), subject.isServer(), subject.timing(), connection.deflate());
        try {
            if (!test.deflate().isEmpty() && !peer.hasDeflate()) {
                peer.decide(Verdict.UNIMPLEMENTED);
            } else {
                test.script().play(peer);
            }
            return peer.finish(test);
        } finally {
            connection.link().drop();
        }
    }
}
