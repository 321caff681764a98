package io.fluxsocket.samples.conformance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A client that is driven as the Autobahn suite's server does it: it asks how many cases there are, opens one connection for
 * each, in order, and says when it has done.
 */
final class ClientSubject implements Judge.Subject {
    /** Something that runs a client to its end. */
    interface Driver {
        /** Runs it on a thread or process of its own; to be closed when the client has done. */
        AutoCloseable run(String url) throws IOException;
    }

    private static final Pattern CASE = Pattern.compile("/runCase\\?case=(\\d+)&agent=\\S+ HTTP");

    private final List<Case> cases;
    private final Driver driver;
    private @Nullable ServerSocket server;
    private @Nullable AutoCloseable client;

    /** @param cases in the order in which they are going to be played */
    ClientSubject(List<Case> cases, Driver driver) {
        this.cases = cases;
        this.driver = driver;
    }

    @Override
    public boolean isServer() {
        return false;
    }

    @Override
    public Timing timing() {
        return Timing.SOCKETS;
    }

    @Override
    public Judge.Connection open(Case test) throws IOException, InterruptedException {
        ServerSocket listening = server;
        if (listening == null) {
            listening = start();
            server = listening;
        }
        SocketLink link = new SocketLink(listening.accept());
        String request = link.readHead();
        Matcher matcher = CASE.matcher(request);
        if (!matcher.find()
                || !cases.get(Integer.parseInt(matcher.group(1)) - 1).equals(test)) {
            throw new IOException("instead of a connection for " + test + " came " + request);
        }
        DeflateTerms answer = test.deflate().isEmpty()
                ? null
                : DeflateTerms.answer(test.deflate(), Handshake.header(request, "Sec-WebSocket-Extensions"));
        link.write(Handshake.response(request, answer == null ? null : answer.toString()));
        return new Judge.Connection(link.open(), answer);
    }

    private ServerSocket start() throws IOException, InterruptedException {
        ServerSocket listening = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        listening.setSoTimeout(60_000);
        client = driver.run("ws://127.0.0.1:" + listening.getLocalPort());
        command(listening, "GET /getCaseCount ", String.valueOf(cases.size()));
        return listening;
    }

    /** Answers a connection that is no case. */
    private void command(ServerSocket listening, String wanted, @Nullable String answer)
            throws IOException, InterruptedException {
        SocketLink link = new SocketLink(listening.accept());
        String request = link.readHead();
        if (!request.startsWith(wanted)) {
            throw new IOException("instead of " + wanted + " came " + request);
        }
        link.write(Handshake.response(request, null));
        Peer peer = new Peer(link.open(), false, timing(), null);
        if (answer != null) {
            peer.send(Frame.of(Frame.TEXT, answer));
        }
        peer.sendClose(1000);
        peer.finish(new Case("command", wanted, Expectation.events(), nothing -> {}));
    }

    @Override
    public void close() {
        ServerSocket listening = server;
        AutoCloseable running = client;
        if (listening == null || running == null) {
            return;
        }
        try (listening) {
            command(listening, "GET /updateReports?agent=", null);
            running.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
