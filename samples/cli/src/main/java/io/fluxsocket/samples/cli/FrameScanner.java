package io.fluxsocket.samples.cli;

import io.netty.buffer.ByteBuf;
import java.time.Instant;
import java.util.function.Consumer;

/** Finds the frames in one direction's bytes, wherever the network has split them. Judges nothing and changes nothing. */
final class FrameScanner {
    /** A response that has not ended by then is none to a WebSocket. */
    private static final int LARGEST_HEAD = 64 * 1024;

    private enum State {
        HTTP,
        HEADER,
        PAYLOAD,
        OFF
    }

    private final boolean inbound;
    private final Consumer<WireFrame> frames;
    private final StringBuilder head = new StringBuilder();
    private final byte[] header = new byte[14];
    private State state = State.HTTP;
    private int headerLength;
    private long length;
    private long seen;
    private byte[] control = {};

    FrameScanner(boolean inbound, Consumer<WireFrame> frames) {
        this.inbound = inbound;
        this.frames = frames;
    }

    /** @param bytes to be looked at; its indices stay */
    void look(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end && state != State.OFF) {
            switch (state) {
                case HTTP -> readHead((char) bytes.getUnsignedByte(at++));
                case HEADER -> readHeader(bytes.getByte(at++));
                case PAYLOAD -> at += readPayload(bytes, at, end);
                case OFF -> throw new AssertionError();
            }
        }
    }

    private void readHead(char c) {
        head.append(c);
        if (c == '\n' && head.length() >= 4 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
            state = stateBehind(head.toString());
            head.setLength(0);
        } else if (head.length() == LARGEST_HEAD) {
            state = State.OFF;
        }
    }

    private State stateBehind(String ended) {
        if (!inbound || ended.startsWith("HTTP/1.1 101 ")) {
            return State.HEADER;
        }
        return ended.startsWith("HTTP/1.1 1") ? State.HTTP : State.OFF;
    }

    private void readHeader(byte b) {
        header[headerLength++] = b;
        if (headerLength < 2 || headerLength < 2 + lengthBytes() + maskBytes()) {
            return;
        }
        length = header[1] & 0x7F;
        if (lengthBytes() > 0) {
            length = 0;
            for (int i = 0; i < lengthBytes(); i++) {
                length = length << 8 | (header[2 + i] & 0xFF);
            }
        }
        seen = 0;
        control = new byte[opcode() < WireFrame.CLOSE ? 0 : (int) Math.min(length, 125)];
        state = State.PAYLOAD;
        if (length == 0) {
            endFrame();
        }
    }

    private int readPayload(ByteBuf bytes, int from, int end) {
        int count = (int) Math.min(end - from, length - seen);
        for (int i = 0; i < count && seen + i < control.length; i++) {
            int place = (int) seen + i;
            byte mask = maskBytes() == 0 ? 0 : header[headerLength - 4 + (place & 3)];
            control[place] = (byte) (bytes.getByte(from + i) ^ mask);
        }
        seen += count;
        if (seen == length) {
            endFrame();
        }
        return count;
    }

    private void endFrame() {
        frames.accept(new WireFrame(
                inbound,
                Instant.now(),
                (header[0] & 0x80) != 0,
                (header[0] & 0x40) != 0,
                opcode(),
                maskBytes() != 0,
                length,
                headerLength,
                control));
        headerLength = 0;
        state = State.HEADER;
    }

    private int opcode() {
        return header[0] & 0x0F;
    }

    private int lengthBytes() {
        return switch (header[1] & 0x7F) {
            case 126 -> 2;
            case 127 -> 8;
            default -> 0;
        };
    }

    private int maskBytes() {
        return (header[1] & 0x80) != 0 ? 4 : 0;
    }
}
