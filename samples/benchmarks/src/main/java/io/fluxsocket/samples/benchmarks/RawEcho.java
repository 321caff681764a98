package io.fluxsocket.samples.benchmarks;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Iterator;
import java.util.Locale;

/**
 * No library: one thread that turns masked frames into unmasked ones in the buffer of the read, and checks nothing. It shows
 * what the load generator, the kernel and a selector leave to be won. Arguments are ignored; it has NIO alone.
 */
final class RawEcho {
    private static final int READ_BUFFER = 512 << 10;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final ByteBuffer network = ByteBuffer.allocateDirect(READ_BUFFER);
    private final byte[] bytes = new byte[READ_BUFFER];

    private RawEcho() {}

    public static void main(String[] arguments) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server.configureBlocking(false);
        System.out.println("READY " + server.socket().getLocalPort());
        new RawEcho().serve(server);
    }

    private void serve(ServerSocketChannel server) throws IOException {
        Selector selector = Selector.open();
        server.register(selector, SelectionKey.OP_ACCEPT);
        while (server.isOpen()) {
            selector.select();
            for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
                SelectionKey key = keys.next();
                keys.remove();
                if (key.isAcceptable()) {
                    SocketChannel channel = server.accept();
                    channel.configureBlocking(false);
                    channel.socket().setTcpNoDelay(true);
                    channel.register(selector, SelectionKey.OP_READ, new Connection(channel));
                } else {
                    ((Connection) key.attachment()).turn(key);
                }
            }
        }
    }

    private final class Connection {
        private final SocketChannel channel;
        private StringBuilder head = new StringBuilder();
        private final byte[] header = new byte[14];
        private int headerHave;
        private long remaining;
        /** The key's next eight bytes, the next one lowest. */
        private long mask;
        /** What the socket did not take; nothing is read meanwhile. */
        private ByteBuffer pending;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }

        void turn(SelectionKey key) throws IOException {
            try {
                if (pending != null) {
                    channel.write(pending);
                    if (pending.hasRemaining()) {
                        return;
                    }
                    pending = null;
                    key.interestOps(SelectionKey.OP_READ);
                }
                int n = channel.read(network.clear());
                if (n < 0) {
                    channel.close();
                    return;
                }
                network.flip().get(bytes, 0, n);
                write(key, head == null ? unmasked(n) : answered(n));
            } catch (IOException e) {
                channel.close(); // the peer has reset it
            }
        }

        private void write(SelectionKey key, int length) throws IOException {
            network.clear().put(bytes, 0, length).flip();
            channel.write(network);
            if (network.hasRemaining()) {
                pending = ByteBuffer.allocateDirect(network.remaining())
                        .put(network)
                        .flip();
                key.interestOps(SelectionKey.OP_WRITE);
            }
        }

        /** Answers the handshake, once it is there. Returns how many bytes to send. */
        private int answered(int n) throws IOException {
            head.append(new String(bytes, 0, n, StandardCharsets.ISO_8859_1));
            if (head.indexOf("\r\n\r\n") < 0) {
                return 0;
            }
            String name = "sec-websocket-key:";
            String lower = head.toString().toLowerCase(Locale.ROOT);
            int from = lower.indexOf(name) + name.length();
            String key = head.substring(from, head.indexOf("\r\n", from)).trim();
            head = null;
            byte[] answer = ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(answer, 0, bytes, 0, answer.length);
            return answer.length;
        }

        private static String accept(String key) {
            try {
                byte[] text = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
                return Base64.getEncoder()
                        .encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Turns what was read into what is sent, from the left to the right: it only becomes shorter. Returns its length. */
        private int unmasked(int n) {
            int in = 0;
            int out = 0;
            while (in < n) {
                if (remaining == 0) {
                    header[headerHave++] = bytes[in++];
                    if (headerHave < 6 || headerHave < headerSize()) {
                        continue;
                    }
                    out = putHeader(out);
                    headerHave = 0;
                    continue;
                }
                int k = (int) Math.min(remaining, n - in);
                unmask(in, out, k);
                in += k;
                out += k;
                remaining -= k;
            }
            return out;
        }

        private int headerSize() {
            int length = header[1] & 0x7f;
            return length < 126 ? 6 : length == 126 ? 8 : 14;
        }

        private int putHeader(int out) {
            int size = headerSize() - 4;
            ByteBuffer view = ByteBuffer.wrap(header);
            long length = header[1] & 0x7f;
            remaining = length < 126 ? length : length == 126 ? view.getShort(2) & 0xffff : view.getLong(2);
            long key = Integer.toUnsignedLong(Integer.reverseBytes(view.getInt(size)));
            mask = key | key << 32;
            header[1] &= 0x7f;
            System.arraycopy(header, 0, bytes, out, size);
            return out + size;
        }

        private void unmask(int in, int out, int length) {
            int i = 0;
            for (; i + 8 <= length; i += 8) {
                LONGS.set(bytes, out + i, (long) LONGS.get(bytes, in + i) ^ mask);
            }
            for (; i < length; i++) {
                bytes[out + i] = (byte) (bytes[in + i] ^ mask);
                mask = Long.rotateRight(mask, 8);
            }
        }
    }
}
