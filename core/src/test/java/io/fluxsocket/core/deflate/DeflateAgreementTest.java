package io.fluxsocket.core.deflate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fluxsocket.core.handshake.ClientHandshake;
import io.fluxsocket.core.handshake.HandshakeHeaders;
import io.fluxsocket.core.handshake.HandshakeRequest;
import io.fluxsocket.core.handshake.ServerHandshake;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeflateAgreementTest {
    private static final HandshakeHeaders HOST = HandshakeHeaders.of("Host", "example.com");

    @ParameterizedTest
    @CsvSource({"false,false,15,15", "true,false,15,15", "false,true,15,15", "false,false,9,15", "true,true,8,12"})
    void bothEndsAgreeOnTheSame(boolean serverNone, boolean clientNone, int server, int client) {
        DeflateSettings asked = DeflateSettings.builder()
                .serverNoContextTakeover(serverNone)
                .clientNoContextTakeover(clientNone)
                .serverMaxWindowBits(server)
                .clientMaxWindowBits(client)
                .build();
        bothAgree(asked, DeflateSettings.DEFAULT);
        bothAgree(DeflateSettings.DEFAULT, asked);
        bothAgree(asked, asked);
    }

    private static void bothAgree(DeflateSettings clientSettings, DeflateSettings serverSettings) {
        ClientDeflate clientDeflate = new ClientDeflate(clientSettings);
        ServerDeflate serverDeflate = new ServerDeflate(serverSettings);
        ClientHandshake handshake = ClientHandshake.begin(List.of(), clientDeflate.offers(), HOST);
        ServerHandshake.Accepted accepted = (ServerHandshake.Accepted) ServerHandshake.builder()
                .extensions(serverDeflate)
                .build()
                .answer(HandshakeRequest.get(handshake.requestHeaders()));

        DeflateAgreement client =
                clientDeflate.agreement(handshake.end(101, accepted.headers()).extensions());
        DeflateAgreement server = serverDeflate.agreement(accepted.extensions());

        assertThat(client).isNotNull();
        assertThat(server).isNotNull();
        assertThat(client.parameters()).isEqualTo(server.parameters());
        assertThat(client.outboundWindowBits(true)).isLessThanOrEqualTo(clientSettings.clientMaxWindowBits());
        assertThat(server.outboundWindowBits(false)).isLessThanOrEqualTo(clientSettings.serverMaxWindowBits());
        assertThat(client.outboundNoContextTakeover(true) || !server.inboundNoContextTakeover(false))
                .isTrue();
        assertThat(server.outboundNoContextTakeover(false) || !client.inboundNoContextTakeover(true))
                .isTrue();
    }

    @Test
    void anEndKeepsToItsOwnSettingsTooWhatIsNarrower() {
        DeflateSettings own = DeflateSettings.builder()
                .serverMaxWindowBits(10)
                .clientMaxWindowBits(9)
                .serverNoContextTakeover(true)
                .build();
        DeflateAgreement agreement = new DeflateAgreement(new DeflateParameters(false, true, 12, 8), own);

        assertThat(agreement.outboundWindowBits(false)).isEqualTo(10);
        assertThat(agreement.outboundWindowBits(true)).isEqualTo(8);
        assertThat(agreement.outboundNoContextTakeover(false)).isTrue();
        assertThat(agreement.outboundNoContextTakeover(true)).isTrue();
        assertThat(agreement.inboundNoContextTakeover(false)).isTrue();
        assertThat(agreement.inboundNoContextTakeover(true)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 7, 16})
    void windowBitsLieBetween8And15(int bits) {
        assertThatIllegalArgumentException().isThrownBy(() -> new DeflateParameters(false, false, bits, 15));
        assertThatIllegalArgumentException().isThrownBy(() -> new DeflateParameters(false, false, 15, bits));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeflateSettings.builder().serverMaxWindowBits(bits));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeflateSettings.builder().clientMaxWindowBits(bits));
        assertThatCode(() -> new DeflateParameters(false, false, 8, 15)).doesNotThrowAnyException();
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        DeflateSettings.Builder builder = DeflateSettings.builder();
        assertThatIllegalArgumentException().isThrownBy(() -> builder.compressionLevel(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.compressionLevel(10));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.threshold(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.fragmentSize(127));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.fragmentSize((1 << 24) + 1));
    }

    @Test
    void settingsKeepWhatTheyWereBuiltWith() {
        DeflateSettings settings = DeflateSettings.builder()
                .compressionLevel(9)
                .threshold(7)
                .serverNoContextTakeover(true)
                .clientNoContextTakeover(true)
                .serverMaxWindowBits(9)
                .clientMaxWindowBits(10)
                .fragmentSize(1 << 24)
                .releasedBetweenMessages(true)
                .build();

        for (DeflateSettings same :
                new DeflateSettings[] {settings, settings.toBuilder().build()}) {
            assertThat(same.compressionLevel()).isEqualTo(9);
            assertThat(same.threshold()).isEqualTo(7);
            assertThat(same.serverNoContextTakeover()).isTrue();
            assertThat(same.clientNoContextTakeover()).isTrue();
            assertThat(same.serverMaxWindowBits()).isEqualTo(9);
            assertThat(same.clientMaxWindowBits()).isEqualTo(10);
            assertThat(same.fragmentSize()).isEqualTo(1 << 24);
            assertThat(same.releasedBetweenMessages()).isTrue();
        }
    }
}
