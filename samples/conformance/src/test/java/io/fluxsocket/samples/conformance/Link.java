package io.fluxsocket.samples.conformance;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An open connection to a subject, as bytes. */
interface Link {
    /** What a read gives when the subject has ended the connection, or broken it off. */
    byte[] END = new byte[0];

    /** Hands over the bytes in one write; not an error when the subject has gone. */
    void write(byte[] bytes, int from, int to);

    /**
     * What the subject sent next.
     *
     * @return at least one byte; {@link #END}; or null if there is nothing within the time
     */
    byte @Nullable [] read(long withinMillis) throws IOException, InterruptedException;

    /** Whether time passes: if not, a subject that is silent now stays silent. */
    boolean isTimed();

    /** Drops the connection. */
    void drop();
}
