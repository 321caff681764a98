package io.fluxsocket.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.reactive.CloseEvent;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What needs neither a network nor a process. */
class PartsTest {
    private static final String INTERIM = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
    private static final String UPGRADE = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";

    @Test
    void scannerFindsTheSameFramesWhereverTheBytesAreSplit() {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        stream.writeBytes((INTERIM + UPGRADE).getBytes(StandardCharsets.US_ASCII));
        stream.writeBytes(new byte[] {(byte) 0xC1, 5, 1, 2, 3, 4, 5}); // text, compressed
        stream.writeBytes(new byte[] {0x02, 126, 1, 0}); // binary, not final, 256 bytes
        stream.writeBytes(new byte[256]);
        stream.writeBytes(new byte[] {(byte) 0x89, 2, 'h', 'i'}); // ping
        stream.writeBytes(new byte[] {(byte) 0x80, 127, 0, 0, 0, 0, 0, 1, 0, 0}); // continuation, 65,536 bytes
        stream.writeBytes(new byte[65536]);
        stream.writeBytes(new byte[] {(byte) 0x88, 5, 0x0F, (byte) 0xA1, 'b', 'y', 'e'}); // close 4001
        byte[] bytes = stream.toByteArray();
        List<String> expected = List.of(
                "text 5+2 final compressed",
                "binary 256+4",
                "ping 2+2 final hi",
                "continuation 65536+10 final",
                "close 5+2 final 4001 bye");
        for (int split = 0; split < 600; split++) {
            assertThat(scan(true, bytes, split)).as("split at %d", split).isEqualTo(expected);
        }
    }

    private static List<String> scan(boolean inbound, byte[] bytes, int split) {
        List<String> frames = new ArrayList<>();
        FrameScanner scanner = new FrameScanner(inbound, frame -> frames.add(describe(frame)));
        for (ByteBuf part : List.of(
                Unpooled.wrappedBuffer(bytes, 0, split), Unpooled.wrappedBuffer(bytes, split, bytes.length - split))) {
            int readable = part.readableBytes();
            scanner.look(part);
            assertThat(part.readableBytes()).isEqualTo(readable);
        }
        return frames;
    }

    private static String describe(WireFrame frame) {
        String tail = switch (frame.opcode()) {
            case WireFrame.CLOSE -> " " + frame.closeCode() + " " + frame.closeReason();
            case WireFrame.PING -> " " + new String(frame.control(), StandardCharsets.UTF_8);
            default -> "";
        };
        return frame.opcodeName() + " " + frame.length() + "+" + frame.headerLength() + (frame.fin() ? " final" : "")
                + (frame.compressed() ? " compressed" : "") + (frame.masked() ? " masked" : "") + tail;
    }

    @Test
    void scannerUnmasksControlFramesOfAClient() {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        stream.writeBytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        stream.writeBytes(new byte[] {(byte) 0x89, (byte) 0x82, 1, 2, 3, 4, 'h' ^ 1, 'i' ^ 2});
        byte[] bytes = stream.toByteArray();
        for (int split = 0; split < bytes.length; split++) {
            assertThat(scan(false, bytes, split)).containsExactly("ping 2+6 final masked hi");
        }
    }

    @Test
    void scannerTakesNoOtherResponseForFrames() {
        byte[] bytes = "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\n\u0001\u0001\u0001\u0001"
                .getBytes(StandardCharsets.US_ASCII);
        assertThat(scan(true, bytes, 10)).isEmpty();
    }

    @Test
    void exitStatusIsDoneOnlyForWhatWasWantedOrNormal() {
        assertThat(ExitStatus.of(new CloseEvent(CloseStatus.of(4001), Initiator.LOCAL, true), true))
                .isZero();
        assertThat(ExitStatus.of(new CloseEvent(CloseStatus.NORMAL, Initiator.LOCAL, false), true))
                .isEqualTo(16);
        assertThat(ExitStatus.of(new CloseEvent(CloseStatus.NORMAL, Initiator.REMOTE, true), true))
                .isZero();
        assertThat(ExitStatus.of(new CloseEvent(CloseStatus.NO_STATUS, Initiator.REMOTE, true), false))
                .isZero();
        assertThat(ExitStatus.of(new CloseEvent(CloseStatus.ABNORMAL, Initiator.NONE, false), true))
                .isEqualTo(16);
        assertThat(ExitStatus.of(new CloseEvent(CloseStatus.PROTOCOL_ERROR, Initiator.LOCAL, true), false))
                .isEqualTo(12);
    }

    @Test
    void everyExitStatusOfACloseIsInTheTable() {
        for (int code = 1000; code < 5000; code++) {
            if (CloseStatus.isValidCode(code)) {
                int status = ExitStatus.of(new CloseEvent(CloseStatus.of(code), Initiator.REMOTE, true), false);
                assertThat(ExitStatus.table()).as("%d", code).containsKey(Integer.toString(status));
            }
        }
    }

    @Test
    void slashBeginsACommandAndTwoBeginASlash() {
        assertThat(Entry.typed("/ping")).isEqualTo(new Entry.Ping());
        assertThat(Entry.typed("//ping")).isEqualTo(new Entry.Line("/ping"));
        assertThat(Entry.typed(" /ping")).isEqualTo(new Entry.Line(" /ping"));
        assertThat(Entry.typed("/close")).isEqualTo(new Entry.Close(null));
        assertThat(Entry.typed("/close 4001 so long")).isEqualTo(new Entry.Close(CloseStatus.of(4001, "so long")));
        assertThat(Entry.typed("/close 1006")).isInstanceOf(Entry.Hint.class);
        assertThat(Entry.typed("/close now")).isInstanceOf(Entry.Hint.class);
        assertThat(Entry.typed("/close 1000 " + "x".repeat(124))).isInstanceOf(Entry.Hint.class);
    }

    @Test
    void controlCharactersOfThePeerAreShownAsPictures() {
        assertThat(Text.visible("a\u001b[2J\r\u0007\u007f\u009b\n\t😀")).isEqualTo("a␛[2J␍␇␡\uFFFD\n\t😀");
    }

    @Test
    void timesAreReadWithTheirUnits() {
        DurationConverter converter = new DurationConverter();
        assertThat(converter.convert("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(converter.convert("1.5")).isEqualTo(Duration.ofMillis(1500));
        assertThat(converter.convert("2m")).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void delaysGrowToTheLongestAndDifferByUpToAHalf() {
        ReconnectOptions options = new ReconnectOptions();
        for (int failures = 0; failures < 100; failures++) {
            long longest = Math.min(500L << Math.min(failures, 10), 30_000);
            assertThat(options.delay(failures).toMillis()).isBetween(longest / 2, longest);
        }
    }
}
