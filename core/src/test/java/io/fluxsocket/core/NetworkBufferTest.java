package io.fluxsocket.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** The memory that network reads go to: the engine's own, or the driver's while it is lent. */
class NetworkBufferTest {
    private final NetworkBuffer network = new NetworkBuffer(256, null);

    @Test
    void nothingIsAvailableAtFirst() {
        assertThat(network.available()).isZero();
        assertThat(network.bytes().order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void whatWasFilledIsAvailableInLittleEndianOrder() {
        network.room().put(Bytes.hex("01 02 03 04"));
        network.filled(4);

        assertThat(network.available()).isEqualTo(4);
        assertThat(network.bytes().getInt(network.position())).isEqualTo(0x04030201);
        network.position(network.position() + 3);
        assertThat(network.available()).isEqualTo(1);
    }

    @Test
    void theRoomIsAsLargeAsItWasSetAndAlwaysTheSame() {
        ByteBuffer room = network.room();
        assertThat(room.remaining()).isEqualTo(256);
        room.put(Bytes.ascii(100));

        assertThat(network.room()).isSameAs(room);
        assertThat(room.remaining()).isEqualTo(256);
    }

    @Test
    void aBufferGivenForItIsUsed() {
        ByteBuffer given = ByteBuffer.allocateDirect(300);

        assertThat(new NetworkBuffer(300, given).room()).isSameAs(given);
    }

    @Test
    void aBufferLentIsReadBetweenItsPositionAndItsLimit() {
        ByteBuffer lent =
                ByteBuffer.wrap(Bytes.hex("ee ee 01 02 03 04 ee")).position(2).limit(6);
        network.lend(lent);

        assertThat(network.available()).isEqualTo(4);
        assertThat(network.bytes().getInt(network.position())).isEqualTo(0x04030201);
    }

    @Test
    void aReadOnlyBufferIsNotTaken() {
        assertThatThrownBy(() -> network.lend(ByteBuffer.allocate(8).asReadOnlyBuffer()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("read-only");
        assertThat(network.available()).isZero();
    }

    @Test
    void whatIsGivenBackIsNotHeldAnyMore() {
        ByteBuffer lent = ByteBuffer.wrap(Bytes.hex("01 02"));
        network.lend(lent);
        network.giveBack();

        assertThat(network.available()).isZero();
        assertThat(network.bytes()).isNotSameAs(lent);
    }

    @Test
    void moreThanTheRoomCannotHaveBeenFilledNorWhatWasNotAskedFor() {
        assertThatThrownBy(() -> network.filled(1)).isInstanceOf(IllegalArgumentException.class);
        network.room();
        assertThatThrownBy(() -> network.filled(257)).isInstanceOf(IllegalArgumentException.class);
        network.filled(256);
    }
}
