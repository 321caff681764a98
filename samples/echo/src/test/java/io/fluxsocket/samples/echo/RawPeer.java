package io.fluxsocket.samples.echo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.reactive.WebSocketMessage;
import io.fluxsocket.reactive.test.FrameVectors;
import io.fluxsocket.reactive.test.WireFrame;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A peer that writes exactly the bytes it is told to and shows exactly what came back. Of either role. */
final class RawPeer implements AutoCloseable {
    /** The key and the accept of RFC 6455 §1.3. */
    static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private static final Pattern KEY = Pattern.compile("(?im)^sec-websocket-key: *(\\S+)");

    private final Socket socket;
    private final DataInputStream in;

    private RawPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) TestServer.PATIENCE.toMillis());
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    }

    static RawPeer connectTo(TestServer server) throws IOException {
        return new RawPeer(new Socket(InetAddress.getLoopbackAddress(), server.port()));
    }

    static RawPeer accept(ServerSocket server) throws IOException {
        return new RawPeer(server.accept());
    }

    static ServerSocket listen() throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        server.setSoTimeout((int) TestServer.PATIENCE.toMillis());
        return server;
    }

    /** A client's opening request. */
    static byte[] request(String path) {
        return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** A server's answer to this request. */
    static byte[] response(String request) {
        Matcher key = KEY.matcher(request);
        assertThat(key.find()).as(request).isTrue();
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1")
                    .digest((key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                            .getBytes(StandardCharsets.US_ASCII));
            return ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(hash) + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Connects and shakes hands. */
    static RawPeer open(TestServer server, String path) throws IOException {
        RawPeer peer = connectTo(server);
        peer.write(request(path));
        peer.readAcceptance();
        return peer;
    }

    /** In one write, which the loopback interface keeps together as far as its buffers go. */
    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void write(byte[] first, byte[] second) throws IOException {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        write(both);
    }

    void write(byte[] bytes, int from, int to) throws IOException {
        socket.getOutputStream().write(bytes, from, to - from);
    }

    void write(WireFrame... frames) throws IOException {
        write(FrameVectors.bytes(frames));
    }

    /** A request's or response's line and headers. */
    String readHead() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int matched = 0; matched < 4; ) {
            int next = in.readUnsignedByte();
            head.write(next);
            matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.US_ASCII);
    }

    void readAcceptance() throws IOException {
        assertThat(readHead()).startsWith("HTTP/1.1 101 ").containsIgnoringCase("sec-websocket-accept: " + ACCEPT);
    }

    WireFrame readFrame() throws IOException {
        return WireFrame.read(in);
    }

    /** What a close frame says: {@code "4001 bye"}. */
    static String closeText(WireFrame close) {
        return close.length() == 0 ? "" : (close.closeCode() + " " + close.closeReason()).stripTrailing();
    }

    /** Everything up to and with the close frame. */
    Conversation readToClose() throws IOException {
        Conversation conversation = new Conversation(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        int type = 0;
        while (conversation.close().isEmpty()) {
            WireFrame frame = readFrame();
            switch (frame.opcode()) {
                case WireFrame.PONG -> conversation.pongs().add(frame.text());
                case WireFrame.CLOSE -> conversation.close().add(closeText(frame));
                default -> {
                    assertThat(frame.opcode() == WireFrame.CONTINUATION).isEqualTo(type != 0);
                    type = type == 0 ? frame.opcode() : type;
                    message.writeBytes(frame.payload());
                    if (frame.isFinal()) {
                        byte[] bytes = message.toByteArray();
                        conversation
                                .messages()
                                .add(
                                        type == WireFrame.TEXT
                                                ? WebSocketMessage.text(new String(bytes, StandardCharsets.UTF_8))
                                                : WebSocketMessage.binary(bytes));
                        message.reset();
                        type = 0;
                    }
                }
            }
        }
        return conversation;
    }

    /** Whether the peer has ended its half of the stream; false while it might still send. */
    boolean isEndedByPeer(int withinMillis) throws IOException {
        int before = socket.getSoTimeout();
        socket.setSoTimeout(withinMillis);
        try {
            assertThat(in.read()).as("the end of the stream").isEqualTo(-1);
            return true;
        } catch (SocketTimeoutException stillOpen) {
            return false;
        } finally {
            socket.setSoTimeout(before);
        }
    }

    /** Ends its half of the stream, for which a server that has ended its own waits. */
    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Ends the connection by a reset, as a crashed process does. */
    void reset() throws SocketException, IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /**
     * What was received.
     *
     * @param close one, as {@link #closeText} has it
     */
    record Conversation(List<WebSocketMessage> messages, List<String> pongs, List<String> close) {}
}
