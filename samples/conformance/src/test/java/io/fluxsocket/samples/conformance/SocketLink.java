package io.fluxsocket.samples.conformance;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection over a socket. What arrives is read at once, so that neither side ever waits for the other to read. */
final class SocketLink implements Link {
    private static final int CLOSE_MILLIS = 5000;

    private final Socket socket;
    private final BlockingQueue<byte[]> arrived = new LinkedBlockingQueue<>();

    /** Until the handshake is done, its messages are read from the socket itself. */
    SocketLink(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) Timing.SOCKETS.patienceMillis());
    }

    /** The line and the headers of a request or a response. */
    String readHead() throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int matched = 0; matched < 4; ) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the connection ended within " + head.toString(StandardCharsets.ISO_8859_1));
            }
            head.write(next);
            matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    void write(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        write(bytes, 0, bytes.length);
    }

    /** The handshake is done: from now on frames are read. */
    SocketLink open() throws IOException {
        socket.setSoTimeout(0);
        Thread reader = new Thread(this::readAll, "judging peer on " + socket.getLocalPort());
        reader.setDaemon(true);
        reader.start();
        return this;
    }

    private void readAll() {
        byte[] buffer = new byte[1 << 16];
        try (socket) {
            InputStream in = socket.getInputStream();
            for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                arrived.add(Arrays.copyOf(buffer, n));
            }
        } catch (IOException brokenOff) {
            // The end is the end, for the suite: the verdict follows from the frames before it.
        } finally {
            arrived.add(END);
        }
    }

    @Override
    public void write(byte[] bytes, int from, int to) {
        try {
            socket.getOutputStream().write(bytes, from, to - from);
        } catch (IOException goneAlready) {
            // What was sent before it went is still to be read.
        }
    }

    @Override
    public byte @Nullable [] read(long withinMillis) throws InterruptedException {
        return arrived.poll(withinMillis, TimeUnit.MILLISECONDS);
    }

    @Override
    public boolean isTimed() {
        return true;
    }

    /** Ends the stream in order, and lets the reader go on: a close with unread bytes would be a reset. */
    @Override
    public void drop() {
        try {
            socket.setSoTimeout(CLOSE_MILLIS);
            socket.shutdownOutput();
        } catch (IOException closedAlready) {
            // As it should be.
        }
    }
}
