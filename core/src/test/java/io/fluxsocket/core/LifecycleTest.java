package io.fluxsocket.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxsocket.core.Lifecycle.Inbound;
import io.fluxsocket.core.Lifecycle.Outbound;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every transition of the diagram in {@link Lifecycle}, and what each state permits. */
class LifecycleTest {
    private static final Set<BufferType> DATA = EnumSet.of(
            BufferType.UTF8_MESSAGE, BufferType.UTF8_FRAGMENT, BufferType.BINARY_MESSAGE, BufferType.BINARY_FRAGMENT);
    private static final Set<BufferType> PINGS = EnumSet.of(BufferType.PING_PONG, BufferType.UNSOLICITED_PONG);

    private final Lifecycle lifecycle = new Lifecycle();

    private void perform(String events) {
        for (String event : events.split(" ")) {
            switch (event) {
                case "closing" -> lifecycle.closing();
                case "shortTransfer" -> lifecycle.shortTransfer();
                case "closeArrived" -> lifecycle.closeArrived();
                case "formatError" -> lifecycle.formatError();
                case "abort" -> lifecycle.abort();
                case "delete" -> lifecycle.delete();
                case "nothing" -> {}
                default -> throw new AssertionError(event);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "nothing,                     OPEN,    OPEN,   false",
        "closing,                     CLOSING, OPEN,   false",
        "shortTransfer,               ENDED,   OPEN,   false",
        "closing shortTransfer,       ENDED,   OPEN,   false",
        "shortTransfer closing,       ENDED,   OPEN,   false",
        "closeArrived,                OPEN,    CLOSED, false",
        "closing closeArrived,        CLOSING, CLOSED, false",
        "closeArrived closing,        CLOSING, CLOSED, false",
        "formatError,                 OPEN,    FAILED, false",
        "formatError closing,         CLOSING, FAILED, false",
        "abort,                       ENDED,   ENDED,  true",
        "closing closeArrived abort,  ENDED,   ENDED,  true",
        "formatError abort,           ENDED,   ENDED,  true",
        "abort closing,               ENDED,   ENDED,  true",
        "delete,                      ENDED,   ENDED,  true",
        "abort delete,                ENDED,   ENDED,  true",
    })
    void transitionsAreThoseOfTheDiagram(String events, Outbound outbound, Inbound inbound, boolean aborted) {
        perform(events);

        assertThat(lifecycle.outbound()).isEqualTo(outbound);
        assertThat(lifecycle.inbound()).isEqualTo(inbound);
        assertThat(lifecycle.isAborted()).isEqualTo(aborted);
    }

    @Test
    void onlyTheFirstCloseCounts() {
        assertThat(lifecycle.closing()).isTrue();
        assertThat(lifecycle.closing()).isFalse();
        assertThat(new Lifecycle().closing()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shortTransfer", "abort", "delete"})
    void noCloseIsOwedOnceNothingCanBeSent(String event) {
        perform(event);

        assertThat(lifecycle.closing()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "closeArrived"})
    void everythingMayBeSentBeforeAClose(String event) {
        perform(event); // a peer's close that is not echoed automatically leaves the answer to the application
        requireSendable(EnumSet.of(BufferType.CLOSE), DATA, PINGS);
    }

    @Test
    void afterACloseOnlyPingsAndPongsMayBeSent() {
        perform("closing");
        requireSendable(PINGS);
        assertThatThrownBy(() -> lifecycle.requireMaySend(BufferType.UTF8_MESSAGE))
                .hasMessageContaining("RFC 6455 §5.5.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "closing closeArrived",
                "closeArrived closing",
                "formatError closing",
                "shortTransfer",
                "abort",
                "delete"
            })
    void nothingMayBeSentOnceBothHaveClosedOrTheStreamHasEnded(String events) {
        perform(events);
        requireSendable();
    }

    @SafeVarargs
    private void requireSendable(Set<BufferType>... sendable) {
        Set<BufferType> types = EnumSet.noneOf(BufferType.class);
        for (Set<BufferType> some : sendable) {
            types.addAll(some);
        }
        for (BufferType type : EnumSet.complementOf(EnumSet.of(BufferType.PING))) {
            if (types.contains(type)) {
                assertThatCode(() -> lifecycle.requireMaySend(type))
                        .as("%s", type)
                        .doesNotThrowAnyException();
            } else {
                assertThatThrownBy(() -> lifecycle.requireMaySend(type))
                        .as("%s", type)
                        .isInstanceOf(IllegalStateException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "closing", "shortTransfer"})
    void receivingGoesOnWhateverHappensToTheOutboundHalf(String events) {
        perform(events);

        assertThatCode(lifecycle::requireMayReceive).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"closeArrived, close", "formatError, abort", "abort, aborted", "delete, deleted"})
    void nothingMoreIsReceivedAndTheMessageSaysWhy(String event, String said) {
        perform(event);

        assertThatThrownBy(lifecycle::requireMayReceive)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(said);
    }

    @ParameterizedTest
    @CsvSource({"closing, close", "shortTransfer, abort the engine", "abort, aborted", "delete, deleted"})
    void aRefusedSendSaysWhy(String event, String said) {
        perform(event);

        assertThatThrownBy(() -> lifecycle.requireMaySend(BufferType.BINARY_MESSAGE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(said);
    }

    @Test
    void onlyADeletedEngineIsUnusable() {
        perform("closing closeArrived abort");
        assertThatCode(lifecycle::requireUsable).doesNotThrowAnyException();

        perform("delete");
        assertThatThrownBy(lifecycle::requireUsable)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("deleted");
    }
}
