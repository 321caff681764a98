package io.fluxsocket.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxsocket.core.CloseStatus;
import io.fluxsocket.core.WebSocketProtocolException;
import io.fluxsocket.core.handshake.HandshakeHeaders;
import io.fluxsocket.reactive.CloseEvent.Initiator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What users catch says the same after it was sent to another JVM. */
class SerializationTest {
    @Test
    void aClosedExceptionTellsHow() throws Exception {
        CloseEvent event = new CloseEvent(CloseStatus.of(4000, "because"), Initiator.REMOTE, true);

        WebSocketClosedException read = readBack(new WebSocketClosedException(event, new IOException("reset")));

        assertThat(read.event()).isEqualTo(event);
        assertThat(read).hasMessageContaining("4000").hasCauseInstanceOf(IOException.class);
    }

    @Test
    void aHandshakeExceptionTellsStatusHeadersAndBody() throws Exception {
        HandshakeHeaders headers = HandshakeHeaders.of("Set-Cookie", "a=1", "set-cookie", "b=2");

        WebSocketHandshakeException read =
                readBack(new WebSocketHandshakeException("refused", 403, headers, "go away", null));

        assertThat(read.statusCode()).isEqualTo(403);
        assertThat(read.headers()).isEqualTo(headers);
        assertThat(read.headers().all("Set-Cookie")).containsExactly("a=1", "b=2");
        assertThat(read.body()).isEqualTo("go away");
    }

    @Test
    void aProtocolExceptionTellsTheStatus() throws Exception {
        WebSocketProtocolException read =
                readBack(new WebSocketProtocolException(CloseStatus.MESSAGE_TOO_BIG, "too big"));

        assertThat(read.closeStatus()).isEqualTo(CloseStatus.MESSAGE_TOO_BIG);
    }

    @Test
    void aTimeoutExceptionTellsTheTimeout() throws Exception {
        assertThat(readBack(new WebSocketTimeoutException("no pong arrived", Duration.ofSeconds(3)))
                        .timeout())
                .isEqualTo(Duration.ofSeconds(3));
    }

    @SuppressWarnings("unchecked")
    private static <T extends Exception> T readBack(T written) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(written);
        return (T) new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
    }
}
