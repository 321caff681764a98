package io.fluxsocket.samples.conformance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/**
 * A server at a port of this machine that echoes at {@code /}.
 *
 * @param stop ends the server
 */
record ServerSubject(int port, AutoCloseable stop) implements Judge.Subject {
    @Override
    public boolean isServer() {
        return true;
    }

    @Override
    public Timing timing() {
        return Timing.SOCKETS;
    }

    @Override
    public Judge.Connection open(Case test) throws IOException {
        boolean deflate = !test.deflate().isEmpty();
        SocketLink link = new SocketLink(new Socket(InetAddress.getByName("127.0.0.1"), port));
        link.write(Handshake.request("/", deflate ? DeflateTerms.offers(test.deflate()) : null));
        String response = link.readHead();
        Handshake.requireAccepted(response);
        String answer = Handshake.header(response, "Sec-WebSocket-Extensions");
        return new Judge.Connection(link.open(), deflate ? DeflateTerms.accepted(test.deflate(), answer) : null);
    }

    @Override
    public void close() {
        try {
            stop.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
