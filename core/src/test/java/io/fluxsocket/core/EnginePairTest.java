package io.fluxsocket.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever one engine sends, the other receives, for both directions, any length, and any split of the bytes. */
class EnginePairTest {
    private final WebSocketEngine client = WebSocketEngine.client(EngineSettings.DEFAULT);
    private final WebSocketEngine server = WebSocketEngine.server(EngineSettings.DEFAULT);
    private final Random random = new Random(42);

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void whatOneSendsTheOtherReceivesForAnyLengthAndAnySplit(boolean fromClient) {
        WebSocketEngine sender = fromClient ? client : server;
        WebSocketEngine receiver = fromClient ? server : client;
        for (int length : new int[] {0, 1, 125, 126, 127, 4096, 4097, 65535, 65536, 70000}) {
            for (int step : new int[] {1, 2, 3, 7, 997, 4096, Integer.MAX_VALUE}) {
                byte[] payload = new byte[length];
                random.nextBytes(payload);
                byte[] wire = wireOf(sender, BufferType.BINARY_MESSAGE, payload, step % 2 == 0);
                assertThat(messagesOf(receiver, wire, step, step % 3 == 0))
                        .as("%d bytes in steps of %d", length, step)
                        .singleElement()
                        .isEqualTo(payload);
            }
        }
    }

    private static byte[] wireOf(WebSocketEngine engine, BufferType type, byte[] payload, boolean views) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        engine.send(type, payload, "context");
        while (true) {
            Action action = engine.getAction(ActionQueue.SEND);
            switch (action.kind()) {
                case SEND_TO_NETWORK -> {
                    if (views) {
                        for (int i = 0; i < action.bufferCount(); i++) {
                            ByteBuffer view = action.buffer(i);
                            while (view.hasRemaining()) {
                                wire.write(view.get());
                            }
                        }
                    } else {
                        ByteBuffer all = ByteBuffer.allocateDirect(action.length());
                        action.writeTo(all);
                        byte[] bytes = new byte[action.length()];
                        all.flip().get(bytes);
                        wire.writeBytes(bytes);
                    }
                    engine.completeAction(action, action.length());
                }
                case INDICATE_SEND_COMPLETE -> {
                    assertThat(action.isCutShort()).isFalse();
                    engine.completeAction(action);
                }
                case NO_ACTION -> {
                    return wire.toByteArray();
                }
                default -> throw new AssertionError(action);
            }
        }
    }

    private static List<byte[]> messagesOf(WebSocketEngine engine, byte[] wire, int step, boolean lend) {
        List<byte[]> messages = new ArrayList<>();
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        int at = 0;
        engine.receive("context");
        while (true) {
            Action action = engine.getAction(ActionQueue.RECEIVE);
            switch (action.kind()) {
                case RECEIVE_FROM_NETWORK -> {
                    int n = Math.min(step, Math.min(wire.length - at, action.length()));
                    if (n == 0) {
                        engine.completeAction(action, 0);
                        engine.completeAction(engine.getAction(ActionQueue.RECEIVE));
                        return messages;
                    }
                    if (lend) {
                        ByteBuffer lent = ByteBuffer.allocateDirect(n);
                        lent.put(wire, at, n).flip();
                        engine.completeAction(action, lent);
                    } else {
                        action.buffer(0).put(wire, at, n);
                        engine.completeAction(action, n);
                    }
                    at += n;
                }
                case INDICATE_RECEIVE_COMPLETE -> {
                    message.writeBytes(action.toByteArray());
                    if (action.bufferType() == BufferType.BINARY_MESSAGE) {
                        messages.add(message.toByteArray());
                        message.reset();
                    }
                    engine.completeAction(action);
                    engine.receive("context");
                }
                default -> throw new AssertionError(action);
            }
        }
    }
}
